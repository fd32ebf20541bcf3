"""Free slots of an account in a plan, found by the rules of spacing."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from crosspromo.domain.spacing import Neighbour, Spacing
from crosspromo.domain.timing import Slot, slot_times
from crosspromo.planning.values import Account, Fixed, Span

PLAIN_SLOT = Slot(frozenset(range(7)), time(10))
"""Slot of an account that has none: a plain hour, once a day."""

_INSTANT = timedelta(microseconds=1)


class FixedTimes:
    """Timetable (`spacing.Timetable`) of what stands on an account."""

    def __init__(self, fixed: Sequence[Fixed]) -> None:
        self._rows = sorted((row for row in fixed if row.paces), key=_at)
        self._times = [row.at for row in self._rows]

    def before(self, moment: datetime, least: timedelta) -> Neighbour | None:
        """Row at the moment or less than `least` before it, a sent one first."""
        first = bisect_right(self._times, moment - least)
        near = self._rows[first : bisect_right(self._times, moment)]
        sent = [row for row in near if not row.queued]
        row = sent[-1] if sent else next(iter(near), None)
        return None if row is None else _neighbour(row)

    def after(self, moment: datetime, least: timedelta) -> Neighbour | None:
        """Earliest row less than `least` after the moment."""
        first = bisect_right(self._times, moment)
        last = bisect_left(self._times, moment + least)
        return _neighbour(self._rows[first]) if first < last else None

    def count(self, after: datetime, until: datetime, most: int) -> int:
        """Number of rows later than `after` and not later than `until`, at most `most`."""
        return min(most, bisect_right(self._times, until) - bisect_right(self._times, after))


def free_slots(account: Account, span: Span, now: datetime, zone: ZoneInfo) -> list[datetime]:
    """Slot times of the account in the span and after `now` that nothing speaks against, in order.

    Days of silence about one partner, or without self posts, are no matter of the slot.
    """
    spacing = Spacing(
        account.policy,
        zone,
        [each for each in account.silences if each.partner is None],
        FixedTimes(account.fixed),
    )
    after = max(span.start - _INSTANT, now)
    coming = slot_times(account.policy.slots or (PLAIN_SLOT,), zone, after)
    return [at for at in takewhile(lambda at: at < span.end, coming) if at not in spacing]


def _at(row: Fixed) -> datetime:
    return row.at


def _neighbour(row: Fixed) -> Neighbour:
    return Neighbour(row.delivery or 0, row.at, sent=not row.queued)
