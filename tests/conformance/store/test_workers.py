"""Daemons, as others see them."""

from datetime import timedelta

from crosspromo.store.unit import Store
from crosspromo.store.workers import ALIVE_FOR, FORGOTTEN_AFTER
from crosspromo.testing.clock import START

MOMENT = timedelta(seconds=1)


def started(store: Store, *names: str, at: timedelta = timedelta()) -> None:
    for name in names:
        with store.write() as unit:
            unit.workers.start(name, START + at)


def alive(store: Store, after: timedelta, dead: str | None = None) -> list[str]:
    with store.read() as unit:
        found = unit.workers.alive(START + after, lambda name: name == dead)
        return [worker.name for worker in found]


def test_who_is_heard_of_is_alive_the_latest_first(store: Store) -> None:
    started(store, "east-1-aa", "west-1-bb")
    with store.write() as unit:
        unit.workers.seen("west-1-bb", START + MOMENT)
    assert alive(store, MOMENT) == ["west-1-bb", "east-1-aa"]


def test_who_is_silent_is_not_believed_to_be_alive(store: Store) -> None:
    started(store, "east-1-aa")
    assert alive(store, ALIVE_FOR - MOMENT) == ["east-1-aa"]
    assert alive(store, ALIVE_FOR) == []


def test_who_is_known_to_be_dead_is_not_alive(store: Store) -> None:
    started(store, "east-1-aa")
    assert alive(store, MOMENT, dead="east-1-aa") == []


def test_who_stopped_is_gone(store: Store) -> None:
    started(store, "east-1-aa")
    with store.write() as unit:
        unit.workers.stop("east-1-aa")
    assert alive(store, MOMENT) == []


def test_who_was_killed_elsewhere_is_forgotten_in_time(store: Store) -> None:
    started(store, "east-1-aa")
    started(store, "west-1-bb", at=FORGOTTEN_AFTER)
    with store.read() as unit:
        assert len(unit.workers.running()) == 2
    started(store, "west-2-cc", at=FORGOTTEN_AFTER + MOMENT)
    with store.read() as unit:
        assert {worker.name for worker in unit.workers.running()} == {"west-1-bb", "west-2-cc"}


def test_its_name_says_where_it_runs(store: Store) -> None:
    started(store, "north-by-west.example-4711-0af3")
    with store.read() as unit:
        assert unit.workers.running()[0].host == "north-by-west.example"
