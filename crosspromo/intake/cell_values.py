"""Values of workbook cells: as the texts that a person sees in them, and as what they are."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import isfinite


@dataclass(frozen=True, slots=True)
class Formula:
    """Cell with a formula, or with the fault of one, instead of a value."""


Value = bool | float | datetime | date | time | timedelta | Formula
"""What a cell is that is no text."""

_ZEROS = re.compile(r"0{2,15}")
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""Parts of a number format that stand for themselves: texts, colours, languages."""

_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
"""Sign of a number format that shows a time which may have more than 24 hours."""

_SPAN = re.compile(r"PT([0-9]{1,6})H([0-9]{1,2})M([0-9]{1,2})(?:[.,][0-9]{1,9})?S")
_DATE_SIGNS = re.compile(r"[dmyhs]", re.IGNORECASE)
_FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 — wall time
_FIRST_DAY_OF_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 — wall time
_LAST_OF_1900 = 60
"""Day number from which workbooks count a 29 February 1900 that there never was."""
_MOST_DAYS = 2_958_466
"""Day number of 1 January 10000."""
_LARGEST_WHOLE = 1e15


def number_of(text: str, code: str = "") -> str:
    """Number as a program shows it, without exponent where it is whole; `code` is its format.

    A format of zeros alone keeps the zeros before it, as of postal codes. Any other text stays as
    it is.
    """
    try:
        value = float(text)
    except ValueError:
        return text
    if not isfinite(value):
        return text
    if value.is_integer() and abs(value) < _LARGEST_WHOLE:
        whole = str(int(value))
        return whole.zfill(len(code)) if _ZEROS.fullmatch(code) else whole
    return f"{value:.15g}"


def is_date_format(code: str) -> bool:
    """Whether a number format shows numbers as dates or times."""
    return _DATE_SIGNS.search(_LITERALS.sub("", code.partition(";")[0])) is not None


def is_elapsed_format(code: str) -> bool:
    """Whether a number format shows numbers as times which may have more than 24 hours."""
    return _ELAPSED.search(code) is not None


def number_in(text: str) -> float | None:
    """Number of a cell; None for any other text, and for what is not finite."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) else None


def moment_of(days: float, *, since_1904: bool = False) -> datetime | time | None:
    """Day number of a workbook as wall time, to the second; less than a day is a time of day.

    None: no day that there is.
    """
    if not 0 <= days < _MOST_DAYS:
        return None
    seconds = round(days * 86_400)
    first = _FIRST_DAY_OF_1904 if since_1904 else _FIRST_DAY
    if not since_1904 and 1 <= days < _LAST_OF_1900:
        first += timedelta(days=1)
    try:
        moment = first + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return moment.time() if seconds < 86_400 else moment


def value_of_number(
    text: str, *, is_date: bool, is_elapsed: bool, since_1904: bool
) -> datetime | time | timedelta | float | None:
    """Number of a cell as what its format shows it as; None for any other text."""
    number = number_in(text)
    if number is None or not is_date:
        return number
    if is_elapsed and abs(number) < _MOST_DAYS:
        return timedelta(seconds=round(number * 86_400))
    moment = moment_of(number, since_1904=since_1904)
    return number if moment is None else moment


def value_of_iso(text: str) -> datetime | date | time | timedelta | None:
    """Day, wall time, time of day or span of ISO 8601; None for any other text."""
    span = _SPAN.fullmatch(text)
    if span is not None:
        return timedelta(hours=int(span[1]), minutes=int(span[2]), seconds=int(span[3]))
    for kind in (date, datetime, time):
        try:
            value = kind.fromisoformat(text)
        except ValueError:
            continue
        return (
            value
            if isinstance(value, date) and not isinstance(value, datetime)
            else value.replace(tzinfo=None)
        )
    return None


def date_of(text: str, *, since_1904: bool) -> str:
    """Day number of a workbook as date, `2026-05-01` or `2026-05-01 09:30`; a time alone.

    Any other text stays as it is.
    """
    try:
        days = float(text)
    except ValueError:
        return text
    if not 0 <= days < _MOST_DAYS:
        return text
    seconds = round(days * 86_400)
    first = _FIRST_DAY_OF_1904 if since_1904 else _FIRST_DAY
    if not since_1904 and 1 <= days < _LAST_OF_1900:
        first += timedelta(days=1)
    moment = first + timedelta(seconds=seconds)
    if not seconds % 86_400:
        return moment.date().isoformat()
    shown = moment.strftime("%H:%M:%S").removesuffix(":00")
    return shown if seconds < 86_400 else f"{moment.date().isoformat()} {shown}"


def written_date(text: str) -> str:
    """Date of ISO 8601 as `date_of` gives it: a midnight is a day."""
    day, _, time = text.partition("T")
    time = time.partition(".")[0]
    if not time or time == "00:00:00":
        return day
    return f"{day} {time.removesuffix(':00') if time.count(':') > 1 else time}"
