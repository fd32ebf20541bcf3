"""Waiting doubles, has an end, and is never the same for all."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.backoff import FIRST, LONGEST, wait_before

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
