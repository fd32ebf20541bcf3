"""Outside posts and opening balances, counted as a page would: what counts, and what is refused."""

from collections.abc import Callable
from datetime import timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import ImportFailedError, Refused
from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Tally, Window
from crosspromo.domain.reasons.ledger import InOpeningBalance
from crosspromo.domain.reasons.not_found import NoSuchPartner
from crosspromo.services.audit_log import AuditLog
from crosspromo.services.count_outside import OutsideCounts
from crosspromo.services.ledger_view import LedgerView
from crosspromo.settings import Account, Organisation, Settings
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

CLOCK = FakeClock()
NOW = CLOCK.now()
ACCOUNT = Account(name="x-main", network="sandbox", policy=Policy())
SETTINGS = Settings(
    organisation=Organisation(name="us", zone=ZoneInfo("UTC"), own_group=frozenset()),
    accounts=MappingProxyType({"x-main": ACCOUNT}),
)
HEAD = b"account,published_at,credit,partner,text,url,remote_id\n"
SHARED = b"x-main,2026-03-30T09:00,others,river-keepers,Meet them,,1\n"
OURS = b"x-main,2026-03-30T10:00,self,,Meet us,,2\n"


@pytest.fixture
def counts(store: Store) -> OutsideCounts:
    with store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), START)
    return OutsideCounts(store, CLOCK, SETTINGS, "kim")


def tally(store: Store) -> Tally:
    with store.read() as unit:
        return unit.ledger.tally("x-main", Window(days=28), NOW)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


class TestOutsidePosts:
    def test_each_counts_once_and_is_logged(self, counts: OutsideCounts, store: Store) -> None:
        file = HEAD + SHARED + OURS
        assert counts.import_(file, "history.csv").changes == {Change.NEW: 2}
        assert counts.import_(file, "history.csv").changes == {Change.UNCHANGED: 2}
        assert tally(store) == Tally(1, 1)
        (entry,) = AuditLog(store).entries()
        assert (entry.who, entry.subject, entry.reason) == (
            "kim",
            "x-main",
            "2 new, from history.csv",
        )

    def test_a_dry_run_writes_nothing(self, counts: OutsideCounts, store: Store) -> None:
        would = counts.import_(HEAD + SHARED, "history.csv", dry_run=True)
        assert would.changes == {Change.NEW: 1}
        assert tally(store) == Tally(0, 0)

    def test_a_bad_row_refuses_the_file_unless_partial(
        self, counts: OutsideCounts, store: Store
    ) -> None:
        file = HEAD + SHARED + b"x-main,2026-03-30T11:00,others,nobody,Meet,,3\n"
        with pytest.raises(ImportFailedError) as error:
            counts.import_(file, "history.csv")
        assert [fault.problem for fault in error.value.errors] == [NoSuchPartner("nobody")]
        assert tally(store) == Tally(0, 0)
        assert len(counts.import_(file, "history.csv", partial=True).errors) == 1
        assert tally(store) == Tally(1, 0)

    def test_a_row_that_the_ledger_does_not_take_says_why(
        self, counts: OutsideCounts, store: Store
    ) -> None:
        counts.open("x-main", 3, 1, "by hand")
        with pytest.raises(ImportFailedError) as error:
            counts.import_(HEAD + SHARED, "history.csv")
        assert [fault.problem for fault in error.value.errors] == [InOpeningBalance("x-main", NOW)]
        assert tally(store) == Tally(3, 1)


class TestOpeningBalances:
    def test_one_counts_from_its_moment_on(self, counts: OutsideCounts, store: Store) -> None:
        balance = counts.open("x-main", 3, 1, "by hand", NOW - timedelta(days=1))
        assert balance.at == NOW - timedelta(days=1)
        assert tally(store) == Tally(3, 1)
        (row,) = LedgerView(store, SETTINGS).rows("x-main")
        assert (row.others, row.self_) == (3, 1)

    @pytest.mark.parametrize(
        ("act", "code"),
        [
            (lambda counts: counts.open("x-main", 3, 1, " "), "reason-missing"),
            (lambda counts: counts.open("x-main", 0, 0, "by hand"), "nothing-counted"),
            (lambda counts: counts.open("x-main", -1, 3, "by hand"), "nothing-counted"),
            (lambda counts: counts.open("x-main", 100_001, 0, "by hand"), "too-many-counted"),
            (lambda counts: counts.open("nobody", 3, 1, "by hand"), "no-such-account"),
            (
                lambda counts: counts.open("x-main", 3, 1, "by hand", NOW + timedelta(minutes=1)),
                "future-moment",
            ),
        ],
    )
    def test_what_is_refused_counts_nothing(
        self,
        counts: OutsideCounts,
        store: Store,
        act: Callable[[OutsideCounts], object],
        code: str,
    ) -> None:
        assert code_of(lambda: act(counts)) == code
        assert tally(store) == Tally(0, 0)

    def test_a_second_one_is_refused(self, counts: OutsideCounts, store: Store) -> None:
        counts.open("x-main", 3, 1, "by hand")
        assert code_of(lambda: counts.open("x-main", 9, 0, "again")) == "balance-exists"
        assert tally(store) == Tally(3, 1)

    def test_one_over_posts_that_count_already_is_refused(self, counts: OutsideCounts) -> None:
        counts.import_(HEAD + SHARED, "history.csv")
        assert code_of(lambda: counts.open("x-main", 3, 1, "by hand")) == "balance-overlaps"


def test_the_ledger_of_an_account_that_is_not_there(store: Store) -> None:
    assert code_of(lambda: LedgerView(store, SETTINGS).rows("nobody")) == "no-such-account"
