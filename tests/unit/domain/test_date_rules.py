"""Rules for days: which days they give, and which texts are none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.date_rules import (
    MONTHS,
    ORDINALS,
    WEEKDAYS,
    Days,
    parse_date_rule,
)
from crosspromo.domain.errors import UsageError

YEARS = st.integers(2000, 2100)


@pytest.mark.parametrize(
    ("rule", "year", "first", "last"),
    [
        ("04-22", 2027, date(2027, 4, 22), date(2027, 4, 22)),
        ("09-15..10-15", 2026, date(2026, 9, 15), date(2026, 10, 15)),
        ("12-28..01-03", 2026, date(2026, 12, 28), date(2027, 1, 3)),
        ("month feb", 2028, date(2028, 2, 1), date(2028, 2, 29)),
        ("last day of feb", 2027, date(2027, 2, 28), date(2027, 2, 28)),
        ("3rd mon of jan", 2026, date(2026, 1, 19), date(2026, 1, 19)),
        ("last mon of may", 2027, date(2027, 5, 31), date(2027, 5, 31)),
        # Election Day is never the first of November, though that may be a Tuesday.
        ("tue after 1st mon of nov", 2022, date(2022, 11, 8), date(2022, 11, 8)),
        # The day after Thanksgiving, which is not always the fourth Friday.
        ("fri after 4th thu of nov", 2024, date(2024, 11, 29), date(2024, 11, 29)),
        ("fri after 4th thu of nov", 2030, date(2030, 11, 29), date(2030, 11, 29)),
        ("first full week of apr mon-sun", 2026, date(2026, 4, 6), date(2026, 4, 12)),
        ("week of 03-16 sun-sat", 2027, date(2027, 3, 14), date(2027, 3, 20)),
        ("4th thu of nov -11d for 9d", 2026, date(2026, 11, 15), date(2026, 11, 23)),
        ("  3RD  Mon of JAN ", 2026, date(2026, 1, 19), date(2026, 1, 19)),
    ],
)
def test_a_rule_gives_its_days(rule: str, year: int, first: date, last: date) -> None:
    assert parse_date_rule(rule).in_year(year) == Days(first, last)


@pytest.mark.parametrize(
    "text",
    [
        *("", "earth day", "13-01", "04-31", "02-29", "00-10", "5th mon of jan", "1st xyz of jan"),
        *("month", "month january", "tue after tue", "week of 13-16 sun-sat", "04-22 for 0d"),
        *("04-22 -900d", "04-22 for 900d", "09-15..", "tue after 04-22"),
    ],
)
def test_another_text_is_refused_with_the_text(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_date_rule(text)
    assert f'"{text}"' in str(error.value)


@pytest.mark.parametrize(
    ("text", "said", "instead"),
    [
        ("02-29", "most years have no 29 February", '"last day of feb"'),
        ("02-29..03-01", "most years have no 29 February", '"last day of feb"'),
        ("5th Mon of Feb", "not every year has a 5th mon of feb", '"last mon of feb"'),
    ],
)
def test_a_day_that_not_every_year_has_says_so_and_what_to_write(
    text: str, said: str, instead: str
) -> None:
    with pytest.raises(UsageError) as error:
        parse_date_rule(text)
    assert said in str(error.value)
    assert instead in str(error.value)
    assert "announced" in str(error.value)


@given(st.sampled_from(ORDINALS), st.sampled_from(WEEKDAYS), st.sampled_from(MONTHS), YEARS)
def test_a_weekday_at_its_place_is_found_by_counting(
    place: str, weekday: str, month: str, year: int
) -> None:
    number = MONTHS.index(month) + 1
    day, found = date(year, number, 1), []
    while day.month == number:
        if WEEKDAYS[day.weekday()] == weekday:
            found.append(day)
        day += timedelta(days=1)
    expected = found[-1] if place == "last" else found[ORDINALS.index(place)]
    assert parse_date_rule(f"{place} {weekday} of {month}").in_year(year).first == expected


@given(st.integers(-400, 400), st.integers(1, 400), YEARS)
def test_a_shift_moves_the_first_day_and_a_length_counts_the_days(
    shift: int, length: int, year: int
) -> None:
    days = parse_date_rule(f"06-05 {shift:+}d for {length}d").in_year(year)
    assert days.first == date(year, 6, 5) + timedelta(days=shift)
    assert (days.last - days.first).days + 1 == length
