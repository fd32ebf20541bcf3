"""Wall-clock times in a zone: slots across daylight saving, and lengths of time."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Self
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import InputError, UsageError

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYS = tuple(day[:3] for day in WEEKDAYS)
UTC_ZONE = ZoneInfo("UTC")
SEARCH_DAYS = 400
"""Days ahead in which slots are searched: a little over a year."""

LATEST_YEAR = 2200
"""Last year of a time that is read: calculations with later ones leave the calendar."""

_UNITS = {
    "ms": "milliseconds",
    "s": "seconds",
    "m": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """Weekly time to post: days of the week (0 = Monday) and a wall-clock time."""

    days: frozenset[int]
    at: time

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse `Mon-Fri 09:00`, `Sat,Sun 10:30` or `daily 18:00`; UsageError for other text."""
        words = text.split()
        if len(words) != 2:
            raise UsageError(f'"{text}" is not a slot; write days and a time: "Mon-Fri 09:00"')
        return cls(_read_days(words[0], text), read_time(words[1], text))


def _read_days(word: str, whole: str) -> frozenset[int]:
    if word.lower() == "daily":
        return frozenset(range(7))
    days: set[int] = set()
    for part in word.lower().split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last or first) not in DAYS:
            raise UsageError(
                f'"{word}" in "{whole}" are not days; write Mon, Mon-Fri, Sat,Sun or daily'
            )
        start, stop = DAYS.index(first), DAYS.index(last or first)
        days.update((start + step) % 7 for step in range((stop - start) % 7 + 1))
    return frozenset(days)


def read_time(word: str, whole: str) -> time:
    """Parse `9:00` or `09:00`; UsageError quotes the text `whole` around it."""
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", word)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise UsageError(f'"{word}" in "{whole}" is not a time of day; write 09:00')
    return time(int(match[1]), int(match[2]))


def at_wall_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """UTC time of a wall-clock time.

    A time that the clocks skip moves forward by the skipped length; of a time that the clocks show
    twice, the first occurrence is meant.
    """
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def occurrences(day: date, at: time, zone: tzinfo) -> Sequence[datetime]:
    """Moments in UTC at which the clocks of the zone show this time: none, one or two, in order."""
    shown = datetime.combine(day, at.replace(tzinfo=None))
    moments = {shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(m for m in moments if m.astimezone(zone).replace(tzinfo=None, fold=0) == shown)


def is_shown_twice(local: datetime) -> bool:
    """Whether the clocks of its zone show this local time twice: it is the hour they go back."""
    if local.replace(fold=0).utcoffset() == local.replace(fold=1).utcoffset():
        return False
    return len(occurrences(local.date(), local.time(), local.tzinfo or UTC)) > 1


def zone_letters(local: datetime) -> str:
    """Letters of the zone of a local time, such as `CET`; `UTC+03` where a zone has none."""
    letters = f"{local:%Z}"
    return letters if letters[:1].isalpha() else f"UTC{letters}"


def wall_clock(moment: datetime, zone: ZoneInfo) -> str:
    """Local time in words: `Wed 2026-04-22 09:00`.

    A time that the clocks show twice has the letters of its zone: `Sun 2026-11-01 01:30 CDT`.
    """
    local = moment.astimezone(zone)
    letters = f" {local:%Z}" if is_shown_twice(local) else ""
    return f"{DAYS[local.weekday()].capitalize()} {local:%Y-%m-%d %H:%M}{letters}"


def slot_times(slots: Sequence[Slot], zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Slot times later than `after`, in UTC, soonest first."""
    first_day = after.astimezone(zone).date()
    for offset in range(SEARCH_DAYS):
        day = first_day + timedelta(days=offset)
        moments = {at_wall_clock(day, s.at, zone) for s in slots if day.weekday() in s.days}
        yield from sorted(moment for moment in moments if moment > after)


def next_free_slot(
    slots: Sequence[Slot], zone: ZoneInfo, after: datetime, taken: Container[datetime]
) -> datetime:
    """First slot time later than `after` outside `taken`; `after` itself for an account without
    slots.

    InputError if every slot within SEARCH_DAYS is taken.
    """
    if not slots:
        return after
    free = (moment for moment in slot_times(slots, zone, after) if moment not in taken)
    found = next(islice(free, 1), None)
    if found is None:
        from crosspromo.domain.reasons.inputs import NoFreeSlot  # noqa: PLC0415 (seldom raised)

        raise InputError(NoFreeSlot())
    return found


JUST_NOW = timedelta(minutes=1)
"""Tolerance for past times: people type whole minutes, and typing takes time."""


def still_to_come(moment: datetime, now: datetime) -> datetime:
    """The time itself, or `now` for a time less than JUST_NOW ago; InputError for earlier times."""
    if moment >= now:
        return moment
    if now - moment < JUST_NOW:
        return now
    from crosspromo.domain.reasons.inputs import PastMoment  # noqa: PLC0415 (seldom raised)

    raise InputError(PastMoment(moment))


def first_free_turn(first: datetime, pace: timedelta, taken: Container[datetime]) -> datetime:
    """First time outside `taken` among `first` and later times at intervals of `pace`.

    The result is the first free time if all times before it are taken, as they are if turns were
    given one after another; otherwise the result is some free time. The number of look-ups grows
    with the number of bits of the number of turns: a backlog may be long.
    """
    if first not in taken:
        return first
    free = 1
    while first + free * pace in taken:
        free *= 2
    known = free // 2
    while free - known > 1:
        middle = (known + free) // 2
        if first + middle * pace in taken:
            known = middle
        else:
            free = middle
    return first + free * pace


def parse_duration(text: str) -> timedelta:
    """Parse a length of time such as `90m`, `30s`, `2h`, `3d` or `1w`; else UsageError."""
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|h|d|w)\s*", text)
    if match is None:
        raise UsageError(f'"{text}" is not a length of time; write 30s, 90m, 2h or 3d')
    try:
        return timedelta(**{_UNITS[match[2]]: float(match[1])})
    except OverflowError:
        raise UsageError(f'"{text}" is longer than time itself; write 30s, 90m, 2h or 3d') from None


def written_duration(length: timedelta) -> str:
    """Length of time as in crosspromo.toml, in the largest unit that gives a whole number: `90m`.

    Fractions of a millisecond are cut off.
    """
    for unit in ("d", "h", "m", "s"):
        one = timedelta(**{_UNITS[unit]: 1})
        if length >= one and not length % one:
            return f"{length // one}{unit}"
    return f"{length // timedelta(milliseconds=1)}ms"
