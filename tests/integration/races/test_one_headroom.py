"""Two processes want the last headroom at the same moment: one of them has it, every time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from integration.races.processes import Worker, hear, start, tell
from integration.races.racer import ACCOUNTS, FLOOR
from stories import publish_next, queued

from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.results import Disposition
from crosspromo.store.queue.listing import Filter
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

ROUNDS = 200


@pytest.fixture
def racers(store: Store, url: str, tmp_path: Path) -> Iterator[tuple[Worker, Worker]]:
    first, second = (start("racer.py", url, tmp_path, name) for name in ("worker-1", "worker-2"))
    yield first, second
    for racer in (first, second):
        racer.communicate(timeout=30)


def share_others(store: Store, text: str, account: str) -> None:
    """One post about others goes out: headroom for exactly one of ours."""
    queued(store, text, account=account)
    memory = MemoryConnector()
    dispatcher = Dispatcher(store, lambda _name: memory, ACCOUNTS, FLOOR, FakeClock(), "starter")
    assert publish_next(dispatcher, account) is Disposition.PUBLISHED


def published(store: Store, ids: list[int]) -> int:
    with store.read() as unit:
        return sum(unit.deliveries.get(each).state is State.PUBLISHED for each in ids)


def clear(store: Store) -> None:
    """Whoever lost does not take part in the next round."""
    with store.write() as unit:
        for each in unit.deliveries.matching(Filter(states=frozenset({State.QUEUED}))):
            unit.transitions.cancel(each, START)


def test_one_headroom_is_used_once_whoever_is_faster(
    store: Store, racers: tuple[Worker, Worker]
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
