"""A signal never ends the process in the middle of a send."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers.databases import new_store
from stories import ACCOUNT, NO_FLOOR, delivery, queued, rules

from crosspromo.domain.outcomes import Outcome, Receipt, Sent
from crosspromo.domain.states import State
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.signals import ended_by_signal
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = new_store(tmp_path)
    yield store
    store.close()


def run(store: Store, *signals: signal.Signals) -> list[State]:
    """The states of two posts after a round whose first send is met by these signals."""
    clock, stop = FakeClock(), threading.Event()

    def interrupted(accept: Callable[[], Receipt]) -> Outcome:
        for number in signals:
            os.kill(os.getpid(), number)
        return Sent(accept())

    connector = MemoryConnector(accidents=[interrupted])
    accounts = {ACCOUNT: rules()}
    dispatcher = Dispatcher(store, lambda _: connector, accounts, NO_FLOOR, clock, "worker")
    reconciler = Reconciler(store, lambda _: connector, accounts, clock, lambda _: False)
    posts = [queued(store, "one"), queued(store, "two")]
    with ended_by_signal(stop):
        Cycle(dispatcher, reconciler, clock, stopping=stop.is_set).run()
    return [delivery(store, post).state for post in posts]


@pytest.mark.parametrize(
    "signals",
    [
        [signal.SIGHUP],
        [signal.SIGTERM],
        [signal.SIGINT],
        [signal.SIGTERM, signal.SIGHUP, signal.SIGTERM],
    ],
)
def test_what_is_being_sent_is_settled_and_nothing_more_begun(
    store: Store, signals: list[signal.Signals]
) -> None:
    assert run(store, *signals) == [State.PUBLISHED, State.QUEUED]


@pytest.mark.parametrize("number", [signal.SIGUSR1, signal.SIGUSR2])
def test_a_signal_without_a_meaning_changes_nothing(store: Store, number: signal.Signals) -> None:
    assert run(store, number) == [State.PUBLISHED, State.PUBLISHED]


def test_under_nohup_a_closed_terminal_changes_nothing(store: Store) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert run(store, signal.SIGHUP) == [State.PUBLISHED, State.PUBLISHED]
    finally:
        signal.signal(signal.SIGHUP, before)


def test_afterwards_the_signals_are_what_they_were(store: Store) -> None:
    numbers = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1, signal.SIGUSR2)
    before = [signal.getsignal(number) for number in numbers]
    run(store)
    assert [signal.getsignal(number) for number in numbers] == before
