"""Events in the console: those that come, the posts that announce them, changes, and imports."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from browsers import Browser, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.requests import EventPost
from crosspromo.services.change_event import Hosts

EVIL = "<script>alert(1)</script>"
FIELD = re.compile(r'name="([\w-]+)"(?: type="\w+")? value="([^"]*)"')
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')
KEPT = re.compile(r'name="kept" value="([^"]*)"')
IN_MAY = datetime(2026, 5, 1, 14, tzinfo=UTC)


def event(
    office: Office, title: str = "Cleanup", at: datetime = IN_MAY, hosts: Hosts | None = None
) -> str:
    """The slug of a new event."""
    acts = office.workspace.services.change_event("tester")
    return acts.add(title, at, timedelta(hours=2), hosts or Hosts(), location="Old Park").slug


def announce(office: Office, slug: str, in_hours: int = 3) -> None:
    at = office.clock.now() + timedelta(hours=in_hours)
    asked = EventPost(author="Amira Author", event=slug, at=at)
    office.workspace.services.queue_post.queue(asked, ["x-main", "bluesky-main"])


class TestList:
    def test_coming_events_come_with_the_posts_about_them(
        self, office: Office, author: Browser
    ) -> None:
        announce(office, event(office))
        event(office, "Seed swap", IN_MAY + timedelta(days=3))
        text = author.get("/events").text
        assert "<h1>2 events are coming; no post announces 1 of them</h1>" in text
        assert text.index("Cleanup") < text.index("Seed swap")
        assert "<td>2 queued</td>" in text
        assert "<td>no post</td>" in text
        assert ">Fri 1 May 09:00</time>" in text

    def test_a_past_event_stands_below(self, office: Office, reader: Browser) -> None:
        event(office, "Long ago", office.clock.now() - timedelta(days=3))
        document = reader.get("/events.json").json()
        assert [each["title"] for each in document["past"]] == ["Long ago"]
        assert document["coming"] == []
        assert "<h1>No event is coming</h1>" in reader.get("/events").text

    def test_an_event_elsewhere_has_both_clocks(self, office: Office, author: Browser) -> None:
        carry_on(author, look(author, calendar(zone="Europe/Berlin")).text)
        assert "Fri 1 May 02:00 (09:00 in Berlin)" in author.get("/events").text


class TestOne:
    def test_the_page_tells_which_posts_announce_it_where(
        self, office: Office, author: Browser
    ) -> None:
        slug = event(office)
        announce(office, slug)
        office.workspace.services.act_on_delivery("kim").cancel(2)
        text = author.get(f"/events/{slug}").text
        assert "It starts Fri 1 May 09:00, by the clocks of Chicago. We hold it." in text
        assert "queued on x-main; cancelled on bluesky-main" in text
        states = author.get(f"/events/{slug}.json").json()["deliveries"]
        assert {each["account"]: each["state"] for each in states} == {
            "x-main": "queued",
            "bluesky-main": "cancelled",
        }

    def test_a_button_leads_to_a_post_about_it(self, office: Office, author: Browser) -> None:
        slug = event(office)
        assert f'href="/compose?kind=event&amp;event={slug}"' in author.get(f"/events/{slug}").text
        form = author.get(f"/compose?kind=event&event={slug}").text
        assert f'name="event" type="text" value="{slug}"' in form

    def test_a_past_event_has_no_such_button(self, office: Office, author: Browser) -> None:
        slug = event(office, "Long ago", office.clock.now() - timedelta(days=3))
        assert "/compose?kind=event" not in author.get(f"/events/{slug}").text

    def test_a_hostile_title_is_shown_and_never_obeyed(
        self, office: Office, author: Browser
    ) -> None:
        slug = event(office, EVIL)
        announce(office, slug)
        for path in ("/events", f"/events/{slug}", f"/events/{slug}/edit", "/find?q=alert"):
            assert "<script>alert" not in author.get(path).text, path


def edit(browser: Browser, slug: str, act: str = "save", **typed: str) -> httpx.Response:
    """Fill in the form of the event, and press a button."""
    path = f"/events/{slug}/edit"
    text = browser.get(path).text
    fields = dict(FIELD.findall(text))
    fields["hosting"] = fields["hosting-before"]
    return browser.send(path, {**fields, "act": act, **typed}, page=path)


class TestEdit:
    def test_only_what_was_changed_changes(self, office: Office, author: Browser) -> None:
        slug = event(office)
        answer = edit(author, slug, location="New Park, 9 Ninth Ave")
        assert answer.headers["location"] == f"/events/{slug}"
        found = office.workspace.services.events.get(slug)
        assert (found.location, found.title, found.starts_at) == (
            "New Park, 9 Ninth Ave",
            "Cleanup",
            IN_MAY,
        )

    def test_what_somebody_else_changed_meanwhile_stays(
        self, office: Office, author: Browser
    ) -> None:
        slug = event(office)
        path = f"/events/{slug}/edit"
        fields = dict(FIELD.findall(author.get(path).text)) | {"hosting": "ours", "act": "save"}
        edit(author, slug, title="River cleanup")
        author.send(path, {**fields, "location": "New Park"}, page=path)
        found = office.workspace.services.events.get(slug)
        assert (found.title, found.location) == ("River cleanup", "New Park")

    def test_looking_first_shows_what_would_follow_and_writes_nothing(
        self, office: Office, author: Browser
    ) -> None:
        slug = event(office)
        announce(office, slug)
        text = edit(author, slug, "look", at="may 2 10:00").text
        assert "<del><bdi>Fri 1 May 09:00</bdi></del>" in text
        assert "<ins><bdi>Sat 2 May 10:00</bdi></ins>" in text
        assert "1, 2" in text.partition("What follows")[2]
        assert 'value="may 2 10:00"' in text
        assert office.workspace.services.events.get(slug).starts_at == IN_MAY

    def test_partners_who_hold_it_are_named_with_the_way(
        self, office: Office, author: Browser
    ) -> None:
        office.workspace.services.partners.add(Partner("aspen", "Aspen"))
        slug = event(office)
        edit(author, slug, partners="aspen", hosting="joint-we-lead")
        found = office.workspace.services.events.get(slug)
        assert (found.partners, found.hosting.value) == (("aspen",), "joint-we-lead")
        assert "We lead it, with aspen." in author.get(f"/events/{slug}").text

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"at": "sometime"}, "sometime"),
            ({"length": "long"}, "long"),
            ({"title": " "}, "title"),
            ({"url": "javascript:alert(1)"}, "javascript"),
            ({"hosting": "partner"}, "Name the partners who hold it."),
            ({"partners": "nobody", "hosting": "partner"}, "nobody"),
            ({}, "Nothing is changed by this."),
        ],
    )
    def test_what_makes_no_sense_is_told_and_what_was_typed_stays(
        self, office: Office, author: Browser, typed: dict[str, str], sentence: str
    ) -> None:
        slug = event(office)
        before = office.workspace.services.events.get(slug)
        answer = edit(author, slug, **typed)
        assert answer.status_code == 422
        assert sentence in answer.text.partition('role="alert"')[2]
        assert office.workspace.services.events.get(slug) == before

    def test_a_reader_changes_nothing(self, office: Office, reader: Browser) -> None:
        slug = event(office)
        assert reader.get(f"/events/{slug}/edit").status_code == 403
        assert reader.send(f"/events/{slug}/edit", {"act": "save"}, page="/me").status_code == 403


def calendar(title: str = "Town hall", hour: int = 9, zone: str = "America/Chicago") -> bytes:
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tests//", "BEGIN:VEVENT", "UID:1@tests"),
        *("DTSTAMP:20260401T000000Z", f"DTSTART;TZID={zone}:20260501T{hour:02}0000"),
        *(f"DTEND;TZID={zone}:20260501T{hour + 1:02}0000", f"SUMMARY:{title}"),
        *("END:VEVENT", "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines).encode()


def look(browser: Browser, data: bytes, **fields: str) -> httpx.Response:
    """Send a calendar file to be looked at."""
    files = {"file": ("town.ics", data, "text/calendar")}
    whole = {"hosting": "ours", "partners": "", "act": "look", **fields}
    return browser.send("/events/import", whole, page="/me", files=files)


def carry_on(browser: Browser, shown: str, **fields: str | Sequence[str]) -> httpx.Response:
    """Press the button of the page that was shown, with the file that it keeps."""
    seen, kept = SEEN.search(shown), KEPT.search(shown)
    assert kept is not None
    assert seen is not None
    whole = {"kept": kept[1], "kept-name": "town.ics", "seen": seen[1], "act": "import"}
    whole |= {"hosting": "ours", "partners": ""}
    return browser.send("/events/import", {**whole, **fields}, page="/me")


class TestImport:
    def test_looking_shows_new_events_and_writes_nothing(
        self, office: Office, author: Browser
    ) -> None:
        text = look(author, calendar()).text
        assert "1 new event." in text
        assert "Town hall" in text
        assert not office.workspace.services.events.list()

    def test_the_file_is_kept_and_imported_as_it_was_shown(
        self, office: Office, author: Browser
    ) -> None:
        shown = look(author, calendar()).text
        assert carry_on(author, shown).headers["location"] == "/events"
        assert [each.title for each in office.workspace.services.events.list()] == ["Town hall"]

    def test_a_changed_event_shows_its_fields_and_the_posts_that_are_made_anew(
        self, office: Office, author: Browser
    ) -> None:
        carry_on(author, look(author, calendar()).text)
        (known,) = office.workspace.services.events.list()
        announce(office, known.slug)
        text = look(author, calendar(hour=11)).text
        assert "1 changed." in text
        assert "<ins><bdi>Fri 1 May 11:00</bdi></ins>" in text
        assert "What it does to the queue" in text
        assert office.workspace.services.events.get(known.slug) == known

    def test_who_holds_them_is_chosen_with_the_file(self, office: Office, author: Browser) -> None:
        office.workspace.services.partners.add(Partner("aspen", "Aspen"))
        chosen = {"hosting": "partner", "partners": "aspen"}
        carry_on(author, look(author, calendar(), **chosen).text, **chosen)
        (found,) = office.workspace.services.events.list()
        assert found.partners == ("aspen",)
        answer = look(author, calendar("Other"), hosting="partner", partners="nobody")
        assert answer.status_code == 422
        assert KEPT.search(answer.text)

    @pytest.mark.parametrize("data", [b"", b"no calendar", b"PK\x03\x04", b"BEGIN:VCALENDAR"])
    def test_what_is_no_calendar_is_refused(
        self, office: Office, author: Browser, data: bytes
    ) -> None:
        answer = look(author, data)
        assert 'role="alert"' in answer.text or "nothing in it" in answer.text.lower()
        assert not office.workspace.services.events.list()

    def test_a_hostile_title_is_shown_and_never_obeyed(self, author: Browser) -> None:
        assert "<script>alert" not in look(author, calendar(EVIL)).text
