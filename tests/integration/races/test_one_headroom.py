"""Two processes want the last headroom at the same moment: one of them has it, every time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from integration.races.racer import ACCOUNTS, FLOOR
from servers.databases import BACKENDS
from stories import publish_next, queued

from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import Dispatcher, Step
from crosspromo.store.engine import open_engine
from crosspromo.store.listing import Filter
from crosspromo.store.unit import Store
from crosspromo.store.versions import upgrade
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector

ROUNDS = 200
TESTS = Path(__file__).parents[2]
OUR_PATH = [path for path in [os.environ.get("PYTHONPATH")] if path]
"""Where this process finds the code that it tests, unless that is installed."""

Racer = subprocess.Popen[str]


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest) -> str:
    return BACKENDS[request.param](request)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(url, tmp_path)
    upgrade(engine)
    store = Store(engine)
    yield store
    store.close()


@pytest.fixture
def racers(store: Store, url: str, tmp_path: Path) -> Iterator[tuple[Racer, Racer]]:
    started = [
        subprocess.Popen(
            [sys.executable, TESTS / "integration/races/racer.py", url, tmp_path, name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *OUR_PATH])},
        )
        for name in ("worker-1", "worker-2")
    ]
    yield started[0], started[1]
    for racer in started:
        racer.communicate(timeout=30)


def tell(racer: Racer, line: str) -> None:
    assert racer.stdin is not None
    racer.stdin.write(f"{line}\n")
    racer.stdin.flush()


def hear(racer: Racer) -> str:
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def share_others(store: Store, text: str, account: str) -> None:
    """One post about others goes out: headroom for exactly one of ours."""
    queued(store, text, account=account)
    memory = MemoryConnector()
    dispatcher = Dispatcher(store, lambda _name: memory, ACCOUNTS, FLOOR, FakeClock(), "starter")
    assert publish_next(dispatcher, account) is Step.PUBLISHED


def published(store: Store, ids: list[int]) -> int:
    with store.read() as unit:
        return sum(unit.deliveries.get(each).state is State.PUBLISHED for each in ids)


def clear(store: Store) -> None:
    """Whoever lost does not take part in the next round."""
    with store.write() as unit:
        for each in unit.deliveries.matching(Filter(states=frozenset({State.QUEUED}))):
            unit.transitions.cancel(each)


def test_one_headroom_is_used_once_whoever_is_faster(
    store: Store, racers: tuple[Racer, Racer]
) -> None:
    """By turns the headroom of one account that both serve, and of the organisation's floor."""
    winners = set()
    for number in range(ROUNDS):
        lanes = ("shared", "shared") if number % 2 else ("left", "right")
        share_others(store, f"them {number}", lanes[0])
        ours = [
            queued(store, f"us {number} {lane} {side}", account=lane, credit=Credit.SELF)
            for side, lane in enumerate(lanes)
        ]
        for racer, lane in zip(racers, lanes, strict=True):
            tell(racer, lane)
        assert [hear(racer) for racer in racers] == ["looked", "looked"]
        for racer in racers if number % 4 < 2 else reversed(racers):
            tell(racer, "go")
        did = [hear(racer).split() for racer in racers]
        assert published(store, ours) == 1, (number, did)
        assert sum(steps.count("published") for steps in did) == 1, (number, did)
        winners.add(next(side for side, steps in enumerate(did) if "published" in steps))
        clear(store)
    assert winners == {0, 1}, "one of them always won: this was no race"
    with store.read() as unit:
        assert unit.ledger.faults() == []
