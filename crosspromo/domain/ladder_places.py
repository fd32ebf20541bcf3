"""Places of a ladder's steps on one account when they are queued, and what each will count as.

A step stays on its day in the event's zone where the account has a free slot then; else it goes on
the nearest day that keeps it between the steps beside it.

Queueing and moving differ on purpose. Here steps are new: one whose day has no place is left out,
and somebody is told at once. Where an event moves (`ladder_moves`), the steps wait already, and may
be approved: as many as can be are kept, so that they may crowd together, or go farther from their
day. `days_near` and `plain_hour` there are those rules.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.domain.ladders import DAY, Step, StepDay, expires_at, last_day, utc_bounds
from crosspromo.domain.planned_times import PlannedTimes
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Window
from crosspromo.domain.reasons.notes import InQuietHours, Silent
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.timing import at_wall_clock, slot_times

PLAIN_HOURS = tuple(time(hour) for hour in range(10, 18))
"""Hours there at which a step goes on an account without slots: the first that is free."""

MOST_DAYS_OFF = 7
"""Most days by which a step leaves its own day: a reminder of another week is another step."""

MOST_DAYS_TO_MAKE_ROOM = 3
"""Most days by which a step leaves its own day where another one makes room: a long weekend."""

_JUST_BEFORE = datetime.resolution


class Told(NamedTuple):
    """Post about an event that waits or was sent: `step` None is no step; `at` is in UTC."""

    account: str
    step: str | None
    at: datetime
    credit: Credit


class Place(NamedTuple):
    """Moment (UTC) of a step, None where it has no place; `silences` are what is in the way.

    Of a step that has another day than its own they are those of its own day. Without any, no slot
    is free.
    """

    moment: datetime | None
    silences: tuple[Silent, ...] = ()


class _Taken(NamedTuple):
    """Moment of a step; `days` as a step has them, None for a step of an unknown ladder."""

    moment: datetime
    days: int | None


def days_around(day: date, most: int) -> Iterator[date]:
    """Yield the day, then days ever farther from it, up to so many, earlier ones first."""
    for off in range(most + 1):
        yield from dict.fromkeys((day - off * DAY, day + off * DAY))


def moments_of(day: date, event: Event, spacing: Spacing) -> Iterator[datetime]:
    """Yield the moments (UTC) of a day in the event's zone at which the account posts.

    They are its slots; without slots, the plain hours there. Whether they are free is not asked.
    """
    if not spacing.policy.slots:
        yield from (at_wall_clock(day, at, ZoneInfo(event.zone)) for at in PLAIN_HOURS)
        return
    start, end = utc_bounds(day, event)
    for moment in slot_times(spacing.policy.slots, spacing.zone, start - _JUST_BEFORE):
        if moment >= end:
            return
        yield moment


@dataclass
class Places:
    """Moments of the steps of one event on one account.

    `home` is the zone in which the account's days are counted: no two steps share a day there, or
    in the zone of the event.
    """

    event: Event
    home: ZoneInfo
    now: datetime
    _taken: list[_Taken] = field(default_factory=list)
    _new: list[datetime] = field(default_factory=list)

    def reserve(self, moment: datetime, days: int | None) -> None:
        """Keep the day of this moment free of other steps; `days` are those of its step."""
        self._taken.append(_Taken(moment, days))

    def plan(
        self, days: Sequence[StepDay], had: Iterable[str], spacing: Callable[[Step], Spacing]
    ) -> dict[Step, Place]:
        """Place of each step that the account lacks; `had` are the names of those that it has.

        Each takes the soonest free moment of the nearest day that leaves the next step its day.
        Only thanks wait for a slot longer, and the recap then goes later, too: of a Sunday event
        with slots on Wednesday and Friday, thanks (Monday) take the Wednesday, and the recap
        (Tuesday) takes the Friday.
        Where a step finds no place, the one before it makes room: of a Monday event with slots from
        Monday to Friday, `tomorrow` takes the Friday, and `last-days` goes on the Thursday.
        """
        lacking = set(days) - {each for each in days if each.step.name in set(had)}
        for each in days:
            if each.at is not None and each in lacking:
                self._take(each, each.at)
        found: dict[Step, Place] = {}
        earlier: StepDay | None = None
        for each, following in zip(days, [*days[1:], None], strict=True):
            if each not in lacking:
                continue
            before = None if following is None or each.step.comes_after else following.day
            place = self._place(each, before, spacing(each.step))
            if place.moment is None and earlier is not None and each.at is None:
                room = self._with_room(each, earlier, found[earlier.step], before, spacing)
                found |= room
                place = room.get(each.step, place)
            found[each.step] = place
            if place.moment is not None and each.at is None:
                earlier = each
        return found

    def _with_room(
        self,
        each: StepDay,
        earlier: StepDay,
        was: Place,
        before: date | None,
        spacing: Callable[[Step], Spacing],
    ) -> dict[Step, Place]:
        """Places of the two, if there is one for both once the earlier one leaves its own."""
        if was.moment is None or each.step.comes_after:
            return {}
        self._leave(earlier, was.moment)
        place = self._place(each, before, spacing(each.step), most=MOST_DAYS_TO_MAKE_ROOM)
        if place.moment is not None:
            room = self._place(earlier, None, spacing(earlier.step))
            if room.moment is not None:
                return {earlier.step: room, each.step: place}
            self._leave(each, place.moment)
        self._take(earlier, was.moment)
        return {}

    def _take(self, each: StepDay, moment: datetime) -> None:
        self._taken.append(_Taken(moment, each.step.days))
        self._new.append(moment)

    def _leave(self, each: StepDay, moment: datetime) -> None:
        self._taken.remove(_Taken(moment, each.step.days))
        self._new.remove(moment)

    def _place(
        self, each: StepDay, before: date | None, spacing: Spacing, *, most: int = MOST_DAYS_OFF
    ) -> Place:
        """Place of a step, noted as taken; `before` is the day of the next step."""
        if each.at is not None:
            too_long = tuple(self._too_long(each, each.at, spacing))
            if too_long:
                self._leave(each, each.at)
            return Place(None if too_long else each.at, too_long)
        others = tuple(self._new)
        spacing = replace(spacing, times=PlannedTimes(spacing.times, others))
        own: dict[Silent, None] = {}
        every: dict[Silent, None] = {}
        for day in self._days(each, before, most):
            for moment in moments_of(day, self.event, spacing):
                if not self._is_open(each, moment):
                    continue
                if moment not in spacing:
                    self._take(each, moment)
                    return Place(moment, tuple(own) if day != each.day else ())
                for silence in spacing.silences(moment):
                    # Quiet hours are of every day: a slot in them is one that is not free.
                    if not isinstance(silence, InQuietHours):
                        every[silence] = None
                        own |= {silence: None} if day == each.day else {}
        return Place(None, tuple(every))

    def _too_long(self, each: StepDay, at: datetime, spacing: Spacing) -> Iterator[Silent]:
        """Yield what would hold a pinned step until it is missed, or has expired."""
        late = min(at + spacing.policy.late_after, expires_at(each.step.name, self.event))
        for silence in spacing.silences(at):
            if silence.until > late:
                yield silence

    def _days(self, each: StepDay, before: date | None, most: int) -> Iterator[date]:
        """Yield the days near that of the step which keep it between the steps beside it."""
        zone = ZoneInfo(self.event.zone)
        first = self.now.astimezone(zone).date()
        last = None if before is None else before - DAY
        if each.step.comes_after:
            first = max(first, last_day(self.event) + DAY)
        for moment, days in self._taken:
            day = moment.astimezone(zone).date()
            if day < each.day if days is None else days < each.step.days:
                first = max(first, day + DAY)
            elif days is not None and days > each.step.days:
                last = day - DAY if last is None else min(last, day - DAY)
        for day in days_around(each.day, most):
            if day >= first and (last is None or day <= last):
                yield day

    def _is_open(self, each: StepDay, moment: datetime) -> bool:
        if not self.now < moment < expires_at(each.step.name, self.event):
            return False
        zones = (self.home, ZoneInfo(self.event.zone))
        return not any(
            moment.astimezone(zone).date() == other.moment.astimezone(zone).date()
            for zone in zones
            for other in self._taken
        )


def counted_as(credit: Credit, at: datetime, window: Window, earlier: Sequence[Told]) -> Credit:
    """Credit that a post about an event will count as at its time, after others about the event.

    `earlier` are those on its account with what each of them counts as. A window of posts is taken
    to reach back to all of them. With a window of 28 days `two-weeks` counts as others again: it is
    sent 28 days after `announce`, the last that counted, which the window has just left.
    """
    since = window.opens_after(at)
    shared = any(
        told.credit.counts_others and told.at < at and (since is None or told.at > since)
        for told in earlier
    )
    return credit.as_padding if shared else credit
