"""Sources, read from a real server: what is suggested, once, and what a failure costs."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from servers.feeds import FeedServer, Served, rss

from crosspromo.domain.errors import InputError, NotFoundError, SourceError
from crosspromo.domain.partners import Partner
from crosspromo.domain.sources import Occasion, SourceKind, Suggestion
from crosspromo.http.pages import Pages, anywhere
from crosspromo.services.sources import MOST_NEW, SourceService
from crosspromo.services.sources_due import DueSources
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALERT = "https://www.google.com/url?rct=j&sa=t&url={}&ct=ga&cd=x&usg=y"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def sources(store: Store, clock: FakeClock, server: FeedServer) -> SourceService:
    """Sources of River Valley Alliance, with two partners; every name leads to the server."""
    with store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), NOW)
        unit.partners.save(Partner("keepers-north", "River Keepers North"), NOW)
    return SourceService(
        store=store,
        clock=clock,
        every=HOUR,
        us=("River Valley Alliance",),
        our_sites=("us.example",),
        pages=lambda: Pages(allows=anywhere, resolve=lambda *_: ["127.0.0.1"]),
    )


def suggested(store: Store) -> list[Suggestion]:
    """Open suggestions, the oldest first."""
    with store.read() as unit:
        return list(reversed(unit.suggestions.open(100)))


class TestAdding:
    def test_reads_what_is_there(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        server.documents["/feed"] = Served(rss("River news", {"https://river.example/1": "One"}))
        source = sources.add(f"{server.url}/feed", "river-keepers", "ana")
        (reading,) = sources.read([source.number])
        assert (reading.new, reading.fault, reading.source.title) == (1, None, "River news")
        (found,) = suggested(store)
        assert (found.title, found.link, found.partner, found.occasion) == (
            "One",
            "https://river.example/1",
            "river-keepers",
            Occasion.SHARE,
        )

    def test_refuses_an_address_twice(self, sources: SourceService) -> None:
        sources.add("https://river.example/feed", None, "ana")
        with pytest.raises(SourceError) as error:
            sources.add(" https://river.example/feed ", "river-keepers", "ben")
        assert error.value.code == "source-exists"

    def test_refuses_an_unknown_partner_and_what_is_no_address(
        self, sources: SourceService
    ) -> None:
        with pytest.raises(NotFoundError):
            sources.add("https://river.example/feed", "nobody", "ana")
        with pytest.raises(InputError):
            sources.add("a feed", None, "ana")
        assert sources.list() == []

    def test_knows_google_alerts_by_their_address(self, sources: SourceService) -> None:
        added = sources.add("https://www.google.com/alerts/feeds/1/2", None, "ana")
        assert added.kind is SourceKind.ALERTS


class TestReading:
    def test_suggests_an_item_once(
        self, sources: SourceService, server: FeedServer, clock: FakeClock, store: Store
    ) -> None:
        server.documents["/feed"] = Served(rss("x", {"https://river.example/1": "One"}))
        sources.add(f"{server.url}/feed", "river-keepers", "ana")
        sources.read_due()
        items = {"https://river.example/1": "One, mended", "https://river.example/2": "Two"}
        server.documents["/feed"] = Served(rss("x", items))
        clock.advance(HOUR)
        (reading,) = sources.read_due()
        assert reading.new == 1
        assert [each.title for each in suggested(store)] == ["One", "Two"]

    def test_asks_only_whether_anything_changed(
        self, sources: SourceService, server: FeedServer, clock: FakeClock
    ) -> None:
        server.documents["/feed"] = Served(rss("x", {"https://river.example/1": "One"}))
        sources.add(f"{server.url}/feed", None, "ana")
        sources.read_due()
        clock.advance(HOUR)
        (reading,) = sources.read_due()
        assert reading.unchanged
        assert [status for _, status in server.asked] == [200, 304]

    def test_comes_once_an_interval(
        self, sources: SourceService, server: FeedServer, clock: FakeClock
    ) -> None:
        server.documents["/feed"] = Served(rss("x", {}))
        sources.add(f"{server.url}/feed", None, "ana")
        assert len(sources.read_due()) == 1
        clock.advance(HOUR - timedelta(seconds=1))
        assert sources.read_due() == []
        clock.advance(timedelta(seconds=1))
        assert len(sources.read_due()) == 1

    def test_a_daemon_gets_what_reads_them_where_one_is_due(
        self, sources: SourceService, server: FeedServer, clock: FakeClock, store: Store
    ) -> None:
        asked: list[SourceService] = []

        def readers() -> SourceService:
            asked.append(sources)
            return sources

        due = DueSources(store, clock, readers)
        server.documents["/feed"] = Served(rss("x", {"https://river.example/1": "One"}))
        assert due.read() == []
        sources.add(f"{server.url}/feed", None, "ana")
        assert [reading.new for reading in due.read()] == [1]
        assert due.read() == []
        assert asked == [sources], "only where one was due"

    def test_suggests_no_old_items(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        old = rss("x", {"https://river.example/1": "Old"}, day="Mon, 02 Feb 2026")
        server.documents["/feed"] = Served(old)
        sources.add(f"{server.url}/feed", "river-keepers", "ana")
        (reading,) = sources.read_due()
        assert reading.new == 0
        assert suggested(store) == []

    def test_brings_no_flood(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        items = {f"https://river.example/{n}": f"Item {n}" for n in range(24)}
        server.documents["/feed"] = Served(rss("x", items))
        sources.add(f"{server.url}/feed", "river-keepers", "ana")
        (reading,) = sources.read_due()
        assert reading.new == MOST_NEW
        assert suggested(store)[-1].title == "Item 23"

    def test_of_a_page_that_is_suggested_already_suggests_nothing(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        server.documents["/a"] = Served(rss("a", {"https://river.example/1": "One"}))
        server.documents["/b"] = Served(rss("b", {"http://www.river.example/1/?utm_source=b": "1"}))
        sources.add(f"{server.url}/a", "river-keepers", "ana")
        sources.read_due()
        sources.add(f"{server.url}/b", "river-keepers", "ana")
        sources.read_due()
        assert [each.title for each in suggested(store)] == ["One"]

    def test_is_done_by_one_process_at_a_time(
        self, sources: SourceService, server: FeedServer, store: Store, clock: FakeClock
    ) -> None:
        server.documents["/feed"] = Served(rss("x", {}))
        source = sources.add(f"{server.url}/feed", None, "ana")
        with store.write() as unit:
            assert unit.sources.claim(source, NOW + HOUR)
        assert sources.read_due() == []
        with store.write() as unit:
            assert not unit.sources.claim(source, NOW + 2 * HOUR)


class TestAlerts:
    def read(self, sources: SourceService, server: FeedServer, items: dict[str, str]) -> None:
        links = {ALERT.format(link).replace("&", "&amp;"): words for link, words in items.items()}
        server.documents["/alerts/feeds/1/2"] = Served(rss("Alert", links))
        address = f"http://www.google.com:{server.port}/alerts/feeds/1/2"
        sources.add(address, None, "ana")
        (reading,) = sources.read_due()
        assert reading.fault is None

    def test_about_a_partner_are_suggested_for_them(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        self.read(
            sources,
            server,
            {
                "https://news.example/1": "Prize for the River KEEPERS’ boat",
                "https://news.example/2": "River Keepers North open a house",
                "https://news.example/3": "Rain in the valley",
                "https://news.example/4": "River Valley Alliance meets River Keepers",
            },
        )
        assert [(each.link[-1], each.partner, each.occasion) for each in suggested(store)] == [
            ("1", "river-keepers", Occasion.CONGRATULATE),
            ("2", "keepers-north", Occasion.CONGRATULATE),
            ("3", None, Occasion.SHARE),
            ("4", None, Occasion.ABOUT_US),
        ]

    def test_of_several_alerts_a_page_is_suggested_once(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        found = {"https://news.example/1": "River Keepers mend a weir"}
        self.read(sources, server, found)
        links = {
            ALERT.format("https://news.example/1?utm_source=x").replace("&", "&amp;"): "A weir"
        }
        server.documents["/alerts/feeds/3/4"] = Served(rss("Alert", links))
        sources.add(f"http://www.google.com:{server.port}/alerts/feeds/3/4", None, "ana")
        assert [each.new for each in sources.read_due()] == [0]
        assert [each.title for each in suggested(store)] == ["River Keepers mend a weir"]


class TestFailures:
    def test_are_kept_and_tried_later_and_later(
        self, sources: SourceService, server: FeedServer, clock: FakeClock
    ) -> None:
        sources.add(f"{server.url}/gone", None, "ana")
        for failures in (1, 2, 3):
            (reading,) = sources.read_due()
            assert reading.source.failures == failures
            assert reading.fault is not None
            assert "answers 404 Not Found" in reading.fault
            assert reading.source.next_at == clock.now() + HOUR * 2**failures
            clock.set(reading.source.next_at)

    def test_end_with_a_reading_that_goes_well(
        self, sources: SourceService, server: FeedServer, clock: FakeClock
    ) -> None:
        sources.add(f"{server.url}/feed", None, "ana")
        sources.read_due()
        server.documents["/feed"] = Served(rss("x", {}))
        clock.advance(2 * HOUR)
        (reading,) = sources.read_due()
        assert (reading.fault, reading.source.failures) == (None, 0)
        assert reading.source.next_at == clock.now() + HOUR

    def test_of_one_source_cost_no_other(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        server.documents["/feed"] = Served(rss("x", {"https://river.example/1": "One"}))
        for path in ("/gone", "/feed", "/page"):
            sources.add(f"{server.url}{path}", "river-keepers", "ana")
        server.documents["/page"] = Served(b"<!doctype html><html>Hello", media_type="text/html")
        faults = [each.fault for each in sources.read_due()]
        assert [fault is None for fault in faults] == [False, True, False]
        assert faults[2] is not None
        assert "is a web page, not a feed" in faults[2]
        assert len(suggested(store)) == 1

    def test_a_server_that_asks_to_wait_is_asked_no_more(
        self, sources: SourceService, server: FeedServer, clock: FakeClock
    ) -> None:
        busy = Served(status=429, headers={"retry-after": str(6 * 3_600)})
        server.documents |= {"/a": busy, "/b": Served(rss("b", {}))}
        for path in ("/a", "/b"):
            sources.add(f"{server.url}{path}", None, "ana")
        readings = sources.read_due()
        assert server.asked == [("/a", 429)]
        assert {each.source.next_at for each in readings} == {clock.now() + 6 * HOUR}


class TestRemoving:
    def test_takes_what_is_suggested_along(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        server.documents["/feed"] = Served(rss("x", {"https://river.example/1": "One"}))
        source = sources.add(f"{server.url}/feed", "river-keepers", "ana")
        sources.read_due()
        sources.remove(source.number, "ben")
        assert (sources.list(), suggested(store)) == ([], [])
        with pytest.raises(SourceError):
            sources.remove(source.number, "ben")


def test_who_adds_and_removes_stands_in_the_audit_log(sources: SourceService, store: Store) -> None:
    source = sources.add("https://river.example/feed", None, "ana")
    sources.remove(source.number, "ben")
    with suppress(SourceError):
        sources.remove(source.number, "ben")
    with store.read() as unit:
        acts = [(each.who, each.act, each.subject) for each in unit.audit.entries(None)]
    assert acts == [("ben", "remove", "source 1"), ("ana", "add", "source 1")]


class TestLinksToUs:
    def test_in_a_partners_feed_are_received_once(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        items = {
            "https://river.example/1": "Come to https://www.us.example/march with us",
            "https://river.example/2": "Nothing about them, https://notus.example neither",
        }
        server.documents["/feed"] = Served(rss("River news", items))
        for name in ("feed", "feed?again"):  # one page in two feeds
            source = sources.add(f"{server.url}/{name}", "river-keepers", "ana")
            sources.read([source.number])
            sources.read([source.number])
        with store.read() as unit:
            (got,) = unit.received.latest(10)
        assert (got.partner, got.kind.value, got.url) == (
            "river-keepers",
            "link",
            "https://river.example/1",
        )
        assert got.observed is not None

    def test_in_feeds_of_others_are_nobodys(
        self, sources: SourceService, server: FeedServer, store: Store
    ) -> None:
        items = {"https://news.example/1": "See https://us.example"}
        server.documents["/feed"] = Served(rss("News", items))
        sources.read([sources.add(f"{server.url}/feed", None, "ana").number])
        with store.read() as unit:
            assert unit.received.latest(10) == []
