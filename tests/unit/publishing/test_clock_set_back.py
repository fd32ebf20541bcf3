"""A clock that was ahead and is set right, or that is behind: nothing waits for longer than needed,
and nothing that was sent is forgotten.
"""

from dataclasses import replace
from datetime import timedelta

import pytest
from stories import ACCOUNT, NO_FLOOR, delivery, publish_next, queued, rules

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.backoff import LONGEST_REST
from crosspromo.domain.claims import TAKEN_OVER_AFTER
from crosspromo.domain.deliveries import Delivery, Fault
from crosspromo.domain.notices import Telling
from crosspromo.domain.outcomes import NotSent, Unknown
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target
from crosspromo.domain.reasons import faults
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot
from crosspromo.domain.verdicts import Override
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.clock_watch import SMALL, ClockWatch, FutureTimes
from crosspromo.services.health import Pulse
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
YEAR = timedelta(days=365)


class World:
    """One account, and the daemon's cycle and heartbeat on it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = FakeClock()
        self.memory = MemoryConnector()
        self.rules = rules()
        self.future_times = FutureTimes(self.clock)

    @property
    def accounts(self) -> dict[str, AccountRules]:
        return {ACCOUNT: self.rules}

    def policy(self, **changes: object) -> None:
        policy = replace(self.rules.policy, **changes)  # type: ignore[arg-type]  # by name
        self.rules = replace(self.rules, policy=policy)

    @property
    def dispatcher(self) -> Dispatcher:
        return Dispatcher(
            self.store, lambda _: self.memory, self.accounts, NO_FLOOR, self.clock, "worker"
        )

    def cycle(self) -> None:
        reconciler = Reconciler(
            self.store, lambda _: self.memory, self.accounts, self.clock, lambda _: False
        )
        Cycle(self.dispatcher, reconciler, self.clock).run()

    def beat(self) -> None:
        with self.store.write() as unit:
            self.future_times.care(unit, self.accounts)

    def begin(self) -> None:
        with self.store.write() as unit:
            self.future_times.begin(unit, self.accounts)

    def judge_anew(self) -> None:
        with self.store.write() as unit:
            unit.holds.judge_anew(None)

    def queue(self, text: str, credit: Credit = Credit.OTHERS) -> int:
        return queued(self.store, text, credit=credit, due_at=self.clock.now())

    def published_while_ahead(self, by: timedelta, credit: Credit = Credit.OTHERS) -> int:
        """A post that went out while the clock was ahead, which is then set right."""
        self.clock.advance(by)
        number = self.queue("too early", credit)
        publish_next(self.dispatcher, ACCOUNT)
        assert delivery(self.store, number).state is State.PUBLISHED
        self.clock.advance(-by)
        return number

    def read(self, number: int) -> Delivery:
        return delivery(self.store, number)

    def ahead(self) -> int:
        with self.store.read() as unit:
            return unit.dated_ahead.posts(self.clock.now())[0]


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


# -- what is said ------------------------------------------------------------------------------


@pytest.mark.parametrize("credit", [Credit.OTHERS, Credit.SELF, Credit.NONE])
def test_posts_of_every_credit_are_seen_in_the_future_until_their_time(
    world: World, credit: Credit
) -> None:
    world.published_while_ahead(HOUR, credit)
    with world.store.read() as unit:
        assert unit.dated_ahead.posts(world.clock.now()) == (1, START + HOUR)
    world.clock.advance(HOUR)
    assert world.ahead() == 0


def test_a_right_clock_sees_none(world: World) -> None:
    world.queue("one")
    world.cycle()
    assert world.ahead() == 0


# -- the ratio ---------------------------------------------------------------------------------


def test_a_self_post_goes_when_a_partner_post_of_the_future_begins_to_count(world: World) -> None:
    """Nothing else happens meanwhile, and no rule gives the held post a time."""
    world.policy(target=Target(1, 1))
    world.published_while_ahead(HOUR)
    own = world.queue("ours", Credit.SELF)
    world.cycle()
    assert world.read(own).wake_at is None, "it waits for an event"
    world.beat()
    world.clock.advance(HOUR - MINUTE)
    world.beat()
    world.cycle()
    assert world.read(own).state is State.QUEUED
    world.clock.advance(2 * MINUTE)
    world.beat()
    world.cycle()
    assert world.read(own).state is State.PUBLISHED


# -- waits -------------------------------------------------------------------------------------


def test_a_rest_of_a_clock_far_ahead_lasts_a_day_at_most(world: World) -> None:
    world.queue("one")
    with world.store.write() as unit:
        unit.accounts.rest(ACCOUNT, START + YEAR)
    world.beat()
    with world.store.read() as unit:
        assert unit.accounts.resting(START) == {ACCOUNT: START + LONGEST_REST}


def test_a_rest_of_a_day_is_left_alone(world: World) -> None:
    world.queue("one")
    with world.store.write() as unit:
        unit.accounts.rest(ACCOUNT, START + LONGEST_REST - MINUTE)
    world.beat()
    with world.store.read() as unit:
        assert unit.accounts.resting(START) == {ACCOUNT: START + LONGEST_REST - MINUTE}


def test_a_retry_of_a_clock_far_ahead_is_made_now(world: World) -> None:
    number = world.queue("one")
    world.clock.advance(YEAR)
    world.memory.accidents.append(lambda _accept: NotSent("no connection"))
    world.cycle()
    world.clock.advance(-YEAR)
    world.begin()
    world.cycle()
    assert world.read(number).state is State.PUBLISHED


def test_a_retry_in_an_hour_is_left_alone(world: World) -> None:
    number = world.queue("one")
    with world.store.write() as unit:
        fault = Fault(faults.NotSent("no connection"))
        unit.transitions.postpone(unit.deliveries.get(number), fault, START + HOUR, START)
    world.begin()
    assert world.read(number).wake_at == START + HOUR


def test_a_post_that_was_released_before_the_clock_was_set_back_is_judged_now(
    world: World,
) -> None:
    number = world.queue("one", Credit.SELF)
    world.clock.advance(HOUR)
    with world.store.write() as unit:
        override = Override("ana", "the vote is tonight")
        unit.transitions.override(unit.deliveries.get(number), override, world.clock.now())
    world.clock.advance(-HOUR / 2)
    world.cycle()
    assert world.read(number).state is State.QUEUED

    world.begin()
    world.cycle()

    assert world.read(number).state is State.PUBLISHED


def test_a_post_for_next_month_is_left_alone(world: World) -> None:
    number = queued(world.store, due_at=START + timedelta(days=30))
    world.begin()
    world.judge_anew()
    assert world.read(number).wake_at == START + timedelta(days=30)


def test_a_look_up_of_a_clock_far_ahead_gets_its_whole_wait_from_now_on(world: World) -> None:
    """Sooner, its absence would prove nothing, and the post would go out twice."""
    number = world.queue("one")
    world.clock.advance(YEAR)
    world.memory.accidents.append(lambda _accept: Unknown("timed out"))
    publish_next(world.dispatcher, ACCOUNT)
    world.clock.advance(-YEAR)
    world.beat()
    assert world.read(number).state is State.UNKNOWN
    assert world.read(number).wake_at == START + world.rules.look_up_after[-1]
    world.clock.advance(MINUTE)
    world.beat()
    assert world.read(number).wake_at == START + world.rules.look_up_after[-1], "once"


def test_a_lease_of_a_clock_far_ahead_ends_after_a_day(world: World) -> None:
    number = world.queue("one")
    with world.store.write() as unit:
        intent = Intent("elsewhere-1-aa", Prepared("t", {}), {}, START + YEAR, START + YEAR)
        unit.transitions.record_intent(unit.deliveries.get(number), intent)
    world.beat()
    assert world.read(number).wake_at == START + LONGEST_REST
    assert world.read(number).state is State.SENDING


def test_a_lease_that_a_rule_may_have_given_is_left_alone(world: World) -> None:
    """The daemon that holds it may have other time-outs, and an hour ahead is no year."""
    number = world.queue("one")
    with world.store.write() as unit:
        intent = Intent("elsewhere-1-aa", Prepared("t", {}), {}, START + HOUR, START + HOUR)
        unit.transitions.record_intent(unit.deliveries.get(number), intent)
    world.beat()
    assert world.read(number).wake_at == START + HOUR


def test_a_daemon_heard_of_in_a_year_is_not_believed_to_be_alive_for_a_year(world: World) -> None:
    with world.store.write() as unit:
        unit.workers.start("elsewhere-1-aa", START + YEAR)
        unit.workers.start("near-1-bb", START + HOUR)
    world.beat()
    world.clock.advance(4 * MINUTE)
    with world.store.read() as unit:
        alive = unit.workers.alive(world.clock.now(), lambda _: False)
    assert [worker.name for worker in alive] == ["near-1-bb"], "an hour is still believed"


# -- caps, gaps and slots ----------------------------------------------------------------------


def test_the_gap_after_a_post_an_hour_ahead_is_kept_as_it_is_dated(world: World) -> None:
    world.policy(min_gap=HOUR)
    world.published_while_ahead(HOUR)
    number = world.queue("next")
    world.cycle()
    assert world.read(number).wake_at == START + 2 * HOUR


@pytest.mark.parametrize("policy", [{"min_gap": HOUR}, {"max_per_day": 1}, {"max_per_week": 1}])
def test_a_post_dated_next_year_stops_no_account_until_then(
    world: World, policy: dict[str, object]
) -> None:
    world.policy(**policy)
    world.published_while_ahead(YEAR)
    number = world.queue("next")
    world.cycle()
    assert world.read(number).state is State.PUBLISHED
    third = world.queue("third")
    world.cycle()
    hold = world.read(third).hold
    assert hold is not None, "what was sent by a right clock counts"
    assert hold.until is not None
    assert hold.until <= world.clock.now() + timedelta(days=7)


def test_a_hold_of_a_clock_that_was_ahead_is_judged_by_the_time_of_now(world: World) -> None:
    """The day of its cap had come by the clock that was ahead; it has not by the right one."""
    world.policy(max_per_day=1)
    world.clock.advance(timedelta(days=20))
    first, second = world.queue("one"), world.queue("two")
    world.cycle()
    assert world.read(first).state is State.PUBLISHED
    assert world.read(second).hold is not None
    world.clock.advance(-timedelta(days=20))
    with world.store.write() as unit:  # the person gives it a time of today
        unit.transitions.requeue_at(unit.deliveries.get(second), START, START, pinned=False)
    world.cycle()
    assert world.read(second).state is State.PUBLISHED


def test_a_post_that_waits_for_its_slot_does_not_go_before_it_when_it_is_judged_anew(
    world: World,
) -> None:
    world.policy(slots=(Slot.parse("daily 18:00"),), late_after=MINUTE)
    number = world.queue("late")
    world.clock.advance(HOUR)
    world.cycle()
    before = world.read(number)
    assert before.hold is not None
    assert before.hold.code == "slot"
    world.judge_anew()
    world.cycle()
    assert world.read(number).state is State.QUEUED
    assert world.read(number).wake_at == before.wake_at
    assert before.wake_at is not None
    world.clock.set(before.wake_at)
    world.cycle()
    assert world.read(number).state is State.PUBLISHED


# -- the clock itself --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "passed", "seen"),
    [
        (-HOUR, 0.0, HOUR),
        (-HOUR, 60.0, HOUR + MINUTE),
        (-SMALL, 0.0, None),
        (MINUTE, 60.0, None),
        (HOUR, 60.0, None),  # it slept, or was set right
        (timedelta(), 40.0, timedelta(seconds=40)),
    ],
)
def test_a_step_back_is_seen_beside_a_clock_that_nobody_sets(
    step: timedelta, passed: float, seen: timedelta | None
) -> None:
    clock, seconds = FakeClock(), [100.0]
    watch = ClockWatch(clock, lambda: seconds[0])
    assert watch.set_back() is None
    clock.advance(step)
    seconds[0] += passed
    assert watch.set_back() == seen
    assert watch.set_back() is None, "once"


def test_a_sign_of_life_from_the_future_is_one_of_now() -> None:
    clock = FakeClock()
    pulse = Pulse(clock)
    clock.advance(-HOUR)
    assert pulse.silence() == timedelta()
    clock.advance(MINUTE)
    assert pulse.silence() == MINUTE


def test_a_claim_from_the_future_is_taken_over() -> None:
    claim = Telling("mail", "failed:1", START, "worker", START)
    assert not claim.may_be_claimed(START - SECOND), "clocks of two machines differ by a second"
    assert claim.may_be_claimed(START - TAKEN_OVER_AFTER)
