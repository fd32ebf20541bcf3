"""Transactions that share a connection: each is whole, as on a connection of its own."""

import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from crosspromo.domain.errors import DatabaseError
from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store, Unit


class FaultError(Exception):
    """A fault within a transaction."""


def add(store: Store, name: str) -> None:
    with store.write() as unit:
        unit.accounts.register([name])


def fail_after_adding(store: Store, name: str) -> None:
    with store.write() as unit:
        unit.accounts.register([name])
        raise FaultError


def names(store: Store) -> list[str]:
    with store.read() as unit:
        return unit.accounts.names()


@pytest.fixture
def taken(store: Store) -> Iterator[list[object]]:
    """Connections that were taken from the pool, one after another."""
    seen: list[object] = []

    def take(connection: object, *_: object) -> None:
        seen.append(connection)

    event.listen(store.engine, "checkout", take)
    yield seen
    event.remove(store.engine, "checkout", take)


def test_a_file_is_opened_once_for_them_all(store: Store, taken: list[object]) -> None:
    with store.one_connection():
        add(store, "one")
        add(store, "two")
        assert names(store) == ["one", "two"]
    assert len(taken) == (1 if store.has_one_writer else 3)


def test_it_is_given_back_at_the_end(store: Store) -> None:
    with pytest.raises(FaultError), store.one_connection():
        fail_after_adding(store, "one")
    with store.one_connection():
        add(store, "two")
    pool = store.engine.pool
    assert pool.checkedout() == 0  # type: ignore[attr-defined]  # QueuePool has it
    assert names(store) == ["two"]


def test_what_was_rolled_back_leaves_nothing_for_the_next(store: Store) -> None:
    with store.one_connection():
        with pytest.raises(FaultError):
            fail_after_adding(store, "one")
        add(store, "two")
        assert names(store) == ["two"]


def test_a_read_within_a_write_sees_what_is_committed(store: Store) -> None:
    def read_within(unit: Unit) -> list[str]:
        unit.accounts.register(["two"])
        return names(store)

    with store.one_connection():
        add(store, "one")
        with store.write() as unit:
            assert read_within(unit) == ["one"]
        assert names(store) == ["one", "two"]


def test_another_thread_has_a_connection_of_its_own(store: Store) -> None:
    seen: list[list[str]] = []
    with store.one_connection(), store.write() as unit:
        unit.accounts.register(["one"])
        reading = threading.Thread(target=lambda: seen.append(names(store)))
        reading.start()
        reading.join()
    assert seen == [[]]


def test_a_database_that_cannot_be_opened_is_told_as_ever(store: Store) -> None:
    if store.file is None:
        pytest.skip("a server's connection is not kept")
    closed = Store(
        open_engine(f"sqlite:///{store.file.parent / 'no' / 'folder.db'}", store.file.parent)
    )
    with pytest.raises(DatabaseError), closed.one_connection():
        pass
