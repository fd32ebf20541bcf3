"""Transactions that share a connection: each is whole, as on a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

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


def in_another_thread(act: Callable[[], None]) -> None:
    thread = threading.Thread(target=act)
    thread.start()
    thread.join()


@contextmanager
def patience(store: Store, milliseconds: int) -> Iterator[None]:
    """Block in which a transaction of this thread waits so long for a lock."""
    with store.read() as unit:
        connection = unit.deliveries._connection
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {milliseconds}")
    yield


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


def test_a_dry_run_can_read_on(store: Store) -> None:
    with store.one_connection(), store.write() as unit:
        unit.accounts.register(["one"])
        unit.roll_back()
        assert names(store) == []


def test_a_moment_sees_one_state_among_writes(store: Store) -> None:
    with store.one_connection():
        add(store, "one")
        with store.moment():
            assert names(store) == ["one"]
            add(store, "two")
            assert names(store) == ["one"]
        assert names(store) == ["one", "two"]


def test_a_block_within_another_changes_nothing(store: Store, taken: list[object]) -> None:
    with store.one_connection():
        with store.one_connection():
            add(store, "one")
        add(store, "two")
    assert names(store) == ["one", "two"]
    assert len(taken) == (2 if store.has_one_writer else 3)


def test_a_commit_that_fails_leaves_no_lock(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is opened anew: whatever the failure left there is gone with it."""

    def fail(_connection: object) -> None:
        monkeypatch.undo()
        raise OperationalError("COMMIT", None, Exception("disk I/O error"))

    with store.one_connection():
        monkeypatch.setattr(store.engine.dialect, "do_commit", fail)
        with pytest.raises(DatabaseError, match="disk I/O error"):
            add(store, "one")
        in_another_thread(lambda: add(store, "two"))
        add(store, "three")
        assert names(store) == ["three", "two"]


def test_a_lock_that_is_not_given_is_told_as_ever(store: Store) -> None:
    """The next transaction has it."""
    if store.file is None:
        pytest.skip("there is no lock on the whole of a server's database")
    with store.one_connection():
        add(store, "one")
        with store.engine.connect() as impatient:
            impatient.exec_driver_sql("BEGIN IMMEDIATE")
            with patience(store, 0), pytest.raises(DatabaseError, match="locked"):
                add(store, "two")
            impatient.rollback()
        add(store, "three")
        assert names(store) == ["one", "three"]


def test_another_thread_has_a_connection_of_its_own(store: Store) -> None:
    seen: list[list[str]] = []
    with store.one_connection(), store.write() as unit:
        unit.accounts.register(["one"])
        in_another_thread(lambda: seen.append(names(store)))
    assert seen == [[]]


def test_a_database_that_cannot_be_opened_is_told_as_ever(store: Store) -> None:
    if store.file is None:
        pytest.skip("a server's connection is not kept")
    closed = Store(
        open_engine(f"sqlite:///{store.file.parent / 'no' / 'folder.db'}", store.file.parent)
    )
    with pytest.raises(DatabaseError), closed.one_connection():
        pass
