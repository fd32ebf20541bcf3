"""Ladders: the steps by which an event is announced on an account, and thanked for afterwards.

The days of all steps are days of the event's own zone. A step before the event is a number of days
before its first day; thanks and recap are a number of days after its last day.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import UsageError
from crosspromo.domain.events import Event
from crosspromo.domain.timing import at_wall_clock
from crosspromo.domain.values import Value

DAY = timedelta(days=1)
MOST_STEPS = 30
MOST_DAYS = 400
"""Most days before an event: a little over a year."""

THANKS, RECAP = "thanks", "recap"
LASTS_AFTER: Mapping[str, timedelta] = MappingProxyType({THANKS: 5 * DAY, RECAP: 14 * DAY})
"""Steps after an event, with the time from its end until they are stale (PRACTICE d)."""

DAY_OF_AT = time(8, 0)
DAY_OF_BEFORE_START = timedelta(hours=3)
"""The day-of step goes at 08:00 there, and at the latest so long before the start."""

KEPT_LATE = frozenset({-7, -1, 0})
"""Days of the steps that a preset keeps, besides thanks, where the event was entered late."""

_LATE = min(KEPT_LATE)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,49}")
_WRITTEN = re.compile(r"([+-]?)([0-9]{1,3})d (\S+)")


class Step(Value, frozen=True):
    """Step of a ladder. `days` is negative before the event, 0 on its day, positive after it."""

    days: int
    name: str

    @property
    def template(self) -> str:
        """Name of its template, as a post has it."""
        return template_of(self.name)

    @property
    def is_day_of(self) -> bool:
        """Whether it is the step of the event's own day: the only one that is pinned."""
        return self.days == 0

    @property
    def comes_after(self) -> bool:
        """Whether it comes after the event, and is always a draft."""
        return comes_after(self.name)

    def __str__(self) -> str:
        """As it is written in crosspromo.toml: `-42d announce`."""
        return f"{'+' if self.days > 0 else ''}{self.days}d {self.name}"


class Ladder(Value, frozen=True):
    """Ladder: its steps in the order of their days, no two of them on one day or of one name."""

    name: str
    steps: tuple[Step, ...]


class WhyMissed(StrEnum):
    """Reason why a step of a ladder is not queued, whatever the accounts' slots are."""

    PASSED = "passed"
    """Its day has passed, or its time, or what it says is stale."""

    LATE = "late"
    """The event was entered late, and a preset keeps only some steps then."""

    DAY_TAKEN = "day-taken"
    """Another step has its day, and no day before that is left."""


class MissedStep(NamedTuple):
    """Step of a ladder that is left out, with the reason."""

    step: Step
    why: WhyMissed


class StepDay(Value, frozen=True):
    """Step of a ladder on its day in the event's zone; `at` (UTC) where it is pinned to a time."""

    step: Step
    day: date
    at: datetime | None = None


_STANDARD = (
    Step(-42, "announce"),
    Step(-28, "invite"),
    Step(-14, "two-weeks"),
    Step(-7, "week"),
    Step(-3, "last-days"),
    Step(-1, "tomorrow"),
    Step(0, "today"),
    Step(1, THANKS),
    Step(2, RECAP),
)
_SMALL = tuple(step for step in _STANDARD if step.name not in {"announce", "last-days"})
_BIG = (Step(-90, "save-the-date"), Step(-60, "programme"), *_STANDARD)
PRESETS: Mapping[str, Ladder] = MappingProxyType(
    {
        name: Ladder(name, steps)
        for name, steps in (("small", _SMALL), ("standard", _STANDARD), ("big", _BIG))
    }
)
DEFAULT = "standard"
STEP_NAMES = tuple(step.name for step in _BIG)
"""Steps whose templates are shipped, in the order of their days."""


def ladder_with(steps: Iterable[str], own: Mapping[str, Ladder]) -> str:
    """Name of the shortest ladder that has all these steps; DEFAULT where none has.

    A post knows its step and not its ladder. `own` are the workspace's ladders by name, which may
    take a preset's name; of two that are as short a preset goes first.
    """
    wanted = set(steps)
    known = {**PRESETS, **own}
    fitting = [
        (len(ladder.steps), name)
        for name, ladder in known.items()
        if wanted <= {step.name for step in ladder.steps}
    ]
    return min(fitting, key=itemgetter(0), default=(0, DEFAULT))[1]


def template_of(step: str) -> str:
    """Name of the template of a step, as a post has it."""
    return f"event/{step}"


def comes_after(step: str) -> bool:
    """Whether the step of this name comes after the event, and is always a draft."""
    return step in LASTS_AFTER


def parse_ladder(name: str, texts: Sequence[str]) -> Ladder:
    """Ladder of steps such as `-42d announce`; UsageError for another text.

    Whether a step that is not shipped has a template is not asked here.
    """
    if not texts or len(texts) > MOST_STEPS:
        raise UsageError(f'write 1 to {MOST_STEPS} steps, such as "-42d announce"')
    steps = sorted(map(_step, texts), key=lambda step: step.days)
    for one, other in pairwise(steps):
        if one.days == other.days:
            raise UsageError(f'"{one}" and "{other}" are on one day; move one of them')
    names = [step.name for step in steps]
    for each in dict.fromkeys(names):
        if names.count(each) > 1:
            raise UsageError(f'there are two steps "{each}"; give each step its own name')
    return Ladder(name, tuple(steps))


def _step(text: str) -> Step:
    written = _WRITTEN.fullmatch(" ".join(text.split()))
    if written is None or _NAME.fullmatch(written[3]) is None:
        raise UsageError(
            f'"{text}" is no step; write days and a name in small letters: "-42d announce"'
        )
    step = Step(int(written[1] + written[2]), written[3])
    if step.comes_after:
        most = LASTS_AFTER[step.name] // DAY
        if not 1 <= step.days <= most:
            raise UsageError(f'"{text}": {step.name} comes after the event; write +1d to +{most}d')
    elif step.days > 0:
        raise UsageError(f'"{text}": after the event come only {" and ".join(LASTS_AFTER)}')
    elif step.days < -MOST_DAYS:
        raise UsageError(f'"{text}" is more than {MOST_DAYS} days before; write fewer')
    return step


def unknown_steps(ladder: Ladder, with_template: Collection[str]) -> tuple[str, ...]:
    """Names of its steps that are neither shipped nor among those `with_template`."""
    return tuple(
        step.name
        for step in ladder.steps
        if step.name not in STEP_NAMES and step.name not in with_template
    )


def first_day(event: Event) -> date:
    """First day of the event in its zone."""
    return event.starts_at.astimezone(ZoneInfo(event.zone)).date()


def last_day(event: Event) -> date:
    """Last day of the event in its zone; of one that ends at midnight, the day before."""
    ends_at = max(event.ends_at - timedelta(microseconds=1), event.starts_at)
    return ends_at.astimezone(ZoneInfo(event.zone)).date()


def day_of(step: Step, event: Event) -> date:
    """Day of the step in the event's zone, whether it has passed or not.

    The day-of step of an event in the first hours of a day is on the day before.
    """
    if step.is_day_of:
        return day_of_moment(event).astimezone(ZoneInfo(event.zone)).date()
    return (last_day(event) if step.comes_after else first_day(event)) + step.days * DAY


def day_of_moment(event: Event) -> datetime:
    """Time (UTC) at which the day-of step is pinned: 08:00 there, or three hours before the start.

    An event of whole days has no hour at which it starts.
    """
    eight = at_wall_clock(first_day(event), DAY_OF_AT, ZoneInfo(event.zone))
    return eight if event.all_day else min(eight, event.starts_at - DAY_OF_BEFORE_START)


def expires_at(step: str | None, event: Event) -> datetime:
    """Time (UTC) at which a post about the event expires that is this step, or none.

    Posts before the event expire when it starts. A day-of step of an event of whole days may stand
    until its first day is over; thanks and recap a few days after the end.
    """
    if step is not None and comes_after(step):
        return event.ends_at + LASTS_AFTER[step]
    if step is not None and event.all_day:
        return at_wall_clock(first_day(event) + DAY, time(0), ZoneInfo(event.zone))
    return event.starts_at


def step_days(ladder: Ladder, event: Event, now: datetime) -> tuple[StepDay, ...]:
    """Steps of the ladder that are still to come, each with its day, in order.

    A step whose day is today is among them; the day-of step only until its time. Of a preset whose
    steps before the last week have all passed, only those kept late remain. Thanks and recap whose
    day has passed come today, while they are not stale.
    """
    coming = _coming(ladder, event, now)
    if _is_late(ladder, coming):
        coming = [each for each in coming if is_kept_late(each.step)]
    return _in_order(coming, now.astimezone(ZoneInfo(event.zone)).date())


def _coming(ladder: Ladder, event: Event, now: datetime) -> Sequence[StepDay]:
    """Steps whose day has not passed, and after the event those that are not stale."""
    today = now.astimezone(ZoneInfo(event.zone)).date()
    days = [StepDay(step, day_of(step, event), _pinned_at(step, event)) for step in ladder.steps]
    return [each for each in days if _is_to_come(each, event, today, now)]


def is_kept_late(step: Step) -> bool:
    """Whether a preset keeps the step where the event was entered late."""
    return step.days in KEPT_LATE or step.name == THANKS


def missed_steps(ladder: Ladder, event: Event, now: datetime) -> tuple[MissedStep, ...]:
    """Steps of the ladder that `step_days` leaves out, in order, each with the reason."""
    coming = _coming(ladder, event, now)
    late, to_come = _is_late(ladder, coming), {each.step for each in coming}
    kept = {each.step for each in step_days(ladder, event, now)}

    def why(step: Step) -> WhyMissed:
        if step not in to_come:
            return WhyMissed.PASSED
        return WhyMissed.LATE if late and not is_kept_late(step) else WhyMissed.DAY_TAKEN

    return tuple(MissedStep(step, why(step)) for step in ladder.steps if step not in kept)


def _pinned_at(step: Step, event: Event) -> datetime | None:
    return day_of_moment(event) if step.is_day_of else None


def _is_to_come(each: StepDay, event: Event, today: date, now: datetime) -> bool:
    if each.at is not None:
        return each.at > now
    if each.step.comes_after:
        return now < expires_at(each.step.name, event)
    return each.day >= today and now < expires_at(each.step.name, event)


def _is_late(ladder: Ladder, coming: Sequence[StepDay]) -> bool:
    """Whether the event was entered too late for every early step of a preset."""
    if PRESETS.get(ladder.name) != ladder:
        return False  # who wrote a ladder knows what it is for
    return all(each.step.days >= _LATE for each in coming)


def _in_order(coming: Sequence[StepDay], today: date) -> tuple[StepDay, ...]:
    """The same with steps of the past moved to today, and no two of them on one day.

    Thanks and recap whose days have passed come today and tomorrow. The day of an event at night is
    the evening before: of one on Saturday at 00:30 the day-of step goes on Friday at 21:30, and
    `tomorrow`, whose day the Friday is, gives way and goes on the Thursday. It is left out where
    the Thursday has passed, or where another step has it.
    """
    pinned = {each.day for each in coming if each.at is not None}
    found: list[StepDay] = []
    for each in coming:
        day = max(each.day, today)
        if each.at is None and day in pinned:
            day -= DAY
        while each.at is None and found and each.step.comes_after and day <= found[-1].day:
            day += DAY
        if each.at is None and (day < today or (found and day <= found[-1].day)):
            continue
        found.append(StepDay(each.step, day, each.at))
    return tuple(found)


def utc_bounds(day: date, event: Event) -> tuple[datetime, datetime]:
    """Half-open stretch (UTC) that is this day in the event's zone."""
    zone = ZoneInfo(event.zone)
    return at_wall_clock(day, time(0), zone), at_wall_clock(day + DAY, time(0), zone)
