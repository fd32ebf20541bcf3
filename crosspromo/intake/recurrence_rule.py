"""Parser of RRULE, the repetition of an event (RFC 5545, 3.3.10)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from crosspromo.intake.icalendar_values import date_or_time

T = TypeVar("T")

MOST_TIMES_A_DAY = 24
NEVER_ENDS = 2200

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_WEEKDAY = re.compile(rf"([+-]?[0-9]{{1,2}})?({'|'.join(WEEKDAYS)})")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")


class RuleError(ValueError):
    """Error: a rule cannot be followed; the message gives the reason."""


class Frequency(StrEnum):
    """Supported frequencies: those of events that people go to."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


@dataclass(frozen=True, slots=True)
class Rule:
    """Parsed RRULE; an empty set stands for an absent part.

    `weekdays` are pairs of ordinal (0: every) and weekday (0: Monday). `until` is inclusive: a
    date, a naive local time, or an aware time in UTC.
    """

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: frozenset[int] = frozenset()
    month_days: frozenset[int] = frozenset()
    year_days: frozenset[int] = frozenset()
    weekdays: frozenset[tuple[int, int]] = frozenset()
    hours: frozenset[int] = frozenset()
    minutes: frozenset[int] = frozenset()
    seconds: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    week_start: int = 0

    @property
    def times_a_day(self) -> int:
        """Most occurrences on a single day."""
        return max(len(self.hours), 1) * max(len(self.minutes), 1) * max(len(self.seconds), 1)


def parse_rule(text: str) -> Rule:
    """Parse an RRULE; RuleError names the part that cannot be followed.

    White space and a COUNT below 1, which calendars in use write, are ignored. Unsupported parts
    (BYWEEKNO, RSCALE, …) are errors: an event on a wrong day is worse than no event.
    """
    parts: dict[str, str] = {}
    for part in "".join(text.upper().split()).strip(";").split(";"):
        key, equals, value = part.partition("=")
        if not equals or key in parts:
            raise RuleError(f'"{part[:40]}" cannot be read')
        parts[key] = value
    unknown = parts.keys() - _KNOWN
    if unknown:
        raise RuleError(f"{min(unknown)[:40]} is not supported; enter the dates one by one")
    return _checked(_rule(parts))


def _rule(parts: Mapping[str, str]) -> Rule:
    numbers = {
        field: _numbers(key, parts[key], low, high)
        for key, (field, low, high) in _NUMBER_PARTS.items()
        if key in parts
    }
    count = _number("COUNT", parts.get("COUNT", "0"))
    return Rule(
        frequency=_frequency(parts.get("FREQ", "")),
        interval=_number("INTERVAL", parts.get("INTERVAL", "1")),
        count=count if count > 0 else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        weekdays=_each(parts.get("BYDAY", ""), _weekday),
        week_start=_weekday(parts.get("WKST", "MO"))[1],
        **numbers,
    )


def _checked(rule: Rule) -> Rule:
    if rule.interval < 1:
        raise RuleError("INTERVAL must be 1 or more")
    if rule.times_a_day > MOST_TIMES_A_DAY:
        raise RuleError("repeats more often than hourly; enter the dates one by one")
    return rule


def _frequency(value: str) -> Frequency:
    try:
        return Frequency(value)
    except ValueError:
        raise RuleError(
            f'FREQ is "{value[:40]}"; only DAILY, WEEKLY, MONTHLY and YEARLY events are announced'
        ) from None


def _until(value: str) -> date | None:
    """UNTIL as date or time; None for far years, which stand for "always"."""
    try:
        moment = date_or_time(value)
    except ValueError:
        raise RuleError(f'UNTIL is "{value[:40]}", which is no date') from None
    return moment if moment.year <= NEVER_ENDS else None


def _numbers(key: str, value: str, low: int, high: int) -> frozenset[int]:
    numbers = _each(value, lambda text: _number(key, text))
    if not all(low <= abs(number) <= high and (low > 0 or number >= 0) for number in numbers):
        raise RuleError(f'{key} is "{value[:40]}", which is out of range')
    return numbers


def _number(key: str, text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise RuleError(f'{key} is "{text[:40]}", which is no number of a size that makes sense')
    return int(text)


def _weekday(text: str) -> tuple[int, int]:
    match = _WEEKDAY.fullmatch(text)
    if match is None:
        raise RuleError(f'"{text[:40]}" is no weekday')
    return int(match[1] or 0), WEEKDAYS.index(match[2])


def _each(value: str, parse: Callable[[str], T]) -> frozenset[T]:
    return frozenset(parse(text) for text in value.split(",") if text)


_NUMBER_PARTS: Mapping[str, tuple[str, int, int]] = MappingProxyType(
    {
        "BYMONTH": ("months", 1, 12),
        "BYMONTHDAY": ("month_days", 1, 31),
        "BYYEARDAY": ("year_days", 1, 366),
        "BYHOUR": ("hours", 0, 23),
        "BYMINUTE": ("minutes", 0, 59),
        "BYSECOND": ("seconds", 0, 59),
        "BYSETPOS": ("positions", 1, 366),
    }
)
_KNOWN = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST", *_NUMBER_PARTS})
