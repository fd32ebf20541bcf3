"""Steps of a move: the same time of day across clock changes, and slots before and after."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.time_steps import on_day, slot_beside
from crosspromo.domain.timing import Slot

CHICAGO = ZoneInfo("America/Chicago")
SLOTS = [Slot.parse("Mon-Fri 09:00"), Slot.parse("Mon-Fri 13:00")]
FRIDAY = datetime(2026, 10, 30, 14, tzinfo=UTC)  # 09:00 in Chicago, before the clocks go back


def test_another_day_keeps_the_time_of_day_across_a_clock_change() -> None:
    moved = on_day(FRIDAY, date(2026, 11, 2), CHICAGO)
    assert moved == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert on_day(moved, date(2026, 10, 30), CHICAGO) == FRIDAY


def test_a_time_that_the_clocks_skip_moves_forward() -> None:
    half_past_two = datetime(2026, 3, 7, 8, 30, tzinfo=UTC)
    moved = on_day(half_past_two, date(2026, 3, 8), CHICAGO)
    assert f"{moved.astimezone(CHICAGO):%H:%M}" == "03:30"


def test_slots_lie_before_and_after_across_a_weekend() -> None:
    after = slot_beside(SLOTS, CHICAGO, FRIDAY, later=True)
    assert after == datetime(2026, 10, 30, 18, tzinfo=UTC)
    monday = slot_beside(SLOTS, CHICAGO, after, later=True)
    assert monday == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert slot_beside(SLOTS, CHICAGO, monday, later=False) == after


def test_an_account_without_slots_has_none() -> None:
    assert slot_beside([], CHICAGO, FRIDAY, later=True) is None
    assert slot_beside([], CHICAGO, FRIDAY, later=False) is None


@given(st.timedeltas(timedelta(0), timedelta(days=3650)))
def test_the_slot_before_the_next_one_is_no_later_than_now(later: timedelta) -> None:
    moment = datetime(2020, 1, 1, tzinfo=UTC) + later
    after = slot_beside(SLOTS, CHICAGO, moment, later=True)
    assert after is not None
    before = slot_beside(SLOTS, CHICAGO, after, later=False)
    assert before is not None
    assert before <= moment < after
