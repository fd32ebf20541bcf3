"""A page tells of its feeds and calendars, and sites have them in the usual places."""

import pytest

from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.feeds.discovery import (
    MOST_CANDIDATES,
    MOST_GUESSES,
    MOST_HTML,
    Candidate,
    Found,
    SourceKind,
    candidates,
)

PAGE = "https://river.example/about/"


def found(html: str, *, how: Found | None = None) -> list[Candidate]:
    every = candidates(html.encode(), PAGE)
    return [
        each
        for each in every
        if (each.found is not Found.GUESSED if how is None else each.found is how)
    ]


def test_feeds_that_a_page_names() -> None:
    html = """
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
    <LINK REL=alternate TYPE='application/atom+xml' HREF=/atom TITLE="News &amp; more">
    <link rel="alternate" type="text/calendar" href="/events/list/?ical=1">
    <link rel="alternate" hreflang="es" href="/es/"><link rel="stylesheet" href="/feed.xml">
    <link rel="alternate" type="application/json" href="https://river.example/wp-json/wp/v2/1">
    """
    assert found(html) == [
        Candidate("https://river.example/atom", SourceKind.FEED, Found.NAMED, "News & more"),
        Candidate(
            "https://river.example/events/list/?ical=1", SourceKind.CALENDAR, Found.NAMED, ""
        ),
        Candidate("https://river.example/comments/feed/", SourceKind.FEED, Found.NAMED, "Comments"),
    ]


@pytest.mark.parametrize(
    ("link", "address", "kind"),
    [
        ("webcal://cal.example/x", "https://cal.example/x", SourceKind.CALENDAR),
        ("webcals://cal.example/x", "https://cal.example/x", SourceKind.CALENDAR),
        ("/files/2030.ICS", "https://river.example/files/2030.ICS", SourceKind.CALENDAR),
        ("/e/?a=1&amp;ical=1", "https://river.example/e/?a=1&ical=1", SourceKind.CALENDAR),
        ("feed:https://river.example/rss", "https://river.example/rss", SourceKind.FEED),
        ("../blog/feed/", "https://river.example/blog/feed/", SourceKind.FEED),
        ("/podcast.rss#top", "https://river.example/podcast.rss", SourceKind.FEED),
    ],
)
def test_links_to_feeds_and_calendars(link: str, address: str, kind: SourceKind) -> None:
    html = f"<p><a href='{link}'>Our <b>dates</b></a> and more</p>"
    assert found(html) == [Candidate(address, kind, Found.LINKED, "Our dates")]


def test_a_link_that_nobody_closed_counts() -> None:
    assert [each.title for each in found("<a href=/a.ics>One <a href=/b.ics>Two")] == ["One", "Two"]


def test_calendars_of_google_that_a_page_shows() -> None:
    html = (
        "<iframe title='Dates' src='https://calendar.google.com/calendar/embed?src=river%40group."
        "calendar.google.com&amp;ctz=America%2FChicago&amp;src=en.usa%23holiday%40a'></iframe>"
        "<iframe src='https://maps.google.com/embed?src=x'></iframe>"
    )
    ical = "https://calendar.google.com/calendar/ical"
    assert [(each.address, each.title) for each in found(html)] == [
        (f"{ical}/river%40group.calendar.google.com/public/basic.ics", "Dates"),
        (f"{ical}/en.usa%23holiday%40a/public/basic.ics", "Dates"),
    ]


@pytest.mark.parametrize(
    "link",
    [
        *("/about", "/seafood", "mailto:us@river.example", "javascript:x.ics", "http://[/x.ics"),
        *("", "#feed", "/x.ics" + "a" * 3_000, "https://u:p@bank.example/x.ics"),
    ],
)
def test_other_links_are_none(link: str) -> None:
    assert found(f"<a href='{link}'>x</a>") == []


def test_an_address_stands_once_as_what_is_most_trusted() -> None:
    html = (
        "<a href=/feed>x</a><link rel=alternate type=application/rss+xml href=/feed/><a href=/feed>"
    )
    assert found(html) == [
        Candidate("https://river.example/feed/", SourceKind.FEED, Found.NAMED, "")
    ]
    assert "https://river.example/feed" not in [
        each.address for each in found(html, how=Found.GUESSED)
    ]


def test_the_usual_places_come_last_and_begin_below_the_page() -> None:
    guesses = [each.address for each in candidates(b"", PAGE)]
    assert guesses[:3] == [
        "https://river.example/about/feed",
        "https://river.example/about/events/?ical=1",
        "https://river.example/feed",
    ]
    assert len(guesses) == len({*guesses}) <= MOST_GUESSES


def test_relative_links_start_from_the_base_of_the_page() -> None:
    html = "<base href='https://blog.example/a/'><a href='feed/'>x</a>"
    assert [each.address for each in found(html)] == ["https://blog.example/a/feed/"]


def test_a_page_that_names_very_many_is_bounded() -> None:
    html = "".join(f"<a href=/{n}.ics>x</a>" for n in range(10_000))
    assert len(found(html)) == MOST_CANDIDATES


def test_a_page_is_read_up_to_a_limit_even_within_a_character() -> None:
    html = "<a href=/a.ics>é</a>".encode() + "é".encode() * MOST_HTML
    (first, *_) = candidates(b" " + html, PAGE)
    assert (first.address, first.title) == ("https://river.example/a.ics", "é")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="not text"):
        candidates(b"\0PNG", PAGE)
