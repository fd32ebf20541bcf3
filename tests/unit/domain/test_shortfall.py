"""Since when a promise is not kept: worked out backwards, as if each moment were looked at."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.ratio import Counted, Tally, Target, Window, tally
from crosspromo.domain.shortfall import below_since, looked_back

NOW = datetime(2026, 4, 22, 12, tzinfo=UTC)
WEEK = Window(days=7)
TARGET = Target(3, 1)


def other(days_ago: float) -> Counted:
    return Counted(NOW - timedelta(days=days_ago), 1, 0)


def own(days_ago: float) -> Counted:
    return Counted(NOW - timedelta(days=days_ago), 0, 1)


def keeps(counts: Tally) -> bool:
    return counts.meets(TARGET)


@pytest.mark.parametrize(
    ("rows", "days_ago"),
    [
        ([other(9), other(8), other(6), own(5)], 2),  # since the first of them left the window
        ([other(6), other(5), own(3)], 3),  # since our post, which a person released
        ([own(6.5), own(8)], None),  # for the whole window
        ([own(-1)], 0),  # from a clock that was ahead: since now
    ],
)
def test_it_begins_with_the_post_that_came_or_the_one_that_left(
    rows: list[Counted], days_ago: float | None
) -> None:
    since = None if days_ago is None else NOW - timedelta(days=days_ago)
    assert below_since(rows, WEEK, NOW, keeps) == since


def test_a_window_of_posts_moves_with_each_post() -> None:
    rows = [other(9), other(8), other(7), own(6), other(5), own(4)]
    assert below_since(rows, Window(posts=4), NOW, keeps) == NOW - timedelta(days=4)


@given(st.lists(st.tuples(st.integers(0, 13), st.booleans()), max_size=30))
def test_at_each_moment_since_then_it_was_below_and_before_it_was_not(
    days: list[tuple[int, bool]],
) -> None:
    rows = [own(n) if about_us else other(n) for n, about_us in days]

    def at(moment: datetime) -> Tally:
        return tally(row for row in rows if moment - timedelta(days=7) < row.at <= moment)

    if keeps(at(NOW)):
        return
    below = [n for n in range(8) if not keeps(at(NOW - timedelta(days=n)))]
    first = next(n for n in range(9) if n not in below) - 1  # the earliest day of this shortfall
    since = below_since(rows, WEEK, NOW, keeps)
    assert since == (None if first == 7 else NOW - timedelta(days=first))


def test_twice_the_window_is_looked_at() -> None:
    assert looked_back(WEEK) == Window(days=14)
    assert looked_back(Window(posts=20)) == Window(posts=40)
