"""What was posted without crosspromo counts once, and no correction allows more self posts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from exact import exact
from sqlalchemy.exc import IntegrityError
from stories import ACCOUNT, queued

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.changes import Change
from crosspromo.domain.deliveries import Fault
from crosspromo.domain.errors import DatabaseError, InputError
from crosspromo.domain.ledger import Origin
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.outside import Objection, OutsidePost
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Window
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.faults import InDoubt
from crosspromo.domain.reasons.inputs import (
    BalanceExists,
    BalanceOverlaps,
    InputRefusal,
    NothingCounted,
    ReasonMissing,
)
from crosspromo.domain.reasons.ledger import MayBeOurs
from crosspromo.domain.states import State
from crosspromo.store.database.engine import transaction
from crosspromo.store.ledger.outside_posts import RecordedPost
from crosspromo.store.ledger.rows import LedgerUpdate
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

DAY = timedelta(days=1)
WINDOW = Window(days=28)

SHARED = OutsidePost(ACCOUNT, START - 3 * DAY, Credit.OTHERS, text="Meet them", remote_id="1")
OURS = OutsidePost(ACCOUNT, START - 2 * DAY, Credit.SELF, text="Meet us", remote_id="2")


@pytest.fixture(autouse=True)
def known(store: Store) -> None:
    with store.write() as unit:
        unit.accounts.register([ACCOUNT, "elsewhere"])
        unit.partners.save(Partner(slug="river-keepers", name="River Keepers"), START)


def record(store: Store, *posts: OutsidePost) -> list[RecordedPost | Objection]:
    with store.write() as unit:
        return unit.outside_posts.record(posts, START)


def said(store: Store, post: OutsidePost) -> Change | str:
    """What saying this of one post did: the change, or the column at fault."""
    (outcome,) = record(store, post)
    return outcome.column if isinstance(outcome, Objection) else outcome.change


def tally(store: Store, now: datetime = START) -> Tally:
    with store.read() as unit:
        return unit.ledger.tally(ACCOUNT, WINDOW, now)


def sent(
    store: Store, text: str, credit: Credit = Credit.OTHERS, receipt: Receipt | None = None
) -> int:
    """One of our own deliveries, published with the receipt or, without one, in doubt."""
    delivery_id = queued(store, text, credit=credit)
    intent = Intent(
        worker="worker",
        prepared=Prepared("token", {"text": text}),
        decision={"checks": [], "override": None},
        lease_until=START + timedelta(minutes=1),
        now=START,
    )
    with store.write() as unit:
        unit.transitions.record_intent(unit.deliveries.get(delivery_id), intent)
        sending = unit.deliveries.get(delivery_id)
        if receipt is None:
            unit.transitions.mark_unknown(sending, Fault(InDoubt("timed out")), START, START)
        else:
            unit.transitions.publish(sending, receipt, START)
    return delivery_id


class TestCounting:
    @pytest.mark.parametrize(
        ("credit", "counts"),
        [
            (Credit.OTHERS, Tally(1, 0)),
            (Credit.SELF, Tally(0, 1)),
            (Credit.BOTH, Tally(1, 1)),
            (Credit.NONE, Tally(0, 0)),
        ],
    )
    def test_an_outside_post_counts_as_its_credit_says(
        self, store: Store, credit: Credit, counts: Tally
    ) -> None:
        record(store, replace(SHARED, credit=credit))
        assert tally(store) == counts

    def test_it_leaves_the_window_at_its_half_open_end(self, store: Store) -> None:
        record(store, SHARED)
        gone = SHARED.published_at + timedelta(days=28)
        assert tally(store, gone - timedelta(microseconds=1)) == Tally(1, 0)
        assert tally(store, gone) == Tally(0, 0)

    def test_it_counts_on_its_account_and_in_the_organisation(self, store: Store) -> None:
        record(store, SHARED, replace(SHARED, account="elsewhere"))
        assert tally(store) == Tally(1, 0)
        with store.read() as unit:
            assert unit.ledger.tally(None, WINDOW, START) == Tally(2, 0)

    def test_the_ledger_shows_what_was_said_of_it(self, store: Store) -> None:
        post = replace(SHARED, partner="river-keepers", url="https://network.example/1")
        record(store, post)
        with store.read() as unit:
            (row,) = unit.ledger.rows_since(ACCOUNT, since=None)
        assert (row.origin, row.delivery) == (Origin.OUTSIDE, None)
        assert (row.at, row.others, row.self_) == (post.published_at, 1, 0)
        assert (row.partner, row.text, row.url, row.remote_id) == (
            "river-keepers",
            "Meet them",
            "https://network.example/1",
            "1",
        )
        assert row.why == "posted outside crosspromo, credit others"

    def test_a_ledger_with_outside_posts_has_no_faults(self, store: Store) -> None:
        record(store, SHARED, OURS)
        with store.read() as unit:
            assert unit.ledger.faults() == []

    def test_the_ledger_lists_the_latest_first_from_a_moment_on(self, store: Store) -> None:
        record(store, OURS, SHARED, replace(OURS, account="elsewhere"))
        with store.read() as unit:
            everything = unit.ledger.rows_since(None, since=None)
            latest = unit.ledger.rows_since(ACCOUNT, since=OURS.published_at)
        assert [row.text for row in everything] == ["Meet us", "Meet us", "Meet them"]
        assert [(row.account, row.text) for row in latest] == [(ACCOUNT, "Meet us")]


class TestKnowingAPostAgain:
    @pytest.mark.parametrize("remote_id", ["1", None])
    def test_the_same_row_again_changes_nothing(self, store: Store, remote_id: str | None) -> None:
        post = replace(SHARED, remote_id=remote_id)
        assert said(store, post) is Change.NEW
        assert said(store, post) is Change.UNCHANGED
        assert tally(store) == Tally(1, 0)

    def test_without_a_remote_id_another_text_is_another_post(self, store: Store) -> None:
        record(store, replace(SHARED, remote_id=None))
        assert said(store, replace(SHARED, remote_id=None, text="Other")) is Change.NEW

    def test_another_remote_id_is_another_post_though_all_else_is_the_same(
        self, store: Store
    ) -> None:
        record(store, SHARED)
        assert said(store, replace(SHARED, remote_id="1b")) is Change.NEW

    def test_the_same_remote_id_on_another_account_is_another_post(self, store: Store) -> None:
        record(store, SHARED)
        assert said(store, replace(SHARED, account="elsewhere")) is Change.NEW

    def test_a_remote_id_that_is_learnt_later_makes_no_second_post(self, store: Store) -> None:
        record(store, replace(SHARED, remote_id=None))
        assert said(store, SHARED) is Change.UPDATED
        assert said(store, SHARED) is Change.UNCHANGED
        assert tally(store) == Tally(1, 0)

    def test_a_remote_id_that_is_left_out_later_is_not_forgotten(self, store: Store) -> None:
        record(store, SHARED)
        assert said(store, replace(SHARED, remote_id=None)) is Change.UNCHANGED
        assert said(store, SHARED) is Change.UNCHANGED

    def test_a_post_is_not_taken_for_one_that_was_corrected_in_the_same_file(
        self, store: Store
    ) -> None:
        record(store, SHARED)
        corrected, other = replace(SHARED, text="Corrected"), replace(SHARED, remote_id=None)
        assert record(store, corrected, other) == [
            RecordedPost(Change.UPDATED),
            RecordedPost(Change.NEW),
        ]
        assert record(store, corrected, other) == [RecordedPost(Change.UNCHANGED)] * 2

    def test_the_database_itself_refuses_to_count_a_remote_id_twice(self, store: Store) -> None:
        record(store, SHARED)
        with (
            pytest.raises((IntegrityError, DatabaseError)),
            transaction(store.engine, writes=True) as connection,
        ):
            connection.exec_driver_sql(
                "INSERT INTO ledger (account, at, others, self, origin, why, remote_id, "
                "recorded_at) "
                "SELECT account, at, others, self, origin, why, remote_id, at FROM ledger"
            )


class TestCorrections:
    def test_what_is_said_later_is_what_stands(self, store: Store) -> None:
        record(store, SHARED)
        better = replace(SHARED, text="Meet the River Keepers", partner="river-keepers")
        assert said(store, better) is Change.UPDATED
        assert said(store, better) is Change.UNCHANGED

    def test_a_stricter_credit_is_taken_and_says_what_it_was(self, store: Store) -> None:
        record(store, SHARED)
        (outcome,) = record(store, replace(SHARED, credit=Credit.SELF))
        assert outcome == RecordedPost(Change.UPDATED, was=Credit.OTHERS)
        assert tally(store) == Tally(0, 1)

    def test_a_post_about_others_may_turn_out_to_count_nothing(self, store: Store) -> None:
        record(store, SHARED)
        (outcome,) = record(store, replace(SHARED, credit=Credit.NONE))
        assert outcome == RecordedPost(Change.CANCELLED, was=Credit.OTHERS)
        assert tally(store) == Tally(0, 0)

    @pytest.mark.parametrize("kinder", [Credit.OTHERS, Credit.NONE, Credit.BOTH])
    def test_a_post_about_us_stays_one(self, store: Store, kinder: Credit) -> None:
        record(store, OURS)
        assert said(store, replace(OURS, credit=kinder)) == "credit"
        assert tally(store) == Tally(0, 1)

    def test_a_post_about_us_cannot_be_moved_out_of_the_window(self, store: Store) -> None:
        record(store, OURS)
        assert said(store, replace(OURS, published_at=START - 40 * DAY)) == "published_at"
        assert tally(store) == Tally(0, 1)

    def test_a_post_about_others_cannot_be_kept_in_the_window(self, store: Store) -> None:
        record(store, SHARED)
        assert said(store, replace(SHARED, published_at=START)) == "published_at"


class TestOurOwnDeliveries:
    RECEIPT = Receipt("remote-1", "https://network.example/1")

    @pytest.mark.parametrize(
        "post",
        [
            OutsidePost(ACCOUNT, START, Credit.OTHERS, remote_id="remote-1"),
            OutsidePost(ACCOUNT, START, Credit.OTHERS, url="https://network.example/1"),
            OutsidePost(ACCOUNT, START + timedelta(hours=3), Credit.OTHERS, text="Meet  them\n"),
        ],
        ids=["by remote id", "by address", "by its words on that day"],
    )
    def test_are_recognised_and_not_counted_twice(self, store: Store, post: OutsidePost) -> None:
        sent(store, "Meet them", receipt=self.RECEIPT)
        assert said(store, post) is Change.UNCHANGED
        assert tally(store) == Tally(1, 0)

    def test_of_another_account_are_not_meant(self, store: Store) -> None:
        sent(store, "Meet them", receipt=self.RECEIPT)
        post = OutsidePost("elsewhere", START, Credit.OTHERS, remote_id="remote-1")
        assert said(store, post) is Change.NEW

    def test_the_same_words_long_ago_were_another_post(self, store: Store) -> None:
        sent(store, "Meet them", receipt=self.RECEIPT)
        assert said(store, SHARED) is Change.NEW

    def test_earn_nothing_by_a_report_when_they_were_deleted(self, store: Store) -> None:
        delivery_id = sent(store, "Meet them", receipt=self.RECEIPT)
        with transaction(store.engine, writes=True) as connection:
            connection.exec_driver_sql(f"UPDATE deliveries SET state = '{State.DELETED}'")
        with store.write() as unit:
            gone = LedgerUpdate(delivery_id, ACCOUNT, Credit.OTHERS, State.DELETED, None, START)
            unit.ledger.apply([gone])
        post = OutsidePost(ACCOUNT, START, Credit.OTHERS, remote_id="remote-1")
        assert said(store, post) is Change.UNCHANGED
        assert tally(store) == Tally(0, 0)

    def test_in_doubt_are_settled_before_a_post_that_may_be_them(self, store: Store) -> None:
        delivery_id = sent(store, "Meet them")
        later = OutsidePost(ACCOUNT, START + DAY, Credit.OTHERS, remote_id="remote-1")
        (outcome,) = record(store, later)
        assert isinstance(outcome, Objection)
        assert exact(outcome.reason) == exact(MayBeOurs(delivery_id))
        assert said(store, SHARED) is Change.NEW


class TestTheOpeningBalance:
    BALANCE = OpeningBalance(ACCOUNT, START - 10 * DAY, others=12, self_=3, reason="by hand")

    def open(self, store: Store, balance: OpeningBalance = BALANCE) -> None:
        with store.write() as unit:
            unit.opening_balances.add(balance, START)

    def test_counts_as_one_row_that_leaves_the_window_together(self, store: Store) -> None:
        self.open(store)
        assert tally(store) == Tally(12, 3)
        assert tally(store, self.BALANCE.at + timedelta(days=28)) == Tally(0, 0)
        with store.read() as unit:
            assert unit.opening_balances.find(ACCOUNT) == self.BALANCE
            assert unit.ledger.faults() == []
            (row,) = unit.ledger.rows_since(ACCOUNT, since=None)
        assert row.why == "opening balance: by hand"

    def test_is_entered_once(self, store: Store) -> None:
        self.open(store)
        with pytest.raises(InputError) as error:
            self.open(store, replace(self.BALANCE, at=START))
        there = self.BALANCE
        assert exact(error.value.reason) == exact(
            BalanceExists(ACCOUNT, 12, 3, there.at, "by hand")
        )
        assert tally(store) == Tally(12, 3)

    def test_is_entered_for_each_account(self, store: Store) -> None:
        self.open(store)
        self.open(store, replace(self.BALANCE, account="elsewhere"))
        with store.read() as unit:
            assert unit.ledger.tally(None, WINDOW, START) == Tally(24, 6)

    def test_stands_for_every_post_until_then(self, store: Store) -> None:
        self.open(store)
        assert said(store, replace(SHARED, published_at=self.BALANCE.at)) == "published_at"
        after = replace(SHARED, published_at=self.BALANCE.at + timedelta(seconds=1))
        assert said(store, after) is Change.NEW
        assert tally(store) == Tally(13, 3)

    def test_cannot_be_entered_over_posts_that_count_already(self, store: Store) -> None:
        record(store, SHARED, OURS)
        with pytest.raises(InputError) as error:
            self.open(store, replace(self.BALANCE, at=START))
        first = datetime(2026, 3, 29, 12, tzinfo=UTC)
        assert exact(error.value.reason) == exact(BalanceOverlaps(ACCOUNT, 2, first))
        self.open(store, self.BALANCE)

    @pytest.mark.parametrize(
        ("nothing", "reason"),
        [
            (lambda balance: replace(balance, others=0, self_=0), NothingCounted()),
            (lambda balance: replace(balance, others=-1), NothingCounted()),
            (lambda balance: replace(balance, reason=" "), ReasonMissing(Act.OPEN_LEDGER)),
        ],
        ids=["no posts", "less than none", "no reason"],
    )
    def test_counts_something_for_a_reason(
        self, nothing: Callable[[OpeningBalance], OpeningBalance], reason: InputRefusal
    ) -> None:
        with pytest.raises(InputError) as error:
            nothing(self.BALANCE)
        assert exact(error.value.reason) == exact(reason)


def test_the_audit_log_is_read_latest_first_from_a_moment_on(store: Store) -> None:
    with store.write() as unit:
        unit.audit.add(START, "one", "pause", "x-main", "a storm")
        unit.audit.add(START, "two", "resume", "x-main", None)
        unit.audit.add(START - DAY, "three", "cancel", "delivery 1", None)
    with store.read() as unit:
        everything, latest = unit.audit.entries(), unit.audit.entries(since=START)
    assert [entry.who for entry in everything] == ["two", "one", "three"]
    assert [entry.who for entry in latest] == ["two", "one"]
    assert latest[1].reason == "a storm"
