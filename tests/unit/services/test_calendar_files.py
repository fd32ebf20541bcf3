"""Calendar files: a private one of what is to come, and a public one that gives nothing away."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from newsroom import SLUG, STARTS, WALK, Newsroom
from servers.databases import memory_store

from crosspromo.domain.changes import Change
from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.partners import Partner
from crosspromo.services.calendar_files import CalendarFiles
from crosspromo.services.change_event import EventService, Hosts
from crosspromo.services.partners_due import DuePartners
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

ZONE = ZoneInfo("America/Chicago")
SECRETS = ("tier one", "They oppose us", "Call Ana", "decision-maker", "Hello from the queue")


@pytest.fixture
def newsroom(store: Store) -> Newsroom:
    made = Newsroom(store)
    with store.write() as unit:
        unit.partners.save(
            Partner(
                "river-keepers",
                "River Keepers",
                closeness="close",
                tier="decision-maker",
                why="tier one",
                support="-",
                notes={"Kim": "They oppose us"},
            ),
            START,
        )
        entry = Entry(0, "river-keepers", EntryKind.FOLLOW_UP, "Call Ana", day(9), START, "kim")
        promise = Entry(
            0, "river-keepers", EntryKind.PROMISE, "A photo", day(12), START, "kim", side=Side.THEM
        )
        unit.partner_entries.add(entry)
        unit.partner_entries.add(promise)
    return made


def day(number: int) -> date:
    return date(2026, 5, number)


def files(newsroom: Newsroom) -> CalendarFiles:
    due = DuePartners(newsroom.store, newsroom.clock, ZONE)
    return CalendarFiles(newsroom.store, newsroom.clock, ZONE, "River Valley Alliance", due)


def entries(data: bytes) -> dict[str, Any]:
    """Entries of a file by the beginning of their UID, as another program reads them."""
    calendar = Calendar.from_ical(data)
    assert isinstance(calendar, Calendar)
    return {str(each["UID"]).partition("@")[0]: each for each in calendar.walk("VEVENT")}


def reading(newsroom: Newsroom, data: bytes) -> Iterator[Change]:
    """What our own import makes of a file, in an empty workspace."""
    store = memory_store()
    elsewhere = EventService(
        store, newsroom.clock, newsroom.events.organisation, dict, lambda: newsroom.templates, "kim"
    )
    done = elsewhere.import_(data, "file.ics", Hosts())
    assert not done.imported.errors
    yield from done.imported.changes
    store.close()


class TestPrivate:
    def test_it_has_posts_cadences_follow_ups_and_promises(self, newsroom: Newsroom) -> None:
        number = newsroom.queue(at=START + timedelta(days=2))
        found = entries(files(newsroom).private())
        assert found.keys() == {f"delivery-{number}", "cadence-river-keepers", "entry-1", "entry-2"}
        post = found[f"delivery-{number}"]
        assert post["DTSTART"].dt == START + timedelta(days=2)
        assert str(post["SUMMARY"]).startswith("main, queued: ")
        assert found["entry-1"]["DTSTART"].dt == day(9)
        assert str(found["entry-1"]["SUMMARY"]) == "Follow up: River Keepers"
        assert str(found["entry-2"]["SUMMARY"]) == "Promise: River Keepers"
        assert str(found["cadence-river-keepers"]["SUMMARY"]) == "Share River Keepers"

    def test_what_is_over_is_not_in_it(self, newsroom: Newsroom) -> None:
        newsroom.person.cancel(newsroom.queue())
        with newsroom.store.write() as unit:
            unit.partner_entries.close(1, START, "kim")
        assert "entry-1" not in entries(files(newsroom).private())
        assert not [each for each in entries(files(newsroom).private()) if "delivery" in each]

    def test_names_stay_and_editions_grow(self, newsroom: Newsroom) -> None:
        newsroom.queue()
        first = entries(files(newsroom).private())
        newsroom.clock.advance(timedelta(minutes=2))
        second = entries(files(newsroom).private())
        assert first.keys() == second.keys()
        for name, each in second.items():
            assert each["UID"] == first[name]["UID"]
            assert each["SEQUENCE"] > first[name]["SEQUENCE"]
            assert each["DTSTAMP"].dt == newsroom.clock.now()

    def test_signs_of_the_format_stay_in_the_text(self, newsroom: Newsroom) -> None:
        newsroom.edit(title="Walk; talk, and “birds” \\n\nEND:VCALENDAR")
        (found,) = entries(files(newsroom).public()).values()
        with newsroom.store.read() as unit:
            assert str(found["SUMMARY"]) == unit.events.get(SLUG).title

    def test_our_own_import_reads_it(self, newsroom: Newsroom) -> None:
        newsroom.queue()
        assert list(reading(newsroom, files(newsroom).private())) == [Change.NEW]


class TestPublic:
    def test_it_has_coming_events_and_no_word_that_we_noted(self, newsroom: Newsroom) -> None:
        newsroom.edit(url="https://walk.example")
        newsroom.queue(title="Hello from the queue")
        data = files(newsroom).public()
        (found,) = entries(data).values()
        assert str(found["SUMMARY"]) == WALK.title
        assert found["DTSTART"].dt == STARTS
        assert str(found["LOCATION"]) == WALK.location
        assert str(found["UID"]) == WALK.uid
        assert not [secret for secret in SECRETS if secret in data.decode()]
        assert list(reading(newsroom, data)) == [Change.NEW]

    def test_a_cancelled_event_is_cancelled_there(self, newsroom: Newsroom) -> None:
        newsroom.events.cancel(SLUG)
        (found,) = entries(files(newsroom).public()).values()
        assert str(found["STATUS"]) == "CANCELLED"

    def test_an_event_of_whole_days_stays_one(self, newsroom: Newsroom) -> None:
        start = datetime(2026, 7, 4, tzinfo=UTC)
        lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:a", "SUMMARY:Fair"]
        lines += ["DTSTART;VALUE=DATE:20260704", "END:VEVENT", "END:VCALENDAR", ""]
        all_day = "\r\n".join(lines).encode()
        newsroom.events.import_(all_day, "fair.ics", Hosts())
        found = entries(files(newsroom).public())["a"]
        assert found["DTSTART"].dt == start.date()
        assert found["DTEND"].dt == date(2026, 7, 5)

    def test_what_is_over_is_not_in_it(self, newsroom: Newsroom) -> None:
        newsroom.clock.advance(timedelta(days=400))
        assert not entries(files(newsroom).public())
