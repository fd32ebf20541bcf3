"""How much an account may post and when: caps, a gap, quiet hours and a budget.

Each question is answered with a `Wait`, or with None where nothing stands in the way. What went out
is told by the moments of the latest sends, the latest first. A send in flight or in doubt is one of
them (doubt counts against us), and so is a post that was deleted since: people have seen it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
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
from crosspromo.domain.timing import at_wall_clock, read_time

WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wait:
    """The reason why not now, and the moment at which that ends (aware, in UTC)."""

    reason: HoldReason
    until: datetime


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` up to, not with, `end`: what the clock on the wall shows. May cross midnight.

    It goes by the reading alone: an hour that the clocks show twice is quiet both times, and one
    that they skip is quiet never.
    """

    start: time
    end: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `21:00-07:00`; else UsageError."""
        match = re.fullmatch(r"\s*([0-9:]+)\s*-\s*([0-9:]+)\s*", text)
        if match is None:
            raise UsageError(f'"{text}" are not quiet hours; write them as "21:00-07:00"')
        hours = cls(read_time(match[1], text), read_time(match[2], text))
        if hours.start == hours.end:
            raise UsageError(f'"{text}" leaves no time to post at; write it as "21:00-07:00"')
        return hours

    def include(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether the wall clock of the zone shows a quiet time at this moment."""
        shown = moment.astimezone(zone).time()
        if self.start < self.end:
            return self.start <= shown < self.end
        return shown >= self.start or shown < self.end

    def end_after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """The first moment after a quiet one that is not quiet.

        Clocks change on whole minutes, so walking them is right whatever the zone does in between.
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
    """The cap of a local calendar day: a day is what people who read the account see as one."""
    if most is None:
        return None
    today = now.astimezone(zone).date()
    if len([moment for moment in sent if moment >= start_of(today, zone)]) < most:
        return None
    until = start_of(today + timedelta(days=1), zone)
    return Wait(CapReached(most, days=1), until)


def week_cap(most: int | None, sent: Sequence[datetime], now: datetime) -> Wait | None:
    """The cap of the trailing seven days, (now - 7 d, now]: with calendar weeks two full ones could
    meet on a Sunday night.
    """
    if most is None or len(sent) < most:
        return None
    until = sent[most - 1] + WEEK
    if until <= now:
        return None
    return Wait(CapReached(most, days=7), until)


def gap(least: timedelta | None, sent: Sequence[datetime], now: datetime) -> Wait | None:
    """The least time between one send and the next."""
    if least is None or not sent or now - sent[0] >= least:
        return None
    return Wait(GapTooShort(sent[0], least), sent[0] + least)


def quiet(hours: QuietHours | None, zone: ZoneInfo, now: datetime) -> Wait | None:
    """The hours in which nothing is posted."""
    if hours is None or not hours.include(now, zone):
        return None
    return Wait(InQuietHours(str(hours)), hours.end_after(now, zone))


def budget(
    most: float | None, spent: float, cost: float | None, zone: ZoneInfo, now: datetime
) -> Wait | None:
    """The month's money, in US dollars, in a calendar month of the zone: that is how it is billed.

    What costs nothing always passes.
    """
    if most is None or not cost or left(most, spent + cost) >= 0:
        return None
    until = start_of(_next_month(now.astimezone(zone).date()), zone)
    return Wait(OverBudget(cost, max(left(most, spent), 0.0), most), until)


def left(most: float, spent: float) -> float:
    """What is left of a budget: rounded to a millionth, as sums of fractions of a cent drift."""
    return round(most - spent, 6)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which this day begins in the zone."""
    return at_wall_clock(day, time(0), zone)


def start_of_month(now: datetime, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which the month of `now` began in the zone."""
    return start_of(now.astimezone(zone).date().replace(day=1), zone)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
