"""Calendars as programs and people write them: each is read as it was meant, or says why not."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from unit.intake.ics import CHICAGO, read, utc, vcalendar, vevent

from crosspromo.domain.events import Event
from crosspromo.domain.left_out import LeftOut, Why
from crosspromo.intake.reading import Reading

CALENDARS = Path(__file__).parents[2] / "calendars"
NOVEMBER = datetime(2026, 11, 27, tzinfo=UTC)


def reading(file: str, now: datetime = NOVEMBER) -> Reading[Event]:
    return read((CALENDARS / file).read_bytes(), now=now)


def local_starts(found: Reading[Event]) -> list[str]:
    return [
        f"{event.starts_at.astimezone(ZoneInfo(event.zone)):%m-%d %H:%M}"
        for event in found.complete()
    ]


class TestTimeZones:
    @pytest.mark.parametrize(
        ("tzid", "zone"),
        [
            ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
            ("(GMT-06:00) Central Time (US & Canada)", "America/Chicago"),
            ("(UTC-07:00) Mountain Time (US & Canada)", "America/Denver"),
            ("(UTC-08:00) Pacific Time (US & Canada)", "America/Los_Angeles"),
            ("(UTC-08:00) Pacific Time (US & Canada); Tijuana", "America/Los_Angeles"),
            ("Eastern Time (US & Canada)", "America/New_York"),
            ("Eastern Daylight Time", "America/New_York"),
            ("(UTC-07:00) Arizona", "America/Phoenix"),
            ("(UTC-05:00) Indiana (East)", "America/Indianapolis"),
            ("(UTC-04:00) Atlantic Time (Canada)", "America/Halifax"),
            ("(UTC-03:30) Newfoundland", "America/St_Johns"),
            ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome", "Europe/Amsterdam"),
            ("(UTC+01:00) West Central Africa", "Africa/Lagos"),
            ("(UTC+06:30) Yangon (Rangoon)", "Asia/Rangoon"),
            ("(UTC+12:00) Coordinated Universal Time+12", "Etc/GMT-12"),
            ("america/new_york", "America/New_York"),
            ("/freeassociation.sourceforge.net/Europe/Paris", "Europe/Paris"),
            ("UTC+01", "Etc/GMT-1"),
            ("UTC-05:00", "Etc/GMT+5"),
            ("(GMT+09:00)", "Etc/GMT-9"),
            # People see times in UTC in the zone of the calendar.
            ("(UTC) Coordinated Universal Time", "America/Chicago"),
            ("tzone://Microsoft/Utc", "America/Chicago"),
            ("UTC+00:00", "America/Chicago"),
            ("UTC+05:45", "America/Chicago"),
        ],
    )
    def test_the_names_that_outlook_shows_are_known(self, tzid: str, zone: str) -> None:
        (event,) = read(vcalendar(vevent(f'DTSTART;TZID="{tzid}":20300706T120000'))).complete()
        assert event.zone == zone

    @pytest.mark.parametrize(
        ("tzid", "start"),
        [
            ("tzone://Microsoft/Utc", utc(2030, 7, 6, 12)),
            ("UTC+01", utc(2030, 7, 6, 11)),
            ("UTC+05:45", utc(2030, 7, 6, 6, 15)),
            ("(UTC-05:00) Eastern Time (US & Canada)", utc(2030, 7, 6, 16)),
        ],
    )
    def test_an_offset_is_east_of_utc_and_a_name_has_summer_time(
        self, tzid: str, start: datetime
    ) -> None:
        (event,) = read(vcalendar(vevent(f'DTSTART;TZID="{tzid}":20300706T120000'))).complete()
        assert event.starts_at == start

    @pytest.mark.parametrize(
        "tzid", ["tzone://Microsoft/Custom", "UTC+25", "UTC+01:75", "GMT-05.00/-04.00", "Mars Time"]
    )
    def test_a_zone_that_could_only_be_guessed_is_refused(self, tzid: str) -> None:
        (error,) = read(vcalendar(vevent(f'DTSTART;TZID="{tzid}":20300706T120000'))).errors
        assert (error.column, tzid in str(error.problem)) == ("DTSTART", True)

    def test_outlook_tz_ics(self) -> None:
        (event,) = reading("outlook_tz.ics").complete()
        assert (event.starts_at, event.ends_at) == (utc(2027, 7, 6, 16), utc(2027, 7, 6, 17))

    def test_a_calendar_tells_its_own_zone(self) -> None:
        (event,) = reading("xwr.ics").complete()
        assert (event.starts_at, event.zone) == (utc(2027, 6, 1, 23), "America/New_York")

    def test_times_in_utc_and_days_are_those_of_the_calendars_zone(self) -> None:
        data = vcalendar(
            "X-WR-TIMEZONE:Europe/Berlin",
            vevent("DTSTART:20300601T170000Z", uid="a"),
            vevent("DTSTART;VALUE=DATE:20300602", uid="b"),
        )
        first, second = read(data).complete()
        assert (first.starts_at, first.zone) == (utc(2030, 6, 1, 17), "Europe/Berlin")
        assert (second.starts_at, second.zone) == (utc(2030, 6, 1, 22), "Europe/Berlin")

    @pytest.mark.parametrize("named", ["Mars/Olympus", ""])
    def test_a_calendar_with_an_unknown_zone_is_read_in_the_organisations(self, named: str) -> None:
        data = vcalendar(f"X-WR-TIMEZONE:{named}", vevent("DTSTART:20300601T190000"))
        assert read(data).complete()[0].zone == CHICAGO.key

    def test_a_start_without_zone_is_in_the_zone_of_its_end(self) -> None:
        (event,) = reading("float_end.ics").complete()
        assert (event.starts_at, event.ends_at) == (utc(2027, 5, 30, 10), utc(2027, 5, 30, 14))


class TestSeries:
    @pytest.mark.parametrize(
        "empty", ["RRULE:", "RRULE:;", "EXRULE:", "RDATE:", "EXDATE:", "DTEND:"]
    )
    def test_a_property_without_a_value_says_nothing(self, empty: str) -> None:
        (event,) = read(vcalendar(vevent("DTSTART:20300101", empty))).complete()
        assert (event.recurrence, event.all_day) == ("", True)

    def test_rrule_empty_ics(self) -> None:
        (event,) = reading("rrule_empty.ics").complete()
        assert event.title == "New Year's Day"

    def test_a_series_since_before_1970_has_its_coming_dates(self) -> None:
        found = reading("one_bad.ics")
        assert [(event.title, event.recurrence) for event in found.complete()] == [
            ("Founders' Day", "2027-04-23"),
            ("Clean-up", ""),
        ]

    def test_an_exception_whose_zone_is_unknown_does_not_cost_a_series_of_whole_days(self) -> None:
        assert local_starts(reading("exch.ics"))[:3] == [
            "02-17 00:00",
            "02-25 00:00",
            "03-03 00:00",
        ]
        data = vcalendar(
            vevent("DTSTART:20300401", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=X:20300402T000000"),
            vevent("DTSTART:20300410", "RECURRENCE-ID;TZID=X:20300403T000000"),
        )
        assert local_starts(read(data)) == ["04-01 00:00", "04-10 00:00"]

    def test_an_exception_whose_zone_is_needed_is_still_refused(self) -> None:
        data = vcalendar(
            vevent(
                "DTSTART:20300401T100000Z",
                "RRULE:FREQ=DAILY;COUNT=3",
                "EXDATE;TZID=X:20300402T100000",
            )
        )
        (error,) = read(data).errors
        assert "X" in str(error.problem)

    def test_an_exception_in_a_year_that_no_date_can_have_excepts_nothing(self) -> None:
        data = vcalendar(
            vevent("DTSTART:20300401", "RRULE:FREQ=DAILY;COUNT=2", "EXDATE:00010101,99991231")
        )
        assert len(read(data).complete()) == 2

    def test_a_period_has_its_own_length(self) -> None:
        found = reading("rdate_period.ics").complete()
        assert [(event.ends_at - event.starts_at).seconds // 3600 for event in found] == [1, 4]
        data = vcalendar(
            vevent("DTSTART:20300401T140000Z", "RDATE;VALUE=PERIOD:20300408T140000Z/PT3H")
        )
        assert read(data).complete()[1].ends_at == utc(2030, 4, 8, 17)

    def test_an_old_change_of_a_date_that_the_series_has_no_more_is_left_out(self) -> None:
        found = reading("stale.ics")
        assert local_starts(found) == ["07-05 00:00", "07-19 00:00"]
        assert found.left_out == (LeftOut(2, '"Course" of 2027-08-02', Why.OLD_CHANGE),)

    @pytest.mark.parametrize(("sequence", "day"), [(1, "0719"), (2, "0802"), (3, "0802")])
    def test_an_old_change_of_a_date_of_the_series_and_a_new_one_of_any_count(
        self, sequence: int, day: str
    ) -> None:
        data = vcalendar(
            vevent("SEQUENCE:2", "DTSTART:20300705", "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2"),
            vevent(
                f"SEQUENCE:{sequence}", "DTSTART:20300910", f"RECURRENCE-ID;VALUE=DATE:2030{day}"
            ),
        )
        found = read(data)
        assert "09-10 00:00" in local_starts(found)
        assert found.left_out == ()


class TestTitles:
    def test_an_event_without_a_title_is_left_out_with_a_word(self) -> None:
        found = reading("busy.ics")
        assert [event.title for event in found.complete()] == ["Open day"]
        assert found.left_out == (
            LeftOut(1, "an event without a title of 2027-05-30", Why.UNTITLED),
        )

    def test_a_change_without_a_title_has_that_of_its_series(self) -> None:
        data = vcalendar(
            vevent("DTSTART:20300401", "RRULE:FREQ=DAILY;COUNT=2"),
            vevent("DTSTART:20300410", "RECURRENCE-ID:20300402", title=""),
        )
        last = read(data).complete()[-1]
        assert (last.title, last.slug) == ("River Walk", "river-walk-2030-04-10")

    def test_an_untitled_series_is_told_once(self) -> None:
        found = read(vcalendar(vevent("DTSTART:20300401", "RRULE:FREQ=DAILY", title="")))
        assert found.items == ()
        assert found.left_out == (
            LeftOut(1, "an event without a title of 2030-04-01", Why.UNTITLED),
        )

    def test_entities_are_decoded_in_every_field(self) -> None:
        first, _, _ = reading("ev.ics").complete()
        assert first.title == "Tom & Jerry's Café <open> night"
        assert first.slug == "tom-jerry-s-cafe-open-night-2027-04-22"
        assert first.location == "Hall & Yard"
        assert first.url == "https://x.example.org/?a=1&b=2"
        assert first.description.startswith("Come & see")

    def test_a_parameter_that_begins_like_an_entity_stays(self) -> None:
        address = "https://x.example.org/?a=1&copy=2&lt=3"
        (event,) = read(vcalendar(vevent("DTSTART:20300401", f"URL:{address}"))).complete()
        assert event.url == address


class TestWhatIsLeftOut:
    def test_the_second_event_under_a_uid_is_told(self) -> None:
        found = reading("sameuid.ics")
        assert [event.title for event in found.complete()] == ["Second"]
        (left,) = found.left_out
        assert left == LeftOut(1, '"First" of 2027-03-21', Why.SAME_UID, '"Second" of 2027-03-28')

    def test_a_later_edition_that_moves_an_event_is_no_other_event(self) -> None:
        data = vcalendar(
            vevent("DTSTART:20300401", "SEQUENCE:0"), vevent("DTSTART:20300402", "SEQUENCE:1")
        )
        assert read(data).left_out == ()

    @pytest.mark.parametrize(
        ("lines", "why"),
        [
            (("DTSTART:20200401", "RRULE:FREQ=DAILY;COUNT=3"), Why.NO_DATE),
            (("DTSTART:20350401", "RRULE:FREQ=DAILY;COUNT=3"), Why.NO_DATE),
            (("DTSTART:20300401", "EXDATE:20300401"), Why.DATES_CANCELLED),
            (("DTSTART:20300401", "CLASS:PRIVATE"), Why.PRIVATE),
            (("DTSTART:20300401", "CLASS:confidential"), Why.PRIVATE),
        ],
    )
    def test_an_event_without_a_date_to_come_is_told(
        self, lines: tuple[str, ...], why: Why
    ) -> None:
        found = read(vcalendar(vevent(*lines)))
        assert (found.items, [each.why for each in found.left_out]) == ((), [why])

    def test_a_file_without_events_says_so(self) -> None:
        assert reading("todo.ics").left_out == (LeftOut(0, "", Why.NO_EVENTS),)


def test_an_error_names_the_event_by_title_and_day() -> None:
    data = vcalendar(vevent("DTSTART:20300401", "RRULE:FREQ=NEVER"), "BEGIN:VEVENT\nEND:VEVENT")
    assert [error.place for error in read(data).errors] == [
        '"River Walk" of 2030-04-01, RRULE',
        "event 2, DTSTART",
    ]
