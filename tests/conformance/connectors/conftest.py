"""Fixtures for the tests of the Reddit connector."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conformance.connectors.reddit_world import PLENTY, Reddit, World
from servers.simulators import RateLimit, Subreddit

from crosspromo.testing.clock import FakeClock


@pytest.fixture
def new_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., World]]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    worlds: list[World] = []

    def new(
        *,
        limit: RateLimit = PLENTY,
        rotate: bool = False,
        subreddits: tuple[Subreddit, ...] = (Subreddit("test"), Subreddit("rivervalley")),
    ) -> World:
        clock = FakeClock()
        reddit = Reddit(
            clock=clock, limit=limit, rotate_refresh_tokens=rotate, subreddits=subreddits
        )
        reddit.start()
        worlds.append(World(reddit, clock, tmp_path))
        return worlds[-1]

    yield new
    for world in worlds:
        for connector in world.made:
            connector.close()
        world.reddit.stop()


@pytest.fixture
def world(new_world: Callable[..., World]) -> World:
    return new_world()


@pytest.fixture
def nothing_sleeps(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test that uses this is also a test that no library sleeps, whatever Reddit answers."""
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    yield
    assert naps == []
