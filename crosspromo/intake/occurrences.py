"""Occurrences of a rule (RFC 5545, 3.3.10), with work proportional to the days in the window.

Libraries follow a rule from occurrence to occurrence. A rule without any, such as "30 February",
keeps them busy to the year 9999, and a calendar is hostile input. Here each day of the window is
tested once against the rule.
"""

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import count, product

from crosspromo.intake.recurrence_rule import Frequency, Rule

_DAY = timedelta(days=1)


def occurrences(rule: Rule, start: datetime, since: datetime, last: datetime) -> Iterator[datetime]:
    """Local times of a series between `since` and `last`, both included, in order.

    All times are naive, in the zone of the series. `start` (DTSTART) is the first occurrence
    whether it fits the rule or not, and counts towards COUNT. The caller applies `rule.until` to
    `last`, since UNTIL may be written in another zone.
    """
    if start > last:
        return
    if start >= since:
        yield start
    seen = 1
    for moment in _moments(_completed(rule, start), start, _first_needed(rule, start, since), last):
        if rule.count is not None and seen >= rule.count:
            return
        seen += 1
        if moment >= since:
            yield moment


def work(rule: Rule, start: datetime, since: datetime, last: datetime) -> int:
    """Upper bound of the work of `occurrences`, in times examined."""
    days = (last.date() - _first_needed(rule, start, since).date()).days
    return (days + 366) * rule.times_a_day if days >= 0 else 0


def _first_needed(rule: Rule, start: datetime, since: datetime) -> datetime:
    """First time to examine: `start` for a rule with COUNT, else `since` if later.

    COUNT counts from `start`; other rules do not depend on times before `since`.
    """
    return start if rule.count is not None else max(start, since)


def _completed(rule: Rule, start: datetime) -> Rule:
    """Rule with its open parts taken from `start`, as 3.3.10 asks."""
    if not (rule.weekdays or rule.month_days or rule.year_days):
        match rule.frequency:
            case Frequency.WEEKLY:
                rule = replace(rule, weekdays=frozenset({(0, start.weekday())}))
            case Frequency.MONTHLY:
                rule = replace(rule, month_days=frozenset({start.day}))
            case Frequency.YEARLY:
                months = rule.months or frozenset({start.month})
                rule = replace(rule, months=months, month_days=frozenset({start.day}))
            case Frequency.DAILY:
                pass
    return replace(
        rule,
        hours=rule.hours or frozenset({start.hour}),
        minutes=rule.minutes or frozenset({start.minute}),
        seconds=rule.seconds or frozenset({start.second}),
    )


def _moments(rule: Rule, start: datetime, since: datetime, last: datetime) -> Iterator[datetime]:
    times = sorted(time(*part) for part in product(rule.hours, rule.minutes, rule.seconds))
    for days in _periods(rule, start.date(), since.date(), last.date()):
        moments = [datetime.combine(day, at) for day in days if _fits(rule, day) for at in times]
        for moment in _at_positions(rule, moments):
            if moment > last:
                return
            if moment > start:
                yield moment


def _at_positions(rule: Rule, moments: list[datetime]) -> list[datetime]:
    if not rule.positions:
        return moments
    indexes = {p - 1 if p > 0 else len(moments) + p for p in rule.positions}
    return [moments[index] for index in sorted(indexes) if 0 <= index < len(moments)]


def _periods(rule: Rule, start: date, since: date, last: date) -> Iterator[list[date]]:
    """Yield the days of each period that INTERVAL picks, from the period with `since` on.

    A period is a day, week, month or year, by FREQ.
    """
    base = _period_of(rule, start)
    for step in count(max(0, (_period_of(rule, since) - base) // rule.interval)):
        days = _days_of(rule, base + step * rule.interval)
        if not days or days[0] > last:
            return
        yield days


def _period_of(rule: Rule, day: date) -> int:
    match rule.frequency:
        case Frequency.DAILY:
            return day.toordinal()
        case Frequency.WEEKLY:
            return (day.toordinal() - 1 - rule.week_start) // 7
        case Frequency.MONTHLY:
            return day.year * 12 + day.month - 1
        case Frequency.YEARLY:
            return day.year


def _days_of(rule: Rule, period: int) -> list[date]:
    """Days of a period; an empty list beyond the calendar's end."""
    match rule.frequency:
        case Frequency.DAILY:
            return _run(period, 1)
        case Frequency.WEEKLY:
            return _run(period * 7 + 1 + rule.week_start, 7)
        case Frequency.MONTHLY:
            return _days_of_month(period // 12, period % 12 + 1)
        case Frequency.YEARLY:
            months = sorted(rule.months) or range(1, 13)
            return [day for month in months for day in _days_of_month(period, month)]


def _days_of_month(year: int, month: int) -> list[date]:
    if year > MAXYEAR:
        return []
    return _run(date(year, month, 1).toordinal(), calendar.monthrange(year, month)[1])


def _run(ordinal: int, length: int) -> list[date]:
    end = min(ordinal + length, date.max.toordinal() + 1)
    return [date.fromordinal(number) for number in range(max(ordinal, 1), end)]


def _fits(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days and not _counted(rule.month_days, day.day, _month_length(day)):
        return False
    if rule.year_days and not _counted(rule.year_days, _day_of_year(day), _year_length(day)):
        return False
    return not rule.weekdays or _fits_weekday(rule, day)


def _counted(wanted: frozenset[int], ordinal: int, length: int) -> bool:
    """Whether `wanted` has the ordinal, counted from the front, or negative from the back."""
    return ordinal in wanted or ordinal - length - 1 in wanted


def _fits_weekday(rule: Rule, day: date) -> bool:
    """Whether the weekday of the day fits BYDAY.

    Ordinals as in "2MO" count within the month, or within the year of a yearly rule without months.
    """
    weekday = day.weekday()
    ordinals = frozenset(ordinal for ordinal, wanted in rule.weekdays if wanted == weekday)
    if not ordinals or 0 in ordinals or rule.frequency in {Frequency.DAILY, Frequency.WEEKLY}:
        return bool(ordinals)
    if rule.frequency is Frequency.MONTHLY or rule.months:
        place, length = day.day, _month_length(day)
    else:
        place, length = _day_of_year(day), _year_length(day)
    from_front, from_back = (place - 1) // 7 + 1, -((length - place) // 7 + 1)
    return from_front in ordinals or from_back in ordinals


def _month_length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _day_of_year(day: date) -> int:
    return (day - date(day.year, 1, 1)) // _DAY + 1


def _year_length(day: date) -> int:
    return 366 if calendar.isleap(day.year) else 365
