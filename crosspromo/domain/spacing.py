"""Spacing of deliveries: what an account's rules say about a moment, given the deliveries near it.

The same rules find the next free slot and tell what will hold a delivery at a time that a person
named. They are the gate's rules of pace, applied ahead of time; the gate alone decides.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from crosspromo.domain.pacing import WEEK, start_of
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons import holds
from crosspromo.domain.reasons.notes import (
    DayFull,
    DelaysAnother,
    InBlackout,
    InQuietHours,
    Note,
    OnDayOfMourning,
    Silent,
    WaitsForGap,
    WeekFull,
)
from crosspromo.domain.values import Value

if TYPE_CHECKING:
    from crosspromo.domain.mourning import Silence

_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


class Neighbour(NamedTuple):
    """Delivery near a moment; `at` is when it is due, or when it was sent (`sent`)."""

    delivery: int
    at: datetime
    sent: bool = False


class Timetable(Protocol):
    """Times of an account's deliveries: waiting ones (drafts, queued) and sent ones.

    Each answer is one query, bounded whatever the length of the queue and of the past.
    """

    def before(self, moment: datetime, least: timedelta) -> Neighbour | None:
        """Delivery at the moment, or less than `least` before it.

        The latest sent one, by which the gate counts the gap; else the earliest waiting one, since
        those after it are held themselves.
        """

    def after(self, moment: datetime, least: timedelta) -> Neighbour | None:
        """Earliest waiting delivery less than `least` after the moment."""

    def count(self, after: datetime, until: datetime, most: int) -> int:
        """Number of deliveries later than `after` and not later than `until`, at most `most`."""


class Spacing(Value, frozen=True):
    """Rules about the time of one delivery: the account's policy, and days of silence.

    `times` are those of the account's other deliveries; `blackouts` are those that concern this
    delivery, kept days of mourning among them. People read the wall clock in `zone`.
    """

    policy: Policy
    zone: ZoneInfo
    blackouts: "Sequence[Silence]"
    times: Timetable

    def __contains__(self, slot: object) -> bool:
        """Whether a slot at this moment is not free: it is taken, or a rule speaks against it."""
        if not isinstance(slot, datetime):
            return False
        least = max(self.policy.min_gap or _INSTANT, _INSTANT)
        return (
            any(self.silences(slot))
            or self.times.before(slot, least) is not None
            or self.times.after(slot, least) is not None
            or any(self._full(slot))
        )

    def notes(self, moment: datetime) -> Iterator[Note]:
        """Yield every rule that will hold a delivery at this moment, or another because of it."""
        yield from self.silences(moment)
        yield from self._full(moment)
        yield from self._close(moment)

    def silences(self, moment: datetime) -> Iterator[Silent]:
        """Yield the silence that will hold a delivery at this moment, whatever else is planned."""
        waits = [wait for each in self.blackouts if (wait := each.wait(self.zone, moment))]
        longest = max(waits, key=lambda wait: wait.until, default=None)
        if longest is not None and isinstance(longest.reason, holds.Blackout):
            yield InBlackout(longest.reason, longest.until)
        if longest is not None and isinstance(longest.reason, holds.Mourning):
            yield OnDayOfMourning(longest.reason, longest.until)
        quiet = self.policy.quiet
        if quiet is not None and quiet.include(moment, self.zone):
            yield InQuietHours(str(quiet), quiet.end_after(moment, self.zone))

    def _full(self, moment: datetime) -> Iterator[Note]:
        per_day, per_week = self.policy.max_per_day, self.policy.max_per_week
        if per_day is not None:
            day = moment.astimezone(self.zone).date()
            start, end = (start_of(each, self.zone) for each in (day, day + _DAY))
            if self.times.count(start - _INSTANT, end - _INSTANT, per_day) >= per_day:
                yield DayFull(day, per_day, end)
        if per_week is not None and self.times.count(moment - WEEK, moment, per_week) >= per_week:
            yield WeekFull(moment, per_week)

    def _close(self, moment: datetime) -> Iterator[Note]:
        least, to_slot = self.policy.min_gap, bool(self.policy.slots)
        if least is None:
            return
        earlier = self.times.before(moment, least)
        if earlier is not None:
            other, at, sent = earlier
            yield WaitsForGap(other, at, sent, least, at + least, to_slot)
        later = self.times.after(moment, least)
        if later is not None:
            yield DelaysAnother(later.delivery, later.at, least, moment + least, to_slot)
