"""Dues of partners in a plan: when the cadence wants a share, and from when on it may be given."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.pacing import start_of
from crosspromo.planning.values import PartnerTerms, Span

LEAD = timedelta(days=7)
"""Time before its end from which a cadence counts as due."""

GRACE = timedelta(days=7)
"""Time from the beginning of the plan within which a partner who is past due is wanted."""

_DAY = timedelta(days=1)
_NEXT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """One share of a partner that the cadence wants within the plan.

    Shares after `after` count for it; it is in time before `by`, and a post that has nothing but
    this due to say may stand from `opens` on, before `closes`.
    """

    partner: str
    after: datetime
    opens: datetime
    by: datetime
    closes: datetime


def days_of(due: date, cadence: int, today: date) -> Iterator[date]:
    """Yield local days on which a cadence of so many days is due, without end; `due` is the first.

    After one that is past, the days count from today. The order is that of `dues_of`.
    """
    while True:
        yield due
        due = max(due, today) + max(cadence, 1) * _DAY


def dues_of(terms: PartnerTerms, span: Span, zone: ZoneInfo) -> Iterator[Due]:
    """Yield the dues of a partner that fall in the span, in order of time."""
    if terms.cadence is None or terms.due is None:
        return
    cadence = max(timedelta(days=terms.cadence), _DAY)
    lead = min(LEAD, cadence / 2)
    by = start_of(terms.due + _DAY, zone)
    if by < span.start + _DAY:
        by = span.start + min(GRACE, cadence)
    after = span.start
    if terms.counted_until is not None:
        after = max(after, terms.counted_until + _NEXT)
    while by - lead < span.end and after < span.end:
        following = by + cadence
        yield Due(terms.partner, after, max(after, by - lead), by, following - lead)
        after, by = by, following
