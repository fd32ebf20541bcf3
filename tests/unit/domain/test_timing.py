"""Wall-clock times, through the clock changes of four zones that each do it their own way."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.errors import InputError, UsageError
from crosspromo.domain.reasons.inputs import NoFreeSlot
from crosspromo.domain.timing import (
    Slot,
    at_wall_clock,
    first_free_turn,
    next_free_slot,
    parse_duration,
    slot_times,
    wall_clock,
    written_duration,
)

CHICAGO = ZoneInfo("America/Chicago")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # moves by half an hour
CASABLANCA = ZoneInfo("Africa/Casablanca")  # goes back for Ramadan
ZONES = [CHICAGO, BERLIN, LORD_HOWE, CASABLANCA]

DAILY_9 = Slot.parse("daily 09:00")
NOW = datetime(2026, 4, 22, 14, 30, tzinfo=UTC)  # Wednesday, 9:30 in Chicago


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=5500)).map(
    lambda after: utc("2020-01-01T00:00") + after
)


# Reading slots


@pytest.mark.parametrize(
    ("text", "days", "at"),
    [
        ("Mon-Fri 09:00", {0, 1, 2, 3, 4}, time(9)),
        ("Sat,Sun 10:30", {5, 6}, time(10, 30)),
        ("daily 18:00", {0, 1, 2, 3, 4, 5, 6}, time(18)),
        ("Fri-Mon 9:05", {4, 5, 6, 0}, time(9, 5)),  # over the weekend
        ("tue 00:00", {1}, time(0)),
        ("Mon,Wed-Thu 23:59", {0, 2, 3}, time(23, 59)),
    ],
)
def test_a_slot_is_days_and_a_time(text: str, days: set[int], at: time) -> None:
    assert Slot.parse(text) == Slot(frozenset(days), at)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", '"" is not a slot; write days and a time: "Mon-Fri 09:00"'),
        ("Mon", '"Mon" is not a slot; write days and a time: "Mon-Fri 09:00"'),
        ("Mon 9 am", '"Mon 9 am" is not a slot; write days and a time: "Mon-Fri 09:00"'),
        (
            "Mo 09:00",
            '"Mo" in "Mo 09:00" are not days; write Mon, Mon-Fri, Sat,Sun or daily',
        ),
        (
            "Mon- 09:00x",
            '"09:00x" in "Mon- 09:00x" is not a time of day; write 09:00',
        ),
        ("Mon 24:00", '"24:00" in "Mon 24:00" is not a time of day; write 09:00'),
        ("Mon 09:60", '"09:60" in "Mon 09:60" is not a time of day; write 09:00'),
        ("Mon 9", '"9" in "Mon 9" is not a time of day; write 09:00'),
    ],
)
def test_what_is_no_slot_says_what_one_looks_like(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        Slot.parse(text)
    assert str(error.value) == sentence


# Slots through clock changes


@pytest.mark.parametrize(
    ("zone", "after", "moments"),
    [
        (  # forward on 8 March 2026
            CHICAGO,
            "2026-03-06T16:00",
            ["2026-03-07T15:00", "2026-03-08T14:00", "2026-03-09T14:00"],
        ),
        (  # back on 1 November 2026
            CHICAGO,
            "2026-10-30T16:00",
            ["2026-10-31T14:00", "2026-11-01T15:00", "2026-11-02T15:00"],
        ),
        (  # forward on 29 March 2026
            BERLIN,
            "2026-03-27T10:00",
            ["2026-03-28T08:00", "2026-03-29T07:00", "2026-03-30T07:00"],
        ),
        (  # back on 25 October 2026
            BERLIN,
            "2026-10-23T10:00",
            ["2026-10-24T07:00", "2026-10-25T08:00", "2026-10-26T08:00"],
        ),
        (  # back by half an hour on 5 April 2026
            LORD_HOWE,
            "2026-04-02T23:00",
            ["2026-04-03T22:00", "2026-04-04T22:30", "2026-04-05T22:30"],
        ),
        (  # forward by half an hour on 4 October 2026
            LORD_HOWE,
            "2026-10-01T23:00",
            ["2026-10-02T22:30", "2026-10-03T22:00", "2026-10-04T22:00"],
        ),
        (  # back on 15 February 2026, before Ramadan
            CASABLANCA,
            "2026-02-13T10:00",
            ["2026-02-14T08:00", "2026-02-15T09:00", "2026-02-16T09:00"],
        ),
        (  # forward on 22 March 2026, after Ramadan
            CASABLANCA,
            "2026-03-20T10:00",
            ["2026-03-21T09:00", "2026-03-22T08:00", "2026-03-23T08:00"],
        ),
    ],
)
def test_nine_in_the_morning_stays_nine_in_the_morning(
    zone: ZoneInfo, after: str, moments: list[str]
) -> None:
    found = list(islice(slot_times([DAILY_9], zone, utc(after)), 3))
    assert found == [utc(moment) for moment in moments]
    assert {moment.astimezone(zone).time() for moment in found} == {time(9)}


@pytest.mark.parametrize(
    ("zone", "day", "at", "shown"),
    [
        (CHICAGO, date(2026, 3, 8), time(2, 30), "03:30"),
        (BERLIN, date(2026, 3, 29), time(2, 30), "03:30"),
        (LORD_HOWE, date(2026, 10, 4), time(2, 15), "02:45"),
        (CASABLANCA, date(2026, 3, 22), time(2, 30), "03:30"),
    ],
)
def test_a_time_that_the_clocks_skip_moves_forward_by_what_was_skipped(
    zone: ZoneInfo, day: date, at: time, shown: str
) -> None:
    assert f"{at_wall_clock(day, at, zone).astimezone(zone):%H:%M}" == shown


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        (CHICAGO, date(2026, 11, 1), time(1, 30), "2026-11-01T06:30"),
        (BERLIN, date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),
        (LORD_HOWE, date(2026, 4, 5), time(1, 45), "2026-04-04T14:45"),
        (CASABLANCA, date(2026, 2, 15), time(2, 30), "2026-02-15T01:30"),
    ],
)
def test_a_time_that_the_clocks_show_twice_is_the_first_and_comes_once(
    zone: ZoneInfo, day: date, at: time, moment: str
) -> None:
    assert at_wall_clock(day, at, zone) == utc(moment)
    slot = Slot(frozenset(range(7)), at)
    first, second = islice(slot_times([slot], zone, utc(moment) - timedelta(minutes=1)), 2)
    assert first == utc(moment)
    assert second.astimezone(zone).date() == day + timedelta(days=1)


def test_two_slots_that_a_skipped_hour_makes_one_come_once() -> None:
    slots = [Slot.parse("daily 02:30"), Slot.parse("daily 03:30")]
    found = list(islice(slot_times(slots, CHICAGO, utc("2026-03-08T07:00")), 2))
    assert found == [utc("2026-03-08T08:30"), utc("2026-03-09T07:30")]


slots_of_a_day = st.builds(
    Slot,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45])),
)
moments_of_two_years = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: utc("2026-01-01") + timedelta(minutes=minutes)
)


@given(
    st.lists(slots_of_a_day, min_size=1, max_size=3),
    st.sampled_from(ZONES),
    moments_of_two_years,
)
def test_slots_come_later_in_order_and_on_their_days(
    slots: list[Slot], zone: ZoneInfo, after: datetime
) -> None:
    found = list(islice(slot_times(slots, zone, after), 12))
    assert len(found) == 12
    assert all(earlier < later for earlier, later in pairwise([after, *found]))
    for moment in found:
        local = moment.astimezone(zone)
        assert any(
            local.weekday() in slot.days and at_wall_clock(local.date(), slot.at, zone) == moment
            for slot in slots
        )


# Times as people read them


@given(
    MOMENTS,
    st.sampled_from(ZONES),
    st.sampled_from([timedelta(minutes=30), timedelta(hours=1)]),
)
def test_two_moments_never_read_alike(moment: datetime, zone: ZoneInfo, later: timedelta) -> None:
    assert wall_clock(moment, zone) != wall_clock(moment + later, zone)


def test_only_a_time_that_the_clocks_show_twice_has_the_letters_of_its_zone() -> None:
    moments = [utc(f"2026-11-01T0{hour}:30") for hour in (5, 6, 7, 8)]
    assert [wall_clock(moment, CHICAGO) for moment in moments] == [
        "Sun 2026-11-01 00:30",
        "Sun 2026-11-01 01:30 CDT",
        "Sun 2026-11-01 01:30 CST",
        "Sun 2026-11-01 02:30",
    ]


# Free slots


def test_the_next_slot_is_after_now_and_not_now() -> None:
    nine = utc("2026-04-22T14:00")
    assert next_free_slot([DAILY_9], CHICAGO, nine, frozenset()) == nine + timedelta(days=1)


def test_a_slot_that_is_taken_is_passed_over() -> None:
    taken = frozenset({utc("2026-04-23T14:00"), utc("2026-04-24T14:00")})
    assert next_free_slot([DAILY_9], CHICAGO, NOW, taken) == utc("2026-04-25T14:00")


MINUTE = timedelta(minutes=1)


@given(st.integers(0, 300))
def test_the_next_turn_follows_those_that_were_given(count: int) -> None:
    given_before = frozenset(NOW + number * MINUTE for number in range(count))
    assert first_free_turn(NOW, MINUTE, given_before) == NOW + count * MINUTE


@given(st.frozensets(st.integers(0, 60), max_size=40))
def test_a_turn_is_free_wherever_others_were_given_up(numbers: frozenset[int]) -> None:
    taken = frozenset(NOW + number * MINUTE for number in numbers)
    turn = first_free_turn(NOW, MINUTE, taken)
    assert turn not in taken
    assert turn == NOW or turn - MINUTE in taken


class Asked(frozenset[datetime]):
    """Counts how often it is asked."""

    times = 0

    def __contains__(self, moment: object) -> bool:
        self.times += 1
        return super().__contains__(moment)


def test_a_long_backlog_is_not_asked_through() -> None:
    taken = Asked(NOW + number * MINUTE for number in range(5_000))
    first_free_turn(NOW, MINUTE, taken)
    assert taken.times < 30


def test_without_slots_it_is_now() -> None:
    assert next_free_slot([], CHICAGO, NOW, frozenset({NOW})) == NOW


def test_when_every_slot_of_a_year_is_taken_it_says_so() -> None:
    taken = frozenset(slot_times([DAILY_9], CHICAGO, NOW))
    with pytest.raises(InputError) as error:
        next_free_slot([DAILY_9], CHICAGO, NOW, taken)
    assert isinstance(error.value, UsageError)  # so that it ends a command like other bad input
    assert (error.value.code, error.value.reason) == ("no-free-slot", NoFreeSlot())


# Lengths of time


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("250ms", timedelta(milliseconds=250)),
        ("30s", timedelta(seconds=30)),
        (" 90 m ", timedelta(minutes=90)),
        ("1.5h", timedelta(minutes=90)),
        ("3d", timedelta(days=3)),
        ("2w", timedelta(days=14)),
    ],
)
def test_a_length_of_time_is_a_number_and_a_unit(text: str, length: timedelta) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize("text", ["", "m", "90", "-5m", "5 minutes", "1h30m", "٣h"])
def test_what_is_no_length_of_time_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_duration(text)
    assert str(error.value) == f'"{text}" is not a length of time; write 30s, 90m, 2h or 3d'


# What people read


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (CHICAGO, "Wed 2026-04-22 09:30"),
        (LORD_HOWE, "Thu 2026-04-23 01:00"),
        (ZoneInfo("UTC"), "Wed 2026-04-22 14:30"),
    ],
)
def test_a_moment_is_shown_on_the_wall_clock_of_the_zone(zone: ZoneInfo, shown: str) -> None:
    assert wall_clock(NOW, zone) == shown


# Lengths of time, as they are written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *((text, text) for text in ("30s", "90m", "2h", "3d", "1d", "250ms", "61s")),
        ("60m", "1h"),
        ("1w", "7d"),
        ("0m", "0ms"),
        ("1.5h", "90m"),
    ],
)
def test_a_length_is_written_in_the_largest_unit_without_a_fraction(
    text: str, written: str
) -> None:
    assert written_duration(parse_duration(text)) == written
