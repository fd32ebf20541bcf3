"""Series: what repeats, what is left out, what was moved."""

import pytest
from unit.intake.ics import CHICAGO, NOW, read, utc, vcalendar, vevent

from crosspromo.domain.events import Event
from crosspromo.intake.calendar import read_events

START = "DTSTART;TZID=America/Chicago:20300305T180000"
END = "DTEND;TZID=America/Chicago:20300305T190000"
WEEKLY = "RRULE:FREQ=WEEKLY;COUNT=3"


def change(of: str, *lines: str, title: str = "Changed") -> str:
    return vevent(f"RECURRENCE-ID{of}", *lines, title=title)


def found(*parts: str) -> list[tuple[str, str]]:
    """Title and start of each event, in UTC."""
    return [
        (event.title, f"{event.starts_at:%m-%d %H:%M}")
        for event in read(vcalendar(*parts)).complete()
    ]


def test_dates_of_birthdays_as_google_writes_them_are_days() -> None:
    events = read(vcalendar(vevent("DTSTART;VALUE=DATE:20300305", "RDATE:20310105Z"))).complete()
    assert [(event.recurrence, event.all_day) for event in events] == [
        ("2030-03-05", True),
        ("2031-01-05", True),
    ]


def test_a_series_keeps_its_wall_time_when_the_clocks_change() -> None:
    events = read(vcalendar(vevent(START, END, WEEKLY))).complete()
    assert [(event.starts_at, event.ends_at, event.recurrence) for event in events] == [
        (utc(2030, 3, 6, 0), utc(2030, 3, 6, 1), "2030-03-06T00:00:00Z"),
        (utc(2030, 3, 12, 23), utc(2030, 3, 13, 0), "2030-03-12T23:00:00Z"),
        (utc(2030, 3, 19, 23), utc(2030, 3, 20, 0), "2030-03-19T23:00:00Z"),
    ]
    assert [event.slug for event in events][:2] == [
        "river-walk-2030-03-05",
        "river-walk-2030-03-12",
    ]


def test_an_all_day_occurrence_is_named_by_its_date() -> None:
    events = read(vcalendar(vevent("DTSTART;VALUE=DATE:20300309", "RRULE:FREQ=DAILY;COUNT=2")))
    assert [event.recurrence for event in events.items] == ["2030-03-09", "2030-03-10"]
    assert [event.starts_at for event in events.items] == [utc(2030, 3, 9, 6), utc(2030, 3, 10, 6)]


def test_a_single_event_has_no_recurrence() -> None:
    assert read(vcalendar(vevent(START))).complete()[0].recurrence == ""


@pytest.mark.parametrize(
    "exdate",
    [
        "EXDATE;TZID=America/Chicago:20300312T180000",
        "EXDATE:20300312T230000Z",
        "EXDATE:20300312T180000",
        "EXDATE;VALUE=DATE:20300312",
        "EXDATE;TZID=America/Chicago:20300301T180000,20300312T180000",
    ],
)
def test_an_exception_is_left_out_however_it_is_written(exdate: str) -> None:
    starts = found(vevent(START, END, WEEKLY, exdate))
    assert starts == [("River Walk", "03-06 00:00"), ("River Walk", "03-19 23:00")]


@pytest.mark.parametrize(
    ("until", "times"),
    [
        ("20300312T230000Z", 2),
        ("20300312T225959Z", 1),
        ("20300312T180000", 2),
        ("20300312", 2),
        ("20300311", 1),
        ("20290101", 1),
        ("00010101T000000Z", 1),
    ],
)
def test_until_is_inclusive_and_the_start_always_counts(until: str, times: int) -> None:
    assert len(found(vevent(START, END, f"RRULE:FREQ=WEEKLY;UNTIL={until}"))) == times


def test_until_in_the_far_future_means_always() -> None:
    assert len(found(vevent(START, END, "RRULE:FREQ=MONTHLY;UNTIL=99991231T235959Z"))) == 11


def test_more_dates_join_the_series_and_are_not_counted_twice() -> None:
    more = "RDATE;TZID=America/Chicago:20300312T180000,20300401T100000"
    period = "RDATE;VALUE=PERIOD:20300402T150000Z/PT1H"
    assert [start for _, start in found(vevent(START, END, WEEKLY, more, period))] == [
        "03-06 00:00",
        "03-12 23:00",
        "03-19 23:00",
        "04-01 15:00",
        "04-02 15:00",
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_a_moved_occurrence_keeps_its_name_in_the_series(order: int) -> None:
    moved = change(":20300312T230000Z", "DTSTART:20300314T010000Z", "SEQUENCE:1")
    data = vcalendar(*[vevent(START, END, WEEKLY), moved][::order])
    events = read(data).complete()
    assert [(event.title, event.recurrence, event.sequence) for event in events] == [
        ("River Walk", "2030-03-06T00:00:00Z", 0),
        ("Changed", "2030-03-12T23:00:00Z", 1),
        ("River Walk", "2030-03-19T23:00:00Z", 0),
    ]
    assert events[1].starts_at == utc(2030, 3, 14, 1)


def test_one_occurrence_can_be_cancelled() -> None:
    cancelled = change(
        ";TZID=America/Chicago:20300312T180000",
        "DTSTART;TZID=America/Chicago:20300312T180000",
        "STATUS:CANCELLED",
    )
    events = read(vcalendar(vevent(START, END, WEEKLY), cancelled)).complete()
    assert [event.cancelled for event in events] == [False, True, False]


def test_a_change_from_here_on_moves_all_that_follow() -> None:
    later = change(
        ";RANGE=THISANDFUTURE;TZID=America/Chicago:20300312T180000",
        "DTSTART;TZID=America/Chicago:20300312T193000",
    )
    assert found(vevent(START, END, WEEKLY), later) == [
        ("River Walk", "03-06 00:00"),
        ("Changed", "03-13 00:30"),
        ("Changed", "03-20 00:30"),
    ]


def test_a_change_whose_series_is_not_in_the_file_stands_alone() -> None:
    data = vcalendar("METHOD:CANCEL", change(":20300312T230000Z", "DTSTART:20300312T230000Z"))
    (event,) = read(data).complete()
    assert (event.recurrence, event.cancelled) == ("2030-03-12T23:00:00Z", True)


def test_half_a_series_is_no_series() -> None:
    data = vcalendar(vevent(START, END, WEEKLY), change(":20300312T230000Z", "DTSTART:never"))
    reading = read(data)
    assert reading.items == ()
    assert [(error.row, error.column) for error in reading.errors] == [(2, "DTSTART")]


def test_a_series_is_read_from_now_to_the_horizon_and_a_single_event_always() -> None:
    data = vcalendar(
        vevent("DTSTART:20200101T120000Z", "DURATION:PT2H", "RRULE:FREQ=DAILY", uid="daily"),
        vevent("DTSTART:20200101T120000Z", uid="past", title="Past"),
    )
    now = utc(2030, 1, 10, 13)
    events = read(data, now=now).complete()
    assert events[0].title == "Past"
    daily: list[Event] = list(events[1:])
    assert daily[0].starts_at == utc(2030, 1, 10, 12), "what goes on now is not over"
    assert len(daily) == 401
    assert daily[-1].starts_at < now.replace(year=2031, month=2, day=14)


def test_the_horizon_is_the_callers() -> None:
    data = vcalendar(vevent("DTSTART:20200101T120000Z", "RRULE:FREQ=DAILY"))
    week = utc(2030, 1, 8) - NOW
    assert len(read_events(data, "a.ics", zone=CHICAGO, now=NOW, horizon=week).items) == 7
