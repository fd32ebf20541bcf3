"""What a transaction sees, and what becomes of it."""

from contextlib import suppress

import pytest
from stories import ACCOUNT, delivery, queued

from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.states import State
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START


def test_a_view_does_not_change_while_it_is_looked_at(store: Store) -> None:
    with store.read() as unit:
        before = unit.deliveries.counts()
        queued(store)
        assert unit.deliveries.counts() == before
    with store.read() as unit:
        assert unit.deliveries.counts() == {State.QUEUED: 1}


def test_what_fails_halfway_was_never_there(store: Store) -> None:
    delivery_id = queued(store)
    with suppress(ZeroDivisionError), store.write() as unit:
        unit.transitions.cancel(unit.deliveries.get(delivery_id), START)
        raise ZeroDivisionError
    assert delivery(store, delivery_id).state is State.QUEUED


def test_what_is_undone_was_never_there(store: Store) -> None:
    delivery_id = queued(store)
    with store.write() as unit:
        unit.transitions.cancel(unit.deliveries.get(delivery_id), START)
        unit.roll_back()
    assert delivery(store, delivery_id).state is State.QUEUED


def test_a_view_of_postgresql_takes_no_writes(store: Store) -> None:
    """SQLite has nothing like it that costs nothing; there the code alone is careful."""
    if store.engine.dialect.name == "sqlite":
        return
    queued(store)
    with pytest.raises(DatabaseError, match="takes no writes"), store.read() as unit:
        unit.accounts.save_session(ACCOUNT, "sealed")


def test_a_transaction_after_a_view_may_write(store: Store) -> None:
    """The connection goes back to the pool as it came."""
    for _ in range(3):
        with store.read() as unit:
            unit.deliveries.counts()
        queued(store)
    with store.read() as unit:
        assert unit.deliveries.counts() == {State.QUEUED: 3}
