"""Typed wrappers around the icalendar library, which has types only in part.

Only its functions for a single line or value are used. Its component parser resolves time zones
while it reads, expands their rules without bound and remembers them for the next file.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from icalendar.parser import Contentline, Contentlines
from icalendar.prop import vDDDTypes, vDuration

_DATE_OR_TIME = re.compile(r"[0-9]{8}(?:Z|T[0-9]{6}Z?)?")
_DATE_IN_UTC = re.compile(r"[0-9]{8}Z")  # what Google writes for the dates of birthdays
_WEEKS_AS_TIME = re.compile(r"PT([0-9]{1,4})W")  # what Synology writes for P1W


def unfold(text: str) -> Iterator[str]:
    """Yield the content lines of a file (RFC 5545, 3.1)."""
    for line in Contentlines.from_ical(text):  # type: ignore[no-untyped-call]  # has no types
        yield str(line)


def split_line(line: str) -> tuple[Mapping[str, str], str]:
    """Parameters and value of a content line, escapes resolved (3.2, 3.3.11). Raises ValueError."""
    _, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]  # has no types
    return {key: _one(given) for key, given in parameters.items()}, value.strip()


def date_or_time(text: str) -> date | datetime:
    """Parse a DATE or DATE-TIME; a time is aware where its text ends in Z (3.3.4, 3.3.5).

    Raises ValueError.
    """
    if _DATE_OR_TIME.fullmatch(text) is None:
        raise ValueError(text)
    text = text.removesuffix("Z") if _DATE_IN_UTC.fullmatch(text) else text
    value: object = vDDDTypes.from_ical(text)  # type: ignore[no-untyped-call]  # has no types
    if not isinstance(value, date):
        raise TypeError(text)
    return value


def duration(text: str) -> timedelta:
    """Parse a DURATION (3.3.6). Raises ValueError."""
    match = _WEEKS_AS_TIME.fullmatch(text)
    value: object = vDuration.from_ical(f"P{match[1]}W" if match else text)  # type: ignore[no-untyped-call]  # has no types
    if not isinstance(value, timedelta):
        raise TypeError(text)
    return value


def _one(given: str | list[str]) -> str:
    return given if isinstance(given, str) else ",".join(given)
