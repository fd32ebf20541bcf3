"""Sources: when each is read next, and which silence is worth a word."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.sources import (
    LONGEST_BACKOFF,
    SHORTEST_SILENCE,
    TOLD_AFTER,
    Source,
    SourceKind,
    fails_long,
    next_reading,
    silent_since,
    usual_gap,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Source(1, SourceKind.FEED, "https://river.example/feed", None, "River", NOW, NOW)


def silent(days_between: int, days_ago: int, items: int = 6) -> Source:
    """Source with an item every so many days, the last one so many days ago."""
    last = NOW - days_ago * DAY
    return replace(SOURCE, latest=tuple(last - n * days_between * DAY for n in range(items)))


class TestNextReading:
    def test_comes_after_the_interval(self) -> None:
        assert next_reading(NOW, HOUR, 0) == NOW + HOUR

    def test_waits_twice_as_long_after_each_failure(self) -> None:
        assert next_reading(NOW, HOUR, 1) == NOW + 2 * HOUR
        assert next_reading(NOW, HOUR, 3) == NOW + 8 * HOUR

    def test_waits_as_long_as_the_server_asks(self) -> None:
        assert next_reading(NOW, HOUR, 0, 5 * HOUR) == NOW + 5 * HOUR
        assert next_reading(NOW, HOUR, 1, timedelta(seconds=1)) == NOW + 2 * HOUR

    @given(st.integers(0, 10**6), st.timedeltas(timedelta(), timedelta(days=10**5)))
    def test_comes_within_a_day(self, failures: int, asked: timedelta) -> None:
        assert NOW + HOUR <= next_reading(NOW, HOUR, failures, asked) <= NOW + LONGEST_BACKOFF

    def test_keeps_an_interval_of_more_than_a_day(self) -> None:
        assert next_reading(NOW, 7 * DAY, 0) == NOW + 7 * DAY


class TestSilence:
    @pytest.mark.parametrize(
        ("between", "ago", "told"),
        [
            (1, 13, False),  # busy, and quiet for less than the shortest silence
            (1, 15, True),
            (30, 60, False),  # a monthly feed
            (30, 91, True),
        ],
    )
    def test_is_told_where_it_is_longer_than_usual(
        self, between: int, ago: int, *, told: bool
    ) -> None:
        source = silent(between, ago)
        assert (silent_since(source, NOW) is not None) is told
        if told:
            assert silent_since(source, NOW) == NOW - ago * DAY

    def test_is_unknown_of_few_items(self) -> None:
        assert usual_gap(silent(1, 400, items=3).latest) is None
        assert silent_since(silent(1, 400, items=3), NOW) is None

    @given(st.lists(st.integers(0, 3650), max_size=30))
    def test_is_never_shorter_than_two_weeks(self, days: list[int]) -> None:
        source = replace(SOURCE, latest=tuple(NOW - each * DAY for each in days))
        since = silent_since(source, NOW)
        assert since is None or NOW - since > SHORTEST_SILENCE


def test_a_failure_is_somebodys_business_after_the_third() -> None:
    assert not fails_long(replace(SOURCE, failures=TOLD_AFTER - 1))
    assert fails_long(replace(SOURCE, failures=TOLD_AFTER))
