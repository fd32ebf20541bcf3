"""A thread that broke off is sent on from where it stopped: each part is on the network once, and
the thread counts from its first part to its last.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from exact import exact
from staff import person
from stories import ACCOUNT, NO_FLOOR, delivery, look_up_due, queued, rules

from crosspromo.domain.outcomes import Begun, LookUp, NotSent, Outcome, Rejected, Unknown
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import Need, Scope
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Window
from crosspromo.domain.reasons.faults import InDoubt
from crosspromo.domain.states import State
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

BEGUN = Begun({"ids": ["part-1", "part-2"]})
FIRST_LOOK = timedelta(seconds=20)
SECOND_LOOK = timedelta(minutes=5)


@dataclass
class World:
    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    network: MemoryConnector = field(default_factory=MemoryConnector)
    dead: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.network.accidents.append(lambda _accept: Unknown("part 3 of 3 did not go out"))
        self.thread = queued(self.store, "a thread", credit=Credit.SELF)

    @property
    def reconciler(self) -> Reconciler:
        accounts = {ACCOUNT: rules()}
        return Reconciler(
            self.store,
            lambda _account: self.network,
            accounts,
            self.clock,
            self.dead.__contains__,
            "worker",
        )

    def run(
        self,
        *answers: LookUp,
        after: timedelta = timedelta(0),
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """A round of the daemon, in which look-ups have these answers."""
        self.clock.advance(after)
        self.network.answers[:] = answers
        dispatcher = Dispatcher(
            self.store,
            lambda _account: self.network,
            {ACCOUNT: rules()},
            NO_FLOOR,
            self.clock,
            "worker",
        )
        Cycle(dispatcher, self.reconciler, self.clock, stopping).run()

    def state(self) -> State:
        return delivery(self.store, self.thread).state

    @property
    def tally(self) -> Tally:
        with self.store.read() as unit:
            return unit.ledger.tally(ACCOUNT, Window(days=28), self.clock.now())


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.run()
    return world


def test_it_goes_on_once_two_spaced_looks_agree(world: World) -> None:
    world.run(BEGUN, after=FIRST_LOOK)
    assert (world.state(), world.network.sends) == (State.UNKNOWN, 1)
    world.run(BEGUN, after=SECOND_LOOK)
    assert (world.state(), world.network.sends) == (State.PUBLISHED, 2)


def test_the_second_send_knows_which_parts_are_there(world: World) -> None:
    world.run(BEGUN, after=FIRST_LOOK)
    world.run(BEGUN, after=SECOND_LOOK)
    first, second = world.network.sent
    assert second.token == first.token
    assert second.payload == {**first.payload, "ids": ["part-1", "part-2"]}


def test_it_counts_all_along(world: World) -> None:
    counted = [world.tally]
    world.run(BEGUN, after=FIRST_LOOK)
    counted.append(world.tally)
    world.run(BEGUN, after=SECOND_LOOK)
    counted.append(world.tally)
    assert counted == [Tally(0, 1)] * 3


def test_a_pause_holds_the_missing_parts(world: World) -> None:
    chair = person(world.store, world.clock, {ACCOUNT: rules()})
    chair.pause(ACCOUNT, "the news is bad")
    world.run(BEGUN, after=FIRST_LOOK)
    world.run(BEGUN, after=SECOND_LOOK)
    assert (world.state(), world.network.sends) == (State.UNKNOWN, 1)
    fault = delivery(world.store, world.thread).fault
    assert fault is not None
    assert exact(fault.reason) == exact(
        InDoubt("the thread broke off, and goes on later: account is paused")
    )
    chair.resume(ACCOUNT)
    world.run(BEGUN, after=SECOND_LOOK)
    assert world.state() is State.PUBLISHED


def test_a_permission_that_is_gone_holds_the_missing_parts(world: World) -> None:
    need = Need(Scope.TAG, "river-keepers")
    with world.store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), START)
        unit.permissions.set_needs(world.thread, [need])
    world.run(BEGUN, after=FIRST_LOOK)
    world.run(BEGUN, after=SECOND_LOOK)
    assert (world.state(), world.network.sends) == (State.UNKNOWN, 1)
    fault = delivery(world.store, world.thread).fault
    assert fault is not None
    assert exact(fault.reason) == exact(
        InDoubt("the thread broke off, and goes on later: somebody no longer agrees to it")
    )
    with world.store.write() as unit:
        now = world.clock.now()
        unit.permissions.add(need.partner, need.scope, evidence="mail", now=now, who="dan")
    world.run(BEGUN, after=SECOND_LOOK)
    assert world.state() is State.PUBLISHED


@pytest.mark.parametrize(
    "outcome", [NotSent("no connection"), Rejected("too long"), Unknown("timed out")]
)
def test_whatever_befalls_the_rest_the_thread_stays_in_doubt(
    world: World, outcome: Outcome
) -> None:
    """Its beginning stands there: calling it unsent or failed would give its headroom back."""
    world.run(BEGUN, after=FIRST_LOOK)
    world.network.accidents.append(lambda _accept: outcome)
    world.run(BEGUN, after=SECOND_LOOK)
    assert (world.state(), world.tally) == (State.UNKNOWN, Tally(0, 1))


def test_an_account_that_is_refused_meanwhile_is_parked(world: World) -> None:
    world.run(BEGUN, after=FIRST_LOOK)
    refused = NotSent("the password was refused", account_fault=True)
    world.network.accidents.append(lambda _accept: refused)
    world.run(BEGUN, after=SECOND_LOOK)
    assert world.state() is State.UNKNOWN
    with world.store.read() as unit:
        assert unit.accounts.fault(ACCOUNT) == "the password was refused"


def test_a_daemon_that_was_asked_to_stop_meanwhile_leaves_it(world: World) -> None:
    world.run(BEGUN, after=FIRST_LOOK)
    looked_up = world.network.looked_up_since
    world.run(BEGUN, after=SECOND_LOOK, stopping=lambda: len(looked_up) == 2)
    assert (world.state(), world.network.sends) == (State.UNKNOWN, 1)
    world.run(BEGUN)
    assert (world.state(), world.network.sends) == (State.PUBLISHED, 2)


def test_a_crash_while_it_goes_on_is_another_doubt(world: World) -> None:
    class Killed(BaseException):
        """The process ends here."""

    def killed(_accept: object) -> Outcome:
        raise Killed

    world.run(BEGUN, after=FIRST_LOOK)
    world.network.accidents.append(killed)
    with pytest.raises(Killed):
        world.run(BEGUN, after=SECOND_LOOK)
    assert world.state() is State.SENDING
    world.dead.add("worker")
    world.run()
    assert world.state() is State.UNKNOWN
    whole = Begun({"ids": ["part-1", "part-2", "part-3"]})
    world.run(whole, after=FIRST_LOOK)
    world.run(whole, after=SECOND_LOOK)
    assert world.network.sent[-1].payload["ids"] == ["part-1", "part-2", "part-3"]


def test_one_that_never_gets_on_becomes_a_question(world: World) -> None:
    for _ in range(40):
        world.network.accidents[:] = [lambda _accept: Unknown("part 3 of 3 did not go out")]
        world.run(BEGUN, after=SECOND_LOOK)
    assert delivery(world.store, world.thread).needs_person
    assert look_up_due(world.reconciler) == 0
