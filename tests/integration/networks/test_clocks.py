"""Our clock and the network's clock differ: no post goes out twice, and none is lost in silence.

X and Reddit are simulated, with a clock of their own; the connectors, the store, the dispatcher and
the reconciler are those of the product.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from bluesky_accounts import MemorySessions
from conformance.connectors.reddit_world import BY_PASSWORD
from conformance.connectors.x_world import SECRETS as X_KEYS
from servers.databases import new_store
from servers.simulators import RedditSimulator, XSimulator
from stories import ACCOUNT, NO_FLOOR, delivery, rules

from crosspromo.connectors.base import AccountSetup, Clocked, Connector, Content
from crosspromo.connectors.reddit.account import RedditAccount
from crosspromo.connectors.x import connected
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import NewDelivery
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.states import State
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.simulator.server import Simulator

MOST_RUNS = 12


@dataclass
class TheirClock:
    """The network's clock; ours is ahead of it."""

    ours: FakeClock
    ahead: timedelta

    def now(self) -> datetime:
        return self.ours.now() - self.ahead


def on_x(setup: AccountSetup, clock: Clock) -> Connector:
    return connected(setup, clock)


def on_reddit(setup: AccountSetup, clock: Clock) -> Connector:
    return RedditAccount(setup, "test", clock)


Connect = Callable[[AccountSetup, Clock], Connector]
NETWORKS: dict[str, tuple[type[XSimulator | RedditSimulator], Connect, dict[str, str]]] = {
    "x": (XSimulator, on_x, X_KEYS),
    "reddit": (RedditSimulator, on_reddit, BY_PASSWORD),
}


class World:
    """One account on one network with a clock of its own, and a worker."""

    def __init__(self, name: str, folder: Path) -> None:
        simulated, self._connect, self._keys = NETWORKS[name]
        self.ours = FakeClock()
        self.theirs = TheirClock(self.ours, timedelta(0))
        self.network: Simulator = simulated(clock=self.theirs)
        self.store = new_store(folder)
        self._folder = folder
        self.connector = self.new_connector()
        self.id = self._queue()

    def new_connector(self) -> Connector:
        """A connector of another process, which has heard nothing yet."""
        wait = timedelta(seconds=10)
        sessions = MemorySessions()
        server = self.network.url
        setup = AccountSetup(ACCOUNT, self._keys, {}, server, wait, self._folder, sessions)
        self.connector = self._connect(setup, self.ours)
        return self.connector

    def _queue(self) -> int:
        with self.store.write() as unit:
            unit.accounts.register([ACCOUNT])
            post = unit.posts.add(
                kind=Kind.NOTICE,
                partners=[],
                event=None,
                template=None,
                reason="the river",
                author="tester",
                now=START,
            )
            return unit.deliveries.add(
                NewDelivery(
                    post=post,
                    account=ACCOUNT,
                    network="memory",
                    state=State.QUEUED,
                    credit=Credit.NONE,
                    content=Content("The river is clean", title="The river"),
                    due_at=START,
                    pinned=False,
                    expires_at=None,
                    cost=None,
                )
            )

    def run(self) -> None:
        """Everything that a daemon does until nothing more is to be done by itself."""
        for _ in range(MOST_RUNS):
            self._cycle().run()
            self.ours.advance(timedelta(minutes=10))

    def run_once(self) -> None:
        self._cycle().run()

    def _cycle(self) -> Cycle:
        accounts = {ACCOUNT: rules()}
        dispatcher = Dispatcher(
            self.store, lambda _: self.connector, accounts, NO_FLOOR, self.ours, "worker"
        )
        reconciler = Reconciler(
            self.store,
            lambda _: self.connector,
            accounts,
            self.ours,
            lambda _: False,
        )
        return Cycle(dispatcher, reconciler, self.ours)

    @property
    def state(self) -> State:
        return delivery(self.store, self.id).state

    @property
    def asks_a_person(self) -> bool:
        return delivery(self.store, self.id).needs_person


@pytest.fixture(params=sorted(NETWORKS))
def world(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    world = World(request.param, tmp_path)
    with world.network, closing(world.store):
        yield world
        world.connector.close()


SECONDS = [-90_000, -18_000, -150, -61, -30, 0, 30, 61, 150, 3_600, 18_000, 90_000]


@pytest.mark.parametrize("ahead", SECONDS)
def test_a_post_whose_answer_is_lost_goes_out_once_however_our_clock_stands(
    world: World, ahead: float
) -> None:
    world.theirs.ahead = timedelta(seconds=ahead)
    world.network.fail_next("close", "after")
    world.run()
    assert len(world.network.posts) == 1
    assert world.state is State.PUBLISHED


@pytest.mark.parametrize("ahead", SECONDS)
def test_a_post_that_was_not_taken_is_sent_again_only_where_the_clocks_agree(
    world: World, ahead: float
) -> None:
    world.theirs.ahead = timedelta(seconds=ahead)
    world.network.fail_next("close", "before", path="/2/tweets")
    world.network.fail_next("close", "before", path="/api/submit")
    world.run()
    agree = abs(ahead) <= 60
    assert len(world.network.posts) == agree
    assert world.asks_a_person is not agree
    assert world.state is (State.PUBLISHED if agree else State.UNKNOWN)


@pytest.mark.parametrize("ahead", [-80_000, -3_600, -150, 150, 3_600, 80_000])
def test_a_clock_that_is_set_right_between_the_send_and_its_look_up_doubles_nothing(
    world: World, ahead: float
) -> None:
    world.theirs.ahead = timedelta(seconds=ahead)
    world.network.fail_next("close", "after")
    world.run_once()
    world.theirs.ahead = timedelta(0)
    world.ours.advance(timedelta(seconds=-ahead))  # the network's clock goes on as before
    world.connector.close()
    world.new_connector()
    for _ in range(2):
        world.run()
        world.ours.advance(timedelta(days=1))
    assert len(world.network.posts) == 1


@pytest.mark.parametrize("ahead", [-150, 150])
def test_how_far_the_clocks_are_apart_is_recorded(world: World, ahead: float) -> None:
    world.theirs.ahead = timedelta(seconds=ahead)
    world.run()
    assert isinstance(world.connector, Clocked)
    with world.store.read() as unit:
        (offset,) = unit.accounts.clock_offsets().values()
    assert abs(offset.total_seconds() + ahead) <= 1
