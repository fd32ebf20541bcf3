"""The sums of the ledger by the hour, and the counts of deliveries, are those of their rows:
whatever is posted, deleted or imported, and whenever anybody looks.
"""

from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from stories import ACCOUNT, queued

from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Window, tally
from crosspromo.domain.states import State
from crosspromo.store.database.engine import transaction
from crosspromo.store.ledger.rows import LedgerUpdate
from crosspromo.store.schema import ledger
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

ACCOUNTS = (ACCOUNT, "another")
SPAN = Window(days=1)

moments = st.integers(-40 * 60, 3 * 60).map(lambda minutes: START + timedelta(minutes=minutes))
entries = st.tuples(
    st.integers(0, 3),
    st.sampled_from(list(Credit)),
    st.sampled_from([State.SENDING, State.PUBLISHED, State.DELETED, State.QUEUED]),
    moments,
    st.booleans(),
)


def naive(store: Store, account: str | None, now: datetime) -> tuple[Tally, int, int]:
    """The sums of a window from its rows, one by one."""
    with transaction(store.engine, writes=False) as connection:
        rows = connection.execute(select(ledger).where(ledger.c.taken_back_at.is_(None))).all()
    inside = [
        row
        for row in rows
        if (account is None or row.account == account) and row.at > now - timedelta(days=1)
    ]
    past = [row for row in inside if row.at <= now]
    counts = Tally(sum(row.others for row in past), sum(row.self for row in inside))
    return counts, sum(row.sent for row in past), sum(row.overridden for row in past)


@pytest.fixture
def four(store: Store) -> list[tuple[int, str]]:
    """Four deliveries, two on each account."""
    return [(queued(store, account=name), name) for name in ACCOUNTS for _ in range(2)]


@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.lists(entries, max_size=4), max_size=5), moments)
def test_a_window_is_the_sum_of_its_rows(
    store: Store,
    four: list[tuple[int, str]],
    steps: list[list[tuple[int, Credit, State, datetime, bool]]],
    now: datetime,
) -> None:
    for step in steps:
        with store.write() as unit:
            unit.ledger.apply(
                LedgerUpdate(four[index][0], four[index][1], credit, state, at, START, released)
                for index, credit, state, at, released in step
            )
            seen_inside = unit.ledger.tally(None, SPAN, now)
        assert seen_inside == naive(store, None, now)[0]
    with store.read() as unit:
        for account in (None, *ACCOUNTS):
            assert unit.ledger.tally(account, SPAN, now) == naive(store, account, now)[0]
        assert unit.ledger.self_sent(SPAN, now) == naive(store, None, now)[1:]
        assert [fault for fault in unit.ledger.faults() if "the sums of" in fault] == []


def test_the_edges_of_the_window_are_exact(store: Store) -> None:
    delivery_id = queued(store)
    with store.write() as unit:
        unit.ledger.apply(
            [LedgerUpdate(delivery_id, ACCOUNT, Credit.OTHERS, State.PUBLISHED, START, START)]
        )
    a_moment = timedelta(microseconds=1)
    with store.read() as unit:
        seen = {
            now: unit.ledger.tally(ACCOUNT, SPAN, now).others
            for now in (
                START - a_moment,
                START,
                START + timedelta(days=1) - a_moment,
                START + timedelta(days=1),
            )
        }
    assert list(seen.values()) == [0, 1, 1, 0]


def test_counts_follow_every_move(store: Store) -> None:
    first, second = queued(store), queued(store)
    with store.write() as unit:
        unit.transitions.cancel(unit.deliveries.get(first), START)
    with store.read() as unit:
        assert unit.deliveries.counts() == {State.QUEUED: 1, State.CANCELLED: 1}
        assert unit.deliveries.faults() == []
    with store.write() as unit:
        unit.transitions.cancel(unit.deliveries.get(second), START)
        unit.roll_back()
    with store.read() as unit:
        assert unit.deliveries.counts() == {State.QUEUED: 1, State.CANCELLED: 1}


def test_an_upgrade_makes_them_anew(store: Store, tmp_path: Path) -> None:
    from crosspromo.store.database.upgrading import upgrade  # noqa: PLC0415 (what is tested)

    queued(store)
    with transaction(store.engine, writes=True) as connection:
        connection.exec_driver_sql("DELETE FROM delivery_counts")
    with store.read() as unit:
        assert unit.deliveries.faults() == ["account has 1 queued deliveries, and 0 are counted"]
    upgrade(store.engine)
    with store.read() as unit:
        assert unit.deliveries.faults() == []


@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(entries, max_size=6), moments)
def test_the_hours_of_a_window_hold_its_rows(
    store: Store,
    four: list[tuple[int, str]],
    step: list[tuple[int, Credit, State, datetime, bool]],
    now: datetime,
) -> None:
    with store.write() as unit:
        unit.ledger.apply(
            LedgerUpdate(four[index][0], four[index][1], credit, state, at, START, released)
            for index, credit, state, at, released in step
        )
    with store.read() as unit:
        for account in (None, *ACCOUNTS):
            stretches = unit.ledger.stretches_of([account], SPAN, now)[account]
            rows = [row for stretch in stretches for row in stretch.rows()]
            assert [stretch.sums for stretch in stretches] == [
                tally(stretch.rows()) for stretch in stretches
            ]
            assert sorted(rows, key=astuple) == sorted(
                unit.ledger.counted(account, SPAN, now), key=astuple
            )
