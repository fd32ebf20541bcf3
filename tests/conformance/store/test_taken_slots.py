"""Which moments of an account are taken."""

from datetime import timedelta

import pytest
from stories import ACCOUNT, delivery, queued

from crosspromo.domain.deliveries import Fault, HoldNote
from crosspromo.domain.reasons.faults import Rejected
from crosspromo.domain.reasons.holds import WaitsForTurn
from crosspromo.domain.states import State
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

LATER = START + timedelta(hours=1)


def is_taken(store: Store, moment: object, account: str = ACCOUNT) -> bool:
    with store.read() as unit:
        return moment in unit.deliveries.taken_slots(account)


def test_what_is_due_takes_its_moment_on_its_account(store: Store) -> None:
    queued(store, due_at=LATER)
    assert is_taken(store, LATER)
    assert not is_taken(store, LATER + timedelta(microseconds=1))
    assert not is_taken(store, LATER, account="another")


def test_what_is_held_takes_the_moment_it_is_looked_at_again(store: Store) -> None:
    held = queued(store)
    with store.write() as unit:
        unit.transitions.hold(delivery(store, held), HoldNote(WaitsForTurn(None), LATER), START)
    assert is_taken(store, LATER)


def test_a_draft_takes_the_moment_it_is_meant_for(store: Store) -> None:
    drafted = queued(store, due_at=LATER)
    with store.write() as unit:
        known = unit.deliveries.get(drafted)
        unit.transitions.edit(known, known.content, START, into=State.DRAFT)
    assert delivery(store, drafted).wake_at is None
    assert is_taken(store, LATER)


@pytest.mark.parametrize("into", [State.CANCELLED, State.FAILED])
def test_what_has_ended_takes_none(store: Store, into: State) -> None:
    ended = queued(store, due_at=LATER)
    with store.write() as unit:
        unit.transitions.refuse(
            unit.deliveries.get(ended), into, Fault(Rejected("code", "no")), START
        )
    assert not is_taken(store, LATER)
