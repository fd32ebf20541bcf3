"""Whoever waits for something to do is told as soon as there is."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from stories import delivery, queued

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.deliveries import HoldNote
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.reasons import Recorded
from crosspromo.store.database.notices import Notices, PostgresNotices, SqliteNotices
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

AT_ONCE = timedelta()
PATIENCE = timedelta(seconds=60)
"""Whoever waits for so long has not been told: no test gets there."""


@pytest.fixture
def notices(store: Store) -> Iterator[Notices]:
    notices = store.notices()
    yield notices
    notices.close()


def told_of_what_was_done(notices: Notices) -> None:
    """What was done to get to the story, in which one transaction gave notice, is no part of it."""
    assert notices.wait(PATIENCE)


def test_nothing_is_said_where_nothing_happens(store: Store, notices: Notices) -> None:
    assert not notices.wait(AT_ONCE)
    with store.read() as unit:
        unit.deliveries.counts()
    assert not notices.wait(AT_ONCE)


def test_what_is_queued_is_said_once(store: Store, notices: Notices) -> None:
    queued(store)
    assert notices.wait(PATIENCE)
    assert not notices.wait(AT_ONCE)


def test_who_waits_already_is_woken(store: Store, notices: Notices) -> None:
    told: list[bool] = []
    waiter = threading.Thread(target=lambda: told.append(notices.wait(PATIENCE)))
    waiter.start()
    queued(store)
    waiter.join(10)
    assert told == [True]


def test_what_is_moved_is_said(store: Store, notices: Notices) -> None:
    moved = delivery(store, queued(store, due_at=START + timedelta(days=1)))
    told_of_what_was_done(notices)
    with store.write() as unit:
        unit.transitions.requeue_at(moved, START, START, pinned=True)
    assert notices.wait(PATIENCE)


def test_what_is_let_go_is_said(store: Store, notices: Notices) -> None:
    held = delivery(store, queued(store))
    with store.write() as unit:
        unit.transitions.hold(held, HoldNote(Recorded("paused", "paused")), START)
    told_of_what_was_done(notices)
    with store.write() as unit:
        unit.holds.wake_account(None, "paused", START)
    assert notices.wait(PATIENCE)


def test_what_was_undone_is_not_said(store: Store, notices: Notices) -> None:
    moved = delivery(store, queued(store, due_at=START + timedelta(days=1)))
    told_of_what_was_done(notices)
    with store.write() as unit:
        unit.transitions.requeue_at(moved, START, START, pinned=True)
        unit.roll_back()
    assert not notices.wait(AT_ONCE)


def test_a_wait_can_be_ended_by_somebody_else(notices: Notices) -> None:
    told: list[bool] = []
    waiter = threading.Thread(target=lambda: told.append(notices.wait(PATIENCE)))
    waiter.start()
    notices.interrupt()
    waiter.join(10)
    assert told == [False]


def test_an_interruption_before_the_wait_ends_it_too(notices: Notices) -> None:
    """So a signal between the last look and the wait is not slept through."""
    notices.interrupt()
    assert not notices.wait(PATIENCE)


def test_each_database_has_its_own_way(notices: Notices, store: Store) -> None:
    wanted = {"sqlite": SqliteNotices, "postgresql": PostgresNotices}[store.engine.dialect.name]
    assert isinstance(notices, wanted)


def test_postgresql_says_nothing_of_sending_and_settling(store: Store, notices: Notices) -> None:
    """NOTIFY has commits wait for each other; SQLite says whatever happens to the file."""
    if store.engine.dialect.name == "sqlite":
        return
    due = delivery(store, queued(store))
    told_of_what_was_done(notices)
    with store.write() as unit:
        unit.transitions.record_intent(
            due, Intent("worker", Prepared("token", {}), {}, START, START)
        )
    with store.write() as unit:
        sending = unit.deliveries.get(due.id)
        unit.transitions.publish(sending, Receipt("1", "https://example.org/1"), START)
    assert not notices.wait(AT_ONCE)
