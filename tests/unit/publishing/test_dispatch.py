"""How a delivery goes out, once: the dispatcher and the reconciler on a real store, a clock that
stands still and a network in memory that misbehaves as told.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from exact import exact
from staff import Person, person
from stories import ACCOUNT, NO_FLOOR, delivery, look_up_due, publish_next, queued, rules

from crosspromo.domain.attempts import Ending
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import ConfigError, LostClaimError
from crosspromo.domain.outcomes import (
    Absent,
    NotSent,
    Outcome,
    Rejected,
    Unclear,
    Unknown,
)
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target
from crosspromo.domain.reasons import faults
from crosspromo.domain.reasons.faults import InDoubt
from crosspromo.domain.reasons.holds import AccountAtFault
from crosspromo.domain.recorded_decisions import checks_of
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import Dispatcher, lease
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.reconcile import MOST_LOOK_UPS, Reconciler
from crosspromo.publishing.results import Disposition
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import Accident, MemoryConnector


class Killed(BaseException):
    """The process ends here: nobody catches it."""


@dataclass
class World:
    """One account, its network and what works on it."""

    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    memory: MemoryConnector = field(default_factory=MemoryConnector)
    accounts: dict[str, AccountRules] = field(default_factory=lambda: {ACCOUNT: rules()})
    organisation: OrganisationRules = NO_FLOOR
    dead: set[str] = field(default_factory=set)

    connect: Callable[[str], Connector] | None = None

    def connector(self, account: str) -> Connector:
        return self.memory if self.connect is None else self.connect(account)

    def dispatcher(self, worker: str = "worker-1") -> Dispatcher:
        return Dispatcher(
            store=self.store,
            connector=self.connector,
            accounts=self.accounts,
            organisation=self.organisation,
            clock=self.clock,
            worker=worker,
            spread=lambda: 0.0,
        )

    @property
    def reconciler(self) -> Reconciler:
        return Reconciler(
            self.store, self.connector, self.accounts, self.clock, self.dead.__contains__
        )

    def person(self, name: str = "staff") -> Person:
        return person(self.store, self.clock, self.accounts, name)

    def publish(self, worker: str = "worker-1") -> Disposition | None:
        return publish_next(self.dispatcher(worker), ACCOUNT)

    def befall(self, *accidents: Accident) -> None:
        self.memory.accidents.extend(accidents)

    def look(self, delivery_id: int) -> Delivery:
        return delivery(self.store, delivery_id)


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def answers(outcome: Outcome) -> Accident:
    """The post does not get there, and the connector says so."""
    return lambda _accept: outcome


def accepted_but(outcome: Outcome) -> Accident:
    """The network takes the post, and the answer is lost."""

    def accident(accept: object) -> Outcome:
        assert callable(accept)
        accept()
        return outcome

    return accident


def killed_before(_accept: object) -> Outcome:
    raise Killed


def killed_after(accept: object) -> Outcome:
    assert callable(accept)
    accept()
    raise Killed


class TestSending:
    def test_what_is_due_goes_out(self, world: World) -> None:
        delivery_id = queued(world.store, "Hello")
        assert world.publish() is Disposition.PUBLISHED
        assert world.memory.network.texts == ["Hello"]
        assert world.look(delivery_id).state is State.PUBLISHED

    def test_nothing_due_is_nothing_done(self, world: World) -> None:
        queued(world.store, due_at=world.clock.now() + timedelta(minutes=1))
        assert world.publish() is None
        assert world.memory.sends == 0

    def test_a_second_round_sends_nothing(self, world: World) -> None:
        queued(world.store)
        world.publish()
        assert world.publish() is None
        assert world.memory.sends == 1

    def test_the_intent_is_durable_before_the_network_sees_anything(self, world: World) -> None:
        delivery_id = queued(world.store)
        seen: list[State] = []

        def look_first(accept: object) -> Outcome:
            seen.append(world.look(delivery_id).state)
            return Unknown("looked")

        world.befall(look_first)
        world.publish()
        assert seen == [State.SENDING]

    def test_a_rejected_post_fails_with_the_networks_words(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.befall(answers(Rejected("too long for us", code="too-long")))
        assert world.publish() is Disposition.FAILED
        failed = world.look(delivery_id)
        assert failed.state is State.FAILED
        assert failed.fault is not None
        assert exact(failed.fault.reason) == exact(faults.Rejected("too-long", "too long for us"))

    def test_what_was_surely_not_sent_waits_for_the_time_the_network_names(
        self, world: World
    ) -> None:
        delivery_id = queued(world.store)
        reset = world.clock.now() + timedelta(minutes=15)
        world.befall(answers(NotSent("rate limit", retry_at=reset)))
        assert world.publish() is Disposition.POSTPONED
        assert world.look(delivery_id).wake_at == reset
        assert world.publish() is None
        world.clock.set(reset)
        assert world.publish() is Disposition.PUBLISHED

    def test_without_such_a_time_the_wait_doubles(self, world: World) -> None:
        delivery_id = queued(world.store)
        waits = []
        for _ in range(3):
            world.befall(answers(NotSent("connection refused")))
            before = world.clock.now()
            world.publish()
            wake_at = world.look(delivery_id).wake_at
            assert wake_at is not None
            waits.append(wake_at - before)
            world.clock.set(wake_at)
        assert waits == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]

    def test_a_fault_of_the_account_sets_the_account_aside_not_its_queue(
        self, world: World
    ) -> None:
        first, second = queued(world.store, "one"), queued(world.store, "two")
        world.befall(answers(NotSent("the password is refused", account_fault=True)))
        steps = [world.publish() for _ in range(5)]
        assert world.memory.sends == 1
        assert steps[-1] is None
        for delivery_id in (first, second):
            hold = world.look(delivery_id).hold
            assert hold is not None
            assert exact(hold.reason) == exact(AccountAtFault("the password is refused"))
        world.person().free_account(ACCOUNT)
        assert world.publish() is Disposition.PUBLISHED
        assert world.publish() is Disposition.PUBLISHED

    def test_an_obstacle_before_the_send_is_no_attempt(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.memory.obstacles.append(NotSent("the server is down"))
        assert world.publish() is Disposition.POSTPONED
        assert world.look(delivery_id).attempt == 0
        assert world.memory.sends == 0

    def test_an_exception_that_no_connector_foresaw_proves_nothing(self, world: World) -> None:
        delivery_id = queued(world.store)

        def surprise(accept: object) -> Outcome:
            assert callable(accept)
            accept()
            raise KeyError("token=secret")

        world.befall(surprise)
        assert world.publish() is Disposition.UNKNOWN
        unknown = world.look(delivery_id)
        assert unknown.fault is not None
        assert exact(unknown.fault.reason) == exact(
            InDoubt("the connector failed while sending: KeyError")
        )


class TestLosingTheAnswer:
    def test_a_post_that_got_there_is_found_and_never_sent_again(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.befall(accepted_but(Unknown("timed out")))
        assert world.publish() is Disposition.UNKNOWN
        assert world.publish() is None
        world.clock.advance(timedelta(seconds=20))
        assert look_up_due(world.reconciler) == 1
        assert world.look(delivery_id).state is State.PUBLISHED
        assert world.memory.network.texts == ["Hello"]
        assert world.memory.sends == 1

    def test_one_empty_look_up_is_not_enough(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.befall(answers(Unknown("timed out")))
        world.publish()
        world.clock.advance(timedelta(seconds=20))
        assert look_up_due(world.reconciler) == 0
        assert world.look(delivery_id).state is State.UNKNOWN
        assert world.publish() is None

    def test_two_spaced_ones_are_and_it_goes_again_with_the_same_token(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.befall(answers(Unknown("timed out")))
        world.publish()
        world.clock.advance(timedelta(seconds=20))
        look_up_due(world.reconciler)
        world.clock.advance(timedelta(minutes=5))
        assert look_up_due(world.reconciler) == 1
        assert world.publish() is Disposition.PUBLISHED
        with world.store.read() as unit:
            first = unit.attempts.get(delivery_id, 1)
            second = unit.attempts.get(delivery_id, 2)
        assert first.ending is Ending.ABSENT
        assert second.prepared == first.prepared
        assert world.memory.network.texts == ["Hello"]

    def test_a_refusal_in_between_does_not_cost_it_its_token(self, world: World) -> None:
        """Its first send may still be carried out: only its token keeps a third from being two."""
        delivery_id = queued(world.store)
        world.befall(answers(Unknown("timed out")), answers(NotSent("too many requests")))
        world.publish()
        for wait in (timedelta(seconds=20), timedelta(minutes=5)):
            world.clock.advance(wait)
            look_up_due(world.reconciler)
        assert world.publish() is Disposition.POSTPONED
        world.clock.advance(timedelta(hours=1))
        assert world.publish() is Disposition.PUBLISHED
        with world.store.read() as unit:
            first, _, third = (unit.attempts.get(delivery_id, n) for n in (1, 2, 3))
        assert third.prepared == first.prepared

    def test_a_listing_that_lags_does_not_make_it_go_twice(self, world: World) -> None:
        queued(world.store)
        world.befall(accepted_but(Unknown("timed out")))
        world.publish()
        world.memory.answers.append(Absent())
        world.clock.advance(timedelta(seconds=20))
        look_up_due(world.reconciler)
        world.clock.advance(timedelta(minutes=5))
        look_up_due(world.reconciler)
        assert world.publish() is None
        assert world.memory.network.texts == ["Hello"]

    def test_look_ups_that_decide_nothing_end_with_a_persons_question(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.befall(answers(Unknown("timed out")))
        world.publish()
        world.memory.answers.extend([Unclear("the listing failed")] * MOST_LOOK_UPS)
        for _ in range(MOST_LOOK_UPS):
            world.clock.advance(timedelta(minutes=5))
            look_up_due(world.reconciler)
        asked = world.look(delivery_id)
        assert asked.needs_person
        assert asked.wake_at is None
        assert world.publish() is None

    def test_a_send_that_only_a_person_can_settle_asks_at_once(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.befall(answers(Unknown("by hand", needs_person=True)))
        world.publish()
        assert world.look(delivery_id).needs_person
        world.person().resolve_posted(delivery_id, "https://x.example/1")
        assert world.look(delivery_id).state is State.PUBLISHED

    def test_what_is_in_doubt_again_and_again_is_not_sent_for_ever(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.befall(*[answers(Unknown("duplicate, it says"))] * 10)
        for _ in range(40):
            world.publish()
            world.clock.advance(timedelta(minutes=5))
            look_up_due(world.reconciler)
        assert world.memory.sends == 3
        assert world.look(delivery_id).needs_person


class TestBeingKilled:
    def die(self, world: World, accident: Accident) -> int:
        delivery_id = queued(world.store)
        world.befall(accident)
        with pytest.raises(Killed):
            world.publish("worker-1")
        return delivery_id

    def test_killed_after_the_network_took_it_the_post_stands_once(self, world: World) -> None:
        delivery_id = self.die(world, killed_after)
        assert world.publish("worker-2") is None
        world.dead.add("worker-1")
        assert world.reconciler.mark_abandoned() == 1
        world.clock.advance(timedelta(seconds=20))
        look_up_due(world.reconciler)
        assert world.look(delivery_id).state is State.PUBLISHED
        assert world.memory.network.texts == ["Hello"]

    def test_killed_before_it_got_there_it_goes_when_that_is_certain(self, world: World) -> None:
        self.die(world, killed_before)
        world.dead.add("worker-1")
        world.reconciler.mark_abandoned()
        for wait in (timedelta(seconds=20), timedelta(minutes=5)):
            world.clock.advance(wait)
            look_up_due(world.reconciler)
        assert world.publish("worker-2") is Disposition.PUBLISHED
        assert world.memory.network.texts == ["Hello"]

    def test_a_worker_of_which_nothing_is_known_is_waited_for_until_its_lease_ends(
        self, world: World
    ) -> None:
        delivery_id = self.die(world, killed_before)
        assert world.reconciler.mark_abandoned() == 0
        world.clock.advance(lease(rules()))
        assert world.reconciler.mark_abandoned() == 1
        assert world.look(delivery_id).state is State.UNKNOWN

    def test_a_worker_that_comes_back_after_its_lease_settles_nothing(self, world: World) -> None:
        delivery_id = queued(world.store)

        def slow(accept: object) -> Outcome:
            assert callable(accept)
            world.clock.advance(lease(rules()))
            world.reconciler.mark_abandoned()
            accept()
            return Rejected("too late to matter")

        world.befall(slow)
        with pytest.raises(LostClaimError, match="no longer sending"):
            world.publish()
        assert world.look(delivery_id).state is State.UNKNOWN

    def test_a_machine_that_slept_past_its_lease_sends_nothing(self, world: World) -> None:
        delivery_id = queued(world.store)
        dispatcher = world.dispatcher()
        preparations = dispatcher.make_ready(dispatcher.advance([], [ACCOUNT], {}).to_prepare[0])
        (sending,) = dispatcher.advance([], [ACCOUNT], {ACCOUNT: preparations}).to_send
        world.clock.advance(lease(rules()))
        answer = dispatcher.send(sending)
        assert world.memory.sends == 0
        assert dispatcher.advance([answer], [], {}).dispositions == {Disposition.POSTPONED: 1}
        assert world.look(delivery_id).state is State.QUEUED


class TestTheGate:
    @pytest.fixture
    def gated(self, world: World) -> World:
        world.accounts[ACCOUNT] = rules(target=Target(1, 1))
        return world

    def test_a_post_about_us_waits_until_others_were_shared_and_then_goes_by_itself(
        self, gated: World
    ) -> None:
        own = queued(gated.store, "us", credit=Credit.SELF)
        assert gated.publish() is Disposition.HELD
        assert gated.publish() is None
        queued(gated.store, "them")
        assert gated.publish() is Disposition.PUBLISHED
        assert gated.publish() is Disposition.PUBLISHED
        assert gated.memory.network.texts == ["them", "us"]
        assert gated.look(own).hold is None

    def test_one_partner_post_makes_room_for_one_of_ours_not_for_all_that_wait(
        self, gated: World
    ) -> None:
        for text in ("us 1", "us 2"):
            queued(gated.store, text, credit=Credit.SELF)
        queued(gated.store, "them")
        while gated.publish():
            pass
        assert gated.memory.network.texts == ["them", "us 1"]

    def test_a_partner_post_in_doubt_makes_no_room(self, gated: World) -> None:
        queued(gated.store, "them")
        gated.befall(accepted_but(Unknown("timed out")))
        gated.publish()
        queued(gated.store, "us", credit=Credit.SELF)
        assert gated.publish() is Disposition.HELD

    def test_the_intent_remembers_why_it_was_allowed(self, gated: World) -> None:
        queued(gated.store, "them")
        gated.publish()
        own = queued(gated.store, "us", credit=Credit.SELF)
        gated.publish()
        with gated.store.read() as unit:
            decision = unit.attempts.decision(own, 1)
        assert checks_of(decision["checks"], ACCOUNT)["ratio"] == (
            "account keeps 1:1, this post included: 1 x 1 >= 1 x (0 + 1)."
        )

    def test_a_released_post_goes_and_still_counts_as_ours(self, gated: World) -> None:
        own = queued(gated.store, "us", credit=Credit.SELF)
        gated.publish()
        gated.person().release(own, "the room has changed")
        assert gated.publish() is Disposition.PUBLISHED
        with gated.store.read() as unit:
            window = gated.accounts[ACCOUNT].policy.window
            assert unit.ledger.tally(ACCOUNT, window, gated.clock.now()).self_ == 1

    def test_a_pinned_post_that_nothing_could_send_in_time_is_missed(self, world: World) -> None:
        delivery_id = queued(world.store, pinned=True)
        world.clock.advance(timedelta(minutes=61))
        assert world.publish() is Disposition.MISSED
        assert world.look(delivery_id).state is State.MISSED
        assert world.memory.sends == 0

    def test_an_expired_post_is_not_sent(self, world: World) -> None:
        queued(world.store, expires_at=world.clock.now() + timedelta(minutes=1))
        world.clock.advance(timedelta(minutes=1))
        assert world.publish() is Disposition.EXPIRED
        assert world.memory.sends == 0


def test_a_repeated_send_is_looked_up_from_its_first_attempt(world: World) -> None:
    """A listing that lagged through both look-ups may show the post only after the second send."""
    delivery_id = queued(world.store)
    first_at = world.clock.now()
    world.befall(answers(Unknown("timed out")), answers(Unknown("duplicate, it says")))
    world.publish()
    for wait in (timedelta(seconds=20), timedelta(minutes=5)):
        world.clock.advance(wait)
        look_up_due(world.reconciler)
    world.publish()
    world.clock.advance(timedelta(seconds=20))
    look_up_due(world.reconciler)
    assert world.look(delivery_id).attempt == 2
    assert world.memory.looked_up_since[-1] == first_at


class TestAnAccountThatCannotBeSetUp:
    """Its secret is gone, say: a person has to mend that, and nothing else waits for it."""

    @pytest.fixture
    def broken(self, world: World) -> World:
        def connect(_account: str) -> Connector:
            raise ConfigError("the environment variable X_TOKEN is not set")

        world.connect = connect
        return world

    def test_is_set_aside_with_the_reason(self, broken: World) -> None:
        delivery_id = queued(broken.store)
        while broken.publish():
            pass
        hold = broken.look(delivery_id).hold
        assert hold is not None
        assert exact(hold.reason) == exact(
            AccountAtFault("the environment variable X_TOKEN is not set")
        )

    def test_leaves_its_doubts_open_and_other_accounts_alone(self, world: World) -> None:
        delivery_id = queued(world.store)
        world.befall(accepted_but(Unknown("timed out")))
        world.publish()
        world.clock.advance(timedelta(seconds=20))

        def connect(_account: str) -> Connector:
            raise ConfigError("the environment variable X_TOKEN is not set")

        whole, world.connect = world.connect, connect
        assert look_up_due(world.reconciler) == 0
        assert world.look(delivery_id).state is State.UNKNOWN
        world.connect = whole
        world.clock.advance(timedelta(minutes=5))
        assert look_up_due(world.reconciler) == 1


def test_releasing_a_post_does_not_send_it_before_its_time(world: World) -> None:
    later = world.clock.now() + timedelta(days=3)
    delivery_id = queued(world.store, credit=Credit.SELF, due_at=later)
    world.person().release(delivery_id, "people must know")
    assert world.publish() is None
    assert world.look(delivery_id).wake_at == later
