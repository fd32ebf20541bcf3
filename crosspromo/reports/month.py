"""Month report: whether the promise was kept, by account, with what was released and not sent.

A month ends at its last moment, or now. What stands in the ledger after that does not count, and
each account is judged by the terms that were in force then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.policy import Policy, Terms
from crosspromo.domain.ratio import Counted, Tally, Window, tally
from crosspromo.domain.shortfall import below_since, looked_back
from crosspromo.reports.ratio import QUOTA_WINDOW
from crosspromo.store.months import CountedRow, ReleasedPost, UnsentPost
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
    person `released` some. `standing` are the counts in `window` (that of the promise) at the end.
    `below_since` None: the promise is kept, or was not kept for a whole window. `network` is empty
    for an account that crosspromo.toml no longer has.
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

    @property
    def allowed(self) -> int:
        """Published self posts that the ratio allowed when they went out."""
        return self.sent - self.released


@dataclass(frozen=True, slots=True)
class MonthReport:
    """Whole report. `as_of` is the end of the month, or now: then the month `goes_on`.

    `organisation` is what all accounts promise together; None: nothing. `given` are shares by slug
    of a partner. `unsent` are the first of `unsent_count` deliveries that did not go out.
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
) -> MonthReport:
    """Report of the month from `begins` to `ends`, in a number of queries that does not grow.

    Only an account with a window of posts takes queries of its own.
    """
    goes_on = ends > now
    as_of = now if goes_on else ends
    terms = {name: _terms(each.policy) for name, each in rules.items()}
    floor = Terms(organisation.floor, None, organisation.window)
    if not goes_on:
        recorded = unit.policies.at(as_of)
        terms |= {name: each for name, each in recorded.items() if name is not None}
        floor = recorded.get(None, floor)
    reader = _Reader(unit, begins, as_of, [*terms.values(), floor])
    gone = reader.names - set(rules)
    accounts = [
        reader.account(name, rules[name].network if name in rules else "", terms.get(name))
        for name in (*rules, *sorted(gone))
    ]
    asked = floor.target is not None
    unsent, unsent_count = unit.months.unsent(begins, as_of, MOST_UNSENT)
    return MonthReport(
        begins,
        as_of,
        goes_on,
        accounts,
        reader.account(None, "", floor) if asked else None,
        _together(unit.shares.given(begins, as_of), unit.shares.given_outside(begins, as_of)),
        unit.months.released(begins, as_of),
        unsent,
        unsent_count,
    )


def _together(ours: Mapping[str, Given], outside: Mapping[str, Given]) -> Mapping[str, Given]:
    found = dict(ours)
    for slug, each in outside.items():
        known = found.get(slug)
        found[slug] = (
            each
            if known is None
            else Given(
                known.posts + each.posts,
                known.deliveries + each.deliveries,
                max(known.last_at, each.last_at),
            )
        )
    return found


class _Reader:
    """Ledger rows of the month and of the windows at its end, read once."""

    def __init__(
        self, unit: "Unit", begins: datetime, as_of: datetime, terms: Sequence[Terms]
    ) -> None:
        self._unit, self._as_of = unit, as_of
        opens = [
            each
            for terms_ in terms
            for each in (looked_back(_window(terms_)).opens_after(as_of),)
            if each is not None
        ]
        self._begins = begins
        self._rows: dict[str | None, list[CountedRow]] = {None: []}
        for row in unit.months.counted(min([begins, *opens]), as_of):
            self._rows[None].append(row)
            self._rows.setdefault(row.account, []).append(row)

    @property
    def names(self) -> set[str]:
        """Accounts with a row in the month."""
        return {row.account for row in self._month(None)}

    def _month(self, name: str | None) -> list[CountedRow]:
        return [row for row in self._rows.get(name, ()) if row.at >= self._begins]

    def account(self, name: str | None, network: str, terms: Terms | None) -> AccountMonth:
        """Account (None: all accounts) by its terms; without terms nothing is promised."""
        asked = terms or Terms(None, None, QUOTA_WINDOW)
        window = _window(asked)
        rows = self._counted(name, window)
        in_month = self._month(name)
        standing = tally(_inside(rows, window, self._as_of))
        ok = _keeps(standing, asked)
        since = None
        if not ok:
            since = below_since(rows, window, self._as_of, lambda each: _keeps(each, asked))
        return AccountMonth(
            account=name or "",
            network=network,
            target=_target(asked),
            window=window,
            others=sum(row.others for row in in_month),
            self_=sum(row.self_ for row in in_month),
            sent=sum(row.sent for row in in_month),
            released=sum(row.overridden for row in in_month),
            standing=standing,
            ok=ok,
            below_since=since,
        )

    def _counted(self, name: str | None, window: Window) -> list[Counted]:
        """Rows of twice the window, as far as they were known at the end of the month."""
        opens = looked_back(window).opens_after(self._as_of)
        if opens is None:
            found = self._unit.ledger.counted(name, looked_back(window), self._as_of)
            return [row for row in found if row.at <= self._as_of]
        return [
            Counted(row.at, row.others, row.self_)
            for row in self._rows.get(name, ())
            if row.at > opens
        ]


def _inside(rows: Sequence[Counted], window: Window, as_of: datetime) -> Sequence[Counted]:
    opens = window.opens_after(as_of)
    if opens is None:
        return sorted(rows, key=lambda row: row.at)[-(window.posts or 0) :]
    return [row for row in rows if row.at > opens]


def _terms(policy: Policy) -> Terms:
    return Terms(policy.target, policy.quota, policy.window)


def _window(terms: Terms) -> Window:
    """Window in which the promise is counted: that of a quota is a week."""
    return QUOTA_WINDOW if terms.target is None and terms.quota is not None else terms.window


def _keeps(counts: Tally, terms: Terms) -> bool:
    if terms.target is not None:
        return counts.meets(terms.target)
    return counts.others >= (terms.quota or 0)


def _target(terms: Terms) -> str | None:
    if terms.target is not None:
        return str(terms.target)
    return None if terms.quota is None else f"{terms.quota} per 7d"


def rows_of(months: Sequence[AccountMonth]) -> Sequence[Sequence[str]]:
    """Cells of the table of accounts, in the order of COLUMNS."""
    return [
        [
            each.account,
            each.network,
            each.target or "",
            str(each.window),
            str(each.others),
            str(each.self_),
            str(each.sent),
            str(each.allowed),
            str(each.released),
            str(each.standing.others),
            str(each.standing.self_),
            "yes" if each.ok else "no",
            "" if each.below_since is None else each.below_since.isoformat(timespec="seconds"),
        ]
        for each in months
    ]


__all__ = [
    "COLUMNS",
    "AccountMonth",
    "MonthReport",
    "ReleasedPost",
    "UnsentPost",
    "month_report",
    "rows_of",
]

COLUMNS = (
    *("account", "network", "target", "window", "others", "self", "self_sent", "allowed"),
    *("released", "window_others", "window_self", "ok", "below_since"),
)
"""Columns of the table of accounts, with the names of the ratio report's JSON where it has them."""
