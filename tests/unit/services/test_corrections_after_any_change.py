"""Corrections of an event after any changes, in any order, against a naive model of its readers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from newsroom import SLUG, WALK, Newsroom
from servers.databases import memory_store
from stories import rules

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.events import Event
from crosspromo.domain.states import State

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ACCOUNTS = ("main", "other")
PLACES = ("Old Hall", "New Park", "")


@dataclass(frozen=True)
class Known:
    """What readers of an account know of the walk."""

    starts_at: datetime
    place: str
    is_off: bool

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + 2 * HOUR


def as_it_is(walk: Event) -> Known:
    return Known(walk.starts_at, walk.location, walk.cancelled)


def when(at: datetime) -> str:
    return f"{at:%A, %B} {at.day}, {at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def news(known: Known, is_now: Known) -> str:
    """All that readers have to hear, in the words of a correction."""
    if is_now.is_off:
        return (
            f"Cancelled: Bird walk ({when(known.starts_at)}). We shared it earlier; it will not "
            "take place."
        )
    parts = []
    if known.starts_at != is_now.starts_at:
        parts.append("date" if known.starts_at.date() != is_now.starts_at.date() else "time")
    if known.place != is_now.place:
        parts.append("place")
    title = "Takes place after all" if known.is_off else f"New {' and '.join(parts)}"
    said = [f"{title}: Bird walk."]
    if known.starts_at != is_now.starts_at:
        said.append(f"It is now on {when(is_now.starts_at)}, not on {when(known.starts_at)}.")
    elif known.is_off:
        said.append(f"It is on {when(is_now.starts_at)}, as announced before.")
    else:
        said.append(f"It is still on {when(is_now.starts_at)}.")
    if known.place != is_now.place:
        was = f", not {known.place}" if known.place else ""
        now = f"The place is now {is_now.place}{was}." if is_now.place else ""
        said.append(now or f"It is not at {known.place}; the new place is not known yet.")
    return " ".join(said)


class World:
    """A room that shares the walk on two accounts, and what readers of each know."""

    def __init__(self) -> None:
        accounts = {name: rules(name) for name in ACCOUNTS}
        self.room = Newsroom(memory_store(), accounts)
        self.known: dict[str, Known] = {}
        self.waits: dict[str, str] = {}

    @property
    def walk(self) -> Event:
        with self.room.store.read() as unit:
            return unit.events.get(SLUG)

    def _change(self, walk: Event) -> None:
        was = self.walk
        with self.room.store.write() as unit:
            edition = replace(walk, sequence=was.sequence + 1)
            self.room.events.take(unit, unit.events.get(SLUG), edition)
        self._expect(was)

    def _expect(self, was: Event) -> None:
        """What waits after the change, if it is one that readers would notice."""
        now, walk = self.room.clock.now(), self.walk
        is_over, was_over = walk.ends_at <= now, was.ends_at <= now
        if as_it_is(was) == as_it_is(walk) and is_over is was_over:
            return
        self.waits = {}
        for account, known in self.known.items():
            told_of_is_over = known.ends_at <= now
            if walk.cancelled:
                is_said = not known.is_off and not told_of_is_over
            else:
                is_said = not is_over and known != as_it_is(walk)
            if is_said and not (told_of_is_over and was_over):
                self.waits[account] = news(known, as_it_is(walk))

    def move(self, days: int) -> None:
        """To 2 pm, so many days after the day of the first edition."""
        starts_at = WALK.starts_at + days * DAY
        self._change(replace(self.walk, starts_at=starts_at, ends_at=starts_at + 2 * HOUR))

    def move_to_the_past(self, days: int) -> None:
        starts_at = self.room.clock.now() - days * DAY - 3 * HOUR
        self._change(replace(self.walk, starts_at=starts_at, ends_at=starts_at + 2 * HOUR))

    def change_place(self, number: int) -> None:
        self._change(replace(self.walk, location=PLACES[number % 3]))

    def cancel(self, _number: int) -> None:
        was = self.walk
        self.room.events.cancel(SLUG)
        self._expect(was)

    def restore(self, number: int) -> None:
        was = self.walk
        if number % 2:
            self.room.events.restore(SLUG)
            self._expect(was)
        else:
            self._change(replace(was, cancelled=False))

    def announce(self, number: int) -> None:
        """A post goes out on one of the accounts."""
        self.room.clock.advance(HOUR)
        account = ACCOUNTS[number % 2]
        if self.walk.cancelled or self.walk.starts_at <= self.room.clock.now() + HOUR:
            return
        post = self.room.queue(account)
        self.send(0)
        if self.room.delivery(post).state is State.PUBLISHED:
            self.known[account] = as_it_is(self.walk)

    def approve(self, number: int) -> None:
        """A person approves the correction of one account."""
        for correction in self._corrections():
            is_there = correction.account == ACCOUNTS[number % 2]
            if is_there and correction.state is State.DRAFT:
                self.room.person.approve(correction.id)

    def send(self, _number: int) -> None:
        """What is due goes out; of corrections only what is true."""
        before = {each.id: each for each in self._corrections()}
        for account in ACCOUNTS * 3:
            self.room.publish(account)
        for delivery_id, correction in before.items():
            if self.room.delivery(delivery_id).state is State.PUBLISHED:
                assert self.waits.pop(correction.account) == correction.content.text
                known = as_it_is(self.walk)
                if known.is_off:  # of that day only
                    known = replace(self.known[correction.account], is_off=True)
                self.known[correction.account] = known

    def wait(self, days: int) -> None:
        self.room.clock.advance(days * DAY)

    def _corrections(self) -> list[Delivery]:
        """Corrections that wait, and are not over."""
        with self.room.store.read() as unit:
            known = unit.event_corrections.of(SLUG)
            found = [unit.deliveries.get(each.delivery) for each in known if each.waits]
        now = self.room.clock.now()
        return [each for each in found if each.expires_at is None or each.expires_at > now]

    def check(self) -> None:
        found = [(each.account, each.content.text) for each in self._corrections()]
        assert len(dict(found)) == len(found), "one correction of each account"
        now, walk = self.room.clock.now(), self.walk
        for account, text in found:
            assert self.waits[account] == text
        if walk.ends_at > now and not walk.cancelled:
            assert dict(found) == self.waits


acts = st.one_of(
    st.tuples(st.just("move"), st.integers(0, 3)),
    st.tuples(st.sampled_from(["cancel", "restore", "approve", "announce"]), st.integers(0, 1)),
    st.tuples(st.just("change_place"), st.integers(0, 2)),
    st.tuples(st.sampled_from(["send", "move_to_the_past"]), st.integers(0, 1)),
    st.tuples(st.just("wait"), st.integers(1, 40)),
)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(acts, max_size=12))
def test_no_correction_that_waits_or_goes_out_is_false(done: list[tuple[str, int]]) -> None:
    world = World()
    world.announce(0)
    assert world.known
    for act, number in done:
        getattr(world, act)(number)
        world.check()
