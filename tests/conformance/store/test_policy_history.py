"""By what an account was judged is on record, from the first act under it on."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.policy import Policy, Terms
from crosspromo.domain.ratio import Target, Window
from crosspromo.services.policy_history import PolicyRecords, terms_of
from crosspromo.store.database.engine import open_engine, transaction
from crosspromo.store.schema import policies
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

WEEKS = Window(days=28)
FLOOR = Terms(Target(1, 1), None, WEEKS)
DAY = timedelta(days=1)

X = Policy(target=Target(3, 1))
PAGE = Policy(target=None, quota=2)
FREE = Policy(target=None, window=Window(posts=20))


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def records(store: Store, clock: FakeClock) -> PolicyRecords:
    return PolicyRecords(store, clock)


def history(store: Store) -> list[tuple[Any, ...]]:
    """Account, target, quota, window, begin and end of each row, the first one first."""
    columns = policies.c
    query = select(
        *(columns.account, columns.target, columns.quota, columns.window),
        *(columns.since, columns.until),
    ).order_by(columns.account, columns.id)
    with transaction(store.engine, writes=False) as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_the_first_act_records_every_account_and_the_floor(store: Store, clock: FakeClock) -> None:
    records(store, clock).record({"x-main": X, "page": PAGE, "free": FREE}, FLOOR)
    assert history(store) == [
        ("", "1:1", None, "28d", START, None),
        ("free", None, None, "20 posts", START, None),
        ("page", None, 2, "28d", START, None),
        ("x-main", "3:1", None, "28d", START, None),
    ]


def test_what_did_not_change_is_not_written_again(store: Store, clock: FakeClock) -> None:
    for _ in range(3):
        records(store, clock).record({"x-main": X}, FLOOR)
        clock.advance(DAY)
    assert len(history(store)) == 2


def test_a_change_ends_one_row_and_begins_another(store: Store, clock: FakeClock) -> None:
    records(store, clock).record({"x-main": X, "page": PAGE}, FLOOR)
    clock.advance(DAY)
    records(store, clock).record({"x-main": Policy(target=Target(2, 1)), "page": PAGE}, FLOOR)
    clock.advance(DAY)
    off = Terms(None, None, WEEKS)
    records(store, clock).record({"x-main": Policy(target=Target(2, 1)), "page": PAGE}, off)
    assert history(store) == [
        ("", "1:1", None, "28d", START, START + 2 * DAY),
        ("", None, None, "28d", START + 2 * DAY, None),
        ("page", None, 2, "28d", START, None),
        ("x-main", "3:1", None, "28d", START, START + DAY),
        ("x-main", "2:1", None, "28d", START + DAY, None),
    ]


def test_what_the_ratio_is_not_judged_by_is_no_change(store: Store, clock: FakeClock) -> None:
    records(store, clock).record({"x-main": X}, FLOOR)
    records(store, clock).record({"x-main": Policy(target=Target(3, 1), max_per_day=4)}, FLOOR)
    assert len(history(store)) == 2


def test_an_account_that_left_keeps_its_last_row(store: Store, clock: FakeClock) -> None:
    records(store, clock).record({"x-main": X}, FLOOR)
    records(store, clock).record({}, FLOOR)
    records(store, clock).record({"x-main": X}, FLOOR)
    assert [(row[0], row[-1]) for row in history(store)] == [("", None), ("x-main", None)]


def test_a_clock_that_was_set_back_ends_nothing_before_its_begin(
    store: Store, clock: FakeClock
) -> None:
    records(store, clock).record({"x-main": X}, FLOOR)
    clock.advance(-DAY)
    records(store, clock).record({"x-main": PAGE}, FLOOR)
    assert [row[-2:] for row in history(store) if row[0] == "x-main"] == [
        (START, START),
        (START - DAY, None),
    ]


class TestTheFirstWrite:
    """Of a process: its policies are recorded in the same transaction, and only if there is one."""

    def test_records_them(self, store: Store, clock: FakeClock) -> None:
        records(store, clock).record_at_first_write({"x-main": X}, FLOOR)
        with store.write() as unit:
            unit.audit.add(START, "Ada", "look", "x-main", None)
        assert [row[0] for row in history(store)] == ["", "x-main"]

    def test_a_process_that_only_reads_writes_nothing(self, store: Store, clock: FakeClock) -> None:
        records(store, clock).record_at_first_write({"x-main": X}, FLOOR)
        with store.read() as unit:
            unit.audit.entries()
        assert history(store) == []

    def test_a_dry_run_leaves_nothing_and_the_next_write_records(
        self, store: Store, clock: FakeClock
    ) -> None:
        records(store, clock).record_at_first_write({"x-main": X}, FLOOR)
        with store.write() as unit:
            unit.roll_back()
        assert history(store) == []
        with store.write() as unit:
            unit.audit.entries()
        assert len(history(store)) == 2

    def test_an_act_that_fails_leaves_nothing_and_the_next_write_records(
        self, store: Store, clock: FakeClock
    ) -> None:
        records(store, clock).record_at_first_write({"x-main": X}, FLOOR)

        def fail() -> None:
            with store.write():
                raise RuntimeError

        with pytest.raises(RuntimeError):
            fail()
        assert history(store) == []
        with store.write() as unit:
            unit.audit.entries()
        assert len(history(store)) == 2

    def test_later_writes_do_not_look_again(self, store: Store, clock: FakeClock) -> None:
        records(store, clock).record_at_first_write({"x-main": X}, FLOOR)
        with store.write() as unit:
            unit.audit.entries()
        records(store, clock).record({"x-main": PAGE}, FLOOR)
        with store.write() as unit:
            unit.audit.entries()
        assert [row[:3] for row in history(store) if row[-1] is None] == [
            ("", "1:1", None),
            ("x-main", None, 2),
        ]


@pytest.fixture
def other(store: Store) -> Iterator[Store]:
    """The same database, as another daemon opens it."""
    url = store.engine.url
    folder = store.folders[0] if store.folders else None
    assert folder is None or store.file is not None
    again = Store(open_engine(url.render_as_string(hide_password=False), folder or "."))  # type: ignore[arg-type]
    yield again
    again.close()


def test_two_daemons_at_once_write_one_row(store: Store, other: Store, clock: FakeClock) -> None:
    """The second waits for the first, sees its row, and writes none."""
    began, may_end = threading.Event(), threading.Event()

    def first() -> None:
        with store.write() as unit:
            unit.policies.record({None: FLOOR, "x-main": terms_of(X)}, START)
            began.set()
            assert may_end.wait(20)

    def second() -> None:
        assert began.wait(20)
        PolicyRecords(other, clock).record({"x-main": X}, FLOOR)

    threads = [threading.Thread(target=each) for each in (first, second)]
    for each in threads:
        each.start()
    assert began.wait(20)
    threads[1].join(0.3)
    assert threads[1].is_alive(), "the second did not wait"
    may_end.set()
    for each in threads:
        each.join(20)
    assert [row[0] for row in history(store)] == ["", "x-main"]


def test_the_database_itself_refuses_two_policies_in_force(store: Store, clock: FakeClock) -> None:
    records(store, clock).record({"x-main": X}, FLOOR)
    with (
        pytest.raises((IntegrityError, DatabaseError)),
        transaction(store.engine, writes=True) as connection,
    ):
        connection.execute(
            policies.insert().values(account="x-main", since=START + DAY, window="7d")
        )


class TestRenaming:
    """Two histories may meet: crosspromo.toml had the new name before the rename."""

    def in_force(self, store: Store, name: str, policy: Policy, at: datetime) -> None:
        with store.write() as unit:
            unit.accounts.register([name])
            unit.policies.record({name: terms_of(policy)}, at)

    def test_the_history_moves_and_ends_where_the_new_one_begins(self, store: Store) -> None:
        self.in_force(store, "x-old", X, START)
        self.in_force(store, "x-main", PAGE, START + DAY)
        with store.write() as unit:
            unit.renaming.move("x-old", "x-main")
        assert history(store) == [
            ("x-main", "3:1", None, "28d", START, START + DAY),
            ("x-main", None, 2, "28d", START + DAY, None),
        ]

    def test_without_another_it_stays_in_force(self, store: Store) -> None:
        self.in_force(store, "x-old", X, START)
        with store.write() as unit:
            unit.renaming.move("x-old", "x-main")
        assert history(store) == [("x-main", "3:1", None, "28d", START, None)]
