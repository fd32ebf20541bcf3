"""Share ratio report of a past moment, from the ledger rows that were known then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.policy import Terms
from crosspromo.domain.ratio import (
    Counted,
    Stretch,
    Tally,
    Window,
    earliest_by_roll_off,
    tally,
)
from crosspromo.domain.report_rows import CountedRow
from crosspromo.domain.shortfall import below_since
from crosspromo.reports.ratio import (
    QUOTA_WINDOW,
    AccountStanding,
    AtPublish,
    OrganisationStanding,
    RatioReport,
    per_self,
)

Rows = Sequence[CountedRow]


@dataclass(frozen=True, slots=True)
class AccountThen:
    """Account at a moment: its network, its terms, and the rows in twice its window."""

    network: str
    terms: Terms
    rows: Rows


def ratio_then(
    accounts: Mapping[str, AccountThen], whole: AccountThen, as_of: datetime
) -> RatioReport:
    """Report of a moment; `whole` are the floor and rows of all accounts."""
    return RatioReport(
        as_of=as_of,
        accounts=tuple(_account(name, each, as_of) for name, each in accounts.items()),
        organisation=_organisation(whole, as_of),
        at_publish=_at_publish(in_window(whole.rows, whole.terms.window, as_of)),
    )


def in_window(rows: Rows, window: Window, as_of: datetime) -> Rows:
    """Rows of the window that ends at the moment, the earliest first."""
    past = [row for row in rows if row.at <= as_of]
    opens = window.opens_after(as_of)
    if opens is None:
        return past[-(window.posts or 0) :]
    return [row for row in past if row.at > opens]


def _account(name: str, account: AccountThen, as_of: datetime) -> AccountStanding:
    terms = account.terms
    target, window = terms.target, terms.window
    rows = _as_counted(in_window(account.rows, window, as_of))
    counts = tally(rows)
    keeps = _keeping(terms)
    judged = QUOTA_WINDOW if target is None else window
    judged_rows = _as_counted(in_window(account.rows, judged, as_of))
    ok = keeps(tally(judged_rows))
    roll_off = None
    if target is not None:
        stretch = Stretch(counts, lambda: rows)
        roll_off = earliest_by_roll_off([stretch], target, window, as_of)
    return AccountStanding(
        account=name,
        network=account.network,
        policy="ratio" if target is not None else "none" if terms.quota is None else "quota",
        target=_target(terms),
        window=str(window),
        others=counts.others,
        self_=counts.self_,
        ratio=per_self(counts),
        ok=ok,
        headroom=None if target is None else counts.headroom(target),
        partner_posts_to_next=None if target is None else counts.partner_posts_to_next(target),
        earliest_by_roll_off=roll_off,
        below_since=None if ok else below_since(_as_counted(account.rows), judged, as_of, keeps),
    )


def _organisation(whole: AccountThen, as_of: datetime) -> OrganisationStanding:
    floor, window = whole.terms.target, whole.terms.window
    counts = tally(_as_counted(in_window(whole.rows, window, as_of)))
    ok = floor is None or counts.meets(floor)
    keeps = _keeping(whole.terms)
    return OrganisationStanding(
        others=counts.others,
        self_=counts.self_,
        target=None if floor is None else str(floor),
        ratio=per_self(counts),
        ok=ok,
        headroom=None if floor is None else counts.headroom(floor),
        below_since=None if ok else below_since(_as_counted(whole.rows), window, as_of, keeps),
    )


def _at_publish(rows: Rows) -> AtPublish:
    sent = sum(row.sent for row in rows)
    overridden = sum(row.overridden for row in rows)
    return AtPublish(self_sent=sent, allowed=sent - overridden, overridden=overridden)


def _keeping(terms: Terms) -> Callable[[Tally], bool]:
    target = terms.target
    if target is not None:
        return lambda counts: counts.meets(target)
    return lambda counts: counts.others >= (terms.quota or 0)


def _target(terms: Terms) -> str | None:
    if terms.target is not None:
        return str(terms.target)
    return None if terms.quota is None else f"{terms.quota} per 7d"


def _as_counted(rows: Rows) -> list[Counted]:
    return [Counted(row.at, row.others, row.self_) for row in rows]
