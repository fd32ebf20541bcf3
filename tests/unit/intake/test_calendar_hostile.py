"""A calendar from the internet may be anything. Reading it ends, soon, in a reading."""

import time
from collections.abc import Iterator

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.intake.ics import read, vcalendar, vevent

from crosspromo.intake.calendar import MOST_EVENTS, MOST_ZONES

PATIENCE = 30
"""Seconds, on a busy machine: what is bounded takes a few, what is not takes hours."""


@pytest.fixture(autouse=True)
def _soon() -> Iterator[None]:
    began = time.perf_counter()
    yield
    assert time.perf_counter() - began < PATIENCE


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=1000000",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
        "FREQ=DAILY;BYMINUTE=" + ",".join(map(str, range(60))),
    ],
)
def test_a_rule_with_a_million_occurrences_is_an_error(rule: str) -> None:
    reading = read(vcalendar(vevent("DTSTART:20300101T000000Z", f"RRULE:{rule}")))
    assert reading.items == ()
    assert [(error.row, error.column) for error in reading.errors] == [(1, "RRULE")]


def test_thousands_of_rules_that_never_fall_due_use_up_the_patience_of_the_file() -> None:
    rule = "RRULE:FREQ=DAILY;COUNT=9;BYMONTH=2;BYMONTHDAY=30"
    events = (
        vevent("DTSTART:19700101T000000Z", rule, uid=str(number)) for number in range(MOST_EVENTS)
    )
    reading = read(vcalendar(*events))
    assert "repeats more than can be followed" in str(reading.errors[-1].problem)


def test_a_file_cannot_hold_more_dates_than_a_person_can_look_through() -> None:
    daily = (
        vevent("DTSTART:20300101T000000Z", "RRULE:FREQ=DAILY", uid=str(number))
        for number in range(40)
    )
    reading = read(vcalendar(*daily))
    assert len(reading.items) == 10_000
    assert len(reading.errors) == 15


def test_a_time_zone_that_changes_all_the_time_is_not_followed() -> None:
    observance = (
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=SECONDLY\n"
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD"
    )
    zone = f"BEGIN:VTIMEZONE\nTZID:Odd\n{observance}\nEND:VTIMEZONE"
    reading = read(vcalendar(zone, vevent("DTSTART;TZID=Odd:20300101T000000")))
    assert [error.column for error in reading.errors] == ["DTSTART"]


def test_many_large_time_zones_are_bearable() -> None:
    observance = (
        "BEGIN:STANDARD\nDTSTART:18000101T000000\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\n"
        "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\n"
    )
    zones = (
        f"BEGIN:VTIMEZONE\nTZID:Z{number}\n{observance * 100}END:VTIMEZONE" for number in range(30)
    )
    events = (
        vevent(f"DTSTART;TZID=Z{number}:20300101T000000", uid=str(number)) for number in range(30)
    )
    assert len(read(vcalendar(*zones, *events)).items) == MOST_ZONES


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCALENDAR\n" * 100_000,
        b"BEGIN:VEVENT\n" * 100_000,
        b"BEGIN:A\nBEGIN:B\n" * 100_000 + b"END:C\n" * 100_000,
        b"\r\n" * 1_000_000,
        b"BEGIN:VCALENDAR\n" + b" \n" * 1_000_000,
        vcalendar(vevent("DTSTART:20300101", "DESCRIPTION:" + "<" * 1_000_000)),
        vcalendar(vevent("DTSTART:20300101", "DESCRIPTION:" + "<![" * 1_000_000)),
        vcalendar(vevent("DTSTART:20300101", "DESCRIPTION:" + "&#" * 1_000_000)),
        vcalendar(vevent("DTSTART:20300101", "DESCRIPTION" + ";A=B" * 500_000 + ":x")),
        vcalendar(vevent("DTSTART:20300101", "EXDATE:" + "20300101," * 100_000)),
        vcalendar(vevent("DTSTART:20300101", title="x" * 1_000_000, uid="y" * 1_000_000)),
    ],
    ids=range(11),
)
def test_large_and_odd_files_end(data: bytes) -> None:
    reading = read(data)
    assert len(reading.items) <= 1
    assert all(len(event.title) <= 300 and len(event.uid) <= 255 for event in reading.items)


words = st.sampled_from(
    [
        "BEGIN:VEVENT",
        "END:VEVENT",
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "BEGIN:VTIMEZONE",
        "END:VTIMEZONE",
        "BEGIN:STANDARD",
        "END:STANDARD",
        "TZID:Z",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:-2359",
        "DTSTART:20300101T100000",
        "DTSTART;TZID=Z:20300101T100000",
        "DTSTART;VALUE=DATE:20300101",
        "DTSTART:22001231T235959Z",
        "DTEND:20300102T000000Z",
        "DURATION:PT1H",
        "DURATION:P60000D",
        "RRULE:FREQ=DAILY;COUNT=3",
        "RRULE:FREQ=YEARLY",
        "RRULE:FREQ=YEARLY;BYMONTH=3",
        "RDATE:20300105",
        "RDATE:19700101T000000Z",
        "EXDATE:20300102",
        "RECURRENCE-ID:20300102T100000",
        "RECURRENCE-ID;VALUE=DATE:20300102",
        "SUMMARY:A",
        "UID:1",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20300102T100000Z",
        "UID:2",
        "STATUS:CANCELLED",
        "METHOD:CANCEL",
        "SEQUENCE:x",
        "URL:https://[",
        "DESCRIPTION:<![a[",
        ";;;:",
        ":",
        " x",
    ]
)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(words, max_size=40))
def test_lines_in_any_order_end_in_a_reading(lines: list[str]) -> None:
    reading = read("\n".join(lines).encode())
    assert len(reading.items) == len(reading.rows)
    assert all(event.ends_at >= event.starts_at for event in reading.items)


@given(st.binary(max_size=400))
def test_bytes_in_any_order_end_in_a_reading(data: bytes) -> None:
    read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + data + b"\nEND:VEVENT\nEND:VCALENDAR\n")


def times(count: int) -> str:
    return ",".join(
        f"2030{n % 12 + 1:02}{n % 28 + 1:02}T{n % 24:02}{n % 60:02}00Z" for n in range(count)
    )


def test_exceptions_are_looked_up_and_not_compared_one_by_one() -> None:
    began = time.thread_time()
    series = ("DTSTART:20300101T000000Z", "RRULE:FREQ=DAILY;COUNT=990", f"EXDATE:{times(1_990)}")
    events = (vevent(*series, uid=str(number)) for number in range(10))
    assert read(vcalendar(*events)).items
    assert time.thread_time() - began < 5  # about one second; twenty where each is compared


def test_changes_from_here_on_are_looked_up_and_not_tried_one_by_one() -> None:
    began = time.thread_time()
    changes = (
        vevent(
            "DTSTART:20300101T000000Z",
            f"RECURRENCE-ID;RANGE=THISANDFUTURE:20300101T{n // 60:02}{n % 60:02}00Z",
            uid="1",
        )
        for n in range(1_000)
    )
    reading = read(
        vcalendar(*changes, vevent("DTSTART:20300101T000000Z", "RRULE:FREQ=DAILY", uid="1"))
    )
    assert reading.errors == ()
    assert time.thread_time() - began < 3


@pytest.mark.parametrize("name", ["RDATE", "EXDATE"])
def test_a_file_that_lists_dates_without_end_is_not_followed(name: str) -> None:
    events = (
        vevent("DTSTART:20300101T000000Z", f"{name}:{times(1_900)}", uid=str(number))
        for number in range(30)
    )
    reading = read(vcalendar(*events))
    refused = [error for error in reading.errors if "one by one" in str(error.problem)]
    assert [error.column for error in refused] == [name] * 4


@pytest.mark.parametrize(
    "line", ["DESCRIPTION" + ";A=b" * 400_000 + ":x", "LOCATION:" + "x" * 600_000]
)
def test_a_property_longer_than_anybody_writes_is_an_error(line: str) -> None:
    (error,) = read(vcalendar(vevent("DTSTART:20300101T000000Z", line))).errors
    assert "is too long to be read; shorten it" in str(error.problem)


def test_descriptions_full_of_unclosed_tags_take_no_longer_than_others() -> None:
    began = time.thread_time()
    events = (
        vevent("DTSTART:20300101T000000Z", "DESCRIPTION:" + "<a " * 16_000, uid=str(number))
        for number in range(100)
    )
    assert len(read(vcalendar(*events)).items) == 100
    assert time.thread_time() - began < 10
