"""Seventy-three calendars from the wild, many of them broken on purpose."""

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from unit.intake.ics import CHICAGO, read, utc

from crosspromo.domain.events import Event

BESIDE_THE_REPOSITORY = Path(__file__).resolve().parents[4] / "shared" / "data"
CALENDARS = Path(os.environ.get("CROSSPROMO_CORPUS", BESIDE_THE_REPOSITORY)) / "ics"

pytestmark = pytest.mark.skipif(
    not CALENDARS.is_dir(), reason=f"the corpus of calendars is not at {CALENDARS}"
)

# How many events and errors each file gives, seen from the first day of 2026.
EXPECTED = {
    "ical_js__blank_description.ics": (1, 0),
    "ical_js__daily_recur.ics": (400, 0),
    "ical_js__day_long_recur_yearly.ics": (287, 0),
    "ical_js__duration_instead_of_dtend.ics": (1, 0),
    "ical_js__forced_types.ics": (1, 0),
    "ical_js__google_birthday.ics": (3, 0),
    "ical_js__minimal.ics": (1, 0),
    "ical_js__only_dtstart_time.ics": (1, 0),
    "ical_js__timezone_from_file.ics": (1, 0),
    "icalendar__alarm_google_future.ics": (1, 0),
    "icalendar__alarm_thunderbird_2_future.ics": (1, 0),
    "icalendar__alarm_thunderbird_2_notification_5_min_postponed_and_popped_up.ics": (1, 0),
    "icalendar__alarm_thunderbird_snoozed_until_1457.ics": (1, 0),
    "icalendar__broken_dtstart.ics": (0, 1),
    "icalendar__calendar_with_unicode.ics": (0, 0),
    "icalendar__event_with_escaped_character3.ics": (0, 1),
    "icalendar__event_with_escaped_character3__2.ics": (0, 1),
    "icalendar__event_with_unicode_fields.ics": (1, 0),
    "icalendar__event_with_unicode_organizer.ics": (0, 1),
    "icalendar__issue_1050_calendar_with_events_and_todos.ics": (2, 0),
    "icalendar__issue_1050_empty_calendar.ics": (0, 0),
    "icalendar__issue_1050_multiple_calendars.ics": (0, 2),
    "icalendar__issue_1081_tzid_param.ics": (1, 0),
    "icalendar__issue_1633_rdate_with_dates.ics": (0, 0),
    "icalendar__issue_1633_rdate_with_dates_and_tzid.ics": (0, 0),
    "icalendar__issue_165_missing_event.ics": (0, 0),
    "icalendar__issue_27_multiple_periods_in_freebusy_one_freebusy.ics": (0, 0),
    "icalendar__issue_348_exception_parsing_value.ics": (1, 0),
    "icalendar__issue_351_whitespace_in_property_and_params.ics": (1, 0),
    "icalendar__issue_466_convert_tzid_with_slash.ics": (57, 0),
    "icalendar__issue_466_respect_unique_timezone.ics": (57, 0),
    "icalendar__issue_526_calendar_with_event_subset.ics": (1, 0),
    "icalendar__issue_64_event_with_ascii_summary.ics": (0, 1),
    "icalendar__issue_836_do_not_quote_tzid.ics": (1, 0),
    "icalendar__pacific_fiji.ics": (1, 0),
    "khal__event_d_15.ics": (1, 0),
    "khal__event_d_rdate.ics": (0, 0),
    "khal__event_dt_rr.ics": (0, 0),
    "khal__event_dt_rrule_until_before_start.ics": (0, 0),
    "khal__event_dt_simple.ics": (1, 0),
    "khal__event_dtr_notz_untilz.ics": (0, 1),
    "khal__invalid_tzoffset.ics": (1, 0),
    "libical__0.ics": (0, 1),
    "libical__2446.ics": (174, 15),
    "libical__caltime.ics": (0, 0),
    "libical__classify.ics": (1, 0),
    "libical__crash.ics": (0, 1),
    "libical__issue250.ics": (0, 1),
    "node-ical__bad_custom_ms_tz.ics": (1, 2),
    "node-ical__bad_ms_tz.ics": (0, 0),
    "node-ical__biweekly-exdate-until.ics": (58, 0),
    "node-ical__event-organizer-cn.ics": (1, 0),
    "node-ical__exchange-custom-tz.ics": (1, 0),
    "node-ical__festival-multiday-rrule.ics": (127, 0),
    "node-ical__google-recurrence-order.ics": (3, 0),
    "node-ical__large-file-with-late-error.ics": (395, 6),
    "node-ical__mixed-timezone-handling.ics": (5, 0),
    "node-ical__tentative-apple-calendar.ics": (4, 0),
    "node-ical__test_date_duration.ics": (1, 0),
    "node-ical__test_with_forward_TZ.ics": (57, 0),
    "node-ical__test_with_tz_list.ics": (0, 0),
    "node-ical__tripit-location-escaping.ics": (47, 0),
    "node-ical__yearly-recurring-unicode.ics": (1, 0),
    "python-recurring-ical-events__each_week_but_two_deleted.ics": (0, 0),
    "python-recurring-ical-events__issue_128_only_first_event.ics": (0, 0),
    "python-recurring-ical-events__issue_15_duplicated_events.ics": (3, 0),
    "python-recurring-ical-events__issue_201_mixed_datetime_and_date.ics": (1, 0),
    "python-recurring-ical-events__issue_28_rrule_with_UTC_endinginZ.ics": (0, 0),
    "python-recurring-ical-events__issue_4_rrule_until.ics": (0, 0),
    "python-recurring-ical-events__issue_62_moved_event_2.ics": (0, 0),
    "python-recurring-ical-events__issue_75_range_parameter.ics": (0, 0),
    "python-recurring-ical-events__issue_97_todo_nodtstart.ics": (0, 0),
    "python-recurring-ical-events__rdate.ics": (0, 0),
}


def events(file: str, now: datetime, zone: ZoneInfo = CHICAGO) -> tuple[Event, ...]:
    return read((CALENDARS / file).read_bytes(), zone=zone, now=now).complete()


def starts(file: str, now: datetime, zone: ZoneInfo = CHICAGO) -> list[str]:
    return [f"{event.starts_at:%m-%d %H:%M}" for event in events(file, now, zone)]


def test_every_file_of_the_corpus_is_expected() -> None:
    assert {path.name for path in CALENDARS.glob("*.ics")} == set(EXPECTED)


@pytest.mark.parametrize("file", EXPECTED)
def test_a_file_gives_its_events_and_its_errors(file: str) -> None:
    reading = read((CALENDARS / file).read_bytes(), now=datetime(2026, 1, 1, tzinfo=UTC))
    assert (len(reading.items), len(reading.errors)) == EXPECTED[file]
    assert len({event.slug for event in reading.items}) == len(reading.items)


@pytest.mark.parametrize(
    ("file", "start", "end", "zone", "all_day"),
    [
        (
            "icalendar__issue_836_do_not_quote_tzid.ics",
            utc(2024, 10, 28, 21),
            utc(2024, 10, 28, 22),
            "America/New_York",
            False,
        ),
        (
            "node-ical__exchange-custom-tz.ics",
            utc(2019, 4, 30, 2),
            utc(2019, 4, 30, 5),
            "Asia/Bangkok",
            False,
        ),
        (
            "ical_js__timezone_from_file.ics",
            utc(2023, 3, 6, 21, 23),
            utc(2023, 3, 6, 22, 23),
            "America/Chicago",
            False,
        ),
        (
            "khal__invalid_tzoffset.ics",
            utc(2012, 12, 2, 7),
            utc(2012, 12, 2, 8, 30),
            "Europe/Berlin",
            False,
        ),
        (
            "icalendar__pacific_fiji.ics",
            utc(2014, 8, 28, 20),
            utc(2014, 8, 28, 20),
            "America/Chicago",
            False,
        ),
        (
            "ical_js__duration_instead_of_dtend.ics",
            utc(2012, 6, 30, 13),
            utc(2012, 7, 1, 13),
            "America/Los_Angeles",
            False,
        ),
        (
            "ical_js__only_dtstart_time.ics",
            utc(2012, 6, 30, 13),
            utc(2012, 6, 30, 13),
            "America/Los_Angeles",
            False,
        ),
        ("khal__event_d_15.ics", utc(2015, 4, 9, 5), utc(2015, 4, 10, 5), "America/Chicago", True),
        (
            "node-ical__test_date_duration.ics",
            utc(2024, 2, 15, 6),
            utc(2024, 2, 22, 6),
            "America/Chicago",
            True,
        ),
        (
            "python-recurring-ical-events__issue_201_mixed_datetime_and_date.ics",
            utc(2023, 7, 24, 5),
            utc(2023, 8, 17, 5),
            "America/Chicago",
            True,
        ),
    ],
)
def test_a_single_event(file: str, start: object, end: object, zone: str, all_day: object) -> None:
    (event,) = events(file, utc(2026, 1, 1))
    assert (event.starts_at, event.ends_at, event.zone) == (start, end, zone)
    assert event.all_day is all_day


def test_zones_of_one_file_are_told_apart() -> None:
    found = events("node-ical__mixed-timezone-handling.ics", utc(2026, 1, 1))
    assert {event.title: f"{event.starts_at:%d %H:%M}" for event in found} == {
        "No Timezone": "28 09:20",
        "UTC Timezone": "28 01:20",
        "Inline Timezone": "28 06:20",
        "Date Only (Explicit)": "28 08:00",
        "Date Only (Implicit)": "28 08:00",
    }


def test_text_is_unfolded_and_unescaped() -> None:
    (event,) = events("icalendar__issue_348_exception_parsing_value.ics", utc(2026, 1, 1))
    assert event.title == "Sixt : détails de votre réservation"
    assert event.location.endswith("Sect(F), 01210 Ferney-Voltaire, FR")
    assert event.description.startswith("Votre véhicule")


def test_the_higher_sequence_counts_across_calendars() -> None:
    (event,) = events("libical__classify.ics", utc(2026, 1, 1))
    assert (event.title, event.sequence) == ("Conference", 1)


def test_exceptions_are_left_out() -> None:
    file = "python-recurring-ical-events__each_week_but_two_deleted.ics"
    assert starts(file, utc(2019, 3, 1)) == [
        *("03-03 23:30", "03-17 23:30"),
        *("03-31 22:30", "04-07 22:30", "04-14 22:30", "04-21 22:30"),
    ]


def test_moved_occurrences_keep_their_names() -> None:
    file = "python-recurring-ical-events__issue_62_moved_event_2.ics"
    timed = [event for event in events(file, utc(2023, 8, 1)) if not event.all_day]
    assert [(f"{event.starts_at:%m-%d}", event.recurrence[5:10]) for event in timed] == [
        ("08-08", "08-08"),
        ("08-14", "08-15"),
        ("08-22", "08-22"),
    ]


def test_a_change_may_come_before_its_series() -> None:
    found = events("node-ical__google-recurrence-order.ics", utc(2026, 2, 1))
    assert [event.title for event in found] == [
        "TEST RECURR 3",
        "TEST RECURR 3 - MODIFIED",
        "TEST RECURR 3",
    ]


def test_changes_from_here_on() -> None:
    file = "python-recurring-ical-events__issue_75_range_parameter.ics"
    assert starts(file, utc(2024, 9, 9))[:8] == [
        *("09-09 12:00", "09-11 12:00", "09-13 09:00", "09-14 06:00"),
        *("09-15 17:00", "09-17 09:00", "09-19 09:00", "09-22 14:22"),
    ]


def test_until_in_utc_ends_an_all_day_series_on_its_local_day() -> None:
    file = "python-recurring-ical-events__issue_28_rrule_with_UTC_endinginZ.ics"
    found = events(file, utc(2020, 9, 1), ZoneInfo("Europe/London"))
    assert [event.recurrence for event in found] == [
        *("2020-09-03", "2020-09-10", "2020-09-17", "2020-09-24")
    ]


def test_weekdays_with_blanks_between_them_are_read() -> None:
    assert len(events("icalendar__issue_165_missing_event.ics", utc(2015, 7, 1))) == 14


def test_a_count_below_one_is_overlooked() -> None:
    file = "python-recurring-ical-events__issue_128_only_first_event.ics"
    assert len(events(file, utc(2023, 9, 1))) == 7


def test_errors_name_the_event_and_the_property() -> None:
    data = (CALENDARS / "node-ical__bad_custom_ms_tz.ics").read_bytes()
    errors = read(data).errors
    assert [(error.row, error.column) for error in errors] == [(1, "DTSTART"), (3, "DURATION")]
    assert "tzone://Microsoft/Custom" in str(errors[0].problem)
