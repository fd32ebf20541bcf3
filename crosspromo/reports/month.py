"""Month report: whether the promise was kept, by account, with what was released and not sent.

A month ends at its last moment, or now. What stands in the ledger after that does not count, and
each account is judged by the terms that were in force then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from crosspromo.domain.policy import Policy, Terms
from crosspromo.domain.ratio import Counted, Tally, Window, tally
from crosspromo.domain.report_rows import GivenRow
from crosspromo.domain.shortfall import below_since, looked_back
from crosspromo.reports.partners import posts_by_partner
from crosspromo.reports.ratio import QUOTA_WINDOW
from crosspromo.store.ledger.known import BEGINNING, Stretch
from crosspromo.store.months import MonthSums, ReleasedPost, UnsentPost
from crosspromo.store.shares import Given

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.store.unit import Unit

MOST_UNSENT = 100
"""Deliveries that did not go out, named in a report; of more the number is told."""


@dataclass(frozen=True, slots=True)
class AccountMonth:
    """Account in a month.

    `others` and `self_` went out in the month; `sent` are published self posts of ours, of which a
    person `released` some; `unsettled` ones are in doubt, or were deleted later. `standing` are the
    counts in `window` (that of the promise) at the end. `below_since` None: the promise is kept, or
    was not kept for a whole window. `network` is empty for an account that crosspromo.toml no
    longer has.
    """

    account: str
    network: str
    target: str | None
    window: Window
    others: int
    self_: int
    sent: int
    released: int
    standing: Tally
    ok: bool
    below_since: datetime | None = None
    unsettled: int = 0

    @property
    def allowed(self) -> int:
        """Published self posts that the ratio allowed when they went out."""
        return self.sent - self.released


@dataclass(frozen=True, slots=True)
class MonthReport:
    """Whole report. `as_of` is the end of the month, or now: then the month `goes_on`.

    `organisation` is what all accounts promise together; None: nothing. `given` are shares by slug
    of a partner. `unsent` are the first of `unsent_count` deliveries that did not go out, of which
    `unsent_open` are not dismissed.
    """

    begins: datetime
    as_of: datetime
    goes_on: bool
    accounts: Sequence[AccountMonth]
    organisation: AccountMonth | None
    given: Mapping[str, Given]
    released: Sequence[ReleasedPost]
    unsent: Sequence[UnsentPost]
    unsent_count: int
    unsent_open: int

    @property
    def not_kept(self) -> Sequence[AccountMonth]:
        """Accounts, and the organisation, whose promise was not kept at the end."""
        whole = () if self.organisation is None else (self.organisation,)
        return [each for each in (*self.accounts, *whole) if not each.ok]

    @property
    def others(self) -> int:
        """Partner posts of all accounts in the month; a joint post counts on both sides."""
        return sum(each.others for each in self.accounts)

    @property
    def self_(self) -> int:
        """Self posts of all accounts in the month."""
        return sum(each.self_ for each in self.accounts)


def month_report(
    unit: "Unit",
    rules: "Mapping[str, AccountRules]",
    organisation: "OrganisationRules",
    *,
    begins: datetime,
    ends: datetime,
    now: datetime,
    given: Sequence[GivenRow],
    known_at: datetime | None = None,
    recorded_by: datetime | None = None,
) -> MonthReport:
    """Report of the month from `begins` to `ends`, in a number of queries that does not grow.

    `given` are the shares of the month, those made without crosspromo too, the earliest first.
    With `known_at`, a past moment that is also `now`, it is the report of that moment; of its rows
    those count that were recorded by `recorded_by` (None: as they are recorded today).
    Only an account with a window of posts takes queries of its own.
    """
    goes_on = ends > now
    as_of = now if goes_on else ends
    terms = {name: _terms(each.policy) for name, each in rules.items()}
    floor = Terms(organisation.floor, None, organisation.window)
    if not goes_on or known_at is not None:
        recorded = unit.policies.at(as_of)
        terms |= {name: each for name, each in recorded.items() if name is not None}
        floor = recorded.get(None, floor)
    sums = unit.months.sums(begins, as_of, recorded_by)
    names = [*rules, *sorted(set(sums) - set(rules))]
    asked: dict[str | None, Terms] = {name: terms.get(name, _NOTHING_ASKED) for name in names}
    if floor.target is not None:
        asked[None] = floor
    ends_ = _ends_of(unit, asked, as_of, recorded_by)
    networks: dict[str | None, str] = {name: each.network for name, each in rules.items()}
    months = {
        name: _account_month(name, networks.get(name, ""), each, _summed(sums, name), ends_)
        for name, each in asked.items()
    }
    unsent = unit.months.unsent(begins, as_of, MOST_UNSENT)
    return MonthReport(
        begins,
        as_of,
        goes_on,
        [months[name] for name in names],
        months.get(None),
        _given(given),
        unit.months.released(begins, as_of, recorded_by),
        *unsent,
    )


def _given(given: Sequence[GivenRow]) -> Mapping[str, Given]:
    """Shares of each partner, by slug."""
    posts, deliveries = posts_by_partner(given)
    last = {row.partner: row.at for row in given}
    return {slug: Given(posts[slug], deliveries[slug], last[slug]) for slug in posts}


def _summed(sums: Mapping[str, MonthSums], name: str | None) -> MonthSums:
    """Sums of one account; None: of all accounts."""
    if name is not None:
        return sums.get(name, MonthSums(0, 0, 0, 0))
    return MonthSums(*(sum(each[place] for each in sums.values()) for place in range(5)))


@dataclass(frozen=True, slots=True)
class _Ends:
    """Counts of each account (None: of all) in its window, at the end of the month.

    `since` has those that did not keep their promise, as in `AccountMonth.below_since`.
    """

    standing: Mapping[str | None, Tally]
    since: Mapping[str | None, datetime | None]


def _ends_of(
    unit: "Unit",
    asked: Mapping[str | None, Terms],
    as_of: datetime,
    recorded_by: datetime | None,
) -> _Ends:
    windows = {name: _window(each) for name, each in asked.items()}
    opens = {each: each.opens_after(as_of) for each in windows.values()}
    of_days = {each: at for each, at in opens.items() if at is not None}
    tallies = unit.months.tallies(of_days, as_of, recorded_by)
    rows: dict[str | None, list[Counted]] = {}
    standing: dict[str | None, Tally] = {}
    for name, window in windows.items():
        if window in of_days:
            found = tallies[window]
            standing[name] = _tally_of_all(found) if name is None else found.get(name, Tally(0, 0))
        else:
            rows[name] = _latest_posts(unit, name, window, as_of, recorded_by)
            standing[name] = tally(rows[name][-(window.posts or 0) :])
    below = [name for name, each in standing.items() if not _keeps(each, asked[name])]
    missing = {name: windows[name] for name in below if name not in rows}
    rows |= _rows_of(unit, missing, as_of, recorded_by)
    since = {
        name: below_since(rows[name], windows[name], as_of, partial(_keeps, terms=asked[name]))
        for name in below
    }
    return _Ends(standing, since)


def _tally_of_all(tallies: Mapping[str, Tally]) -> Tally:
    return Tally(
        sum(each.others for each in tallies.values()), sum(each.self_ for each in tallies.values())
    )


def _latest_posts(
    unit: "Unit", name: str | None, window: Window, as_of: datetime, recorded_by: datetime | None
) -> list[Counted]:
    """Rows of a window of posts and of the one before it, in order of time."""
    if recorded_by is not None:
        most = looked_back(window).posts or 0
        found = unit.report_rows.latest_counted(Stretch(BEGINNING, as_of, recorded_by), name, most)
        return [Counted(row.at, row.others, row.self_) for row in found]
    rows = unit.ledger.counted(name, looked_back(window), as_of)
    return sorted((row for row in rows if row.at <= as_of), key=lambda row: row.at)


def _rows_of(
    unit: "Unit",
    windows: Mapping[str | None, Window],
    as_of: datetime,
    recorded_by: datetime | None,
) -> dict[str | None, list[Counted]]:
    """Rows of accounts in their windows and the ones before, read in one query."""
    opens = {name: looked_back(each).opens_after(as_of) for name, each in windows.items()}
    first = min((each for each in opens.values() if each is not None), default=None)
    if first is None:
        return {}
    names = None if None in windows else [name for name in windows if name is not None]
    rows: dict[str | None, list[Counted]] = {name: [] for name in windows}
    for account, row in unit.months.counted(names, first, as_of, recorded_by):
        for name in (None, account):
            at = opens.get(name)
            if at is not None and row.at > at:
                rows[name].append(row)
    return rows


def _account_month(
    name: str | None, network: str, terms: Terms, sums: MonthSums, ends: _Ends
) -> AccountMonth:
    return AccountMonth(
        account=name or "",
        network=network,
        target=_target(terms),
        window=_window(terms),
        others=sums.others,
        self_=sums.self_,
        sent=sums.sent,
        released=sums.overridden,
        standing=ends.standing[name],
        ok=name not in ends.since,
        below_since=ends.since.get(name),
        unsettled=sums.unsettled,
    )


def _terms(policy: Policy) -> Terms:
    return Terms(policy.target, policy.quota, policy.window)


def _window(terms: Terms) -> Window:
    """Window in which the promise is counted: that of a quota is a week."""
    return QUOTA_WINDOW if terms.target is None and terms.quota is not None else terms.window


_NOTHING_ASKED = Terms(None, None, QUOTA_WINDOW)
"""Terms of an account of which nothing is known."""


def _keeps(counts: Tally, terms: Terms) -> bool:
    if terms.target is not None:
        return counts.meets(terms.target)
    return counts.others >= (terms.quota or 0)


def _target(terms: Terms) -> str | None:
    if terms.target is not None:
        return str(terms.target)
    return None if terms.quota is None else f"{terms.quota} per 7d"


__all__ = ["AccountMonth", "MonthReport", "ReleasedPost", "UnsentPost", "month_report"]
