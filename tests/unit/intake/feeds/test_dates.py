"""Times of feeds as programs write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.intake.feeds.dates import moment_of


@pytest.mark.parametrize(
    "text",
    [
        "Tue, 01 Jan 2030 15:04:00 GMT",
        "Tue, 1 Jan 2030 15:04 UT",
        "1 Jan 30 10:04:00 EST",
        "Tue, 01 January 2030 09:04:00 -0600",
        "Tue, 01 Jan 2030 17:04:00 +02:00",
        "Tue Jan 01 2030 18:04:00 GMT+0300 (East Africa Time)",
        "Tue, Jan 1st 2030 15:04:00 GMT",
        "Wrongday, 01 Jan 2030 15:04:00 Z",
        "2030-01-01T15:04:00Z",
        "2030-01-01T15:04Z",
        "2030-01-01T09:04:00.123-06:00",
        "2030-01-01T09:04:00-0600",
        "2030-01-01 15:04:00",
        "2030-01-01 15:04:00 UTC",
        "20300101T150400Z",
        "\n  2030-01-01T15:04:00Z  ",
    ],
)
def test_a_moment_is_read_in_many_ways(text: str) -> None:
    assert moment_of(text) == datetime(2030, 1, 1, 15, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2030-04-22", datetime(2030, 4, 22, tzinfo=UTC)),
        ("2030-04", datetime(2030, 4, 1, tzinfo=UTC)),
        ("2030", datetime(2030, 1, 1, tzinfo=UTC)),
        ("22 Apr 2030", datetime(2030, 4, 22, tzinfo=UTC)),
        ("2030-04-21T24:00:00Z", datetime(2030, 4, 22, tzinfo=UTC)),
    ],
)
def test_a_day_is_its_first_moment(text: str, day: datetime) -> None:
    assert moment_of(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", "soon", "2030-13-01", "2030-02-30", "Tue, 31 Feb 2030 09:00:00 GMT", "0001-01-01"),
        *("9999-12-31T23:59:59-23:59", "9" * 50, "1 " * 1_000, "2030-01-01T15:04:00Z" * 9),
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment_of(text) is None


@given(st.text() | st.text("0123456789-:T+Z.,() JanTueGMTE", max_size=60))
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    moment = moment_of(text)
    assert moment is None or moment.utcoffset() == timedelta()


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 (the zone is given beside)
def test_what_other_programs_write_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert moment_of(moment.isoformat()) == moment
    assert moment_of(f"{moment:%a, %d %b %Y %H:%M:%S} +0000") == moment
