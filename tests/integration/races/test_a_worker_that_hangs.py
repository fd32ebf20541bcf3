"""A worker hangs while it sends, longer than its lease; another takes over; the first wakes up.

It settles nothing any more, whatever has become of the delivery meanwhile.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from integration.races.processes import Worker, hear, start, tell
from integration.races.sleeper import WORKER
from stories import ACCOUNT, delivery, look_up_due, queued, rules

from crosspromo.domain.outcomes import Absent, Found, LookUp, Receipt
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import lease
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector

RULES = rules()
FOUND = Found(Receipt("17", "https://network.example/17"))


@pytest.fixture
def sleeper(url: str, tmp_path: Path, store: Store) -> Iterator[Worker]:
    """Once something is queued it is told to begin by being started; see `fall_asleep`."""
    queued(store)
    worker = start("sleeper.py", url, tmp_path)
    yield worker
    worker.kill()
    worker.communicate(timeout=30)


def fall_asleep(sleeper: Worker) -> None:
    assert hear(sleeper) == "sending"
    os.kill(sleeper.pid, signal.SIGSTOP)


def wake_up(sleeper: Worker) -> str:
    """The network's answer is there at last; what the worker then did."""
    tell(sleeper, "the network took it")
    os.kill(sleeper.pid, signal.SIGCONT)
    return hear(sleeper)


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ((), State.UNKNOWN),
        ((Absent(),), State.UNKNOWN),
        ((FOUND,), State.PUBLISHED),
        ((Absent(), Absent()), State.QUEUED),
    ],
    ids=["not looked up yet", "absent once", "found", "absent twice"],
)
def test_who_hangs_past_the_lease_settles_nothing(
    store: Store, sleeper: Worker, answers: Sequence[LookUp], state: State
) -> None:
    fall_asleep(sleeper)
    clock, connector = FakeClock(), MemoryConnector(answers=list(answers))
    other = Reconciler(
        store, lambda _name: connector, {ACCOUNT: RULES}, clock, is_dead=lambda _worker: False
    )
    assert other.mark_abandoned() == 0, "its lease still runs"
    assert delivery(store, 1).claimed_by == WORKER

    clock.advance(lease(RULES))
    assert other.mark_abandoned() == 1
    for _ in answers:
        clock.advance(RULES.look_up_after[-1])
        look_up_due(other)
    taken_over = delivery(store, 1)
    assert taken_over.state is state

    assert wake_up(sleeper) == "nothing"
    assert delivery(store, 1) == taken_over
    with store.read() as unit:
        assert unit.ledger.faults() == []


def test_who_hangs_for_less_than_the_lease_settles(store: Store, sleeper: Worker) -> None:
    fall_asleep(sleeper)
    assert wake_up(sleeper) == "published"
    assert delivery(store, 1).state is State.PUBLISHED
