"""Rules that give the days of an observance in any year.

Forms: `04-22`; `09-15..10-15`; `month feb`; `3rd mon of jan`, `last fri of apr`, `last day of feb`;
`tue after 1st mon of nov`; `first full week of apr mon-sun`; `week of 03-16 sun-sat`. Behind any of
them, `-11d` moves the first day and `for 9d` says how many days there are.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from crosspromo.domain.errors import UsageError
from crosspromo.domain.values import Value

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
ORDINALS = ("1st", "2nd", "3rd", "4th", "last")
"""Places of a weekday in its month: a fifth does not come in every month."""

LONGEST_SHIFT = 400
"""Most days of a shift or of a length."""

DAY = timedelta(days=1)
WEEK = 7

_MONTH, _WEEKDAY = "|".join(MONTHS), "|".join(WEEKDAYS)
_NTH = re.compile(f"({'|'.join(ORDINALS)}) ({_WEEKDAY}) of ({_MONTH})")
_AFTER = re.compile(f"({_WEEKDAY}) after (.+)")
_LAST_DAY = re.compile(f"last day of ({_MONTH})")
_WHOLE_MONTH = re.compile(f"month ({_MONTH})")
_FULL_WEEK = re.compile(f"first full week of ({_MONTH}) ({_WEEKDAY})-({_WEEKDAY})")
_WEEK_OF = re.compile(f"week of ([0-9]{{2}}-[0-9]{{2}}) ({_WEEKDAY})-({_WEEKDAY})")
_FIXED = re.compile(r"([0-9]{2})-([0-9]{2})")
_RANGE = re.compile(r"([0-9]{2}-[0-9]{2})\.\.([0-9]{2}-[0-9]{2})")
_FIFTH = re.compile(f"5th ({_WEEKDAY}) of ({_MONTH})")
_BEHIND = re.compile(r"(.+?)(?: ([+-][0-9]{1,3})d)?(?: for ([0-9]{1,3})d)?")


class Days(NamedTuple):
    """Local days from `first` to `last`, both included."""

    first: date
    last: date


class DateRule(Value, frozen=True):
    """Rule for the days of an observance. `text` is the rule as it was written."""

    text: str
    _days: Callable[[int], Days]

    def in_year(self, year: int) -> Days:
        """Days of the observance that begins in this year."""
        return self._days(year)


def parse_date_rule(text: str) -> DateRule:
    """Rule in one of the forms above; UsageError for any other text."""
    plain = " ".join(text.lower().split())
    whole = _BEHIND.fullmatch(plain)
    days = None if whole is None else _span(whole[1])
    if whole is None or days is None:
        raise UsageError(_why_none(text, plain))
    shift, length = int(whole[2] or 0), int(whole[3] or 0)
    if abs(shift) > LONGEST_SHIFT or length > LONGEST_SHIFT or whole[3] == "0":
        raise UsageError(f'"{text}": write between 1 and {LONGEST_SHIFT} days')
    return DateRule(plain, _moved(days, shift, length) if shift or length else days)


def _why_none(text: str, plain: str) -> str:
    """Why a text is no rule, and what to write; days that not every year has get their own."""
    if re.search(r"\b02-29\b", plain):
        return (
            f'"{text}": most years have no 29 February; write "last day of feb" for the last day '
            "of February, or the days of each year under announced"
        )
    if found := _FIFTH.search(plain):
        return (
            f'"{text}": not every year has a {found[0]}; write "last {found[1]} of {found[2]}", '
            "or the days of each year under announced"
        )
    return (
        f'"{text}" is no rule for a day; write one such as "04-22", "3rd mon of jan" or "month feb"'
    )


def _moved(days: Callable[[int], Days], shift: int, length: int) -> Callable[[int], Days]:
    def moved(year: int) -> Days:
        first, last = (day + shift * DAY for day in days(year))
        return Days(first, first + (length - 1) * DAY if length else last)

    return moved


def _span(text: str) -> Callable[[int], Days] | None:
    """Days by year for a rule without shift or length; None: no form of rule."""
    anchor = _anchor(text)
    if anchor is not None:
        return lambda year: Days(anchor(year), anchor(year))
    if found := _WHOLE_MONTH.fullmatch(text):
        month = MONTHS.index(found[1]) + 1
        return lambda year: Days(date(year, month, 1), _last_of(year, month))
    if found := _FULL_WEEK.fullmatch(text):
        month, first = MONTHS.index(found[1]) + 1, WEEKDAYS.index(found[2])
        length = (WEEKDAYS.index(found[3]) - first) % WEEK
        return lambda year: _from(_on_or_after(date(year, month, 1), first), length)
    if found := _WEEK_OF.fullmatch(text):
        return _week_of(_anchor(found[1]), WEEKDAYS.index(found[2]), WEEKDAYS.index(found[3]))
    if found := _RANGE.fullmatch(text):
        return _range(_anchor(found[1]), _anchor(found[2]))
    return None


def _week_of(
    anchor: Callable[[int], date] | None, first: int, last: int
) -> Callable[[int], Days] | None:
    if anchor is None:
        return None
    length = (last - first) % WEEK

    def week(year: int) -> Days:
        day = anchor(year)
        return _from(day - (day.weekday() - first) % WEEK * DAY, length)

    return week


def _range(
    first: Callable[[int], date] | None, last: Callable[[int], date] | None
) -> Callable[[int], Days] | None:
    if first is None or last is None:
        return None

    def span(year: int) -> Days:
        begin, end = first(year), last(year)
        return Days(begin, end if end >= begin else last(year + 1))

    return span


def _anchor(text: str) -> Callable[[int], date] | None:
    """Day by year for a rule that gives one day; None: no such rule."""
    if found := _FIXED.fullmatch(text):
        month, day = int(found[1]), int(found[2])
        if not 1 <= month <= len(MONTHS) or not 1 <= day <= monthrange(2001, month)[1]:
            return None  # also 29 February, which most years do not have
        return lambda year: date(year, month, day)
    if found := _NTH.fullmatch(text):
        place, weekday = found[1], WEEKDAYS.index(found[2])
        month = MONTHS.index(found[3]) + 1
        if place == "last":
            return lambda year: _on_or_before(_last_of(year, month), weekday)
        weeks = ORDINALS.index(place) * WEEK * DAY
        return lambda year: _on_or_after(date(year, month, 1), weekday) + weeks
    if found := _LAST_DAY.fullmatch(text):
        month = MONTHS.index(found[1]) + 1
        return lambda year: _last_of(year, month)
    if found := _AFTER.fullmatch(text):
        weekday, before = WEEKDAYS.index(found[1]), _NTH.fullmatch(found[2])
        anchor = None if before is None else _anchor(found[2])
        return None if anchor is None else lambda year: _on_or_after(anchor(year) + DAY, weekday)
    return None


def _from(first: date, length: int) -> Days:
    return Days(first, first + length * DAY)


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _on_or_after(day: date, weekday: int) -> date:
    return day + (weekday - day.weekday()) % WEEK * DAY


def _on_or_before(day: date, weekday: int) -> date:
    return day - (day.weekday() - weekday) % WEEK * DAY
