"""A joint post that repeats an item and is held: judged again no later than it could go."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from operator import itemgetter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stories import delivery, publish_next, queued, rules

from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

ITEM = "https://network.example/river-keepers/1"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """A post that went out: its account, time and credit, and whether it shared the item."""

    account: str
    at: datetime
    credit: Credit
    item: bool = False


class World:
    """Two accounts, the first with a target; a floor over both.

    The worlds of one store do not see each other: each has accounts of its own, and begins when
    the windows of the one before it are over.
    """

    def __init__(
        self, store: Store, target: Target | None, floor: Target | None, number: int = 0
    ) -> None:
        self.store, self.target, self.floor = store, target, floor
        self.number, self.start = number, START + number * 5 * DAY
        self.ours, self.other = f"ours {number}", f"other {number}"
        self.clock, self.memory = FakeClock(self.start), MemoryConnector()
        self.told: list[Told] = []

    def dispatcher(self, *, strict: bool) -> Dispatcher:
        target = self.target if strict else None
        accounts = {
            self.ours: rules(self.ours, target=target, window=Window(days=1)),
            self.other: rules(self.other, window=Window(days=1)),
        }
        floor = self.floor if strict else None
        organisation = OrganisationRules(floor=floor, window=Window(days=2))
        connector = lambda _account: self.memory  # noqa: E731 (short)
        return Dispatcher(self.store, connector, accounts, organisation, self.clock, "worker")

    def tell(
        self, before: timedelta, credit: Credit, *, item: bool = False, elsewhere: bool = False
    ) -> None:
        """Publish a post so long before the start, whatever the ratio says."""
        account, at = self.other if elsewhere else self.ours, self.start - before
        self.clock.set(at)
        number = queued(
            self.store,
            f"Post {len(self.told)}",
            account=account,
            credit=credit,
            due_at=at,
            reshare_of=ITEM if item else None,
        )
        publish_next(self.dispatcher(strict=False), account)
        counted = delivery(self.store, number).credit
        self.told.append(Told(account, at, counted, item))

    def hold(self) -> int:
        """Queue the joint post that repeats the item; its id."""
        self.clock.set(self.start)
        return queued(
            self.store,
            "Together again",
            account=self.ours,
            credit=Credit.BOTH,
            due_at=self.start,
            reshare_of=ITEM,
        )

    def goes(self, at: datetime) -> bool:
        """Whether the joint post about the item may go at this time, by the rules read naively."""
        repeats = any(
            each.item
            and each.account == self.ours
            and each.credit in {Credit.OTHERS, Credit.BOTH}
            and each.at > at - DAY
            for each in self.told
        )
        here = [each for each in self.told if each.account == self.ours and each.at > at - DAY]
        everywhere = [each for each in self.told if each.at > at - 2 * DAY]
        return _keeps(here, self.target, repeats) and _keeps(everywhere, self.floor, repeats)

    def went_at(self, number: int) -> datetime | None:
        """Time at which the post goes if it is judged only when it asks to be; None: never."""
        for _ in range(100):
            publish_next(self.dispatcher(strict=True), self.ours)
            after = delivery(self.store, number)
            if after.state is State.PUBLISHED:
                return self.clock.now()
            if after.wake_at is None:
                return None
            assert after.wake_at > self.clock.now()
            self.clock.set(after.wake_at)
        raise AssertionError("it is judged again and again")


def _keeps(told: list[Told], target: Target | None, repeats: bool) -> bool:
    if target is None:
        return True
    others = sum(each.credit in {Credit.OTHERS, Credit.BOTH} for each in told) + (not repeats)
    ours = sum(each.credit in {Credit.SELF, Credit.BOTH} for each in told) + 1
    return others * target.den >= target.num * ours


def test_it_goes_when_the_first_post_leaves_the_window(store: Store) -> None:
    world = World(store, Target(1, 1), None)
    world.tell(timedelta(hours=20), Credit.BOTH, item=True)
    world.tell(timedelta(hours=1), Credit.SELF)
    world.tell(timedelta(hours=1), Credit.OTHERS)
    assert world.went_at(world.hold()) == START + timedelta(hours=4)


def test_the_hold_names_that_moment(store: Store) -> None:
    world = World(store, Target(2, 1), None)
    world.tell(timedelta(hours=20), Credit.BOTH, item=True)
    number = world.hold()
    publish_next(world.dispatcher(strict=True), world.ours)
    hold = delivery(store, number).hold
    assert hold is not None
    assert hold.until == START + timedelta(hours=4)


TARGETS = st.sampled_from([None, Target(1, 2), Target(1, 1), Target(2, 1)])
HISTORIES = st.lists(
    st.tuples(
        st.integers(1, 2 * 24 * 60 - 1).map(lambda minutes: timedelta(minutes=minutes)),
        st.sampled_from([Credit.OTHERS, Credit.SELF, Credit.BOTH]),
        st.booleans(),
        st.sampled_from([False, False, True]),
    ),
    max_size=7,
)
NUMBERS = count()


@given(target=TARGETS, floor=TARGETS, history=HISTORIES)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_never_judged_later_than_it_could_go(
    store: Store,
    target: Target | None,
    floor: Target | None,
    history: list[tuple[timedelta, Credit, bool, bool]],
) -> None:
    world = World(store, target, floor, next(NUMBERS))
    for before, credit, item, elsewhere in sorted(history, key=itemgetter(0), reverse=True):
        shared = item and credit is not Credit.SELF
        world.tell(before, credit, item=shared, elsewhere=elsewhere)
    went = world.went_at(world.hold())
    minutes = (world.start + timedelta(minutes=each) for each in range(2 * 24 * 60 + 1))
    assert went == next((at for at in minutes if world.goes(at)), None)
