"""Times as people type them: what one means, and what may mean two things."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.errors import UsageError
from crosspromo.domain.timing import wall_clock
from crosspromo.domain.typed_times import Sense, parse_day, parse_when

CHICAGO = ZoneInfo("America/Chicago")
BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # moves by half an hour
CASABLANCA = ZoneInfo("Africa/Casablanca")  # goes back for Ramadan
ZONES = [CHICAGO, BERLIN, LORD_HOWE, CASABLANCA]
NOW = datetime(2026, 4, 22, 14, 30, tzinfo=UTC)  # Wednesday, 9:30 in Chicago


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MOMENTS = st.timedeltas(timedelta(0), timedelta(days=5500)).map(
    lambda after: utc("2020-01-01T00:00") + after
)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2026-04-22T14:30"),
        (" Now ", "2026-04-22T14:30"),
        ("+2h", "2026-04-22T16:30"),
        ("+90m", "2026-04-22T16:00"),
        ("+ 1.5d", "2026-04-24T02:30"),
        ("+1w", "2026-04-29T14:30"),
        ("2026-04-22T09:00", "2026-04-22T14:00"),
        ("2026-04-22 09:00", "2026-04-22T14:00"),
        ("2026-12-24T18:00", "2026-12-25T00:00"),  # winter time
        ("2026-04-22T09:00Z", "2026-04-22T09:00"),
        ("2026-04-22T09:00+02:00", "2026-04-22T07:00"),
        ("today 17:00", "2026-04-22T22:00"),
        ("tomorrow 9:00", "2026-04-23T14:00"),
        ("Tomorrow 09:00", "2026-04-23T14:00"),
        ("tue 9:00", "2026-04-28T14:00"),
        ("Tuesday 9:00", "2026-04-28T14:00"),
        ("thurs 9:00", "2026-04-23T14:00"),
        ("wed 17:00", "2026-04-22T22:00"),  # still to come today
        ("wed 9:30", "2026-04-29T14:30"),  # that is now, so the next one
        ("wed 9:00", "2026-04-29T14:00"),
        ("dec 3 9am", "2026-12-03T15:00"),
        ("9am dec 3", "2026-12-03T15:00"),
        ("December 3rd, 9:00", "2026-12-03T15:00"),
        ("the 3rd of december at 9 a.m.", "2026-12-03T15:00"),
        ("3 dec 2027 9pm", "2027-12-04T03:00"),
        ("april 21 9:00", "2027-04-21T14:00"),  # this year's has passed
        ("feb 29 9:00", "2028-02-29T15:00"),
        ("the 3rd 9:00", "2026-05-03T14:00"),
        ("next tuesday 9am", "2026-04-28T14:00"),
        ("tuesday 9", "2026-04-28T14:00"),
        ("tue 13", "2026-04-28T18:00"),
        ("tomorrow 0900", "2026-04-23T14:00"),
        ("dec 3 2026 1730", "2026-12-03T23:30"),
        ("dec 3 0900", "2026-12-03T15:00"),
        ("Dec. 3rd, 2026 at 9 a.m.", "2026-12-03T15:00"),
        ("Thu. Dec. 3 9am", "2026-12-03T15:00"),
        ("Sept.3 9 a.m.", "2026-09-03T14:00"),
        ("tues 9.30", "2026-04-28T14:30"),
        ("weds 12pm", "2026-04-22T17:00"),
        ("17h30", "2026-04-22T22:30"),
        ("noon", "2026-04-22T17:00"),
        ("9:00", "2026-04-23T14:00"),
        ("tomorrow", "2026-04-23T14:30"),  # at the time of day that it is now
        ("2026-04-24", "2026-04-24T14:30"),
        ("day after tomorrow 9a", "2026-04-24T14:00"),
        ("12/25 9am", "2026-12-25T15:00"),  # there is no month 25
        ("fri 12/4 9am", "2026-12-04T15:00"),  # 12 April is no Friday
        ("5/5 9am", "2026-05-05T14:00"),
        ("2026/12/1 9am", "2026-12-01T15:00"),
        ("in 2 hours", "2026-04-22T16:30"),
        ("2 days ago", "2026-04-20T14:30"),
        ("tue 9:00 +02:00", "2026-04-28T07:00"),
        ("tomorrow 9am UTC", "2026-04-23T09:00"),
        ("tue 9:00 CDT", "2026-04-28T14:00"),
        ("Sun 2026-11-01 01:30 CDT", "2026-11-01T06:30"),
        ("Sun 2026-11-01 01:30 CST", "2026-11-01T07:30"),
    ],
)
def test_a_time_is_what_a_person_means_by_it(text: str, moment: str) -> None:
    assert parse_when(text, NOW, CHICAGO) == utc(moment)


NOT_OUR_ZONE = (
    "is not read; times are those of America/Chicago, and others have an offset at their end, as "
    "in 2026-04-22T09:00-05:00"
)
NOT_A_TIME = (
    'is not a time; write 2026-04-22T09:00, now, +2h, "tomorrow 9:00", "tue 9am" or "dec 3 17:00"'
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f'"" {NOT_A_TIME}'),
        ("soon", f'"soon" {NOT_A_TIME}'),
        ("9", f'"9" {NOT_A_TIME}'),
        ("13pm", f'"13pm" {NOT_A_TIME}'),
        ("2026-02-30T09:00", '"2026-02-30T09:00" is not a time; February 2026 has 28 days'),
        ("2026-02-30", '"2026-02-30" is not a time; February 2026 has 28 days'),
        ("feb 30 9am", '"feb 30 9am" is not a time; February has at most 29 days'),
        ("fri 31.11. 9:00", '"fri 31.11. 9:00" is not a time; November has 30 days'),
        ("2026-13-01", '"2026-13-01" is not a time; a year has 12 months'),
        ("13/45 9am", '"13/45 9am" is not a time; a year has 12 months'),
        ("2/30/2026", '"2/30/2026" is not a time; February 2026 has 28 days'),
        ("0000-01-01", '"0000-01-01" is not a time; the first year is 0001'),
        ("1/1/0000 9am", '"1/1/0000 9am" is not a time; the first year is 0001'),
        ("12/0", '"12/0" is not a time; days and months begin with 1'),
        ("0/5 9am", '"0/5 9am" is not a time; days and months begin with 1'),
        ("2026-12-00", '"2026-12-00" is not a time; days and months begin with 1'),
        ("dec 0 9am", '"dec 0 9am" is not a time; days and months begin with 1'),
        ("feb 30 0000", '"feb 30 0000" is not a time; February has at most 29 days'),
        (
            "wed",
            '"wed" may be "Wed 2026-04-22 09:30" or "Wed 2026-04-29 09:30"; write the one you mean',
        ),
        ("+2", '"2" is not a length of time; write 30s, 90m, 2h or 3d'),
        ("+2y", '"2y" is not a length of time; write 30s, 90m, 2h or 3d'),
        ("tue 25:00", '"25:00" in "tue 25:00" is not a time of day; write 09:00'),
        (
            "monkey 9:00",
            '"monkey" in "monkey 9:00" is not a day; write mon, tue, "dec 3" or tomorrow',
        ),
        (
            "mon dec 4 9am",
            '"mon dec 4" in "mon dec 4 9am" is not a day: 2026-12-04 is a Friday',
        ),
        (
            "dec 3 9am EST",
            f'"est" in "dec 3 9am EST" {NOT_OUR_ZONE}',
        ),
        ("tomorrow evening", f'"evening" in "tomorrow evening" {NOT_OUR_ZONE}'),
        ("tuesday week", f'"week" in "tuesday week" {NOT_OUR_ZONE}'),
        ("tomorrow utc", f'"utc" in "tomorrow utc" {NOT_OUR_ZONE}'),
        ("tomorrow 9-5", f'"9-5" in "tomorrow 9-5" {NOT_OUR_ZONE}'),
        (
            "2026-03-08T02:30",
            (
                '"2026-03-08T02:30" does not exist in America/Chicago: the clocks skip it that '
                'day; the next time that they show is "Sun 2026-03-08 03:00"'
            ),
        ),
        ("+999999999d", '"+999999999d" lies beyond the calendar; name a nearer time'),
        (
            "+9999999999999d",
            '"9999999999999d" is longer than time itself; write 30s, 90m, 2h or 3d',
        ),
        ("9999-12-31T23:59", '"9999-12-31T23:59" lies beyond the calendar; name a nearer time'),
        (
            "9999-12-31T23:59-05:00",
            '"9999-12-31T23:59-05:00" lies beyond the calendar; name a nearer time',
        ),
    ],
)
def test_what_is_no_time_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_when(text, NOW, CHICAGO)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("zone", "skipped", "last", "first"),
    [
        (CHICAGO, "2026-03-08T02:30", "2026-03-08T01:59", "2026-03-08T03:00"),
        (BERLIN, "2026-03-29T02:00", "2026-03-29T01:59", "2026-03-29T03:00"),
        (LORD_HOWE, "2026-10-04T02:29", "2026-10-04T01:59", "2026-10-04T02:30"),
        (CASABLANCA, "2026-03-22T02:59", "2026-03-22T01:59", "2026-03-22T03:00"),
    ],
)
def test_only_the_minutes_that_the_clocks_skip_do_not_exist(
    zone: ZoneInfo, skipped: str, last: str, first: str
) -> None:
    with pytest.raises(UsageError, match=f"does not exist in {zone.key}") as error:
        parse_when(skipped, NOW, zone)
    following = str(error.value).split('"')[-2]
    assert parse_when(following, NOW, zone) == parse_when(first, NOW, zone)
    assert parse_when(first, NOW, zone) - parse_when(last, NOW, zone) == timedelta(minutes=1)


def test_a_named_day_whose_time_is_skipped_does_not_exist_either() -> None:
    with pytest.raises(UsageError, match='"sun 2:30" does not exist in America/Chicago'):
        parse_when("sun 2:30", utc("2026-03-06T12:00"), CHICAGO)


@given(st.text(max_size=20), st.sampled_from(ZONES))
def test_whatever_is_typed_is_a_moment_or_a_sentence(text: str, zone: ZoneInfo) -> None:
    try:
        moment = parse_when(text, NOW, zone)
    except UsageError as error:
        assert str(error).startswith('"')  # noqa: PT017 (both endings are right)
    else:
        assert moment.tzinfo is UTC


@given(st.sampled_from(["+", "", "tue ", "9999-12-31T23:5"]), st.from_regex(r"[0-9]{1,14}[hdw:]?"))
def test_near_misses_are_moments_or_sentences_too(start: str, rest: str) -> None:
    try:
        moment = parse_when(start + rest, NOW, CHICAGO)
    except UsageError:
        return
    assert moment.tzinfo is UTC


# Texts with two readings


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("12/1 9am", ["Tue 2026-12-01 09:00", "Tue 2027-01-12 09:00"]),
        ("1.12.26 9:00", ["Mon 2026-01-12 09:00", "Tue 2026-12-01 09:00"]),
        ("next thu 9am", ["Thu 2026-04-23 09:00", "Thu 2026-04-30 09:00"]),
        ("tue 5", ["Tue 2026-04-28 05:00", "Tue 2026-04-28 17:00"]),
        ("9 dec 11", ["Wed 2026-12-09 11:00", "Fri 2026-12-11 09:00"]),
        ("nov 1 1:30", ["Sun 2026-11-01 01:30 CDT", "Sun 2026-11-01 01:30 CST"]),
        ("2026-11-01T01:30", ["Sun 2026-11-01 01:30 CDT", "Sun 2026-11-01 01:30 CST"]),
    ],
)
def test_a_text_with_two_readings_is_refused_with_both_in_words_that_have_one(
    text: str, readings: list[str]
) -> None:
    with pytest.raises(UsageError, match=f'^"{re.escape(text)}" may be ') as error:
        parse_when(text, NOW, CHICAGO)
    assert re.findall(r'"([^"]+)"', str(error.value))[1:] == readings
    assert [wall_clock(parse_when(each, NOW, CHICAGO), CHICAGO) for each in readings] == readings


def test_an_event_on_the_day_of_the_week_that_it_is_today_is_refused_with_both_days() -> None:
    with pytest.raises(UsageError) as error:
        parse_when("wed", NOW, CHICAGO, Sense.STARTS)
    readings = '"Wed 2026-04-22 00:00" or "Wed 2026-04-29 00:00"'
    assert str(error.value) == f'"wed" may be {readings}; write the one you mean'
    assert parse_when("this wed", NOW, CHICAGO, Sense.STARTS) == utc("2026-04-22T05:00")
    assert parse_when("wed", NOW, CHICAGO, Sense.SINCE) == utc("2026-04-22T05:00")


@given(
    MOMENTS,
    st.sampled_from(ZONES),
    st.sampled_from(Sense),
)
def test_a_time_that_we_print_is_read_back_as_the_same_minute(
    at: datetime, zone: ZoneInfo, sense: Sense
) -> None:
    moment = at.replace(second=0, microsecond=0)
    assert parse_when(wall_clock(moment, zone), NOW, zone, sense) == moment


# What an option makes of a day


@pytest.mark.parametrize(
    ("text", "sense", "moment"),
    [
        ("yesterday", Sense.AS_OF, "2026-04-22T04:59:59.999999"),  # all of yesterday
        ("2026-03-31", Sense.AS_OF, "2026-04-01T04:59:59.999999"),
        ("mar 31", Sense.AS_OF, "2026-04-01T04:59:59.999999"),
        ("tue", Sense.AS_OF, "2026-04-22T04:59:59.999999"),
        ("9:00", Sense.AS_OF, "2026-04-22T14:00"),
        ("10:00", Sense.AS_OF, "2026-04-21T15:00"),
        ("last fri", Sense.AS_OF, "2026-04-18T04:59:59.999999"),
        ("today", Sense.AS_OF, "2026-04-22T14:30"),  # no more of it has come yet
        ("2026-04-22", Sense.AS_OF, "2026-04-22T14:30"),
        ("today", Sense.UNTIL, "2026-04-23T04:59:59.999999"),
        ("tue", Sense.SINCE, "2026-04-21T05:00"),
        ("dec 3", Sense.SINCE, "2025-12-03T06:00"),  # nearer than the coming one
        ("jun 3", Sense.SINCE, "2026-06-03T05:00"),
        ("fri", Sense.UNTIL, "2026-04-25T04:59:59.999999"),
        ("2026-04-22", Sense.STARTS, "2026-04-22T05:00"),
    ],
)
def test_the_option_tells_which_moment_of_which_day_is_meant(
    text: str, sense: Sense, moment: str
) -> None:
    assert parse_when(text, NOW, CHICAGO, sense) == utc(moment)


def test_a_day_alone_is_read_as_a_day() -> None:
    assert f"{parse_day('fri', NOW, CHICAGO)}" == "2026-04-24"
    with pytest.raises(UsageError, match='"fri 9:00" is not a day; write 2026-04-22, today'):
        parse_day("fri 9:00", NOW, CHICAGO)
    with pytest.raises(UsageError, match='"12/1" may be "2026-12-01" or "2027-01-12"'):
        parse_day("12/1", NOW, CHICAGO)


@pytest.mark.parametrize("text", ["2201-01-01", "9999-11-01T23:59", "+999999d"])
def test_a_time_beyond_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="lies beyond the calendar; name a nearer time"):
        parse_when(text, NOW, CHICAGO)


def test_an_event_starts_in_no_year_of_long_ago() -> None:
    with pytest.raises(UsageError, match="lies long ago; name a year from 1900 on"):
        parse_when("0001-01-01T23:00", NOW, CHICAGO, Sense.STARTS)
    assert parse_when("1900-01-01T00:00", NOW, CHICAGO, Sense.STARTS).year == 1900
