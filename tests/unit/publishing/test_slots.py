"""Nothing bursts: what was late or held goes out one per slot, or one at a time."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from exact import exact
from staff import Person, person
from stories import ACCOUNT, delivery, queued, rules

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.outcomes import NotSent, Unknown
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.reasons.holds import WaitsForTurn
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot, next_free_slot
from crosspromo.phrasing.holds import of_hold
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector

CHICAGO = ZoneInfo("America/Chicago")
NINE = datetime(2026, 4, 1, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
HOUR = timedelta(hours=1)
HOURLY = tuple(Slot.parse(f"daily {hour:02}:00") for hour in range(9, 21))


@dataclass
class World:
    """One account with a slot every hour of the day, and what went out when."""

    store: Store
    clock: FakeClock = field(default_factory=lambda: FakeClock(NINE))
    memory: MemoryConnector = field(default_factory=MemoryConnector)
    account: AccountRules = field(default_factory=rules)
    sent: list[tuple[str, str]] = field(default_factory=list)
    blackouts: tuple[Blackout, ...] = ()

    def policy(self, **values: object) -> None:
        policy = replace(self.account.policy, **values)  # type: ignore[arg-type]  # real fields
        self.account = replace(self.account, policy=policy)

    def cycle(self) -> None:
        """Everything that is due now; what went out is noted with the local time."""
        before = len(self.memory.network.texts)
        Cycle(
            Dispatcher(
                self.store,
                lambda _account: self.memory,
                {ACCOUNT: self.account},
                OrganisationRules(None, Window(days=28), CHICAGO, blackouts=self.blackouts),
                self.clock,
                "worker",
                spread=lambda: 0.0,
            ),
            Reconciler(
                self.store,
                lambda _account: self.memory,
                {ACCOUNT: self.account},
                self.clock,
                lambda _worker: False,
            ),
            self.clock,
        ).run()
        at = f"{self.clock.now().astimezone(CHICAGO):%a %H:%M}"
        self.sent += [(text, at) for text in self.memory.network.texts[before:]]

    def until(self, end: datetime, step: timedelta = timedelta(minutes=20)) -> None:
        """A cycle every `step`, as a daemon would."""
        while self.clock.now() < end:
            self.clock.advance(step)
            self.cycle()

    @property
    def person(self) -> Person:
        return person(self.store, self.clock, {ACCOUNT: self.account})

    def look(self, delivery_id: int) -> Delivery:
        return delivery(self.store, delivery_id)


@pytest.fixture
def world(store: Store) -> World:
    world = World(store)
    world.policy(slots=HOURLY)
    return world


def test_in_time_every_post_goes_in_its_slot(world: World) -> None:
    for hour in range(3):
        queued(world.store, f"post {hour}", due_at=NINE + hour * HOUR)
    world.cycle()
    world.until(NINE + 3 * HOUR)
    assert world.sent == [("post 0", "Wed 09:00"), ("post 1", "Wed 10:00"), ("post 2", "Wed 11:00")]


def test_ten_overdue_after_ten_hours_down_go_one_per_slot_and_the_first_is_no_exception(
    world: World,
) -> None:
    for hour in range(10):
        queued(world.store, f"post {hour}", due_at=NINE + hour * HOUR)
    world.clock.set(NINE + 11 * HOUR + timedelta(minutes=5))  # 20:05, past the last slot
    world.cycle()
    assert world.sent == []
    world.until(NINE + 36 * HOUR)
    assert [(text, at[:6]) for text, at in world.sent] == [
        (f"post {hour}", f"Thu {9 + hour:02}") for hour in range(10)
    ]


def test_what_waits_for_its_slot_says_so(world: World) -> None:
    waiting = queued(world.store, "post", due_at=NINE)
    world.clock.set(NINE + timedelta(minutes=90))
    world.cycle()
    hold = world.look(waiting).hold
    assert hold is not None
    assert hold.code == "slot"
    assert exact(hold.reason) == exact(WaitsForTurn(None))
    assert of_hold(hold.reason, hold.until, ACCOUNT, CHICAGO) == (
        "account: posts that were late or held go out one per slot, "
        "this one at Wed 2026-04-01 11:00."
    )
    assert hold.until == NINE + 2 * HOUR


def test_a_new_slot_is_not_one_that_somebody_else_has(world: World) -> None:
    queued(world.store, "late", due_at=NINE)
    queued(world.store, "next", due_at=NINE + 2 * HOUR)
    world.clock.set(NINE + timedelta(minutes=90))
    world.cycle()
    world.until(NINE + 4 * HOUR)
    assert [(text, at[:6]) for text, at in world.sent] == [("next", "Wed 11"), ("late", "Wed 12")]


def test_a_new_slot_keeps_the_gap_to_a_pinned_post(world: World) -> None:
    world.policy(min_gap=timedelta(minutes=30))
    queued(world.store, "late", due_at=NINE)
    queued(world.store, "pinned", due_at=NINE + 2 * HOUR + timedelta(minutes=20), pinned=True)
    world.clock.set(NINE + timedelta(minutes=90))
    world.cycle()
    world.until(NINE + 4 * HOUR)
    assert world.sent == [("pinned", "Wed 11:30"), ("late", "Wed 12:10")]


def test_a_new_slot_is_on_no_full_day_and_in_no_quiet_hours(world: World) -> None:
    world.policy(max_per_day=1, quiet=QuietHours.parse("21:00-10:30"))
    queued(world.store, "late", due_at=NINE)
    queued(world.store, "pinned", due_at=NINE + 8 * HOUR, pinned=True)
    world.clock.set(NINE + timedelta(minutes=90))
    world.cycle()
    assert world.look(1).wake_at == NINE + 26 * HOUR


def test_a_new_slot_is_on_no_day_of_silence(world: World) -> None:
    world.blackouts = (Blackout.parse("2026-04-02"),)
    late = queued(world.store, "late", due_at=NINE)
    world.clock.set(NINE + 12 * HOUR)  # past the last slot of the day
    world.cycle()
    assert world.look(late).wake_at == NINE + 48 * HOUR


def test_of_several_late_posts_the_oldest_takes_the_first_slot_whatever_the_gap(
    world: World,
) -> None:
    """Those that are due by now find their own slots afterwards: they keep none from it."""
    world.policy(min_gap=timedelta(minutes=45), quiet=QuietHours.parse("21:00-10:40"))
    for number in range(3):
        queued(world.store, f"post {number}", due_at=NINE, pinned=True)
    world.cycle()
    world.until(NINE + 5 * HOUR)
    assert [(text, at[:6]) for text, at in world.sent] == [
        ("post 0", "Wed 11"),
        ("post 1", "Wed 12"),
        ("post 2", "Wed 13"),
    ]


def test_a_little_late_is_in_time_but_two_of_them_still_do_not_burst(world: World) -> None:
    world.policy(slots=(Slot.parse("daily 09:00"), Slot.parse("daily 09:10"), *HOURLY[1:]))
    queued(world.store, "one", due_at=NINE)
    queued(world.store, "two", due_at=NINE + timedelta(minutes=10))
    world.clock.set(NINE + timedelta(minutes=20))
    world.cycle()
    world.until(NINE + 2 * HOUR)
    assert world.sent == [("one", "Wed 09:20"), ("two", "Wed 10:00")]


def test_an_outage_at_its_new_slot_gives_it_another(world: World) -> None:
    queued(world.store, "late", due_at=NINE)
    world.clock.set(NINE + timedelta(minutes=90))
    world.cycle()
    world.clock.set(NINE + timedelta(hours=5, minutes=30))
    world.cycle()
    assert world.sent == []
    world.until(NINE + 7 * HOUR, timedelta(minutes=30))
    assert world.sent == [("late", "Wed 15:00")]


def test_a_try_that_fails_does_not_cost_it_its_slot(world: World) -> None:
    queued(world.store, "late", due_at=NINE)
    world.clock.set(NINE + timedelta(minutes=90))
    world.cycle()
    world.memory.accidents.append(lambda _accept: NotSent("connection refused"))
    world.clock.set(NINE + 2 * HOUR)
    world.cycle()
    world.clock.advance(timedelta(minutes=1))
    world.cycle()
    assert world.sent == [("late", "Wed 11:01")]


def test_held_posts_about_us_go_one_per_slot_once_others_were_shared(world: World) -> None:
    world.policy(target=Target(1, 1))
    for number in range(3):
        queued(world.store, f"us {number}", credit=Credit.SELF, due_at=NINE)
    world.cycle()
    assert world.sent == []
    for number in range(3):
        queued(world.store, f"them {number}", due_at=NINE + HOUR, pinned=True)
    world.until(NINE + 5 * HOUR)
    assert [text for text, at in world.sent if at == "Wed 10:00"] == ["them 0", "them 1", "them 2"]
    ours = [(text, at) for text, at in world.sent if text.startswith("us")]
    assert ours == [("us 0", "Wed 11:00"), ("us 1", "Wed 12:00"), ("us 2", "Wed 13:00")]


def test_a_released_post_does_not_wait_for_a_slot(world: World) -> None:
    world.policy(target=Target(1, 1))
    ours = queued(world.store, "us", credit=Credit.SELF, due_at=NINE)
    world.cycle()
    world.person.release(ours, "the vote is tonight")
    world.clock.advance(timedelta(minutes=7))
    world.cycle()
    assert world.sent == [("us", "Wed 09:07")]


def test_what_the_night_held_goes_one_per_slot_in_the_morning(world: World) -> None:
    world.policy(quiet=QuietHours.parse("21:00-07:00"))
    night = NINE + timedelta(hours=13)  # 22:00
    world.clock.set(night)
    for number in range(3):
        queued(world.store, f"post {number}", due_at=night, pinned=True)
    world.cycle()
    world.until(night + timedelta(hours=15))
    assert world.sent == [
        ("post 0", "Thu 09:00"),
        ("post 1", "Thu 10:00"),
        ("post 2", "Thu 11:00"),
    ]


def test_after_a_pause_nothing_bursts_and_pinned_posts_are_missed(world: World) -> None:
    person = world.person
    person.pause(ACCOUNT, "a storm")
    pinned = queued(world.store, "pinned", due_at=NINE + HOUR, pinned=True)
    for number in range(3):
        queued(world.store, f"post {number}", due_at=NINE + number * HOUR)
    world.until(NINE + timedelta(hours=4, minutes=20))
    assert world.sent == []
    person.resume(ACCOUNT)
    world.cycle()
    assert world.sent == []
    assert world.look(pinned).state is State.MISSED
    world.until(NINE + timedelta(hours=9))
    assert [(text, at[:6]) for text, at in world.sent] == [
        ("post 0", "Wed 14"),
        ("post 1", "Wed 15"),
        ("post 2", "Wed 16"),
    ]


def test_one_in_doubt_has_used_its_slot(world: World) -> None:
    for text in ("one", "two"):
        queued(world.store, text, due_at=NINE)
    world.memory.accidents.append(lambda _accept: Unknown("timed out"))
    world.cycle()
    assert world.memory.sends == 1


def test_a_slot_after_it_expires_is_no_use_and_it_expires_on_time(world: World) -> None:
    world.policy(target=Target(1, 1))
    ours = queued(
        world.store, "us", credit=Credit.SELF, due_at=NINE, expires_at=NINE + timedelta(minutes=40)
    )
    world.cycle()
    assert world.look(ours).state is State.QUEUED
    world.until(NINE + timedelta(minutes=40))
    assert world.look(ours).state is State.EXPIRED


# Accounts without slots


def test_without_slots_what_is_due_now_goes_now(world: World) -> None:
    world.policy(slots=())
    for number in range(3):
        queued(world.store, f"post {number}", due_at=NINE)
    world.cycle()
    assert [text for text, _ in world.sent] == ["post 0", "post 1", "post 2"]


def test_without_slots_what_an_outage_left_goes_a_quarter_of_an_hour_apart(world: World) -> None:
    world.policy(slots=())
    for number in range(4):
        queued(world.store, f"post {number}", due_at=NINE)
    world.clock.set(NINE + 10 * HOUR)
    world.cycle()
    world.until(NINE + 12 * HOUR, timedelta(minutes=5))
    assert world.sent == [
        ("post 0", "Wed 19:00"),
        ("post 1", "Wed 19:15"),
        ("post 2", "Wed 19:30"),
        ("post 3", "Wed 19:45"),
    ]


def test_without_slots_the_gap_of_the_account_is_its_pace(world: World) -> None:
    world.policy(slots=(), min_gap=HOUR)
    for number in range(3):
        queued(world.store, f"post {number}", due_at=NINE)
    world.clock.set(NINE + 10 * HOUR)
    world.cycle()
    world.until(NINE + 13 * HOUR)
    assert [at for _, at in world.sent] == ["Wed 19:00", "Wed 20:00", "Wed 21:00"]


# Through the clock changes


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Chicago", datetime(2026, 3, 8, tzinfo=UTC)),
        ("America/Chicago", datetime(2026, 11, 1, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 29, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 10, 25, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 4, 5, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2026, 10, 4, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2026, 2, 15, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2026, 3, 22, tzinfo=UTC)),
    ],
)
def test_the_next_free_slots_keep_their_wall_clock_time_through_a_change(
    zone: str, day: datetime
) -> None:
    where = ZoneInfo(zone)
    taken: frozenset[datetime] = frozenset()
    after = day - timedelta(days=2)
    shown = []
    for _ in range(4):
        after_slot = next_free_slot((Slot.parse("daily 09:00"),), where, after, taken)
        taken |= {after_slot}
        shown.append(after_slot.astimezone(where))
    assert {moment.strftime("%H:%M") for moment in shown} == {"09:00"}
    assert [b.date() - a.date() for a, b in pairwise(shown)] == [timedelta(days=1)] * 3
    assert len({moment.utcoffset() for moment in shown}) == 2
