"""A queued ladder after any changes of its event, in any order, against a naive model of it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from ladder_series import NAMES, STANDARD, queue_series, the_walk
from newsroom import OURS, Newsroom, changed
from servers.databases import memory_store
from sqlalchemy import update
from stories import rules

from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import deliveries

DAY = timedelta(days=1)
DAYS = {step.name: step.days for step in STANDARD.steps}
ENDS_AFTER = {"thanks": 5, "recap": 14}
LATE = {"week", "tomorrow", "today"}


@dataclass
class Model:
    """What is known of the ladder: the day on which each step waits, or went out."""

    waits: dict[str, date] = field(default_factory=dict)
    sent: dict[str, date] = field(default_factory=dict)

    def move(self, first: date, today: date) -> None:
        """The event is on the day `first` now: the steps of the past go, the others follow."""
        taken, limit = set(self.sent.values()), None
        for name in reversed([name for name in DAYS if name in self.waits]):
            if name in ENDS_AFTER:
                continue
            day = first + DAYS[name] * DAY
            if day < today and name in LATE and first >= today:
                day = today
            while day in taken and name != "today":
                day += DAY
            if limit is not None and day >= limit:
                day = limit - DAY
            free = name == "today" or day not in taken
            if today <= day <= first and free:
                self.waits[name] = limit = day
            else:
                del self.waits[name]
        early = [day for name, day in self.waits.items() if name not in ENDS_AFTER]
        last = max(early, default=None)
        for name in [name for name in ENDS_AFTER if name in self.waits]:
            day = max(first + DAYS[name] * DAY, today)
            while day in taken or (last is not None and day <= last):
                day += DAY
            if day <= first + ENDS_AFTER[name] * DAY:
                self.waits[name] = last = day
            else:
                del self.waits[name]


class World:
    """A room in which half an hour past midnight something happens to the bird walk."""

    def __init__(self) -> None:
        daily = rules("daily")
        slots = (Slot.parse("daily 09:00"), Slot.parse("daily 17:00"))
        daily = replace(daily, policy=replace(daily.policy, slots=slots))
        self.room = Newsroom(memory_store(), {"daily": daily}, hosts=OURS)
        self.model = Model()
        now = self.room.clock.now()
        midnight = now.replace(hour=0, minute=30, second=0, microsecond=0)
        self.room.clock.advance(midnight + DAY - now)

    @property
    def today(self) -> date:
        return self.room.clock.now().date()

    def move(self, by: int) -> None:
        walk = the_walk(self.room)
        starts_at, ends_at = walk.starts_at + by * DAY, walk.ends_at + by * DAY
        self.room.import_(changed(walk, starts_at=starts_at, ends_at=ends_at))
        if by and not walk.cancelled:
            self.model.move(starts_at.date(), self.today)

    def change(self, number: int) -> None:
        self.room.import_(changed(the_walk(self.room), location=f"Hall {number}"))

    def cancel(self, _number: int) -> None:
        self.room.import_(changed(the_walk(self.room), cancelled=True))
        self.model.waits.clear()

    def restore(self, _number: int) -> None:
        self.room.import_(changed(the_walk(self.room), cancelled=False))

    def queue(self, _number: int) -> None:
        """Queue what is missing; the model takes it as it is."""
        if not the_walk(self.room).cancelled:
            queue_series(self.room, "daily")
            for step, day, _ in self.waiting():
                self.model.waits.setdefault(step, day)

    def wait(self, days: int) -> None:
        """Days go by, and what is due goes out."""
        self.room.clock.advance(abs(days) * DAY)
        now = self.room.clock.now()
        with transaction(self.room.store.engine, writes=True) as connection:
            due = (deliveries.c.state == State.QUEUED) & (deliveries.c.due_at <= now)
            connection.execute(
                update(deliveries)
                .where(due)
                .values(
                    state=State.PUBLISHED,
                    published_at=deliveries.c.due_at,
                    wake_at=None,
                    attempt=1,
                    sent_at=deliveries.c.due_at,
                    remote_id="r",
                )
            )
        for step, day in list(self.model.waits.items()):
            if day < self.today and step not in ENDS_AFTER:
                self.model.sent[step] = self.model.waits.pop(step)

    def waiting(self) -> list[tuple[str, date, datetime]]:
        with self.room.store.read() as unit:
            found = unit.deliveries.some(deliveries.c.state.in_((State.DRAFT, State.QUEUED)))
        return [
            (each.step, each.due_at.date(), each.due_at) for each in found if each.step in NAMES
        ]

    def check(self) -> None:
        found = {step: day for step, day, _ in self.waiting()}
        assert found == self.model.waits
        assert len(found) == len(self.waiting()), "no step waits twice"
        in_order = sorted(self.waiting(), key=lambda each: DAYS[each[0]])
        assert all(one[1] < other[1] for one, other in pairwise(in_order)), "one step a day"
        with self.room.store.read() as unit:
            every = unit.deliveries.some()
        sent = {each.step for each in every if each.step in NAMES and each.published_at}
        assert sent == set(self.model.sent)
        walk = the_walk(self.room)
        for each in every:
            if each.step in NAMES and each.state in {State.DRAFT, State.QUEUED}:
                is_day_of = each.step == "today" and each.due_at.hour == 8
                assert each.pinned == is_day_of
                assert (each.state is State.DRAFT) == (each.step in ENDS_AFTER), each.fault
                if each.step not in ENDS_AFTER:
                    assert each.due_at < walk.starts_at


acts = st.one_of(
    st.tuples(st.just("move"), st.integers(-45, 45)),
    st.tuples(st.sampled_from(["change", "cancel", "restore", "queue"]), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.integers(1, 30)),
)


@settings(max_examples=examples(15), deadline=None)
@given(st.lists(acts, max_size=7))
def test_exactly_the_right_deliveries_are_left(done: list[tuple[str, int]]) -> None:
    world = World()
    world.queue(0)
    world.check()
    for act, number in done:
        getattr(world, act)(number)
        world.check()
