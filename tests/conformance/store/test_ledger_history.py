"""The ledger forgets nothing: whatever is done, no row goes and no amount changes. A row ends once,
and the rows that were known at any moment are those that counted then.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from stories import delivery, queued

from crosspromo.domain.attempts import Ending, Intent, Prepared
from crosspromo.domain.changes import Change
from crosspromo.domain.deliveries import Fault
from crosspromo.domain.errors import InputError
from crosspromo.domain.ledger import columns
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.outside import Objection, OutsidePost
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Window
from crosspromo.domain.reasons.faults import Rejected
from crosspromo.domain.states import State
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import ledger, metadata
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

ACCOUNTS = ("bluesky-main", "reddit-main", "x-main")
ALWAYS = Window(days=3000)
DAY = timedelta(days=1)
FAULT = Fault(Rejected("code", "no"))
BUILT_IN = {"organisation", "database_identity"}

Row = Mapping[str, Any]


def rows(store: Store) -> dict[int, Row]:
    """Every row of the ledger, by id."""
    with transaction(store.engine, writes=False) as connection:
        found = connection.execute(select(ledger)).mappings()
        return {row["id"]: dict(row) for row in found}


def emptied(store: Store) -> None:
    with transaction(store.engine, writes=True) as connection:
        for table in reversed(metadata.sorted_tables):
            if table.name not in BUILT_IN:
                connection.execute(table.delete())


def sums(found: list[Row]) -> Tally:
    return Tally(sum(row["others"] for row in found), sum(row["self"] for row in found))


@dataclass
class Story:
    """Three deliveries, each on its account; outside posts and balances; and what should count."""

    store: Store
    now: datetime = START
    ids: list[int] = field(default_factory=list)
    outside: dict[tuple[str, str], Credit] = field(default_factory=dict)
    opened: dict[str, OpeningBalance] = field(default_factory=dict)

    def begin(self, credits_: list[Credit]) -> None:
        with self.store.write() as unit:
            unit.accounts.register(ACCOUNTS)
        self.ids = [
            queued(self.store, f"Post {name}", account=name, credit=credit)
            for name, credit in zip(ACCOUNTS, credits_, strict=True)
        ]

    def wanted(self) -> Tally:
        """What the rule says of the deliveries as they stand, and of what people have entered."""
        found = [
            columns(each.credit, each.state)
            for each in (delivery(self.store, delivery_id) for delivery_id in self.ids)
        ]
        found += [columns(credit, State.PUBLISHED) for credit in self.outside.values()]
        others = sum(each.others for each in found)
        self_ = sum(each.self_ for each in found)
        for balance in self.opened.values():
            others, self_ = others + balance.others, self_ + balance.self_
        return Tally(others, self_)

    def act(self, what: str, index: int, credit: Credit) -> None:
        with self.store.write() as unit:
            match what:
                case "report":
                    self._report(unit, ACCOUNTS[index], credit)
                case "open":
                    self._open(unit, ACCOUNTS[index])
                case _:
                    self._move(unit, what, self.ids[index])

    def _move(self, unit: Unit, what: str, delivery_id: int) -> None:
        it, now = unit.deliveries.get(delivery_id), self.now
        match it.state, what:
            case State.QUEUED, "go on":
                lease = now + timedelta(minutes=1)
                intent = Intent("worker", Prepared("token", {}), {"checks": {}}, lease, now)
                unit.transitions.record_intent(it, intent)
            case ((State.SENDING | State.UNKNOWN), "go on"):
                unit.transitions.publish(it, Receipt("remote", None, now - 2 * DAY), now)
            case ((State.SENDING | State.UNKNOWN), "back"):
                unit.transitions.requeue(it, Ending.NOT_SENT, FAULT, now, now)
            case State.SENDING, "doubt":
                unit.transitions.mark_unknown(it, FAULT, now, now)
            case State.SENDING, "fail":
                unit.transitions.fail(it, FAULT, now)
            case State.PUBLISHED, "delete":
                unit.transitions.delete(it, now)
            case State.FAILED, "back":
                unit.transitions.requeue_at(it, now, now, pinned=False)
            case _:
                pass

    def _report(self, unit: Unit, account: str, credit: Credit) -> None:
        post = OutsidePost(account, START - 5 * DAY, credit, text="Meet them", remote_id="1")
        (outcome,) = unit.outside_posts.record([post], self.now)
        if isinstance(outcome, Objection):
            return
        if outcome.change is Change.CANCELLED:
            del self.outside[account, "1"]
        elif outcome.change is not Change.UNCHANGED:
            self.outside[account, "1"] = credit

    def _open(self, unit: Unit, account: str) -> None:
        balance = OpeningBalance(account, START - 9 * DAY, others=5, self_=2, reason="by hand")
        try:
            unit.opening_balances.add(balance, self.now)
        except InputError:
            return
        self.opened[account] = balance


acts = st.tuples(
    st.sampled_from(
        ["go on", "go on", "go on", "back", "doubt", "fail", "delete", "report", "report", "open"]
    ),
    st.integers(0, len(ACCOUNTS) - 1),
    st.sampled_from(list(Credit)),
    st.integers(0, 90),
)


@settings(
    max_examples=examples(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.sampled_from(list(Credit)), min_size=3, max_size=3), st.lists(acts, max_size=14))
def test_whatever_is_done_the_ledger_forgets_nothing(
    store: Store, credits_: list[Credit], series: list[tuple[str, int, Credit, int]]
) -> None:
    emptied(store)
    story = Story(store)
    story.begin(credits_)
    told: dict[datetime, Tally] = {}
    before: dict[int, Row] = {}
    for what, index, credit, minutes in series:
        story.now += timedelta(minutes=minutes)
        story.act(what, index, credit)

        after = rows(store)
        for key, row in before.items():
            now = after.get(key)
            assert now is not None, f"{what} deleted {row}"
            ended = row["taken_back_at"] is None and now["taken_back_at"] == story.now
            assert now == ({**row, "taken_back_at": story.now} if ended else row), what
        assert {after[key]["recorded_at"] for key in after.keys() - before.keys()} <= {story.now}

        counting = [row for row in after.values() if row["taken_back_at"] is None]
        assert sums(counting) == story.wanted()
        with store.read() as unit:
            told[story.now] = unit.ledger.tally(None, ALWAYS, story.now)
            assert unit.ledger.faults() == []
        assert told[story.now] == story.wanted()
        before = after

    for moment, then in told.items():
        known = [
            row
            for row in before.values()
            if row["recorded_at"] <= moment
            and (row["taken_back_at"] is None or row["taken_back_at"] > moment)
        ]
        assert sums(known) == then, f"what was known at {moment}"


@pytest.fixture
def published(store: Store) -> int:
    delivery_id = queued(store, credit=Credit.SELF)
    story = Story(store, ids=[delivery_id])
    for _ in range(2):
        story.act("go on", 0, Credit.NONE)
    return delivery_id


def test_a_row_that_was_replaced_is_there_with_both_moments(store: Store, published: int) -> None:
    later = START + timedelta(hours=1)
    with store.write() as unit:
        unit.transitions.delete(unit.deliveries.get(published), later)
    with store.read() as unit:
        all_rows = unit.ledger.rows_since(None, None, taken_back=True)
        (counting,) = unit.ledger.rows_since(None, None)
    assert [(row.why, row.recorded_at, row.taken_back_at) for row in reversed(all_rows)] == [
        ("published, credit self", START, later),
        ("deleted, credit self", later, None),
        ("sending, credit self", START, START),
    ]
    assert counting.why == "deleted, credit self"


def test_a_clock_that_was_set_back_ends_no_row_before_its_begin(
    store: Store, published: int
) -> None:
    with store.write() as unit:
        unit.transitions.delete(unit.deliveries.get(published), START - DAY)
    ended = [row for row in rows(store).values() if row["taken_back_at"] is not None]
    assert {(row["recorded_at"], row["taken_back_at"]) for row in ended} == {(START, START)}


class TestCorrectedOutsidePosts:
    """A corrected post has a new row; a report finds it again, and no other in its place."""

    PLAIN = OutsidePost("x-main", START - 5 * DAY, Credit.OTHERS, text="Meet them")
    WITH_ID = OutsidePost("x-main", START - 5 * DAY, Credit.BOTH, text="Meet them", remote_id="2")

    def record(self, store: Store, *posts: OutsidePost) -> list[Change]:
        with store.write() as unit:
            outcomes = unit.outside_posts.record(posts, START)
        assert not any(isinstance(each, Objection) for each in outcomes)
        return [each.change for each in outcomes if not isinstance(each, Objection)]

    def test_beside_one_with_equal_content_that_came_later(self, store: Store) -> None:
        with store.write() as unit:
            unit.accounts.register(["x-main"])
        corrected = OutsidePost(
            "x-main", START - 5 * DAY, Credit.OTHERS, text="Meet them", url=None
        )
        assert self.record(store, self.PLAIN, self.WITH_ID) == [Change.NEW, Change.NEW]
        stricter = OutsidePost("x-main", START - 5 * DAY, Credit.BOTH, text="Meet them")
        assert corrected == self.PLAIN
        assert self.record(store, stricter) == [Change.UNCHANGED], "it counts so already: id 2"
        as_self = OutsidePost("x-main", START - 5 * DAY, Credit.SELF, text="Meet them")
        assert self.record(store, as_self, self.WITH_ID) == [Change.UPDATED, Change.UNCHANGED]
        assert self.record(store, as_self, self.WITH_ID) == [Change.UNCHANGED] * 2
