"""Pacing rules for an account: caps, a gap, quiet hours and a budget.

Each rule returns a `Wait`, or None if the rule allows a send now. `sent` are the times of the
latest sends, newest first. They include sends in flight or in doubt (doubt counts against us) and
posts deleted since: people have seen them.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Self
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import UsageError
from crosspromo.domain.reasons.holds import (
    CapReached,
    GapTooShort,
    HoldReason,
    InQuietHours,
    OverBudget,
)
from crosspromo.domain.reasons.notes import Burst
from crosspromo.domain.timing import at_wall_clock, read_time
from crosspromo.domain.values import Value

WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)

AT_ONCE = timedelta(minutes=1)
"""Length of time within which deliveries of one account go at once, to a reader's eye."""

SMALLEST_BURST = 3
"""Number of deliveries at once that people are told of."""

MOST_COUNTED = 100
"""Most deliveries of an account that are looked at for a burst."""
BELIEVED_AHEAD = timedelta(days=1)
"""Time in the future up to which a send counts for caps, gaps and budgets as it is dated.

A send dated later was made while the clock was far ahead. Waiting for that day would stop the
account. For the ratio it counts all the same.
"""


class Wait(Value, frozen=True):
    """Reason against sending now, and the reason's end (aware, in UTC)."""

    reason: HoldReason
    until: datetime


class QuietHours(Value, frozen=True):
    """Wall-clock hours from `start` to `end`, `end` excluded. May cross midnight.

    Only the wall clock's reading matters: an hour that the clocks show twice is quiet both times,
    and an hour that the clocks skip is never quiet.
    """

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse hours in the form `21:00-07:00`; UsageError for other text."""
        match = re.fullmatch(r"\s*([0-9:]+)\s*-\s*([0-9:]+)\s*", text)
        if match is None:
            raise UsageError(f'"{text}" are not quiet hours; write them as "21:00-07:00"')
        hours = cls(read_time(match[1], text), read_time(match[2], text))
        if hours.start == hours.end:
            raise UsageError(f'"{text}" leaves no time to post at; write it as "21:00-07:00"')
        return hours

    def include(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether the zone's wall clock shows a quiet time at this moment."""
        shown = moment.astimezone(zone).time()
        if self.start < self.end:
            return self.start <= shown < self.end
        return shown >= self.start or shown < self.end

    def end_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """First moment outside quiet hours, from a quiet moment on.

        Clocks change on whole minutes, so a search minute by minute is right whatever the zone does
        in between.
        """
        minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
        while self.include(minute, zone):
            minute += MINUTE
        return minute

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


def day_cap(
    most: int | None, sent: Sequence[datetime], zone: ZoneInfo, now: datetime
) -> Wait | None:
    """Cap per local calendar day: readers of the account see a calendar day as one unit."""
    if most is None:
        return None
    today = now.astimezone(zone).date()
    if len([moment for moment in sent if moment >= start_of(today, zone)]) < most:
        return None
    until = start_of(today + timedelta(days=1), zone)
    return Wait(CapReached(most, days=1), until)


def week_cap(most: int | None, sent: Sequence[datetime], now: datetime) -> Wait | None:
    """Cap per trailing seven days, (now - 7 d, now].

    With calendar weeks, two full weeks could meet on a Sunday night.
    """
    if most is None or len(sent) < most:
        return None
    until = sent[most - 1] + WEEK
    if until <= now:
        return None
    return Wait(CapReached(most, days=7), until)


def gap(least: timedelta | None, sent: Sequence[datetime], now: datetime) -> Wait | None:
    """Minimum time between successive sends."""
    if least is None or not sent or now - sent[0] >= least:
        return None
    return Wait(GapTooShort(sent[0], least), sent[0] + least)


def quiet(hours: QuietHours | None, zone: ZoneInfo, now: datetime) -> Wait | None:
    """Wait for the end of quiet hours."""
    if hours is None or not hours.include(now, zone):
        return None
    return Wait(InQuietHours(str(hours)), hours.end_after(now, zone))


def budget(
    most: float | None, spent: float, cost: float | None, zone: ZoneInfo, now: datetime
) -> Wait | None:
    """Budget per calendar month of the zone, in US dollars: networks bill by calendar month.

    A post without cost always passes.
    """
    if most is None or not cost or left(most, spent + cost) >= 0:
        return None
    until = start_of(_next_month(now.astimezone(zone).date()), zone)
    return Wait(OverBudget(cost, max(left(most, spent), 0.0), most), until)


def left(most: float, spent: float) -> float:
    """Budget left, rounded to a millionth: sums of fractions of a cent drift."""
    return round(most - spent, 6)


def burst(
    moments: Sequence[datetime],
    min_gap: timedelta | None,
    caps: Sequence[int | None],
    now: datetime,
) -> Burst | None:
    """Largest number of deliveries that would go at once, the earliest if several are equal.

    `moments`, in order, are the times of queued deliveries that nothing holds; those that have
    passed would go now. None if gap and caps leave fewer than SMALLEST_BURST.
    """
    times = [max(moment, now) for moment in moments]
    largest, begins = 0, now
    for index, first in enumerate(times):
        count = sum(1 for _ in takewhile(lambda at: at - first <= AT_ONCE, times[index:]))  # noqa: B023 (used at once)
        if count > largest:
            largest, begins = count, first
    limits = [largest]
    if min_gap is not None:
        limits.append(1 + AT_ONCE // min_gap)
    limits += [cap for cap in caps if cap is not None]
    count = min(limits)
    if count < SMALLEST_BURST:
        return None
    return Burst(count, begins if begins > now else None, more=count >= MOST_COUNTED)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Local midnight, in UTC, at the start of a day in the zone.

    A midnight that the clocks skip moves forward (see `at_wall_clock`).
    """
    return at_wall_clock(day, time(0), zone)


def start_of_month(now: datetime, zone: ZoneInfo) -> datetime:
    """Start of the local month around `now`, in UTC."""
    return start_of(now.astimezone(zone).date().replace(day=1), zone)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
