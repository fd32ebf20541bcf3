"""Times that people type: one grammar for every option that takes a WHEN.

A text is read in every way that the grammar knows. One reading is the answer; a text with several
readings is refused, and the refusal names them, each in words that have one reading
(docs/decisions/0040).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import Enum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import UsageError
from crosspromo.domain.timing import (
    LATEST_YEAR,
    at_wall_clock,
    occurrences,
    parse_duration,
    read_time,
    wall_clock,
)
from crosspromo.domain.typed_days import (
    Day,
    Toward,
    dates_of,
    days_of,
    weekday_of,
    why_no_day,
)

EARLIEST_START = 1900
"""First year in which an event may start: an earlier one is a slip of the hand."""

EARLY_HOURS = range(1, 8)
"""Bare hours, such as the 5 of `tue 5`, that may be meant after noon: both readings stand."""


class Edge(Enum):
    """Moment of a day that was typed without a time."""

    NOW = "the time of day that it is now"
    START = "its start"
    END = "its last moment"


class Sense(Enum):
    """Sense of an option: where a day without its year lies, and which moment of a day counts."""

    AT = (Toward.COMING, Edge.NOW)
    STARTS = (Toward.COMING, Edge.START)
    SINCE = (Toward.NEAREST, Edge.START)
    UNTIL = (Toward.COMING, Edge.END)
    AS_OF = (Toward.PAST, Edge.END)
    HAPPENED = (Toward.PAST, Edge.START)


class _Typed(NamedTuple):
    """Typed text with all that its meaning depends on; `clock` is the zone of its wall clock."""

    text: str
    now: datetime
    zone: ZoneInfo
    toward: Toward
    edge: Edge
    clock: ZoneInfo | timezone
    letters: str | None = None

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


def parse_when(text: str, now: datetime, zone: ZoneInfo, sense: Sense = Sense.AT) -> datetime:
    """Parse a person's time text, to UTC.

    Forms: `now`, `+2h`, `in 2 hours`, `2 days ago`, ISO 8601, and a day, a time or both, in `zone`
    unless the text ends in an offset or UTC. UsageError for other text, for a text with several
    readings, for a wall-clock time that the zone skips or shows twice, and for a time after
    LATEST_YEAR, or of an event's start before EARLIEST_START.
    """
    toward, edge = sense.value
    try:
        moment = _moment(_Typed(text, now, zone, toward, edge, zone))
    except OverflowError:
        moment = None
    if moment is None or moment.year > LATEST_YEAR:
        raise UsageError(f'"{text}" lies beyond the calendar; name a nearer time')
    if sense is Sense.STARTS and moment.astimezone(zone).year < EARLIEST_START:
        raise UsageError(f'"{text}" lies long ago; name a year from {EARLIEST_START} on')
    return moment


def parse_day(text: str, now: datetime, zone: ZoneInfo, toward: Toward = Toward.COMING) -> date:
    """Parse the day of a text that has no time of day; UsageError for other text."""
    days = {day.date for day in days_of(_words(text), now.astimezone(zone).date(), toward)}
    if not days:
        why = why_no_day(_words(text)) or 'write 2026-04-22, today, tomorrow, tue or "dec 3"'
        raise UsageError(f'"{text}" is not a day; {why}')
    if len(days) > 1:
        raise _ambiguous(text, [f"{day:%Y-%m-%d}" for day in sorted(days)])
    return days.pop()


def _moment(typed: _Typed) -> datetime:
    words = _words(typed.text)
    plain = " ".join(words)
    if plain == "now":
        return typed.now
    span = _span(plain)
    if span is not None:
        return typed.now + span
    iso = _iso(typed)
    if iso is not None:
        return (
            iso if iso.tzinfo is not None else _only(_local(iso.date(), iso.time(), typed), typed)
        )
    readings = list(_readings(words, typed))
    if not readings and len(words) > 1:
        readings = list(_readings(words[:-1], _in_zone(words[-1], typed)))
    if not readings:
        raise _unread(words, typed)
    return _only(readings, typed)


_UNIT = r"(m|min|mins|minutes?|h|hrs?|hours?|d|days?|w|weeks?)"


def _span(words: str) -> timedelta | None:
    """Length of time from now on: `+2h`, `in 2 hours`, or negative, `2 days ago`."""
    if words.startswith("+"):
        return parse_duration(words[1:])
    match = re.fullmatch(rf"(in )?([0-9]+(?:\.[0-9]+)?) ?{_UNIT}( ago)?", words)
    if match is None or (match[1] is None) == (match[4] is None):
        return None
    length = parse_duration(match[2] + match[3][0])
    return length if match[4] is None else -length


def _iso(typed: _Typed) -> datetime | None:
    """Moment of an ISO 8601 text with a time of day, in UTC or without a zone; else None."""
    try:
        moment = datetime.fromisoformat(typed.text.strip())
    except ValueError:
        return None
    try:
        date.fromisoformat(typed.text.strip())
    except ValueError:
        return moment if moment.tzinfo is None else moment.astimezone(UTC)
    return None


_SMALL_WORDS = frozenset({"at", "on", "the", "of", "o'clock"})


def _words(text: str) -> list[str]:
    """Words in small letters, without commas, dots after words, and small words.

    `9 am` and `9 a.m.` become `9am`.
    """
    plain = " ".join(text.lower().replace(",", " ").split())
    plain = re.sub(r"(?<=[0-9]) ?([ap])\.?m\b\.?", r"\1m", plain)
    plain = re.sub(r"(?<=[a-z]{3})\.", " ", plain)
    return [word for word in plain.split() if word not in _SMALL_WORDS]


def _in_zone(word: str, typed: _Typed) -> _Typed:
    """Typed text whose last word names its zone: an offset, UTC, or letters of the zone."""
    if word in {"utc", "gmt", "z"}:
        return typed._replace(clock=UTC)
    offset = re.fullmatch(r"([+-])([0-9]{2}):?([0-5][0-9])", word)
    if offset is not None and int(offset[2]) < 24:
        length = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return typed._replace(clock=timezone(length if offset[1] == "+" else -length))
    return typed._replace(letters=word)


def _readings(words: Sequence[str], typed: _Typed) -> Iterator[datetime]:
    """Moments that the words may mean: a day and a time in either order, or one of the two."""
    for cut in range(len(words) + 1):
        head, tail = words[:cut], words[cut:]
        for of_day, of_time in ((head, tail), (tail, head)):
            if not of_day:
                for at in _times(of_time, bare=False, typed=typed):
                    yield from _nearby(typed.today, at, typed, step=timedelta(days=1))
            for day in days_of(of_day, typed.today, typed.toward):
                if not of_time:
                    yield from _in_day(day, typed)
                for at in _times(of_time, bare=True, typed=typed):
                    yield from _on(day, at, typed)


def _times(words: Sequence[str], *, bare: bool, typed: _Typed) -> Iterator[time]:
    """Times of day that the words may mean; `bare`: `9` and `9.30` are times too."""
    if len(words) != 1:
        return
    word = words[0]
    if word == "noon":
        yield time(12)
    half = re.fullmatch(r"([0-9]{1,2})(?:[:.]([0-5][0-9]))?([ap])m?", word)
    if half is not None and 1 <= int(half[1]) <= 12:
        yield time(int(half[1]) % 12 + (12 if half[3] == "p" else 0), int(half[2] or 0))
    clock = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", word.replace("h", ":"))
    if clock is not None:
        yield read_time(clock[0], typed.text)
    if not bare:
        return
    digits = re.fullmatch(r"([01][0-9])([0-5][0-9])", word)
    if digits is not None:
        yield time(int(digits[1]), int(digits[2]))
    dotted = re.fullmatch(r"([0-9]{1,2})\.([0-5][0-9])", word)
    if dotted is not None and int(dotted[1]) < 24:
        yield time(int(dotted[1]), int(dotted[2]))
    if re.fullmatch(r"[0-9]{1,2}", word) and int(word) < 24:
        yield time(int(word))
        if int(word) in EARLY_HOURS:
            yield time(int(word) + 12)


def _on(day: Day, at: time, typed: _Typed) -> Iterable[datetime]:
    if day.weekly:
        return _nearby(day.date, at, typed, step=timedelta(weeks=1))
    return _local(day.date, at, typed)


def _nearby(day: date, at: time, typed: _Typed, step: timedelta) -> Iterable[datetime]:
    """The time of that day, or one step further where it lies on the wrong side of now."""
    coming = typed.toward is Toward.COMING
    for each in (day, day + step if coming else day - step):
        found = [m for m in _local(each, at, typed) if (m > typed.now) == coming]
        if found:
            return found
    return ()


def _in_day(day: Day, typed: _Typed) -> Iterator[datetime]:
    """Moment of a day without a time; nobody typed the time, so a skipped one moves forward.

    None where a zone was typed: it needs a time, and what is no zone is left over. A Friday that
    is named on a Friday is today or in a week. Of today in the past, the last moment is now.
    """
    if typed.letters is not None or typed.clock is not typed.zone:
        return
    match typed.edge:
        case Edge.NOW:
            at = typed.now.astimezone(typed.zone).time()
            yield at_wall_clock(day.date, at, typed.zone)
            if day.weekly and day.date == typed.today:
                yield at_wall_clock(day.date + timedelta(weeks=1), at, typed.zone)
        case Edge.START:
            yield at_wall_clock(day.date, time(0), typed.zone)
            if day.weekly and day.date == typed.today and typed.toward is Toward.COMING:
                yield at_wall_clock(day.date + timedelta(weeks=1), time(0), typed.zone)
        case Edge.END:
            after = at_wall_clock(day.date + timedelta(days=1), time(0), typed.zone)
            last = after - timedelta(microseconds=1)
            has_ended = typed.toward is not Toward.PAST or day.date != typed.today
            yield last if has_ended else min(last, typed.now)


def _local(day: date, at: time, typed: _Typed) -> Sequence[datetime]:
    """Moments at which the clocks show the time; UsageError where they skip it."""
    found = occurrences(day, at, typed.clock)
    if not found:
        following = wall_clock(_after_skipped(day, at, typed.clock), typed.zone)
        raise UsageError(
            f'"{typed.text}" does not exist in {typed.zone.key}: the clocks skip it that day; the '
            f'next time that they show is "{following}"'
        )
    if typed.letters is None:
        return found
    return [m for m in found if f"{m.astimezone(typed.zone):%Z}".lower() == typed.letters]


def _after_skipped(day: date, at: time, clock: tzinfo) -> datetime:
    """First whole minute, in UTC, that the clocks show after a time that they skip."""
    shown = datetime.combine(day, at.replace(second=0, microsecond=0))
    while not (found := occurrences(shown.date(), shown.time(), clock)):
        shown += timedelta(minutes=1)
    return found[0]


def _only(readings: Iterable[datetime], typed: _Typed) -> datetime:
    """Single reading of a typed time; UsageError with all readings where there are several."""
    moments = sorted(set(readings))
    if len(moments) > 1:
        raise _ambiguous(typed.text, [wall_clock(moment, typed.zone) for moment in moments])
    return moments[0]


def _ambiguous(text: str, readings: Sequence[str]) -> UsageError:
    quoted = [f'"{reading}"' for reading in readings]
    first, last = quoted[:-1], quoted[-1]
    return UsageError(f'"{text}" may be {", ".join(first)} or {last}; write the one you mean')


def _unread(words: Sequence[str], typed: _Typed) -> UsageError:
    """Error about the part of the text that cannot be read."""
    text = typed.text
    why = why_no_day(words)
    if why is not None:
        return UsageError(f'"{text}" is not a time; {why}')
    if any(True for _ in _readings(words[:-1], typed)):
        return UsageError(
            f'"{words[-1]}" in "{text}" is not read; times are those of {typed.zone.key}, and '
            "others have an offset at their end, as in 2026-04-22T09:00-05:00"
        )
    for cut in range(1, len(words)):
        for of_day, of_time in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            if any(True for _ in _times(of_time, bare=True, typed=typed)):
                return _no_day(of_day, text, typed)
    return UsageError(
        f'"{text}" is not a time; write 2026-04-22T09:00, now, +2h, "tomorrow 9:00", "tue 9am" or '
        '"dec 3 17:00"'
    )


def _no_day(words: Sequence[str], text: str, typed: _Typed) -> UsageError:
    named = " ".join(words)
    dates = (
        dates_of(words[1:], typed.today, typed.toward) if weekday_of(words[0]) is not None else ()
    )
    if dates:
        really = ", ".join(f"{each:%Y-%m-%d} is a {each:%A}" for each in dates)
        return UsageError(f'"{named}" in "{text}" is not a day: {really}')
    return UsageError(f'"{named}" in "{text}" is not a day; write mon, tue, "dec 3" or tomorrow')
