"""Figures: when posts are measured, what a figure is, and what was known when."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.figures import (
    LARGEST,
    MEASURED_AFTER,
    Figures,
    affordable,
    as_of,
    counted,
    first_measuring,
    next_measuring,
)

PUBLISHED = datetime(2026, 3, 3, 12, tzinfo=UTC)


@given(st.lists(st.floats(0, 90 * 24 * 60, allow_nan=False), max_size=200))
def test_a_post_is_measured_at_most_once_for_each_age_however_often_one_looks(
    minutes: list[float],
) -> None:
    due: datetime | None = first_measuring(PUBLISHED)
    measured = []
    for minute in sorted(minutes):
        now = PUBLISHED + timedelta(minutes=minute)
        if due is not None and due <= now:
            measured.append(now)
            due = next_measuring(PUBLISHED, now)
    assert len(measured) <= len(MEASURED_AFTER)
    ages = [sum(PUBLISHED + age <= each for age in MEASURED_AFTER) for each in measured]
    assert ages == sorted(set(ages))  # one measuring stands for all the ages before it


def test_the_measurings_thin_out_and_end() -> None:
    times = [first_measuring(PUBLISHED)]
    while (after := next_measuring(PUBLISHED, times[-1])) is not None:
        times.append(after)
    assert [each - PUBLISHED for each in times] == list(MEASURED_AFTER)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == sorted(gaps)


@given(st.one_of(st.none(), st.booleans(), st.text(), st.floats(), st.integers()))
def test_what_is_no_count_is_not_known(value: object) -> None:
    is_count = type(value) is int and 0 <= value <= LARGEST
    assert counted(value) == (value if is_count else None)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), max_size=20), st.integers(0, 50))
def test_what_was_known_at_a_moment_is_the_last_of_what_was_measured_by_then(
    measured: list[tuple[int, int]], hour: int
) -> None:
    by_hour = dict(measured)
    history = [
        (PUBLISHED + timedelta(hours=at), Figures(likes=likes)) for at, likes in by_hour.items()
    ]
    known = [at for at in by_hour if at <= hour]
    expected = Figures(likes=by_hour[max(known)]) if known else None
    assert as_of(history, PUBLISHED + timedelta(hours=hour)) == expected


def test_reads_that_cost_stop_at_the_budget_and_without_one() -> None:
    assert affordable(None, 0.0, 10_000) is None
    assert affordable(None, 0.005, 0) == 0
    assert affordable(2.0, 0.005, 0) == 400
    assert affordable(2.0, 0.005, 399) == 1
    assert affordable(2.0, 0.005, 500) == 0
