"""The editorial calendar in the console: it is downloaded, changed, shown, and done as shown."""

import re
from collections.abc import Mapping
from datetime import timedelta

import httpx
import pytest
from browsers import Browser, Office
from calendar_books import Book
from icalendar import Calendar

from crosspromo.domain.people import Role
from crosspromo.web.uploads import LARGEST_FILE

PAGE = "/queue/import"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')
KEPT = re.compile(r'name="kept" value="([^"]*)"')


def downloaded(browser: Browser) -> Book:
    answer = browser.get("/queue.xlsx")
    assert "attachment" in answer.headers["content-disposition"]
    return Book(answer.content)


def look(browser: Browser, data: bytes, name: str = "calendar.xlsx") -> httpx.Response:
    """Send a workbook to be looked at."""
    files = {"file": (name, data, "application/octet-stream")}
    return browser.send(PAGE, {"act": "look"}, page="/me", files=files)


def carry_on(browser: Browser, shown: str, **fields: str) -> httpx.Response:
    """Press the button of the page that was shown, with the file that it keeps."""
    seen, kept = SEEN.search(shown), KEPT.search(shown)
    assert kept is not None
    whole: Mapping[str, str] = {
        "kept": kept[1],
        "kept-name": "calendar.xlsx",
        "seen": seen[1] if seen else "",
    }
    return browser.send(PAGE, {"act": "import", **whole, **fields}, page="/me")


def text_of(office: Office, number: int) -> str:
    return office.workspace.services.deliveries.get(number).delivery.content.text


@pytest.fixture
def number(office: Office) -> int:
    """A delivery that waits."""
    office.queue()
    (first, *_) = office.workspace.services.deliveries.list(room=1).views
    return first.delivery.id


def test_what_was_changed_is_shown_and_then_done(
    office: Office, author: Browser, number: int
) -> None:
    before = text_of(office, number)
    assert 'href="/queue.xlsx"' in author.get("/queue").text
    book = downloaded(author)
    book.write(number, "text", "Other words <b>here</b>.")
    book.add(account="bluesky-main", text="A new post.")
    shown = look(author, book.saved())
    assert shown.status_code == 200
    assert "1 new post, 1 changed" in shown.text
    assert "<ins><bdi>Other words &lt;b&gt;here&lt;/b&gt;.</bdi></ins>" in shown.text
    assert text_of(office, number) == before
    done = carry_on(author, shown.text)
    assert (done.status_code, done.headers["location"]) == (303, "/queue")
    assert text_of(office, number) == "Other words <b>here</b>."
    assert "A new post." in author.get("/queue").text


def test_what_was_not_shown_is_not_done(office: Office, author: Browser, number: int) -> None:
    book = downloaded(author)
    book.write(number, "text", "Other words here.")
    shown = look(author, book.saved())
    tomorrow = office.clock.now() + timedelta(days=1)
    office.workspace.services.act_on_delivery("kim").move(number, tomorrow)
    answer = carry_on(author, shown.text)
    assert answer.status_code == 422
    assert "was changed since the sheet was made" in answer.text
    assert text_of(office, number) != "Other words here."


def test_nothing_is_done_unseen(office: Office, author: Browser, number: int) -> None:
    book = downloaded(author)
    book.write(number, "text", "Other words here.")
    files = {"file": ("calendar.xlsx", book.saved(), "application/octet-stream")}
    assert author.send(PAGE, {"act": "import"}, page="/me", files=files).status_code == 422
    assert text_of(office, number) != "Other words here."


def test_a_refused_row_leaves_no_button(author: Browser, number: int) -> None:
    book = downloaded(author)
    book.write(number, "account", "elsewhere")
    shown = look(author, book.saved())
    assert shown.status_code == 422
    assert "Nothing is written as long as a row is refused" in shown.text
    assert 'value="import"' not in shown.text


def test_a_calendar_that_nobody_changed_has_nothing_to_do(author: Browser, number: int) -> None:
    assert number
    shown = look(author, downloaded(author).saved())
    assert "Nothing in it differs from what we have." in shown.text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Choose a file."),
        (b"date,text\n", "calendar.xlsx"),
        (b"PK\x03\x04" + b"\0" * 40, "calendar.xlsx"),
        (b"x" * (LARGEST_FILE + 1), "has more than 1 megabyte"),
    ],
)
def test_what_is_no_workbook_is_refused(author: Browser, data: bytes, sentence: str) -> None:
    answer = look(author, data)
    assert answer.status_code == 422
    assert sentence in answer.text.partition('role="alert"')[2].partition("</div>")[0]


def test_a_reader_downloads_and_changes_nothing(reader: Browser, number: int) -> None:
    assert downloaded(reader).ids
    assert number
    assert reader.get(PAGE).status_code == 403
    assert look(reader, b"x").status_code == 403


def test_calendars_for_other_programs_are_downloaded(office: Office, number: int) -> None:
    browser = office.signed_in(Role.READER)
    for path in ("/queue.ics", "/events.ics"):
        answer = browser.get(path)
        assert answer.headers["content-type"].startswith("text/calendar")
        assert Calendar.from_ical(answer.content)
    assert f"delivery-{number}@" in browser.get("/queue.ics").text
    assert "delivery-" not in browser.get("/events.ics").text
