"""Reader of a VEVENT: an event, a series, or a change to one occurrence (RFC 5545, 3.6.1)."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.errors import InputError
from crosspromo.domain.web_address import whole_address
from crosspromo.intake.content_lines import Block, Property, PropertyError
from crosspromo.intake.icalendar_values import duration as parse_duration
from crosspromo.intake.moments import LATEST_YEAR, Clocks, Moment
from crosspromo.intake.plain_text import one_line, plain_text, without_entities
from crosspromo.intake.recurrence_rule import Rule, RuleError, parse_rule

LONGEST_TITLE = 300
LONGEST_LOCATION = 500
LONGEST_DESCRIPTION = 5_000
LONGEST_URL = 2_000
LONGEST_UID = 255
MOST_DATES = 2_000

UNTITLED = "Untitled event"

_DAY = timedelta(days=1)
_DAY_OF_START = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})")
_SEQUENCE = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Length:
    """Length of an event: calendar days, then exact time (RFC 5545, 3.8.2.5)."""

    days: timedelta = timedelta()
    exact: timedelta = timedelta()

    def end(self, start: Moment) -> datetime:
        """End in UTC of an event with this start."""
        return start.zone.to_utc(start.local + self.days) + self.exact


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """Contents of a VEVENT; `row` is its ordinal in the file, from 1.

    An entry with `recurrence_id` changes the occurrence with that original start; with
    `and_future`, all later occurrences as well.
    """

    row: int
    uid: str
    title: str
    start: Moment
    length: Length
    edition: tuple[int, str]
    cancelled: bool = False
    private: bool = False
    rules: tuple[Rule, ...] = ()
    more_dates: tuple[tuple[Moment, Length | None], ...] = ()
    except_dates: tuple[Moment, ...] = ()
    recurrence_id: Moment | None = None
    and_future: bool = False
    location: str = ""
    url: str = ""
    description: str = ""


def read_entry(block: Block, row: int, clocks: Clocks, *, cancelled: bool) -> CalendarEntry:
    """Read a VEVENT; `cancelled`: the whole calendar cancels (METHOD:CANCEL, RFC 5546, 3.2.5).

    Raises PropertyError for the first property that cannot be used.
    """
    if not block.ended:
        raise PropertyError("END", "the event has no END:VEVENT; fetch or export the file again")
    cancelled = cancelled or _text(block, "STATUS", 40).upper() == "CANCELLED"
    start = _start(block, clocks)
    title = _text(block, "SUMMARY", LONGEST_TITLE)
    recurrence_id = block.first("RECURRENCE-ID")
    return CalendarEntry(
        row=row,
        uid=uid_of(block) or _derived_uid(title or UNTITLED, start),
        title=title,
        start=start,
        length=_length(block, clocks, start),
        edition=(
            _sequence(block),
            _text(block, "LAST-MODIFIED", 40) or _text(block, "DTSTAMP", 40),
        ),
        cancelled=cancelled,
        private=_text(block, "CLASS", 40).upper() in {"PRIVATE", "CONFIDENTIAL"},
        rules=_rules(block),
        more_dates=tuple(_more_dates(block, clocks, start)),
        except_dates=tuple(moment for moment, _, _ in _dates(block, "EXDATE", clocks, start)),
        recurrence_id=clocks.original(recurrence_id, start.zone) if recurrence_id else None,
        and_future=recurrence_id is not None and _is_and_future(recurrence_id),
        location=_text(block, "LOCATION", LONGEST_LOCATION),
        url=_url(block),
        description=_description(block),
    )


def uid_of(block: Block) -> str:
    """UID of the VEVENT, a very long UID as its hash; '' where the VEVENT has none."""
    uid = _text(block, "UID", LONGEST_UID * 100)
    return uid if len(uid) <= LONGEST_UID else _hash(uid)


def name_of(block: Block) -> str:
    """Name of the event in a message: title and day, as far as they can be read; else ''."""
    return named(_readable(block, "SUMMARY"), _readable(block, "DTSTART"))


def named(title: str, start: str) -> str:
    """Name of an event in a message; `start` begins with its day, as in a DATE or in ISO 8601."""
    day = _DAY_OF_START.match(start)
    words = f'"{title}"' if title else "an event without a title" if day else ""
    return f"{words} of {day[1]}-{day[2]}-{day[3]}" if day else words


def _readable(block: Block, name: str) -> str:
    """Text of a property, '' where it cannot be read."""
    try:
        return _text(block, name, 60)
    except PropertyError:
        return ""


def _derived_uid(title: str, start: Moment) -> str:
    """UID made of title and start, so that the next import finds the event again."""
    return "without-uid-" + _hash(f"{title}\n{start.utc.isoformat()}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _text(block: Block, name: str, most: int) -> str:
    prop = block.first(name)
    return one_line(prop.value, most) if prop is not None else ""


def _description(block: Block) -> str:
    prop = block.first("DESCRIPTION")
    return plain_text(prop.value, LONGEST_DESCRIPTION) if prop is not None else ""


def _url(block: Block) -> str:
    """Whole web address of the event, or ''.

    An app's own scheme is no web address: it helps no reader of a post. Some programs escape an
    address as in HTML.
    """
    prop = block.first("URL")
    if prop is None or len(prop.value) > LONGEST_URL:
        return ""
    try:
        return whole_address(without_entities(prop.value))
    except InputError:
        return ""


def _start(block: Block, clocks: Clocks) -> Moment:
    prop = block.first("DTSTART")
    if prop is None:
        raise PropertyError("DTSTART", "the event has no start; give it one in the calendar")
    return clocks.moment(prop, clocks.zone_named(block.first("DTEND")))


def _length(block: Block, clocks: Clocks, start: Moment) -> Length:
    """Length from DTEND, else DURATION; else one day for a date, zero for a time (3.6.1)."""
    end, duration = block.first("DTEND"), block.first("DURATION")
    if end is not None:
        return _length_until(clocks.moment(end, start.zone), start)
    if duration is not None:
        return _length_of(duration.value, start)
    return Length(days=_DAY) if start.is_date else Length()


def _length_until(end: Moment, start: Moment) -> Length:
    if start.is_date:
        span = end.local - start.local
        length = Length(days=max(_whole_days(span), _DAY))
    else:
        span = end.utc - start.utc
        if span < timedelta() and end.zone == start.zone:  # the clocks skip the start
            span = end.local - start.local
        length = Length(exact=span)
    if span < timedelta():
        raise PropertyError("DTEND", "the event ends before it starts; correct it in the calendar")
    return length


def _length_of(text: str, start: Moment) -> Length:
    try:
        span = parse_duration(text)
    except ValueError:
        raise PropertyError(
            "DURATION", f'"{text[:40]}" is no duration; write it like PT1H30M or P2D'
        ) from None
    if not timedelta() <= span <= timedelta(days=366 * (LATEST_YEAR - start.local.year)):
        raise PropertyError("DURATION", f'"{text[:40]}" cannot be right; correct it')
    if start.is_date:
        return Length(days=max(_whole_days(span), _DAY))
    return Length(days=timedelta(days=span.days), exact=span - timedelta(days=span.days))


def _whole_days(span: timedelta) -> timedelta:
    return timedelta(days=-(-span // _DAY))


def _rules(block: Block) -> tuple[Rule, ...]:
    if block.first("EXRULE") is not None:
        raise PropertyError("EXRULE", "is obsolete (RFC 5545); write the exceptions as EXDATE")
    try:
        rules = (prop.value for prop in block.all("RRULE"))
        return tuple(parse_rule(text) for text in rules if text.strip("; "))
    except RuleError as error:
        raise PropertyError("RRULE", str(error)) from None


def _dates(
    block: Block, name: str, clocks: Clocks, start: Moment
) -> Iterator[tuple[Moment, str, Property]]:
    """Yield the dates listed one by one, each with its length, as text, and its property."""
    left = MOST_DATES
    for prop in block.all(name):
        left -= prop.value.count(",") + 1
        if left < 0:
            raise PropertyError(name, f"lists more than the {MOST_DATES:,} dates that are read")
        yield from ((*pair, prop) for pair in clocks.listed(prop, start.zone))


def _more_dates(
    block: Block, clocks: Clocks, start: Moment
) -> Iterator[tuple[Moment, Length | None]]:
    for moment, length, prop in _dates(block, "RDATE", clocks, start):
        if not length:
            yield moment, None
        elif "P" in length.upper():
            yield moment, _length_of(length, moment)
        else:
            end = clocks.end_of_period(prop, length, moment.zone)
            yield moment, _length_until(end, moment)


def _is_and_future(prop: Property) -> bool:
    return prop.parameters.get("RANGE", "").upper() == "THISANDFUTURE"


def _sequence(block: Block) -> int:
    text = _text(block, "SEQUENCE", 20)
    return int(text) if _SEQUENCE.fullmatch(text) else 0
