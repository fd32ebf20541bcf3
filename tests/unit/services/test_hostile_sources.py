"""Servers of feeds that mean harm: each costs bounded time and memory, and the source says so."""

import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from itertools import count

import pytest
from servers.hostile_feeds import HostileFeeds

from crosspromo.http.pages import Pages
from crosspromo.services.sources import CLAIMED_FOR, Reading, SourceService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

PATIENCE = timedelta(seconds=2)
MOST_SECONDS = 20.0
"""For a slow machine: what is asked without patience takes minutes, or for ever."""

MOST_BYTES = 80_000_000
NAMES = {"hostile.example": "127.0.0.1", "good.example": "127.0.0.1", "inner.example": "10.0.0.1"}


@pytest.fixture(scope="module")
def server() -> Iterator[HostileFeeds]:
    with HostileFeeds() as server:
        yield server


@pytest.fixture
def sources(store: Store) -> SourceService:
    """Sources read as from the internet: 127.0.0.1 stands for it, and 10.0.0.1 for our network."""

    def pages() -> Pages:
        return Pages(
            allows=lambda address: address == ip_address("127.0.0.1"),
            patience=PATIENCE,
            resolve=lambda host, _port: [NAMES.get(host, host)],
        )

    return SourceService(store, FakeClock(START), timedelta(hours=1), ("us",), pages)


def read(sources: SourceService, address: str) -> Reading:
    """Reading of one source, within bounds of time and memory."""
    number = sources.add(address, None, "ana").number
    tracemalloc.start()
    begins = time.monotonic()
    try:
        (reading,) = sources.read([number])
        taken = time.monotonic() - begins
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken < MOST_SECONDS
    assert most < MOST_BYTES
    return reading


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("drip", "hostile.example:{port} takes longer than 2 seconds"),
        ("slow-head", "hostile.example:{port} takes longer than 2 seconds"),
        ("silent", "hostile.example:{port} takes longer than 2 seconds"),
        ("long-head", "hostile.example:{port}: its answer ends in the middle, or is not HTTP"),
        ("not-http", "hostile.example:{port}: its answer ends in the middle, or is not HTTP"),
        ("huge", "hostile.example:{port} sends more than 5,000,000 bytes"),
        ("private", "10.0.0.1 is not on the public internet"),
        ("private-name", "inner.example is not on the public internet"),
        ("endless", "hostile.example:{port} redirects more than 3 times"),
        ("gzip", "5,000,000 bytes"),
        ("deflate", "5,000,000 bytes"),
        ("raw", "5,000,000 bytes"),
        ("br", "its body is packed in a way that we did not ask for"),
        ("zstd", "its body is packed in a way that we did not ask for"),
        ("half", "hostile.example:{port}: its answer ends in the middle, or is not HTTP"),
        ("nothing", "what is there"),
        ("picture", "what is there"),
    ],
)
def test_what_cannot_be_read_says_what_and_where(
    sources: SourceService, server: HostileFeeds, path: str, words: str
) -> None:
    reading = read(sources, server.at(path))
    assert reading.fault is not None
    assert words.format(port=server.port) in reading.fault
    assert reading.source.failures == 1


@pytest.mark.parametrize("path", ["laughs", "attributes", "nested", "charset", "no-charset"])
def test_what_is_only_odd_is_read_or_refused_in_bounded_time(
    sources: SourceService, server: HostileFeeds, path: str
) -> None:
    reading = read(sources, server.at(path))
    assert reading.new <= 1
    assert len(reading.source.title) < 400


def test_one_that_means_harm_costs_the_others_nothing(
    sources: SourceService, server: HostileFeeds
) -> None:
    for path in ("drip", "gzip", "endless", "huge"):
        sources.add(server.at(path), None, "ana")
    good = sources.add(server.at("good", "good.example"), None, "ana")
    readings = {each.source.number: each for each in sources.read()}
    assert len(readings) == 5
    assert readings[good.number].fault is None
    assert readings[good.number].new == 1


def test_a_slow_host_with_many_sources_costs_a_minute_and_the_rest_of_them_are_asked_later(
    sources: SourceService, server: HostileFeeds
) -> None:
    seconds = count(0, 25)  # each look at the time is 25 seconds after the one before
    sources = replace(sources, monotonic=lambda: float(next(seconds)))
    added = [sources.add(server.at(f"good/{number}"), None, "ana") for number in range(5)]
    readings = sources.read()
    later = (
        f"hostile.example:{server.port} took 60 seconds for other sources; this one is asked later"
    )
    assert [each.fault for each in readings] == [None, None, later, later, later]
    kept = {each.number: each for each in sources.list()}
    assert [kept[each.number].failures for each in added] == [0] * 5
    assert [kept[each.number].read_at is None for each in added] == [False, False, True, True, True]
    with sources.store.read() as unit:
        due = unit.sources.due(sources.clock.now() + CLAIMED_FOR, 10)
    assert [each.number for each in due] == [each.number for each in added[2:]]
