"""Places of a ladder's steps on one account: which moment a step takes, and what it will count as.

A step stays on its day in the event's zone where the account has a free slot then; else it goes on
the nearest day that keeps it between the steps beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.domain.ladders import DAY, StepDay, expires_at, last_day, utc_bounds
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Window
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.timing import at_wall_clock, slot_times

PLAIN_HOURS = tuple(time(hour) for hour in range(10, 18))
"""Hours there at which a step goes on an account without slots: the first that is free."""

MOST_DAYS_OFF = 7
"""Most days by which a step leaves its own day: a reminder of another week is another step."""

_JUST_BEFORE = datetime.resolution


class Told(NamedTuple):
    """Post about an event that waits or was sent: `step` None is no step; `at` is in UTC."""

    account: str
    step: str | None
    at: datetime
    credit: Credit


@dataclass
class Places:
    """Moments of the steps of one event on one account, in the order in which they are given.

    `home` is the zone in which the account's days are counted: no two steps share a day there, or
    in the zone of the event.
    """

    event: Event
    home: ZoneInfo
    now: datetime
    taken: list[datetime] = field(default_factory=list)
    _latest: date = date.min

    def moment(self, each: StepDay, following: date | None, spacing: Spacing) -> datetime | None:
        """Moment (UTC) of the step, the soonest of the nearest free day; None where none is free.

        `following` is the day of the next step, which stays later; None where none has to. The
        moment is noted as taken.
        """
        if each.at is not None:
            return each.at  # its day was reserved
        for day in self._days(each, following):
            for moment in self._moments(day, spacing):
                if self._is_open(each, moment) and moment not in spacing:
                    self.taken.append(moment)
                    self._latest = day
                    return moment
        return None

    def reserve(self, moments: Iterable[datetime]) -> None:
        """Keep the days of these moments free of other steps."""
        self.taken += moments

    def _days(self, each: StepDay, following: date | None) -> Iterator[date]:
        """Yield the step's day, then days ever farther from it, earlier ones first."""
        zone = ZoneInfo(self.event.zone)
        first = self.now.astimezone(zone).date()
        if each.step.comes_after:
            first = max(first, last_day(self.event) + DAY)
        if self._latest > date.min:
            first = max(first, self._latest + DAY)
        earlier = [day for one in self.taken if (day := one.astimezone(zone).date()) < each.day]
        first = max([first, *(day + DAY for day in earlier)])
        for off in range(MOST_DAYS_OFF + 1):
            for day in dict.fromkeys((each.day - off * DAY, each.day + off * DAY)):
                if day >= first and (following is None or day < following):
                    yield day

    def _moments(self, day: date, spacing: Spacing) -> Iterator[datetime]:
        if not spacing.policy.slots:
            yield from (at_wall_clock(day, at, ZoneInfo(self.event.zone)) for at in PLAIN_HOURS)
            return
        start, end = utc_bounds(day, self.event)
        for moment in slot_times(spacing.policy.slots, self.home, start - _JUST_BEFORE):
            if moment >= end:
                return
            yield moment

    def _is_open(self, each: StepDay, moment: datetime) -> bool:
        if not self.now < moment < expires_at(each.step.name, self.event):
            return False
        zones = (self.home, ZoneInfo(self.event.zone))
        return not any(
            moment.astimezone(zone).date() == other.astimezone(zone).date()
            for zone in zones
            for other in self.taken
        )


def counted_as(credit: Credit, at: datetime, window: Window, earlier: Sequence[Told]) -> Credit:
    """Credit that a post about an event will count as at its time, after others about the event.

    `earlier` are those on its account with what each of them counts as. A window of posts is taken
    to reach back to all of them.
    """
    since = window.opens_after(at)
    shared = any(
        told.credit.counts_others and told.at < at and (since is None or told.at > since)
        for told in earlier
    )
    return credit.as_padding if shared else credit
