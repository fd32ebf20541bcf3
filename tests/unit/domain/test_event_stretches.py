"""What becomes of start, end and whole days of an event when a person edits it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.event_stretches import LENGTH, stretch_of
from crosspromo.domain.events import Event

CHICAGO = ZoneInfo("America/Chicago")
DAY = timedelta(days=1)


def there(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO).astimezone(UTC)


def event(starts: str, ends: str, *, all_day: bool) -> Event:
    return Event(
        slug="fair",
        title="Fair",
        starts_at=there(starts),
        ends_at=there(ends),
        zone="America/Chicago",
        uid="1",
        all_day=all_day,
    )


FAIR = event("2027-02-22", "2027-02-23", all_day=True)
TALK = event("2027-02-22T19:00", "2027-02-22T21:00", all_day=False)


@pytest.mark.parametrize(
    ("length", "ends"),
    [(3 * DAY, "2027-02-25"), (timedelta(hours=3), "2027-02-23"), (None, "2027-02-23")],
)
def test_another_length_keeps_the_whole_days(length: timedelta | None, ends: str) -> None:
    assert stretch_of(FAIR, None, length, all_day=False) == (FAIR.starts_at, there(ends), True)


def test_another_day_keeps_the_whole_days_also_where_the_clocks_change() -> None:
    weekend = event("2027-02-20", "2027-02-22", all_day=True)
    for first, over in [("2027-03-13", "2027-03-15"), ("2027-11-06", "2027-11-08")]:
        found = stretch_of(weekend, there(first), None, all_day=False)
        assert found == (there(first), there(over), True)
        given = stretch_of(weekend, there(first), 2 * DAY, all_day=False)
        assert given == found


def test_a_time_of_day_ends_the_whole_days() -> None:
    nine = there("2027-02-22T09:00")
    assert stretch_of(FAIR, nine, None, all_day=False) == (nine, nine + LENGTH, False)
    assert stretch_of(FAIR, nine, 3 * DAY, all_day=False) == (nine, nine + 3 * DAY, False)


def test_a_start_at_midnight_with_a_length_in_hours_ends_the_whole_days() -> None:
    hours = timedelta(hours=3)
    start = FAIR.starts_at
    assert stretch_of(FAIR, start, hours, all_day=False) == (start, start + hours, False)


def test_an_event_with_a_time_keeps_its_length_and_takes_whole_days_only_when_asked() -> None:
    later = TALK.starts_at + DAY
    assert stretch_of(TALK, later, None, all_day=False) == (later, TALK.ends_at + DAY, False)
    assert stretch_of(TALK, None, 3 * DAY, all_day=True) == (
        there("2027-02-22"),
        there("2027-02-26"),
        True,
    )
