"""No parser of hostile input raises anything but its own refusal, whatever it reads.

`make test` tries some examples of each; `make fuzz` goes on where new code is reached.
"""

import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from fuzz.feed_inputs import feeds
from fuzz.inputs import answers, calendars, markup, pictures, posts, spreadsheets, templates
from fuzz.inputs import workbooks as calendar_workbooks
from fuzz.workbook_inputs import address_books, workbooks
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.connectors.bluesky.records import made_at
from crosspromo.connectors.cards import read as read_card
from crosspromo.connectors.x.lookup import Creation, Me, Post, TimelinePage, matching_post
from crosspromo.domain.editorial import plain
from crosspromo.domain.errors import TemplateError, UsageError
from crosspromo.domain.invisible import has_invisible
from crosspromo.domain.posts import Image, Kind
from crosspromo.domain.timing import UTC_ZONE, parse_duration
from crosspromo.domain.typed_times import parse_when
from crosspromo.domain.web_address import is_web_address
from crosspromo.http.pages import Page
from crosspromo.intake.calendar import read_events
from crosspromo.intake.calendar_sheet import read_calendar_sheet
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.feeds.discovery import candidates
from crosspromo.intake.feeds.identity import new_items
from crosspromo.intake.feeds.reading import read_feed
from crosspromo.intake.foreign_files import foreign
from crosspromo.intake.handles import HANDLE_NETWORKS, HandleError, bare_handle
from crosspromo.intake.outside_posts import Known, read_outside_posts
from crosspromo.intake.partners import open_partners, read_rows
from crosspromo.intake.pictures import ImageFolder
from crosspromo.intake.plain_text import one_line, plain_text
from crosspromo.publishing.compose import UnusableImageError
from crosspromo.publishing.networks import ImageLimits
from crosspromo.rendering.samples import material_of
from crosspromo.rendering.templates import Templates

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LIMITS = ImageLimits(most=4, types=("image/jpeg", "image/png"), max_bytes=10_000)


@given(markup, st.sampled_from(["utf-8", None, "idna", "utf-7", "undefined", "latin-1", "x"]))
def test_a_page_makes_a_card_or_none(html: str, charset: str | None) -> None:
    page = Page(
        "https://a.example", "text/html", charset, html.encode("utf-8", "replace"), whole=True
    )
    card = read_card("https://a.example", page)
    if card is not None:
        assert not has_invisible(card.title + card.description)


@given(markup)
def test_a_description_becomes_plain_text(html: str) -> None:
    plain = plain_text(html, 500)
    assert len(plain) <= 500
    assert not has_invisible(plain)
    assert "\n" not in one_line(html, 500)


@given(calendars)
def test_a_calendar_is_read_or_its_faults_are_named(data: bytes) -> None:
    reading = read_events(data, "a.ics", zone=UTC_ZONE, now=NOW)
    for event in reading.items:
        assert not has_invisible(event.title + event.location + event.description + event.url)
        assert event.starts_at <= event.ends_at


@given(
    feeds,
    st.sampled_from(["", "text/xml; charset=latin-1", "x; charset=idna", "a" * 999, "; charset"]),
)
def test_a_feed_is_read_or_refused(data: bytes, content_type: str) -> None:
    with suppress(UnreadableFileError):
        feed = read_feed(data, "https://a.example/feed", content_type)
        for item in feed.items:
            assert not has_invisible(item.title + item.summary + item.author + item.link)
            assert all(not each or is_web_address(each) for each in (item.link, item.image))
        assert len(new_items(feed.items, ())) <= len(feed.items)


@given(markup.map(str.encode) | st.binary())
def test_a_page_names_its_feeds_or_none(html: bytes) -> None:
    with suppress(UnreadableFileError):
        for each in candidates(html, "https://a.example/"):
            assert is_web_address(each.address)


@given(spreadsheets)
def test_a_spreadsheet_is_read_or_its_faults_are_named(data: bytes) -> None:
    with suppress(UnreadableFileError):
        for row in read_rows(open_partners(data)).items:
            assert not has_invisible("".join([*row.texts.values(), *row.notes.values()]))
    known = Known(("one",), ("keepers",), (), UTC_ZONE, NOW)
    read_outside_posts(data, "a.csv", known)


@given(workbooks | address_books)
def test_a_workbook_or_an_address_book_is_read_or_its_faults_are_named(data: bytes) -> None:
    with suppress(UnreadableFileError):
        for row in read_rows(open_partners(data)).items:
            assert not has_invisible("".join([*row.texts.values(), *row.notes.values()]))
    foreign(data, "a.xlsx")


@given(calendar_workbooks | workbooks)
def test_a_calendar_in_a_workbook_is_read_or_its_faults_are_named(data: bytes) -> None:
    with suppress(UnreadableFileError):
        sheet = read_calendar_sheet(data, NOW, UTC_ZONE)
        for row in sheet.rows:
            assert all(cell == plain(cell) for cell in row.cells.values())


@given(
    st.sampled_from(HANDLE_NETWORKS), st.text() | st.sampled_from(["https://[", "//", "@@", "a/"])
)
def test_a_handle_is_bare_or_refused(network: str, text: str) -> None:
    with suppress(HandleError):
        assert bare_handle(network, text)


@given(st.text() | st.text("0123456789-:T+Z. wdhms"))
def test_a_time_is_read_or_refused(text: str) -> None:
    with suppress(UsageError):
        parse_when(text, NOW, UTC_ZONE)
    with suppress(UsageError):
        parse_duration(text)


@given(templates)
def test_a_template_is_rendered_or_refused(text: str) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "spotlight" / "x.j2"
        file.parent.mkdir()
        file.write_bytes(text.encode("utf-8", "replace"))
        with suppress(TemplateError):
            rendered = Templates((Path(folder), Path(folder)), "us").render(
                material_of(Kind.SPOTLIGHT), "x"
            )
            assert sum(len(part.text) for part in rendered.segments) <= 100_000


@given(pictures)
def test_a_picture_is_fitted_or_refused(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.jpg").write_bytes(data)
        with suppress(UnusableImageError):
            ImageFolder(Path(folder), keep=False).fitted(Image("a.jpg", "alt"), LIMITS)


@given(answers)
def test_an_answer_of_x_is_understood_or_refused(answer: Any) -> None:
    content = json.dumps(answer).encode()
    for kind in (Me, Creation, TimelinePage):
        with suppress(msgspec.MsgspecError):
            msgspec.json.decode(content, type=kind)


@given(st.lists(posts, max_size=3), st.text("a &", max_size=9))
def test_a_timeline_of_x_is_searched(found: list[Any], text: str) -> None:
    page = msgspec.json.decode(json.dumps({"meta": {}, "data": found}).encode(), type=TimelinePage)
    matching_post(text, page.data, NOW)
    for post in page.data:
        assert isinstance(post, Post)
        assert len(post.expanded()) <= 200_000


@given(st.text() | st.text("234567abcdefghijklmnopqrstuvwxyz", max_size=2_000))
def test_a_key_of_bluesky_is_a_time_or_none(rkey: str) -> None:
    with suppress(ValueError):
        made_at(rkey)
