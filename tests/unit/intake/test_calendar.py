"""One event, as calendars write it."""

import re

import pytest
from unit.intake.ics import NOW, only, read, utc, vcalendar, vevent

from crosspromo.domain.events import Event
from crosspromo.intake import calendar, encoding


def faults(data: bytes) -> list[str]:
    return [str(error) for error in read(data).errors]


def test_a_whole_event() -> None:
    event = only(
        "DTSTART;TZID=America/New_York:20300420T090000",
        "DTEND;TZID=America/New_York:20300420T120000",
        "SEQUENCE:3",
        r"LOCATION:Millside Landing\, River Street",
        "URL:https://river.example/walk",
        r"DESCRIPTION:Bring boots\; and a",
        "  friend.\\nRain or shine.",
    )
    assert event == Event(
        slug="river-walk-2030-04-20",
        title="River Walk",
        starts_at=utc(2030, 4, 20, 13),
        ends_at=utc(2030, 4, 20, 16),
        zone="America/New_York",
        uid="walk@river.example",
        sequence=3,
        location="Millside Landing, River Street",
        url="https://river.example/walk",
        description="Bring boots; and a friend.\nRain or shine.",
    )


@pytest.mark.parametrize(
    ("start", "moment", "zone"),
    [
        ("DTSTART:20300420T140000Z", utc(2030, 4, 20, 14), "America/Chicago"),
        ("DTSTART:20300420T140000", utc(2030, 4, 20, 19), "America/Chicago"),
        ("DTSTART;TZID=Europe/Berlin:20300120T140000", utc(2030, 1, 20, 13), "Europe/Berlin"),
        ("DTSTART;TZID=/Europe/Berlin:20300120T140000", utc(2030, 1, 20, 13), "Europe/Berlin"),
        (
            "DTSTART;TZID=/x.example/Europe/Berlin:20300120T140000",
            utc(2030, 1, 20, 13),
            "Europe/Berlin",
        ),
        (
            "DTSTART;TZID=W. Europe Standard Time:20300120T140000",
            utc(2030, 1, 20, 13),
            "Europe/Berlin",
        ),
        (
            'DTSTART;TZID="(UTC+07:00) Bangkok, Hanoi":20300120T140000',
            utc(2030, 1, 20, 7),
            "Asia/Bangkok",
        ),
        (
            "DTSTART;TZID=America/Chicago:20300310T023000",
            utc(2030, 3, 10, 8, 30),
            "America/Chicago",
        ),
        (
            "DTSTART;TZID=America/Chicago:20301103T013000",
            utc(2030, 11, 3, 6, 30),
            "America/Chicago",
        ),
    ],
)
def test_a_start_is_read_in_its_zone(start: str, moment: object, zone: str) -> None:
    event = only(start)
    assert (event.starts_at, event.zone) == (moment, zone)


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        (["DTSTART:20300420T140000Z"], utc(2030, 4, 20, 14)),
        (["DTSTART:20300420T140000Z", "DURATION:PT1H30M"], utc(2030, 4, 20, 15, 30)),
        (["DTSTART:20300420T140000Z", "DTEND:20300420T140000Z"], utc(2030, 4, 20, 14)),
        (["DTSTART;VALUE=DATE:20300420"], utc(2030, 4, 21, 5)),
        (["DTSTART;VALUE=DATE:20300420", "DTEND;VALUE=DATE:20300420"], utc(2030, 4, 21, 5)),
        (["DTSTART;VALUE=DATE:20300420", "DTEND;VALUE=DATE:20300422"], utc(2030, 4, 22, 5)),
        (["DTSTART:20300309", "DURATION:P2D"], utc(2030, 3, 11, 5)),
        (["DTSTART:20300420", "DURATION:PT1W"], utc(2030, 4, 27, 5)),
        (["DTSTART;TZID=America/Chicago:20300309T120000", "DURATION:P1D"], utc(2030, 3, 10, 17)),
    ],
)
def test_an_end_follows_from_what_is_given(lines: list[str], end: object) -> None:
    assert only(*lines).ends_at == end


def test_a_start_that_the_clocks_skip_is_later_and_the_event_keeps_its_length() -> None:
    event = only(
        "DTSTART;TZID=America/Chicago:20300310T023000", "DTEND;TZID=America/Chicago:20300310T030000"
    )
    assert (event.starts_at, event.ends_at) == (utc(2030, 3, 10, 8, 30), utc(2030, 3, 10, 9))


def test_an_all_day_event_starts_at_local_midnight() -> None:
    event = only("DTSTART;VALUE=DATE:20300422")
    assert event.all_day
    assert (event.starts_at, event.zone) == (utc(2030, 4, 22, 5), "America/Chicago")


VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Our Own Time
BEGIN:STANDARD
DTSTART:16010101T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.mark.parametrize(
    ("wall", "moment"),
    [
        ("20300101T120000", utc(2030, 1, 1, 11)),
        ("20300331T015900", utc(2030, 3, 31, 0, 59)),
        ("20300331T023000", utc(2030, 3, 31, 1, 30)),  # in the gap: by the offset before it
        ("20300331T030000", utc(2030, 3, 31, 1)),
        ("20300701T120000", utc(2030, 7, 1, 10)),
        ("20301027T023000", utc(2030, 10, 27, 0, 30)),  # twice that night: the first
        ("20301027T030000", utc(2030, 10, 27, 2)),
    ],
)
def test_a_zone_that_the_file_defines_is_followed(wall: str, moment: object) -> None:
    data = vcalendar(VTIMEZONE, vevent(f"DTSTART;TZID=Our Own Time:{wall}"))
    (event,) = read(data).complete()
    assert (event.starts_at, event.zone) == (moment, "America/Chicago")


def test_a_zone_of_one_file_is_unknown_to_the_next() -> None:
    lines = vevent("DTSTART;TZID=Our Own Time:20300101T120000")
    assert read(vcalendar(VTIMEZONE, lines)).complete()
    assert 'the time zone "Our Own Time" is not known' in faults(vcalendar(lines))[0]


def test_an_iana_name_means_that_zone_whatever_the_file_says_of_it() -> None:
    zone = VTIMEZONE.replace("Our Own Time", "America/Denver")
    (event,) = read(vcalendar(zone, vevent("DTSTART;TZID=America/Denver:20300101T120000"))).items
    assert (event.starts_at, event.zone) == (utc(2030, 1, 1, 19), "America/Denver")


def test_a_cancelled_event_is_cancelled_by_its_status_or_by_the_method_of_its_calendar() -> None:
    start = "DTSTART:20300420T140000Z"
    assert only(start, "STATUS:CANCELLED").cancelled
    assert not only(start, "STATUS:TENTATIVE").cancelled
    assert read(vcalendar("METHOD:CANCEL", vevent(start))).complete()[0].cancelled


def test_a_cancellation_needs_no_title() -> None:
    data = vcalendar(vevent("DTSTART:20300420T140000Z", "STATUS:CANCELLED", title=""))
    assert read(data).complete()[0].title == "Untitled event"


def test_only_web_addresses_are_kept_as_url() -> None:
    start = "DTSTART:20300420T140000Z"
    assert only(start, "URL:http://a.example/x").url == "http://a.example/x"
    for url in ("javascript:alert(1)", "message://1", "https://", "https://a b", "x" * 9000):
        assert only(start, f"URL:{url}").url == ""


def test_html_in_a_description_is_made_text() -> None:
    event = only("DTSTART:20300420T140000Z", "DESCRIPTION:<p>Free <b>soup</b><script>x</script>")
    assert event.description == "Free soup"


def test_several_calendars_in_a_file_are_read_in_the_order_of_time() -> None:
    first = vcalendar(vevent("DTSTART:20300502T140000Z", uid="b", title="Later"))
    second = vcalendar(vevent("DTSTART:20300420T140000Z", uid="a", title="Sooner"))
    reading = read(first + b"\r\n" + second)
    assert [event.title for event in reading.complete()] == ["Sooner", "Later"]
    assert reading.rows == (2, 1)


def test_the_newest_edition_of_an_event_counts() -> None:
    start = "DTSTART:20300420T140000Z"
    data = vcalendar(
        vevent(start, "SEQUENCE:2", title="Right"),
        vevent(start, "SEQUENCE:1", "DTSTAMP:20300101T000000Z", title="Wrong"),
    )
    assert [event.title for event in read(data).complete()] == ["Right"]


def test_slugs_are_unique_within_a_file() -> None:
    start = "DTSTART:20300420T140000Z"
    data = vcalendar(
        *(vevent(start, uid=uid) for uid in "abc"), vevent(start, uid="d", title="Река")
    )
    assert [event.slug for event in read(data).complete()] == [
        "river-walk-2030-04-20",
        "river-walk-2030-04-20-2",
        "river-walk-2030-04-20-3",
        "event-2030-04-20",
    ]


def test_an_event_without_uid_gets_the_same_one_at_every_import() -> None:
    data = vcalendar(vevent("DTSTART:20300420T140000Z").replace("UID:walk@river.example\n", ""))
    (once,), (again,) = read(data).complete(), read(data).complete()
    assert once.uid == again.uid
    assert re.fullmatch(r"without-uid-[0-9a-f]{40}", once.uid)


def test_a_fold_inside_a_character_is_mended() -> None:
    data = vcalendar(vevent("DTSTART:20300420T140000Z", title="Café"))
    torn = data.replace("é".encode(), b"\xc3\r\n \xa9")
    assert read(torn).complete()[0].title == "Café"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ((), "DTSTART: the event has no start"),
        (("DTSTART:soon",), 'DTSTART: "soon" is no date or time'),
        (("DTSTART:20300231T100000Z",), "DTSTART:"),
        (("DTSTART:100000",), "DTSTART:"),
        (("DTSTART:15990101",), 'DTSTART: "15990101" lies outside'),
        (("DTSTART:22010101",), "DTSTART:"),
        (
            ("DTSTART;TZID=Mars/Olympus:20300101T100000",),
            "DTSTART: the time zone",
        ),
        (
            ("DTSTART;TZID=../../etc/passwd:20300101T100000",),
            "DTSTART: the time zone",
        ),
        (('DTSTART;TZID="x:20300101T100000',), "DTSTART: the line"),
        (
            ("DTSTART:20300420", "DTEND:20300419"),
            "DTEND: the event ends before",
        ),
        (("DTSTART:20300420", "DTEND:99991231"), "DTEND:"),
        (
            ("DTSTART:20300420", "DURATION:long"),
            'DURATION: "long" is no duration',
        ),
        (("DTSTART:20300420", "DURATION:-PT1H"), "DURATION:"),
        (("DTSTART:20300420", "DURATION:P999999999999D"), "DURATION:"),
        (
            ("DTSTART:20300420", "EXRULE:FREQ=DAILY"),
            "EXRULE: is obsolete",
        ),
        (("DTSTART:20300420", "RRULE:FREQ=SECONDLY"), "RRULE: FREQ is"),
        (("DTSTART:20300420", "RDATE:20300420X"), "RDATE:"),
    ],
)
def test_a_fault_names_the_event_and_the_property(lines: tuple[str, ...], fault: str) -> None:
    (error,) = read(vcalendar(vevent(*lines))).errors
    assert f"{error.column}: {error.problem}".startswith(fault)
    assert error.row == 1
    assert error.place.startswith('"River Walk"')


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "BEGIN: is no iCalendar file"),
        (b"<!doctype html><title>Sign in</title>", "BEGIN: is no iCalendar file"),
        (b"BEGIN:VCALENDAR\r\n" + vevent("DTSTART:20300420").encode(), "END: ends before"),
        (vcalendar("X:\0"), "file: holds null bytes"),
        (b"x" * (encoding.MOST_BYTES + 1), "file: has more than the 5,000,000 bytes"),
        (vcalendar(*["BEGIN:VEVENT"] * (calendar.MOST_EVENTS + 1)), "VEVENT: has more than"),
        (vcalendar("BEGIN:VEVENT", "SUMMARY:Cut"), '"Cut", END: the event has no END'),
        (
            vcalendar(vevent("DTSTART:20300420")).replace(b"River", b"R\xedver"),
            "an event without a title of 2030-04-20, SUMMARY: is not UTF-8",
        ),
    ],
)
def test_a_file_that_is_not_whole_gives_no_events(data: bytes, fault: str) -> None:
    reading = read(data)
    assert reading.items == ()
    assert [str(error)[: len(fault)] for error in reading.errors] == [fault]


def test_a_broken_event_does_not_cost_the_others() -> None:
    data = vcalendar(
        vevent("DTSTART:20300420", uid="a"),
        vevent("DTSTART:never", uid="b"),
        vevent("DTSTART:20300421", uid="c"),
    )
    reading = read(data)
    assert [event.uid for event in reading.items] == ["a", "c"]
    assert [(error.row, error.column) for error in reading.errors] == [(2, "DTSTART")]


def test_alarms_and_tasks_inside_and_beside_an_event_are_passed_over() -> None:
    alarm = "BEGIN:VALARM\nSUMMARY:Alarm\nDTSTART:never\nEND:VALARM"
    task = "BEGIN:VTODO\nSUMMARY:Task\nDTSTART:never\nEND:VTODO"
    data = vcalendar(task, vevent(alarm, "DTSTART:20300420"))
    assert [event.title for event in read(data, now=NOW).complete()] == ["River Walk"]
