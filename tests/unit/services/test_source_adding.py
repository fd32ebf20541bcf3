"""Adding a source: its address is read at once, and must be a feed or a calendar."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from servers.feeds import FeedServer, Served, rss

from crosspromo.domain.errors import InputError, NotFoundError, SourceError
from crosspromo.domain.reasons.sources import AddressHasLogin, NothingToRead
from crosspromo.domain.sources import SourceKind
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.http.pages import Pages, anywhere
from crosspromo.services.calendar_sources import CalendarEditions
from crosspromo.services.source_adding import SourceAdding
from crosspromo.services.sources import SourceService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

HOUR = timedelta(hours=1)
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with FeedServer() as server:
        yield server


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START)


@pytest.fixture
def adding(store: Store, clock: FakeClock) -> SourceAdding:
    def never() -> object:
        raise AssertionError("an event was changed")

    return SourceAdding(
        SourceService(
            store=store,
            clock=clock,
            every=HOUR,
            us=("us",),
            pages=lambda: Pages(allows=anywhere),
            calendars=CalendarEditions(UTC_ZONE, never),  # type: ignore[arg-type]  # not called
        )
    )


def test_what_is_there_is_read_once(adding: SourceAdding, server: FeedServer) -> None:
    server.documents["/feed"] = Served(rss("River news", {"https://river.example/1": "One"}))
    reading = adding.add(f"{server.url}/feed", None, "ana")
    assert (reading.fault, reading.source.title) == (None, "River news")
    assert adding.sources.list() == [reading.source]
    assert server.asked == [("/feed", 200)]


@pytest.mark.parametrize(
    ("served", "words"),
    [
        (Served(status=404), "answers 404 Not Found"),
        (Served(status=403), "answers 403 Forbidden"),
        (Served(b"<!doctype html><html>Hello", "text/html"), "is a web page, not a feed"),
        (Served(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1", "text/calendar"), "what is there"),
        (Served(b""), "is empty"),
    ],
)
def test_what_answers_and_is_neither_feed_nor_calendar_is_refused(
    adding: SourceAdding, server: FeedServer, served: Served, words: str
) -> None:
    server.documents["/x"] = served
    with pytest.raises(SourceError) as error:
        adding.add(f"{server.url}/x", None, "ana")
    assert isinstance(error.value.reason, NothingToRead)
    assert words in error.value.reason.words
    assert adding.sources.list() == []


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_cannot_be_read_now_is_added_and_tried_again(
    adding: SourceAdding, server: FeedServer, clock: FakeClock, status: int
) -> None:
    server.documents["/feed"] = Served(status=status)
    reading = adding.add(f"{server.url}/feed", None, "ana")
    assert f"answers {status}" in (reading.fault or "")
    assert (reading.source.failures, reading.source.next_at) == (1, clock.now() + 2 * HOUR)
    assert adding.sources.list() == [reading.source]


def test_a_server_that_is_down_is_tried_again(adding: SourceAdding) -> None:
    with FeedServer() as gone:
        address = f"{gone.url}/feed"
    assert adding.add(address, None, "ana").source.failures == 1


def test_a_webcal_address_is_asked_by_https_and_then_by_http(
    adding: SourceAdding, server: FeedServer
) -> None:
    server.documents["/a.ics"] = Served(CALENDAR, "text/calendar")
    address = f"webcal://127.0.0.1:{server.port}/a.ics"
    source = adding.add(address, None, "ana").source
    assert (source.address, source.kind) == (f"{server.url}/a.ics", SourceKind.CALENDAR)
    with pytest.raises(SourceError) as error:
        adding.add(address, None, "ben")
    assert error.value.code == "source-exists"


def test_a_webcal_address_that_never_answers_stays_https(adding: SourceAdding) -> None:
    with FeedServer() as gone:
        address = f"webcal://127.0.0.1:{gone.port}/a.ics"
    source = adding.add(address, None, "ana").source
    assert source.address.startswith("https://")


def test_https_that_is_none_is_said_in_words(adding: SourceAdding, server: FeedServer) -> None:
    reading = adding.add(f"https://127.0.0.1:{server.port}/feed", None, "ana")
    assert "it does not speak https as it should" in (reading.fault or "")


@pytest.mark.parametrize(
    "address",
    [
        "http://user:pw@river.example/feed",
        "webcal://user@river.example/a.ics",
        "https://:pw@river.example",
    ],
)
def test_an_address_with_a_password_is_refused_without_naming_it(
    adding: SourceAdding, address: str
) -> None:
    with pytest.raises(SourceError) as error:
        adding.add(address, None, "ana")
    assert error.value.reason == AddressHasLogin("river.example")
    assert "pw" not in str(error.value)
    assert adding.sources.list() == []


def test_nothing_is_asked_for_an_unknown_partner_or_what_is_no_address(
    adding: SourceAdding, server: FeedServer
) -> None:
    with pytest.raises(NotFoundError):
        adding.add(f"{server.url}/feed", "nobody", "ana")
    with pytest.raises(InputError):
        adding.add("a feed", None, "ana")
    assert server.asked == []


def test_google_alerts_stay_alerts(clock: FakeClock, store: Store, server: FeedServer) -> None:
    server.documents["/alerts/feeds/1/2"] = Served(rss("x", {}))

    def pages() -> Pages:
        return Pages(allows=anywhere, resolve=lambda *_: ["127.0.0.1"])

    adding = SourceAdding(SourceService(store, clock, HOUR, ("us",), pages))
    address = f"http://www.google.com:{server.port}/alerts/feeds/1/2"
    assert adding.add(address, None, "ana").source.kind is SourceKind.ALERTS
