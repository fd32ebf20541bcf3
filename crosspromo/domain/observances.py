"""Observances: days and weeks with a theme, such as Earth Day.

The days of an observance follow a rule, or its organiser announces them for each year. What was
announced for a year and nobody wrote down is unknown: it is asked for, never worked out.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from crosspromo.domain.date_rules import DateRule, Days
from crosspromo.domain.values import Value, field

_JOINT = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
"""Place between two words of a hashtag: `CleanWater`."""


class ObservanceTone(StrEnum):
    """Tone in which an observance is kept."""

    CELEBRATE = "celebrate"
    ADVOCATE = "advocate"
    HONOUR = "honour"
    MOURN = "mourn"


class Observance(Value, frozen=True):
    """Observance with its days, by a rule or as announced for a year.

    `rule` None: `announced` alone has its days. `region` is a country, one of its states, or
    `international`. `confirmed` says who confirmed the days and when; empty: nobody did. `source`
    says where the days are from, `ask` who announces them, and `usual_month` in which month they
    usually begin.
    """

    slug: str
    name: str
    rule: DateRule | None
    tone: ObservanceTone
    announced: Mapping[int, Days] = field(default_factory=lambda: MappingProxyType({}))
    region: str = "international"
    topics: tuple[str, ...] = ()
    source: str = ""
    ask: str = ""
    usual_month: int | None = None
    note: str = ""
    confirmed: str = ""

    def in_year(self, year: int) -> Days | None:
        """Days that begin in this year; None: they were not announced yet.

        What was announced goes before the rule: an organiser may move the day.
        """
        if year in self.announced:
            return self.announced[year]
        return None if self.rule is None else self.rule.in_year(year)


class Unreadable(Value, frozen=True):
    """Observance (a slug) that cannot be read, and why; `may_mourn`: it may have days of mourning.

    `slug` None: the file of the workspace cannot be read, with whatever it says of any observance.
    Whatever days these are, they are unknown.
    """

    slug: str | None
    words: str
    may_mourn: bool


class Coming(Value, frozen=True):
    """Observance with its next days; `same_days` names others that begin on the same day."""

    observance: Observance
    days: Days
    same_days: tuple[str, ...] = ()


def coming(observances: Iterable[Observance], today: date, until: date) -> Sequence[Coming]:
    """Observances with a day from today until a day, sorted by their first day and name."""
    found = [
        (observance, days)
        for observance in observances
        for year in range(today.year - 1, until.year + 1)
        if (days := observance.in_year(year)) is not None
        and days.last >= today
        and days.first <= until
    ]
    by_day: dict[date, list[str]] = {}
    for observance, days in found:
        if days.first == days.last:
            by_day.setdefault(days.first, []).append(observance.slug)
    return [
        Coming(
            observance,
            days,
            tuple(slug for slug in by_day.get(days.first, ()) if slug != observance.slug)
            if days.first == days.last
            else (),
        )
        for observance, days in sorted(found, key=lambda each: (each[1].first, each[0].name))
    ]


def not_announced(
    observances: Iterable[Observance], today: date, until: date
) -> Sequence[tuple[Observance, int]]:
    """Observances whose days nobody has announced, each with the year, where they may be coming.

    They may from today until a day; of an observance with a usual month only that month counts.
    """
    return [
        (observance, year)
        for observance in observances
        if observance.rule is None
        for year in range(today.year, until.year + 1)
        if observance.in_year(year) is None and _may_come(observance, year, today, until)
    ]


def _may_come(observance: Observance, year: int, today: date, until: date) -> bool:
    if observance.usual_month is None:
        return True
    first = date(year, observance.usual_month, 1)
    last = date(year, observance.usual_month, monthrange(year, observance.usual_month)[1])
    return first <= until and last >= today


def days_until(days: Days, today: date) -> int:
    """Number of days until the first one; 0 where they have begun."""
    return max((days.first - today) // timedelta(days=1), 0)


def matches(topics: Iterable[str], themes: Iterable[str]) -> bool:
    """Whether a topic of a partner belongs to a theme.

    It does where it has all words of the theme: `Clean water` and `CleanWater` belong to `water`.
    Capitals, hyphens and a plural `s` do not matter.
    """
    wanted = [words for theme in themes if (words := _words(theme))]
    return any(words <= _words(topic) for topic in topics for words in wanted)


def _words(text: str) -> frozenset[str]:
    parted = _JOINT.sub(" ", text).casefold()
    plain = "".join(sign if sign.isalnum() else " " for sign in parted)
    return frozenset(word.removesuffix("s") or word for word in plain.split())
