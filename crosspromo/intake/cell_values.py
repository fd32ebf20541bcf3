"""Values of workbook cells as the texts that a person sees in them."""

import re
from datetime import datetime, timedelta

_ZEROS = re.compile(r"0{2,15}")
_LITERALS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""Parts of a number format that stand for themselves: texts, colours, languages."""

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
    if value.is_integer() and abs(value) < _LARGEST_WHOLE:
        whole = str(int(value))
        return whole.zfill(len(code)) if _ZEROS.fullmatch(code) else whole
    return f"{value:.15g}"


def is_date_format(code: str) -> bool:
    """Whether a number format shows numbers as dates or times."""
    return _DATE_SIGNS.search(_LITERALS.sub("", code.partition(";")[0])) is not None


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
