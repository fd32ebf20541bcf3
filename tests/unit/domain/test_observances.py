"""Observances: which are coming, which days nobody knows, and whose topics they touch."""

from datetime import date

import pytest

from crosspromo.domain.date_rules import Days, parse_date_rule
from crosspromo.domain.observances import (
    Observance,
    ObservanceTone,
    coming,
    days_until,
    matches,
    not_announced,
)

TODAY = date(2026, 11, 28)


def observance(slug: str, rule: str | None = None, **values: object) -> Observance:
    """An observance that nobody mourns."""
    parsed = None if rule is None else parse_date_rule(rule)
    return Observance(slug, slug, parsed, ObservanceTone.CELEBRATE, **values)  # type: ignore[arg-type]  # any field


class TestComing:
    def test_is_sorted_by_day_and_reaches_from_today_to_the_last_day(self) -> None:
        known = [
            observance("later", "12-26"),
            observance("beyond", "12-27"),
            observance("today", "11-28"),
            observance("yesterday", "11-27"),
        ]
        found = coming(known, TODAY, date(2026, 12, 26))
        assert [each.observance.slug for each in found] == ["today", "later"]

    def test_has_what_has_begun_and_is_not_over(self) -> None:
        (found,) = coming([observance("month", "month nov")], TODAY, TODAY)
        assert found.days == Days(date(2026, 11, 1), date(2026, 11, 30))
        assert days_until(found.days, TODAY) == 0

    def test_has_what_began_last_year(self) -> None:
        new_year = date(2027, 1, 2)
        (found,) = coming([observance("turn", "12-28..01-03")], new_year, new_year)
        assert found.days.first == date(2026, 12, 28)

    def test_names_others_on_the_same_day(self) -> None:
        known = [
            observance("giving", "tue after 4th thu of nov"),
            observance("aids", "12-01"),
            observance("month", "month dec"),
        ]
        found = coming(known, TODAY, date(2026, 12, 2))
        assert {each.observance.slug: each.same_days for each in found} == {
            "giving": ("aids",),
            "aids": ("giving",),
            "month": (),
        }

    def test_follows_what_was_announced_before_its_rule(self) -> None:
        moved = observance(
            "moved", "12-01", announced={2026: Days(date(2026, 12, 8), date(2026, 12, 8))}
        )
        (found,) = coming([moved], TODAY, date(2026, 12, 31))
        assert found.days.first == date(2026, 12, 8)
        assert moved.in_year(2027) == Days(date(2027, 12, 1), date(2027, 12, 1))


class TestNotAnnounced:
    def test_is_asked_for_where_it_may_be_coming(self) -> None:
        known = [
            observance("december", usual_month=12),
            observance("june", usual_month=6),
            observance("some-day"),
            observance("ruled", "12-01"),
        ]
        found = not_announced(known, TODAY, date(2026, 12, 26))
        assert [(each.slug, year) for each, year in found] == [
            ("december", 2026),
            ("some-day", 2026),
        ]

    def test_is_not_asked_for_once_it_is_known(self) -> None:
        day = date(2026, 12, 8)
        known = [observance("december", usual_month=12, announced={2026: Days(day, day)})]
        assert not_announced(known, TODAY, date(2026, 12, 26)) == []


@pytest.mark.parametrize(
    ("topics", "themes", "expected"),
    [
        (("Clean water",), ("water",), True),
        (("CleanWater",), ("water",), True),
        (("#RiverHealth",), ("river-health",), True),
        (("water",), ("clean water",), False),
        (("Rivers",), ("river",), True),
        (("racial-justice",), ("Racial justice",), True),
        (("Waterways",), ("water",), False),
        (("Climate",), ("water", "climate"), True),
        ((), ("water",), False),
        (("Water",), (), False),
        (("Water",), ("!",), False),
    ],
)
def test_a_topic_belongs_to_a_theme_whose_words_it_has(
    topics: tuple[str, ...], themes: tuple[str, ...], expected: bool
) -> None:
    assert matches(topics, themes) is expected
