"""Where a post has room in an account's calendar, and what is said of a time that has none."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from timetables import TimetableInMemory

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.errors import InputError
from crosspromo.domain.pacing import QuietHours, burst
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons import holds
from crosspromo.domain.reasons.notes import (
    Burst,
    DayFull,
    DelaysAnother,
    InBlackout,
    InQuietHours,
    Note,
    WaitsForGap,
    WeekFull,
)
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.timing import Slot, next_free_slot, slot_times

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 4, 22, 12, 0, tzinfo=UTC)  # Wednesday, 7:00 in Chicago
NINE = datetime(2026, 4, 22, 14, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HALF_HOUR = 30 * MINUTE
DAILY_9 = (Slot.parse("daily 09:00"),)


def spacing(
    *waiting: datetime,
    sent: tuple[datetime, ...] = (),
    blackouts: tuple[Blackout, ...] = (),
    **policy: object,
) -> Spacing:
    limits = Policy(**{"slots": DAILY_9, **policy})  # type: ignore[arg-type]  # real fields
    return Spacing(limits, CHICAGO, blackouts, TimetableInMemory(*waiting, sent=sent))


def free(known: Spacing, after: datetime = NOW) -> datetime:
    return next_free_slot(known.policy.slots, CHICAGO, after, known)


def notes(known: Spacing, moment: datetime = NINE) -> list[Note]:
    return list(known.notes(moment))


# The next free slot


@pytest.mark.parametrize("apart", [MINUTE, 29 * MINUTE, -MINUTE, -29 * MINUTE])
def test_a_slot_nearer_than_the_gap_to_a_pinned_post_is_not_free(apart: timedelta) -> None:
    assert free(spacing(NINE + apart, min_gap=HALF_HOUR)) == NINE + DAY


@pytest.mark.parametrize("apart", [HALF_HOUR, -HALF_HOUR])
def test_a_slot_that_keeps_the_gap_is_free(apart: timedelta) -> None:
    assert free(spacing(NINE + apart, min_gap=HALF_HOUR)) == NINE


@pytest.mark.parametrize("apart", [MINUTE, -MINUTE])
def test_without_a_gap_only_the_moment_itself_is_taken(apart: timedelta) -> None:
    assert free(spacing(NINE + apart)) == NINE
    assert free(spacing(NINE)) == NINE + DAY


def test_a_slot_keeps_the_gap_to_what_was_sent() -> None:
    sent = (NINE - HALF_HOUR + MINUTE,)
    assert free(spacing(sent=sent, min_gap=HALF_HOUR), NINE - MINUTE) == NINE + DAY


def test_a_full_day_is_passed_over() -> None:
    day = [NINE + hours * HOUR for hours in range(1, 3)]
    assert free(spacing(*day, max_per_day=2)) == NINE + DAY
    assert free(spacing(*day, max_per_day=3)) == NINE


def test_what_was_sent_today_fills_the_day_as_well() -> None:
    assert free(spacing(NINE + HOUR, sent=(NOW - HOUR,), max_per_day=2)) == NINE + DAY


def test_the_day_is_that_of_the_organisation() -> None:
    late_yesterday = NINE - 10 * HOUR  # 23:00 in Chicago, the same day in UTC
    assert free(spacing(late_yesterday, max_per_day=1)) == NINE


def test_a_full_week_is_passed_over() -> None:
    week = [NINE - days * DAY for days in (1, 2)]
    assert free(spacing(sent=tuple(week), max_per_week=2)) == NINE + 5 * DAY


def test_a_slot_in_quiet_hours_or_on_a_day_of_silence_is_not_free() -> None:
    early = (*DAILY_9, Slot.parse("daily 08:00"))
    quiet = QuietHours(time(21), time(8, 30))
    assert free(spacing(slots=early, quiet=quiet)) == NINE
    silence = Blackout.parse("2026-04-22", reason="Earth Day")
    assert free(spacing(blackouts=(silence,))) == NINE + DAY


def test_slots_that_are_never_free_are_refused_instead_of_held_for_ever() -> None:
    with pytest.raises(InputError) as error:
        free(spacing(quiet=QuietHours(time(8), time(10))))
    assert error.value.code == "no-free-slot"


SLOTS = st.lists(
    st.builds(
        Slot,
        st.frozensets(st.integers(0, 6), min_size=1),
        st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)),
    ),
    min_size=1,
    max_size=5,
).map(tuple)
MOMENTS = st.lists(st.integers(-3 * 24 * 60, 21 * 24 * 60), max_size=30).map(
    lambda minutes: tuple(NOW + minute * MINUTE for minute in minutes)
)


@given(slots=SLOTS, pinned=MOMENTS, gap=st.integers(1, 3 * 24 * 60).map(lambda n: n * MINUTE))
@example(slots=DAILY_9, pinned=(NINE + 2 * MINUTE,), gap=HALF_HOUR)
def test_the_chosen_slot_is_the_first_that_keeps_the_gap_to_every_pinned_post(
    slots: tuple[Slot, ...], pinned: tuple[datetime, ...], gap: timedelta
) -> None:
    def keeps(slot: datetime) -> bool:
        return all(abs(slot - each) >= gap for each in pinned)

    chosen = free(spacing(*pinned, slots=slots, min_gap=gap))

    assert keeps(chosen)
    for earlier in slot_times(slots, CHICAGO, NOW):
        if earlier >= chosen:
            break
        assert not keeps(earlier)


# Notes on a time that a person named


def test_a_time_with_room_around_it_has_no_notes() -> None:
    known = spacing(
        NINE - HOUR,
        NINE + HOUR,
        min_gap=HOUR,
        max_per_day=3,
        max_per_week=3,
        quiet=QuietHours(time(21), time(7)),
        blackouts=(Blackout.parse("2026-04-23"),),
    )
    assert notes(known) == []


def test_a_time_too_soon_after_another_post_will_wait() -> None:
    known = spacing(NINE - MINUTE, min_gap=HALF_HOUR)
    until = NINE + 29 * MINUTE
    assert notes(known) == [WaitsForGap(1, NINE - MINUTE, False, HALF_HOUR, until, to_slot=True)]


def test_of_several_before_it_the_earliest_goes_and_the_others_are_held() -> None:
    known = spacing(NINE - 2 * MINUTE, NINE - MINUTE, min_gap=HALF_HOUR, slots=())
    (note,) = notes(known)
    assert isinstance(note, WaitsForGap)
    assert (note.other, note.until, note.to_slot) == (1, NINE + 28 * MINUTE, False)


def test_a_post_that_was_sent_counts_before_those_that_wait() -> None:
    known = spacing(NINE - 5 * MINUTE, sent=(NINE - 9 * MINUTE,), min_gap=HALF_HOUR)
    (note,) = notes(known)
    assert isinstance(note, WaitsForGap)
    assert (note.sent, note.until) == (True, NINE + 21 * MINUTE)


def test_a_time_too_soon_before_another_post_delays_that() -> None:
    known = spacing(NINE + MINUTE, min_gap=HALF_HOUR, slots=())
    until = NINE + HALF_HOUR
    assert notes(known) == [DelaysAnother(1, NINE + MINUTE, HALF_HOUR, until, to_slot=False)]


def test_a_time_that_no_rule_wants_says_every_rule() -> None:
    silence = Blackout.parse("2026-04-22", reason="Earth Day")
    known = spacing(
        NINE,
        max_per_day=1,
        max_per_week=1,
        min_gap=MINUTE,
        quiet=QuietHours(time(8), time(10)),
        blackouts=(silence,),
    )
    midnight = datetime(2026, 4, 23, 5, tzinfo=UTC)
    day = date(2026, 4, 22)
    assert notes(known) == [
        InBlackout(holds.Blackout(day, day, None, "Earth Day"), midnight),
        InQuietHours("08:00-10:00", NINE + HOUR),
        DayFull(day, 1, midnight),
        WeekFull(NINE, 1),
        WaitsForGap(1, NINE, False, MINUTE, NINE + MINUTE, to_slot=True),
    ]


# Bursts

NO_CAPS = (None, None)


@pytest.mark.parametrize(("posts", "told"), [(2, None), (3, Burst(3, None)), (9, Burst(9, None))])
def test_three_at_once_are_a_burst(posts: int, told: Burst | None) -> None:
    assert burst([NOW - MINUTE] * posts, None, NO_CAPS, NOW) == told


def test_a_burst_to_come_says_when() -> None:
    times = [NOW, NINE, NINE + MINUTE, NINE + MINUTE, NINE + HOUR]
    assert burst(times, None, NO_CAPS, NOW) == Burst(3, NINE)


def test_a_minute_apart_is_at_once_and_more_is_not() -> None:
    times = [NINE + number * 61 * timedelta(seconds=1) for number in range(9)]
    assert burst(times, None, NO_CAPS, NOW) is None


@pytest.mark.parametrize(
    ("gap", "caps", "size"),
    [
        (timedelta(minutes=2), NO_CAPS, None),
        (timedelta(seconds=10), NO_CAPS, 7),
        (None, (2, None), None),
        (None, (None, 2), None),
        (None, (4, 5), 4),
    ],
)
def test_a_gap_or_a_cap_spreads_them(
    gap: timedelta | None, caps: tuple[int | None, int | None], size: int | None
) -> None:
    found = burst([NINE] * 9, gap, caps, NOW)
    assert (None if found is None else found.size) == size


def test_what_was_not_counted_may_be_more() -> None:
    assert burst([NINE] * 100, None, NO_CAPS, NOW) == Burst(100, NINE, more=True)
