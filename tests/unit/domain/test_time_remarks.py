"""Remarks on times that people typed: what was read and may not have been meant."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.time_remarks import remarks_on
from crosspromo.domain.typed_times import Sense, parse_when

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 27, 14, 30, tzinfo=UTC)  # Friday, 8:30 in Chicago


def remarks(text: str, sense: Sense = Sense.AT) -> list[str]:
    return remarks_on(text, parse_when(text, NOW, CHICAGO, sense), NOW, CHICAGO, sense)


@pytest.mark.parametrize(
    ("text", "day"),
    [("tomorrow", "Sat 2026-11-28"), ("sun", "Sun 2026-11-29"), ("dec 25", "Fri 2026-12-25")],
)
def test_a_day_without_a_time_is_said_with_the_time_that_was_taken(text: str, day: str) -> None:
    assert remarks(text) == [
        (
            f'"{text}" names no time of day and is read as {day} 08:30, the time that it is now; '
            f'write "{text} 9:00" for another'
        )
    ]


def test_a_day_that_has_just_passed_is_said_to_be_of_the_next_year() -> None:
    assert remarks("nov 26 9am") == ['"nov 26 9am" has passed this year, so it is that of 2027']


def test_an_event_in_the_past_is_said() -> None:
    assert remarks("2026-01-05 9:00", Sense.STARTS) == ["Mon 2026-01-05 09:00 has passed"]


@pytest.mark.parametrize(
    "text", ["now", "+2h", "tomorrow 9am", "dec 3 17:00", "2027-11-26 9:00", "fri 17:00"]
)
def test_what_has_one_meaning_gets_no_remark(text: str) -> None:
    assert remarks(text) == []


def test_an_event_on_a_day_alone_is_said_to_take_its_first_moment() -> None:
    assert remarks("tomorrow", Sense.STARTS) == [
        (
            '"tomorrow" names no time of day and is read as Sat 2026-11-28 00:00; '
            'write "tomorrow 9:00" for another'
        )
    ]
