"""Ladder moves: on which days the waiting steps of a ladder are once their event has moved.

The steps that have passed go, but for those that a ladder keeps where an event is entered late.
No two steps of an account share a day in the event's zone, and their order stays.

Moving differs from queueing (`ladder_places`) on purpose. Steps that wait may be approved, and as
many as can be are kept: one whose day has passed comes today where a late ladder keeps it, one
whose day is taken goes a day later, and steps crowd together before the next one. Of an event that
moves to the day after tomorrow `week` comes today, `tomorrow` tomorrow, and `two-weeks` is
cancelled. A free slot is looked for two weeks around, where queueing looks one week around, and a
step does not make room for another.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.domain.ladders import (
    DAY,
    PRESETS,
    Ladder,
    Step,
    comes_after,
    day_of,
    day_of_moment,
    expires_at,
    first_day,
    is_kept_late,
    last_day,
)
from crosspromo.domain.timing import at_wall_clock

PLAIN_HOUR = time(10, 0)
"""Time of day of a step, in the event's zone, on an account without slots."""

NEAREST_DAYS = 14
"""Most days between the day of a step and the day of the free slot that it takes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Day of a step in the event's zone; `at` (UTC) where the step is pinned to a time."""

    day: date
    at: datetime | None = None


def step_of(name: str, event: Event, due_at: datetime, ladders: Mapping[str, Ladder]) -> Step:
    """Step of this name, of a post due at this time for the event.

    Where ladders differ, it is the step whose day is nearest; where none has it, the day of the
    post tells how far from the event it is.
    """
    day = local_day(due_at, event)
    every = [*PRESETS.values(), *ladders.values()]
    known = {step.days: step for ladder in every for step in ladder.steps if step.name == name}
    if known:
        return min(known.values(), key=lambda it: (abs((day_of(it, event) - day).days), it.days))
    base = last_day(event) if comes_after(name) else first_day(event)
    return Step((day - base).days, name)


def local_day(moment: datetime, event: Event) -> date:
    """Day of the moment in the event's zone."""
    return moment.astimezone(ZoneInfo(event.zone)).date()


def is_timed_by_hand(step: Step, due_at: datetime, event: Event, *, pinned: bool) -> bool:
    """Whether a person chose the time of a step: only that of the day itself is pinned by us."""
    return pinned and not (step.is_day_of and due_at == day_of_moment(event))


def places(
    steps: Collection[Step], event: Event, now: datetime, taken: Collection[date]
) -> Mapping[str, Place | None]:
    """Place of each of these steps of one account, by name; None: its day has passed.

    `taken` are days on which the account shares the event already.
    """
    today = local_day(now, event)
    found: dict[str, Place | None] = {}
    limit: date | None = None
    ordered = sorted(steps, key=lambda step: step.days)
    for step in reversed([each for each in ordered if not each.comes_after]):
        place = _before(step, event, now, taken, limit)
        found[step.name] = place
        limit = limit if place is None else place.day
    last = max((each.day for each in found.values() if each is not None), default=None)
    for step in (each for each in ordered if each.comes_after):
        day = max(day_of(step, event), today)
        while day in taken or (last is not None and day <= last):
            day += DAY
        is_stale = now >= expires_at(step.name, event) or day > local_day(
            expires_at(step.name, event), event
        )
        found[step.name] = None if is_stale else Place(day)
        last = last if is_stale else day
    return found


def _before(
    step: Step, event: Event, now: datetime, taken: Collection[date], limit: date | None
) -> Place | None:
    """Place of a step that comes before the event; `limit` is the day of the next step."""
    today, at = local_day(now, event), day_of_moment(event)
    ends = expires_at(step.name, event)
    if now >= ends:
        return None
    if step.is_day_of and at > now:
        return Place(day_of(step, event), at)
    day = day_of(step, event)
    if day < today:
        if not is_kept_late(step):
            return None
        day = today
    while day in taken:
        day += DAY
    if limit is not None and day >= limit:
        day = limit - DAY
    if day < today or day in taken or day > local_day(ends, event):
        return None
    return Place(day)


def days_near(
    day: date, today: date, *, after: date | None, before: date | None, taken: Collection[date]
) -> Iterator[date]:
    """Yield the day and those near it, the nearest first, from today on, without those taken.

    They lie between the days of the steps `after` and `before`.
    """
    for distance in range(NEAREST_DAYS + 1):
        for near in (day + distance * DAY, day - distance * DAY)[: 2 if distance else 1]:
            is_between = (after is None or near > after) and (before is None or near < before)
            if is_between and near >= today and near not in taken:
                yield near


def neighbours(
    name: str, steps: Sequence[Step], days: Mapping[str, date]
) -> tuple[date | None, date | None]:
    """Days of the steps before and after the step of this name."""
    ordered = [each.name for each in sorted(steps, key=lambda step: step.days)]
    at = ordered.index(name)
    before = [days[each] for each in ordered[:at] if each in days]
    after = [days[each] for each in ordered[at + 1 :] if each in days]
    return max(before, default=None), min(after, default=None)


def plain_hour(day: date, event: Event, now: datetime) -> datetime:
    """Time (UTC) of a step on an account without slots: the plain hour there, or now."""
    return max(at_wall_clock(day, PLAIN_HOUR, ZoneInfo(event.zone)), now)
