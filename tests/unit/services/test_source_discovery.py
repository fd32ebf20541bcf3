"""Feeds and calendars on the website of a partner, with a real server."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Never

import pytest
from servers.feeds import FeedServer, Served, rss

from crosspromo.domain.errors import NotFoundError, SourceError
from crosspromo.domain.partners import Partner
from crosspromo.domain.sources import SourceKind as Kept
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.http.pages import Pages, anywhere
from crosspromo.intake.feeds.discovery import Found, SourceKind
from crosspromo.services.calendar_sources import CalendarEditions
from crosspromo.services.source_discovery import MOST_ASKED, MOST_GUESSED, SourceDiscovery
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

NEWS = rss("River news", {"https://river.example/1": "One", "https://river.example/2": "Two"})
EVENTS = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Walk\r\n"
    b"DTSTART:20260501T120000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
HTML = "text/html; charset=utf-8"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


def no_events() -> Never:
    raise AssertionError("looking writes no event")


def discovery(
    store: Store, website: str, *, private: bool = True, seconds: Iterator[float] | None = None
) -> SourceDiscovery:
    partner = Partner(slug="river-keepers", name="River Keepers", website=website)
    with store.write() as unit:
        unit.partners.save(partner, START)
    found = SourceDiscovery(
        store,
        FakeClock(START),
        lambda: Pages(allows=anywhere if private else None),
        CalendarEditions(zone=UTC_ZONE, events=no_events),
    )
    return found if seconds is None else replace(found, monotonic=lambda: next(seconds))


def page(*links: str) -> Served:
    return Served(f"<html><head>{''.join(links)}</head></html>".encode(), HTML)


def alternate(href: str, kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}">'


def test_what_a_page_names_is_read_and_told(store: Store, server: FeedServer) -> None:
    server.documents["/"] = page(alternate("/news"), alternate("/cal", "text/calendar"))
    server.documents["/news"] = Served(NEWS)
    server.documents["/cal"] = Served(EVENTS, "text/calendar")
    found = discovery(store, f"{server.url}/").discover("river-keepers")
    assert [(each.address, each.kind, each.found, each.items) for each in found.found] == [
        (f"{server.url}/news", SourceKind.FEED, Found.NAMED, 2),
        (f"{server.url}/cal", SourceKind.CALENDAR, Found.NAMED, 1),
    ]
    assert found.found[0].title == "River news"
    assert [path for path, _ in server.asked] == ["/", "/news", "/cal"]


def test_usual_addresses_are_asked_where_the_page_names_none_and_few_of_them(
    store: Store, server: FeedServer
) -> None:
    server.documents["/"] = page()
    server.documents["/feed.xml"] = Served(NEWS)
    found = discovery(store, f"{server.url}/").discover("river-keepers")
    assert [each.address for each in found.found] == [f"{server.url}/feed.xml"]
    assert found.found[0].found is Found.GUESSED
    assert len(server.asked) - 1 <= MOST_GUESSED


def test_what_only_looks_like_a_feed_is_not_told(store: Store, server: FeedServer) -> None:
    server.documents["/"] = page(alternate("/a"), alternate("/gone"), alternate("/b"))
    server.documents["/a"] = Served(b"<html>not here</html>", HTML)
    server.documents["/b"] = Served(b"BEGIN:VCALENDAR\r\n\xff\xfe", "text/calendar")
    assert discovery(store, f"{server.url}/").discover("river-keepers").found == ()


def test_a_page_of_a_thousand_links_costs_a_few_requests(store: Store, server: FeedServer) -> None:
    server.documents["/"] = page(*(alternate(f"/{number}") for number in range(1_000)))
    found = discovery(store, f"{server.url}/").discover("river-keepers")
    assert found.asked <= MOST_ASKED + MOST_GUESSED
    assert len(server.asked) == found.asked + 1


def test_what_is_read_already_says_as_which_source(store: Store, server: FeedServer) -> None:
    server.documents["/"] = page(alternate("/news"))
    server.documents["/news"] = Served(NEWS)
    with store.write() as unit:
        number = unit.sources.add(
            Kept.FEED, f"{server.url}/news", None, "ana", datetime(2026, 4, 1, tzinfo=UTC)
        )
    (found,) = discovery(store, f"{server.url}/").discover("river-keepers").found
    assert found.source == number


def test_no_address_is_asked_once_time_has_run_out(store: Store, server: FeedServer) -> None:
    server.documents["/"] = page(alternate("/news"), alternate("/more"))
    server.documents["/news"] = Served(NEWS)
    seconds = iter([0.0, 1.0, 61.0])
    found = discovery(store, f"{server.url}/", seconds=seconds).discover("river-keepers")
    assert (len(found.found), found.asked, found.complete) == (1, 1, False)


def test_a_website_on_the_own_network_is_refused(store: Store, server: FeedServer) -> None:
    with pytest.raises(SourceError, match="is not on the public internet"):
        discovery(store, f"{server.url}/", private=False).discover("river-keepers")
    assert server.asked == []


def test_a_partner_without_a_website_or_an_unknown_one_is_refused(store: Store) -> None:
    with pytest.raises(SourceError) as error:
        discovery(store, "").discover("river-keepers")
    assert error.value.code == "no-website"
    with pytest.raises(NotFoundError):
        discovery(store, "").discover("nobody")
