"""Days that people type: `tomorrow`, `next tuesday`, `dec 3`, `3rd of december 2026`, `12/1`."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import Enum

from crosspromo.domain.timing import WEEKDAYS
from crosspromo.domain.values import Value

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
NEAR_YEARS = 8
"""Years in which a day without its year is looked for: 29 February may be that far away."""

LEAP_YEAR = 4
"""Year that stands for a date without one: all of its days exist in some year."""

RELATIVE = {
    ("yesterday",): -1,
    ("today",): 0,
    ("tomorrow",): 1,
    ("day", "after", "tomorrow"): 2,
    ("day", "before", "yesterday"): -2,
}


class Toward(Enum):
    """Direction in which a day that names no year lies.

    NEAREST is the nearer of the two for a day of a month, and the past for a day of the week.
    """

    COMING = "coming"
    PAST = "past"
    NEAREST = "nearest"


class Day(Value, frozen=True):
    """Day that was typed. `weekly`: a day of the week alone, which a time may move by a week."""

    date: date
    weekly: bool = False


def days_of(words: Sequence[str], today: date, toward: Toward) -> list[Day]:
    """Days that the words may mean, in small letters; none where the words name no day."""
    if tuple(words) in RELATIVE:
        return [Day(today + timedelta(days=RELATIVE[tuple(words)]))]
    if not words:
        return []
    if len(words) == 2 and words[0] in _WHICH:
        weekday = weekday_of(words[1])
        return [] if weekday is None else _of_week(words[0], weekday, today, toward)
    weekday = weekday_of(words[0])
    if weekday is None:
        return [Day(each) for each in dates_of(words, today, toward)]
    if len(words) == 1:
        return [Day(_nearby(weekday, today, toward), weekly=True)]
    dates = dates_of(words[1:], today, toward)
    return [Day(each) for each in dates if each.weekday() == weekday]


def weekday_of(word: str) -> int | None:
    """Number of a day of the week, 0 for Monday, from three of its letters on; else None."""
    name = "wed" if word == "weds" else word
    found = (n for n, day in enumerate(WEEKDAYS) if len(name) >= 3 and day.startswith(name))
    return next(found, None)


def dates_of(words: Sequence[str], today: date, toward: Toward) -> list[date]:
    """Dates that the words may mean, without a day of the week; each once, in order."""
    return sorted(set(_dates(words, today, toward)))


_WHICH = ("last", "this", "next")


def _of_week(which: str, weekday: int, today: date, toward: Toward) -> list[Day]:
    """Days that `next tuesday` and its like may mean: weeks begin on Monday or on Sunday.

    The next Tuesday of a Monday is tomorrow to some, and a week later to others.
    """
    step = timedelta(weeks=_WHICH.index(which) - 1)
    monday = today - timedelta(days=today.weekday())
    sunday = today - timedelta(days=(today.weekday() + 1) % 7)
    days = {
        monday + timedelta(days=weekday) + step,
        sunday + timedelta(days=(weekday + 1) % 7) + step,
    }
    if which == "this":
        ahead = {day for day in days if (day <= today if toward is Toward.PAST else day >= today)}
        days = ahead or days
    else:
        side = 1 if which == "next" else -1
        days.add(today + side * timedelta(days=(side * (weekday - today.weekday()) - 1) % 7 + 1))
    return [Day(day) for day in sorted(days)]


def _nearby(weekday: int, today: date, toward: Toward) -> date:
    """Day of the week, today or after it, or before it where the past is looked for."""
    if toward is Toward.COMING:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    return today - timedelta(days=(today.weekday() - weekday) % 7)


def _dates(words: Sequence[str], today: date, toward: Toward) -> Iterator[date]:
    match list(words):
        case [word]:
            yield from _written(word, today, toward)
        case [first, second]:
            for month, day in ((first, second), (second, first)):
                yield from _without_year(_month(month), _number(day), today, toward)
        case [first, second, year] if re.fullmatch(r"[1-9][0-9]{3}", year):  # `0900` is a time
            for month, day in ((first, second), (second, first)):
                yield from _existing(int(year), _month(month), _number(day))
        case _:
            return


def _written(word: str, today: date, toward: Toward) -> Iterator[date]:
    """Dates in one word: ISO 8601, `2026/12/1`, `12/1`, `1.12.2026` or `3rd`."""
    ordinal = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)", word)
    if ordinal is not None:
        yield from _of_some_month(int(ordinal[1]), today, toward)
        return
    if re.fullmatch(r"[0-9]{8}|[0-9]{4}-?w[0-9]{2}-?[0-9]", word):
        try:
            yield date.fromisoformat(word.upper())
        except ValueError:
            return
    for year, month, day in _numbered(word):
        if year is None:
            yield from _without_year(month, day, today, toward)
        else:
            yield from _existing(year, month, day)


def _numbered(word: str) -> Sequence[tuple[int | None, int, int]]:
    """Years, months and days that a date in digits names, whether or not they exist."""
    numbers = re.fullmatch(r"([0-9]{1,4})([-/.])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{1,2}))?\.?", word)
    if numbers is None:
        return ()
    first, second, third = numbers[1], int(numbers[3]), numbers[4]
    if len(first) > 2:
        return () if third is None else ((int(first), second, int(third)),)
    year = None if third is None else int(third) + (2000 if len(third) < 3 else 0)
    return ((year, int(first), second), (year, second, int(first)))


def _month(word: str) -> int:
    """Number of a month from three letters of its name on; 0 for another word."""
    name = "sep" if word == "sept" else word
    found = (n for n, month in enumerate(MONTHS, 1) if len(name) >= 3 and month.startswith(name))
    return next(found, 0)


def _number(word: str) -> int:
    """Day of a month from `3` or `3rd`; 0 for another word."""
    match = _NUMBER.fullmatch(word)
    return 0 if match is None else int(match[1])


_NUMBER = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")


def why_no_day(words: Sequence[str]) -> str | None:
    """Why words that are written like a date are none: `February 2026 has 28 days`; else None."""
    for first in range(len(words)):
        for size in (3, 2, 1):
            claims = list(_claims(words[first : first + size]))
            if claims and not any(True for claim in claims for _ in _existing(*claim)):
                return _fault_of(claims)
    return None


def _claims(words: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Years, months and days that are written like a date; without a year, a leap year."""
    match list(words):
        case [word]:
            word = word.partition("t")[0]
            for typed, one, other in _numbered(word):
                if typed is not None or "/" in word or word.endswith("."):  # `9.30` is a time
                    yield LEAP_YEAR if typed is None else typed, one, other
        case [first, second, *year] if not year or re.fullmatch(r"[1-9][0-9]{3}", year[0]):
            for month, day in ((first, second), (second, first)):
                if _month(month) and _NUMBER.fullmatch(day):
                    yield int(year[0]) if year else LEAP_YEAR, _month(month), _number(day)
        case _:
            return


def _fault_of(claims: Sequence[tuple[int, int, int]]) -> str:
    """Fault of a date of which no reading exists, in the reading that is nearest to a date."""
    if all(year == 0 for year, _, _ in claims):
        return "the first year is 0001"
    if any(0 in {month, day} for _, month, day in claims):
        return "days and months begin with 1"
    year, month, _ = next((each for each in claims if each[1] <= 12), claims[0])
    if month > 12:
        return "a year has 12 months"
    named = f"{MONTHS[month - 1].capitalize()}{'' if year == LEAP_YEAR else f' {year}'}"
    most = "at most " if month == 2 and year == LEAP_YEAR else ""
    return f"{named} has {most}{monthrange(year, month)[1]} days"


def _existing(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _without_year(month: int, day: int, today: date, toward: Toward) -> Iterator[date]:
    near = range(today.year - NEAR_YEARS, today.year + NEAR_YEARS + 1)
    days = (each for year in near for each in _existing(year, month, day))
    yield from _chosen(days, today, toward)


def _of_some_month(day: int, today: date, toward: Toward) -> Iterator[date]:
    near = [(today.year * 12 + today.month - 1 + step) for step in range(-3, 4)]
    days = (each for n in near for each in _existing(n // 12, n % 12 + 1, day))
    yield from _chosen(days, today, toward)


def _chosen(dates: Iterable[date], today: date, toward: Toward) -> Iterator[date]:
    """First date in the direction; none where there are none."""
    kept = [
        each
        for each in dates
        if toward is Toward.NEAREST or (each >= today if toward is Toward.COMING else each <= today)
    ]
    if kept:
        yield min(kept, key=lambda each: abs(each - today))
