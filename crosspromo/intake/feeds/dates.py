"""Times of feeds: RFC 822 and ISO 8601 as programs write them, rightly or nearly so."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from typing import Final

LONGEST: Final = 100
"""Characters of a time."""

_ISO: Final = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d{2})(?:-?(?P<day>\d{2})"
    r"(?:(?:[Tt_]|\s+)(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}:?(?:\d{2})?)?)?)?)?"
)
_SLIPS: Final = (
    (re.compile(r"\((?:[^()]*)\)"), " "),  # the name of a zone, after its offset
    (re.compile(r"(?i)\b(?:GMT|UTC?)(?=[+-]\d)"), " "),  # GMT+0300
    (re.compile(r"([+-]\d{2}):(\d{2})\s*$"), r"\1\2"),  # +03:00 in a date of RFC 822
    (re.compile(r"(?<=\d)\s*(?:st|nd|rd|th)\b", re.IGNORECASE), ""),
)
_EARLIEST: Final = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


def moment_of(text: str) -> datetime | None:
    """Moment that a text names, in UTC; None where it names none.

    A time without zone is read in UTC, a day is its first moment.
    """
    text = " ".join(text[: LONGEST + 1].split())
    if not text or len(text) > LONGEST:
        return None
    try:
        moment = _iso(text) or _rfc_822(text)
    except (ValueError, OverflowError, IndexError, TypeError):
        # The standard library's parser of dates has no errors of its own.
        return None
    return moment if moment and _EARLIEST <= moment < _LATEST else None


def _iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    numbers = {
        name: int(found[name] or least)
        for name, least in (("year", 1), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0))
    }
    second = min(int(found["second"] or 0), 59)
    zone = timezone(timedelta(minutes=_minutes(found["zone"] or "Z")))
    day = timedelta(days=1 if numbers["hour"] == 24 else 0)
    numbers["hour"] %= 24 if day else 60
    return (datetime(**numbers, second=second, tzinfo=zone) + day).astimezone(UTC)


def _minutes(zone: str) -> int:
    """Minutes east of UTC of `Z`, `+02`, `+0200` or `+02:00`."""
    if zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return minutes if zone[0] == "+" else -minutes


def _rfc_822(text: str) -> datetime | None:
    for slip, mended in _SLIPS:
        text = slip.sub(mended, text)
    parsed = parsedate_tz(text) or parsedate_tz(f"{text} 00:00")
    if parsed is None:
        return None
    *numbers, _, _, _, offset = parsed
    year, month, day, hour, minute, second = numbers
    moment = datetime(year, month, day, hour % 24, minute, min(second, 59), tzinfo=UTC)
    return moment + timedelta(days=hour // 24) - timedelta(seconds=offset or 0)
