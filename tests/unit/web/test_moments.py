"""Times in the words of the console."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.web.moments import Moments

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 11, 24, 16, 42, tzinfo=UTC)
WHEN = Moments(CHICAGO, NOW)


def test_a_moment_has_its_day_and_time_and_another_year_has_its_year() -> None:
    assert WHEN.full(NOW) == "Tue 24 Nov 10:42"
    assert WHEN.full(NOW + timedelta(days=60)) == "Sat 23 Jan 2027 10:42"


def test_an_hour_that_comes_twice_has_the_letters_of_its_zone() -> None:
    assert WHEN.full(datetime(2026, 11, 1, 6, 30, tzinfo=UTC)) == "Sun 1 Nov 01:30 CDT"


def test_what_is_near_is_said_shortly() -> None:
    assert WHEN.near(NOW - timedelta(minutes=1)) == "10:41"
    assert WHEN.near(NOW - timedelta(hours=12)) == "yesterday 22:42"
    assert WHEN.near(NOW + timedelta(days=1)) == "Wed 25 Nov 10:42"


def test_a_tag_carries_utc() -> None:
    assert WHEN.tag(NOW) == '<time datetime="2026-11-24T16:42:00Z">Tue 24 Nov 10:42</time>'
    assert "&lt;" in WHEN.tag(NOW, "<")


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (42, "42 min"), (102, "1 h 42 min"), (120, "2 h"), (1500, "1 d 1 h")],
)
def test_lateness_is_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert WHEN.late(NOW - timedelta(minutes=minutes)) == words
