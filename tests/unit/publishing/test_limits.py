"""Caps, gaps, quiet hours and budgets on the real store: what counts as gone out."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from stories import ACCOUNT, delivery, publish_next, queued, rules

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.deliveries import HoldNote
from crosspromo.domain.outcomes import NotSent, Outcome, Rejected, Unknown
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Window
from crosspromo.domain.states import State
from crosspromo.publishing.cycle import Cycle, CycleResult
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.results import Disposition
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import Accident, MemoryConnector

CHICAGO = ZoneInfo("America/Chicago")
MORNING = datetime(2026, 4, 1, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
HOUR = timedelta(hours=1)


@dataclass
class World:
    """One account whose policy is set by the test."""

    store: Store
    clock: FakeClock = field(default_factory=lambda: FakeClock(MORNING))
    memory: MemoryConnector = field(default_factory=MemoryConnector)
    account: AccountRules = field(default_factory=rules)
    organisation: OrganisationRules = field(
        default_factory=lambda: OrganisationRules(None, Window(days=28), CHICAGO)
    )

    def policy(self, **limits: object) -> None:
        policy = replace(self.account.policy, **limits)  # type: ignore[arg-type]  # real fields
        self.account = replace(self.account, policy=policy)

    def dispatcher(self) -> Dispatcher:
        return Dispatcher(
            store=self.store,
            connector=lambda _account: self.memory,
            accounts={ACCOUNT: self.account},
            organisation=self.organisation,
            clock=self.clock,
            worker="worker",
            spread=lambda: 0.0,
        )

    def reconciler(self) -> Reconciler:
        return Reconciler(
            self.store,
            lambda _account: self.memory,
            {ACCOUNT: self.account},
            self.clock,
            lambda _worker: False,
        )

    def publish(self) -> Disposition | None:
        return publish_next(self.dispatcher(), ACCOUNT)

    def cycle(self) -> CycleResult:
        return Cycle(self.dispatcher(), self.reconciler(), self.clock).run()

    def queue(self, text: str, *, cost: float | None = None) -> int:
        return queued(self.store, text, due_at=self.clock.now(), cost=cost)

    def held(self, delivery_id: int) -> HoldNote:
        hold = delivery(self.store, delivery_id).hold
        assert hold is not None
        return hold


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def answers(outcome: Outcome) -> Accident:
    return lambda _accept: outcome


def test_the_post_over_the_days_cap_goes_by_itself_after_midnight(world: World) -> None:
    world.policy(max_per_day=1)
    world.queue("one")
    second = world.queue("two")
    world.cycle()
    assert world.held(second).code == "cap"
    midnight = datetime(2026, 4, 2, 5, 0, tzinfo=UTC)
    assert delivery(world.store, second).wake_at == midnight
    world.clock.set(midnight)
    world.cycle()
    assert world.memory.network.texts == ["one", "two"]


def test_the_post_over_the_weeks_cap_goes_when_the_first_is_a_week_old(world: World) -> None:
    world.policy(max_per_week=1)
    world.queue("one")
    world.cycle()
    world.clock.advance(timedelta(days=3))
    second = world.queue("two")
    world.cycle()
    assert world.held(second).until == MORNING + timedelta(days=7)


def test_posts_keep_their_gap_one_after_another(world: World) -> None:
    world.policy(min_gap=HOUR)
    for text in ("one", "two", "three"):
        world.queue(text)
    sent = []
    for _ in range(4):
        world.cycle()
        sent.append(len(world.memory.network.texts))
        world.clock.advance(timedelta(minutes=30))
    assert sent == [1, 1, 2, 2]


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (Unknown("timed out"), True),
        (Rejected("too long for us"), False),
        (NotSent("no connection"), False),
    ],
)
def test_doubt_counts_as_gone_out_and_a_failure_does_not(
    world: World, outcome: Outcome, counts: bool
) -> None:
    world.policy(max_per_day=1, monthly_budget=0.3)
    world.memory.accidents.append(answers(outcome))
    world.queue("one", cost=0.2)
    world.publish()
    second = world.queue("two", cost=0.2)
    assert world.publish() is (Disposition.HELD if counts else Disposition.PUBLISHED)
    world.policy(max_per_day=None)
    third = world.queue("three", cost=0.2)
    world.publish()
    assert world.held(third).code == "budget"
    assert (delivery(world.store, second).state is State.PUBLISHED) is not counts


def test_what_is_in_flight_counts(world: World) -> None:
    """Another worker claims at the very moment of a send: nothing of the cap is left for it."""
    world.policy(max_per_day=1)
    world.queue("one")
    seen: list[int] = []

    def count(accept: Callable[[], object]) -> Outcome:
        with world.store.read() as unit:
            seen.append(len(unit.history.last_sent(ACCOUNT, 5, START + timedelta(days=99))))
        return Unknown("looked")

    world.memory.accidents.append(count)
    world.publish()
    assert seen == [1]


def test_what_turns_out_not_to_be_there_no_longer_counts(world: World) -> None:
    world.policy(max_per_day=1)
    world.memory.accidents.append(answers(Unknown("timed out")))
    first = world.queue("one")
    world.cycle()
    for wait in (timedelta(seconds=20), timedelta(minutes=5)):
        world.clock.advance(wait)
        world.cycle()
    assert delivery(world.store, first).state is State.PUBLISHED
    assert world.memory.sends == 2


def test_quiet_hours_hold_the_night_and_end_in_the_morning(world: World) -> None:
    world.policy(quiet=QuietHours.parse("21:00-07:00"))
    world.clock.set(datetime(2026, 4, 2, 3, 0, tzinfo=UTC))  # 22:00
    first = world.queue("one")
    world.cycle()
    assert world.held(first).code == "quiet"
    world.clock.set(datetime(2026, 4, 2, 12, 0, tzinfo=UTC))  # 7:00
    world.cycle()
    assert world.memory.network.texts == ["one"]


def test_the_budget_of_the_next_month_is_a_new_one(world: World) -> None:
    world.policy(monthly_budget=0.3)
    world.queue("one", cost=0.2)
    second = world.queue("two", cost=0.2)
    world.cycle()
    assert world.held(second).code == "budget"
    world.clock.set(datetime(2026, 5, 1, 5, 0, tzinfo=UTC))
    world.cycle()
    assert world.memory.network.texts == ["one", "two"]


def test_a_partners_day_of_silence_holds_what_is_about_it_and_nothing_else(world: World) -> None:
    silence = Blackout.parse("2026-04-01", partner="river-keepers")
    world.organisation = replace(world.organisation, blackouts=(silence,))
    theirs = world.queue("them")
    ours = queued(world.store, "us", credit=Credit.SELF, due_at=world.clock.now())
    world.cycle()
    assert world.held(theirs).code == "blackout"
    assert delivery(world.store, ours).state is State.PUBLISHED
    assert world.memory.network.texts == ["us"]


def test_a_partner_that_became_a_candidate_since_it_was_queued_is_refused(world: World) -> None:
    world.organisation = replace(world.organisation, status="c3")
    theirs = world.queue("them")
    with world.store.write() as unit:
        unit.partners.save(
            Partner(slug="river-keepers", name="River Keepers", status="candidate"), START
        )
    assert world.publish() is Disposition.FAILED
    fault = delivery(world.store, theirs).fault
    assert fault is not None
    assert fault.code == "legal"
