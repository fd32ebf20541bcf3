"""Waiting doubles, has an end, and is never the same for all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.backoff import (
    FIRST,
    LONGEST,
    LONGEST_REST,
    SHORTEST_WAIT,
    rest_until,
    wait_before,
)

attempts = st.integers(min_value=-1, max_value=10**9)
spreads = st.floats(min_value=0, max_value=1, exclude_max=True)


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(1, 30), (2, 60), (3, 120), (4, 240), (7, 1920), (8, 3600), (9, 3600), (10**9, 3600)],
)
def test_the_wait_doubles_up_to_an_hour(attempt: int, seconds: int) -> None:
    assert wait_before(attempt, 0.0) == timedelta(seconds=seconds)


@given(attempts, spreads)
def test_the_spread_takes_at_most_half_away(attempt: int, spread: float) -> None:
    whole = wait_before(attempt, 0.0)
    assert FIRST / 2 <= whole / 2 <= wait_before(attempt, spread) <= whole <= LONGEST


@given(attempts, spreads)
def test_no_later_try_waits_less(attempt: int, spread: float) -> None:
    assert wait_before(attempt, spread) <= wait_before(attempt + 1, spread)


NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
ZONES = st.one_of(
    st.just(UTC), st.builds(timezone, st.builds(timedelta, minutes=st.integers(-1_439, 1_439)))
)


@given(st.datetimes(timezones=ZONES))
def test_a_rest_lasts_a_day_at_most_whatever_the_network_says(named: datetime) -> None:
    until = rest_until(named, NOW)
    assert until is not None
    assert NOW + SHORTEST_WAIT <= until <= NOW + LONGEST_REST
    if NOW + SHORTEST_WAIT <= named <= NOW + LONGEST_REST:
        assert until == named


@given(st.one_of(st.none(), st.datetimes()))
def test_no_time_and_one_without_a_zone_are_no_rest(named: datetime | None) -> None:
    assert rest_until(named, NOW) is None
