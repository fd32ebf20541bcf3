"""kill -9 at any moment of a daemon's life, again and again: every post is on its network once."""

import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic

import pytest
from integration.networks.conftest import Networks
from servers.databases import BACKENDS

from crosspromo.cli.main import run
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.requests import Spotlight
from crosspromo.domain.states import State
from crosspromo.store.database.engine import open_engine
from crosspromo.store.queue.listing import Filter
from crosspromo.store.unit import Store
from crosspromo.workspace import Workspace

Process = subprocess.Popen[str]

POSTS = 24
ROUNDS_TO_SETTLE = 20
PATIENCE = 60.0
"""Seconds without a send after which the daemons are thought to hang."""

NETWORK_TAKES = 0.3
"""Seconds for each write to X or Reddit: who is killed meanwhile is in the middle of something."""

BLUESKY_TAKES = 0.03
"""About what the real server needs."""


@dataclass(frozen=True)
class Case:
    """So many daemons on one queue in this database; of them one is killed each time."""

    database: str
    daemons: int
    kills: int


CASES = [
    Case("sqlite", daemons=1, kills=15),
    # Fewer: how one daemon's life can end is shown above. What this adds, one that lives on and
    # takes over beside one that starts, nearly every kill shows.
    Case("postgresql", daemons=2, kills=8),
]


@pytest.fixture(params=CASES, ids=lambda case: case.database)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def store(
    request: pytest.FixtureRequest,
    networks: Networks,
    case: Case,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Store]:
    """What the daemons work on, seen from outside."""
    url = "sqlite:///crosspromo.db"
    if case.database != "sqlite":
        url = BACKENDS[case.database](request)
        networks.configure(database="env:DATABASE_URL")
        networks.environment["DATABASE_URL"] = url
        monkeypatch.setenv("DATABASE_URL", url)
    store = Store(open_engine(url, networks.folder))
    yield store
    store.close()


def queue_posts(networks: Networks, folder: Path) -> list[str]:
    """A spotlight of every partner on all three accounts; the partners' names."""
    names = [f"Partner {n:02}" for n in range(POSTS)]
    sheet = folder / "partners.csv"
    lines = [f"p{n:02},{name},They do good work" for n, name in enumerate(names)]
    sheet.write_text("\n".join(["slug,name,why", *lines]), encoding="utf-8")
    assert run(["-w", str(networks.folder), "partner", "import", str(sheet)]) == 0
    # In one act: a forecast after each of them would take longer than all the rest.
    spotlights = [Spotlight(author="kim", partner=f"p{number:02}") for number in range(POSTS)]
    with Workspace.open(networks.folder) as workspace:
        workspace.services.queue_post.queue_all(spotlights, list(networks.texts))
    return names


@dataclass
class Axe:
    """Keeps so many daemons running, and kills them at random moments of their lives: while they
    start, sign in, look something up, claim, send or settle.
    """

    networks: Networks
    store: Store
    daemons: int
    dice: random.Random
    running: list[Process] = field(default_factory=list)
    start_takes: float = 0.0

    def fall(self) -> bool:
        """Kill one; whether it leaves sends behind of which nobody knows how they ended."""
        while len(self.running) < self.daemons:
            self.running.append(self.networks.start("run"))
        send = self._one_of_the_next()
        if send is None or (self.start_takes and self.dice.random() < 0.2):
            self._wait(self._passed(self.dice.uniform(0, 1.5 * self.start_takes)))
        else:
            self._wait_for(send)
        victim = self._victim()
        victim.kill()
        victim.communicate()
        self.running.remove(victim)
        return self._is_sending(victim)

    def end(self) -> None:
        """Kill those that are left."""
        for daemon in self.running:
            daemon.kill()
            daemon.communicate()

    def _one_of_the_next(self) -> Delivery | None:
        """What will soon be sent on one of the accounts; None where nothing is left."""
        queued: dict[str, list[Delivery]] = {}
        with self.store.read() as unit:
            for each in unit.deliveries.matching(Filter(states=frozenset({State.QUEUED}))):
                queued.setdefault(each.account, []).append(each)
        if not queued:
            return None
        account = self.dice.choice(sorted(queued))
        return self.dice.choice(sorted(queued[account], key=_turn)[:2])

    def _wait_for(self, send: Delivery) -> None:
        """Until it is under way, or has just ended."""
        started = monotonic()
        self._wait(lambda: self._state_of(send) is not State.QUEUED)
        self.start_takes = self.start_takes or monotonic() - started
        takes = BLUESKY_TAKES if send.account == "bluesky-main" else NETWORK_TAKES
        self._wait(self._passed(self.dice.uniform(0, 1.2 * takes)))

    def _victim(self) -> Process:
        """Any of them, but more often one that is at work."""
        working = [daemon for daemon in self.running if self._is_sending(daemon)]
        return self.dice.choice(working if working and self.dice.random() < 0.7 else self.running)

    def _is_sending(self, daemon: Process) -> bool:
        with self.store.read() as unit:
            claims = [str(each.claimed_by) for each in unit.deliveries.in_flight()]
        return any(f"-{daemon.pid}-" in claim for claim in claims)

    def _state_of(self, delivery: Delivery) -> State:
        with self.store.read() as unit:
            return unit.deliveries.get(delivery.id).state

    def _passed(self, seconds: float) -> Callable[[], bool]:
        moment = monotonic() + seconds
        return lambda: monotonic() >= moment

    def _wait(self, come: Callable[[], bool]) -> None:
        deadline = monotonic() + PATIENCE
        while not come():
            assert monotonic() < deadline, "the daemons send nothing more"
            for daemon in self.running:
                with suppress(subprocess.TimeoutExpired):
                    daemon.wait(timeout=0.005)
                    raise AssertionError(f"one ended by itself:\n{daemon.communicate()[1]}")


def _turn(delivery: Delivery) -> tuple[datetime, int]:
    return delivery.wake_at or delivery.due_at, delivery.id


def settled(networks: Networks, store: Store) -> Counter[State]:
    """How the deliveries stand when nothing is in doubt or waits any more."""
    states: Counter[State] = Counter()
    for _ in range(ROUNDS_TO_SETTLE):
        networks.run("run", "--once")
        with store.read() as unit:
            states = +Counter(unit.deliveries.counts())
        if states.keys() == {State.PUBLISHED}:
            break
    return states


def test_every_post_is_on_its_network_once(
    networks: Networks, store: Store, case: Case, tmp_path: Path
) -> None:
    names = queue_posts(networks, tmp_path)
    networks.x.fail_next("delay", "after", times=None, seconds=NETWORK_TAKES)
    networks.reddit.fail_next("delay", "before", times=None, seconds=NETWORK_TAKES)
    axe = Axe(networks, store, case.daemons, random.Random(20))
    struck = 0
    try:
        for _ in range(case.kills):
            struck += axe.fall()
    finally:
        axe.end()
    # Of two daemons one may have nothing to do.
    assert struck > case.kills / 3 / case.daemons, "it fell beside the sends and shows nothing"

    networks.x.faults.clear()
    networks.reddit.faults.clear()
    assert settled(networks, store) == {State.PUBLISHED: 3 * POSTS}

    for account, texts in networks.texts.items():
        times = {name: sum(name in text for text in texts) for name in names}
        assert times == dict.fromkeys(names, 1), account
        assert len(texts) == POSTS
