"""Reading back: what a network says is kept once, whatever is cut off, and costs what it may."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.databases import new_store
from stories import ACCOUNT, NO_FLOOR, publish_next, queued, rules

from crosspromo.connectors.backwards import place_of, turned
from crosspromo.domain.figures import MEASURED_AFTER, Figures, PostFigures
from crosspromo.domain.mentions import Heard, Mention, MentionKind
from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Policy
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reading_back import HeardPage, Measured, NotRead
from crosspromo.services.read_back import CLAIMED_FOR, EVERY, LISTENS_EVERY, ReadingBack
from crosspromo.settings import Account
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

HOUR = timedelta(hours=1)
KEPT_FOR = timedelta(days=90)


class KilledError(Exception):
    """The process ended in the middle of a reading."""


@dataclass
class Town:
    """A network that counts and talks, two mentions a page, the newest first.

    `dies` are the numbers of calls in which the process is killed.
    """

    figures: dict[str, Figures] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    talk: list[Heard] = field(default_factory=list)
    count: int | None = 7
    failure: NotRead | None = None
    dies: set[int] = field(default_factory=set)
    calls: int = 0
    asked: list[str] = field(default_factory=list)

    def measure(self, remote_ids: Sequence[str]) -> Measured | NotRead:
        self._call()
        if self.failure is not None:
            return self.failure
        self.asked += remote_ids
        told = {each: self.figures[each] for each in remote_ids if each in self.figures}
        return Measured(told, frozenset(self.gone.intersection(remote_ids)))

    def followers(self) -> int | NotRead | None:
        self._call()
        return self.failure or self.count

    def listen(self, cursor: str | None, most: int) -> HeardPage | NotRead:
        self._call()
        if self.failure is not None:
            return self.failure
        place = place_of(cursor)
        newest_first = sorted(self.talk, key=lambda each: each.at, reverse=True)
        begin = int(place.page or 0)
        page = newest_first[begin : begin + min(2, most)]
        heard = [each for each in page if each.at.isoformat() >= place.until]
        rest = begin + len(page) < len(newest_first)
        after = turned(
            place,
            [each.at.isoformat() for each in page],
            str(begin + len(page)) if rest else None,
            ended=len(heard) < len(page),
        )
        return HeardPage(heard, after.cursor, more=after.more, reads=len(page))

    def close(self) -> None:
        """Nothing: no connection is open."""

    def _call(self) -> None:
        self.calls += 1
        if self.calls in self.dies:
            raise KilledError


@dataclass
class World:
    """One account on the town, with a clock and a store."""

    store: Store
    town: Town = field(default_factory=Town)
    clock: FakeClock = field(default_factory=FakeClock)
    budget: float | None = None
    cost: float = 0.0

    @property
    def reading(self) -> ReadingBack:
        account = rules()
        capabilities = replace(
            account.capabilities, measured_at_once=2, listens=True, cost_per_read=self.cost
        )
        return ReadingBack(
            store=self.store,
            clock=self.clock,
            zone=UTC_ZONE,
            accounts={ACCOUNT: Account(ACCOUNT, "memory", Policy(), reading_budget=self.budget)},
            rules=lambda: {ACCOUNT: replace(account, capabilities=capabilities)},
            connector=lambda _: self.town,
            mentions_kept=KEPT_FOR,
            redact=lambda text: text,
        )

    def publish(self, *texts: str) -> None:
        """Posts that go out now; their remote ids are token-1 and so on."""
        network = MemoryConnector()
        dispatcher = Dispatcher(
            store=self.store,
            connector=lambda _: network,
            accounts={ACCOUNT: rules()},
            organisation=NO_FLOOR,
            clock=self.clock,
            worker="tester",
        )
        for text in texts:
            queued(self.store, text)
            assert publish_next(dispatcher, ACCOUNT) is not None

    def after(self, wait: timedelta) -> None:
        self.clock.advance(wait)
        self.reading.read_due()

    def posts(self) -> list[PostFigures]:
        with self.store.read() as unit:
            return [each.counted for each in unit.figures.latest(ACCOUNT, 100)][::-1]

    def mentions(self) -> list[Mention]:
        with self.store.read() as unit:
            return list(unit.mentions.latest(ACCOUNT, 100))

    def received(self) -> list[Received]:
        with self.store.read() as unit:
            return list(unit.received.latest(100))


@pytest.fixture
def world(store: Store) -> World:
    return World(store)


def said(number: int, author: str = "somebody.example", **values: object) -> Heard:
    heard = Heard(
        remote_id=f"talk-{number}",
        kind=MentionKind.MENTION,
        author=author,
        at=START + timedelta(seconds=number),
        url=f"https://network.example/talk/{number}",
        text=f"Thank you, number {number}",
    )
    return replace(heard, **values)  # type: ignore[arg-type]  # of whatever field


class TestFigures:
    def test_are_asked_for_at_the_ages_of_a_post_and_then_never(self, world: World) -> None:
        world.publish("One")
        for _ in range(35 * 4):
            world.after(6 * HOUR)
        assert world.town.asked == ["token-1"] * (len(MEASURED_AFTER) - 1)  # the first two at once
        (post,) = world.posts()
        assert post.due_at is None

    def test_that_a_network_does_not_tell_are_not_known(self, world: World) -> None:
        world.publish("One", "Two")
        world.town.figures["token-1"] = Figures(likes=3, views=None)
        world.after(HOUR)
        one, two = world.posts()
        assert (one.figures, one.measured_at) == (Figures(likes=3), world.clock.now())
        assert two.figures == Figures()

    def test_of_a_post_that_was_deleted_are_those_of_before(self, world: World) -> None:
        world.publish("One")
        world.town.figures["token-1"] = Figures(likes=3)
        world.after(HOUR)
        measured_at = world.clock.now()
        world.town.figures.clear()
        world.town.gone = {"token-1"}
        world.after(6 * HOUR)
        (post,) = world.posts()
        assert (post.figures, post.measured_at) == (Figures(likes=3), measured_at)
        assert (post.gone_at, post.due_at) == (world.clock.now(), None)
        world.after(timedelta(days=7))
        assert world.town.asked == ["token-1", "token-1"]

    def test_of_the_past_are_known_as_of_then(self, world: World) -> None:
        world.publish("One")
        world.town.figures["token-1"] = Figures(likes=3)
        world.after(HOUR)
        early = world.clock.now()
        world.town.figures["token-1"] = Figures(likes=5)
        world.after(6 * HOUR)
        (post,) = world.posts()
        with world.store.read() as unit:
            before = unit.figures.as_of([post.delivery], early - timedelta(seconds=1))
            then = unit.figures.as_of([post.delivery], early + HOUR)
            now = unit.figures.as_of([post.delivery], world.clock.now())
        assert before == {}
        assert then == {post.delivery: (early, Figures(likes=3))}
        assert now[post.delivery][1] == Figures(likes=5)

    def test_are_asked_for_at_once_when_a_person_wants_them(self, world: World) -> None:
        world.publish("One")
        world.town.figures["token-1"] = Figures(likes=1)
        assert world.reading.read(ACCOUNT).measured == 1
        assert world.reading.read(ACCOUNT).measured == 0  # they are fresh
        (post,) = world.posts()
        assert post.due_at == START + MEASURED_AFTER[0]

    def test_of_followers_are_counted_once_a_day(self, world: World) -> None:
        world.after(HOUR)
        world.town.count = 9
        world.after(HOUR)
        with world.store.read() as unit:
            first = unit.figures.followers(ACCOUNT)
        world.after(timedelta(days=1))
        with world.store.read() as unit:
            then, now = (
                unit.figures.followers(ACCOUNT, "2026-04-01"),
                unit.figures.followers(ACCOUNT),
            )
        assert first is not None
        assert now is not None
        assert (first.count, now.count, then) == (7, 9, first)


class TestMentions:
    def test_of_partners_are_received_once(self, world: World) -> None:
        with world.store.write() as unit:
            keepers = Partner(
                "river-keepers", "River Keepers", handles={"memory": "Keepers.example"}
            )
            unit.partners.save(keepers, START)
        world.town.talk = [
            said(1, "keepers.example", kind=MentionKind.RESHARE),
            said(2, "stranger.example"),
        ]
        world.after(HOUR)
        world.after(2 * LISTENS_EVERY)
        assert [each.partner for each in world.mentions()] == [None, "river-keepers"]
        (got,) = world.received()
        assert (got.partner, got.kind, got.account) == (
            "river-keepers",
            ReceivedKind.SHARE,
            ACCOUNT,
        )
        assert (got.observed, got.recorded_by) == ("memory talk-1", "crosspromo")

    def test_are_forgotten_when_they_are_old(self, world: World) -> None:
        world.town.talk = [said(1)]
        world.after(HOUR)
        assert len(world.mentions()) == 1
        world.town.talk = []
        world.after(KEPT_FOR)
        assert world.mentions() == []

    def test_that_their_author_deleted_are_deleted_here(self, world: World) -> None:
        world.town.talk = [said(1), said(2)]
        world.after(HOUR)
        world.town.gone = {"talk-1"}
        world.after(HOUR)
        assert len(world.mentions()) == 2  # nobody has looked yet
        world.after(timedelta(days=1))
        assert [each.heard.remote_id for each in world.mentions()] == ["talk-2"]

    def test_are_strangers_words_and_cut(self, world: World) -> None:
        world.town.talk = [
            said(1, text="x" * 5_000, url="javascript:alert(1)"),
            said(2, remote_id="y" * 1_000),
            said(3, "", text="no author"),
        ]
        world.after(HOUR)
        (mention,) = world.mentions()
        assert (len(mention.heard.text), mention.heard.url) == (2_000, "")


@given(
    talk=st.integers(0, 9),
    more=st.integers(0, 5),
    dies=st.sets(st.integers(1, 12), max_size=4),
)
@settings(max_examples=examples(8), deadline=None)
def test_nothing_is_counted_twice_or_lost_wherever_the_process_is_killed(
    talk: int, more: int, dies: set[int]
) -> None:
    with TemporaryDirectory() as folder:
        store = new_store(Path(folder))
        world = World(store)
        with store.write() as unit:
            unit.partners.save(Partner("a", "A", handles={"memory": "a.example"}), START)
        world.publish("One", "Two", "Three")
        world.town.figures = {f"token-{n}": Figures(likes=n) for n in (1, 2, 3)}
        world.town.talk = [said(n, "a.example") for n in range(talk)]
        world.town.dies = dies
        for round_ in range(20):
            if round_ == 10:
                world.town.talk += [said(n, "a.example") for n in range(talk, talk + more)]
            try:
                world.after(CLAIMED_FOR + LISTENS_EVERY)
            except KilledError:
                continue
        expected = {f"talk-{n}" for n in range(talk + more)}
        heard = [each.heard.remote_id for each in world.mentions()]
        assert sorted(heard) == sorted(expected)
        assert len(world.received()) == len(expected)
        assert [each.figures.likes for each in world.posts()] == [1, 2, 3]
        store.close()


class TestFailures:
    def test_let_an_account_rest_for_longer_and_longer(self, world: World) -> None:
        world.town.failure = NotRead("it answered 502")
        waits = []
        for _ in range(5):
            world.reading.read_due()
            with world.store.read() as unit:
                state = unit.readings.all()[ACCOUNT]
            waits.append(state.next_at - world.clock.now())
            assert (state.fault, state.failing_since) == ("it answered 502", START)
            world.clock.set(state.next_at)
        assert waits == [EVERY * 2, EVERY * 4, EVERY * 8, EVERY * 16, EVERY * 32]
        world.town.failure = None
        world.reading.read_due()
        with world.store.read() as unit:
            state = unit.readings.all()[ACCOUNT]
        assert (state.failures, state.fault, state.failing_since) == (0, None, None)

    def test_that_ask_for_a_wait_get_it_and_no_further_call(self, world: World) -> None:
        world.publish("One")
        world.clock.advance(HOUR)
        later = world.clock.now() + 5 * HOUR
        world.town.failure = NotRead("too many requests", later)
        world.reading.read_due()
        with world.store.read() as unit:
            assert unit.readings.all()[ACCOUNT].next_at == later
        assert world.town.calls == 1

    def test_of_an_account_that_is_set_aside_keep_it_from_being_read(self, world: World) -> None:
        with world.store.write() as unit:
            unit.accounts.register([ACCOUNT])
            unit.accounts.set_fault(ACCOUNT, "the keys are refused", START)
        world.after(HOUR)
        assert world.town.calls == 0


class TestCosts:
    @pytest.mark.parametrize("budget", [None, 0.0])
    def test_without_a_budget_nothing_is_read(self, world: World, budget: float | None) -> None:
        world.cost, world.budget = 0.01, budget
        world.publish("One")
        world.after(HOUR)
        assert world.town.calls == 0

    def test_end_at_the_budget_of_a_month(self, world: World) -> None:
        world.cost, world.budget = 0.01, 0.02
        world.publish("One", "Two", "Three")
        world.after(HOUR)
        assert world.town.asked == ["token-1", "token-2"]
        assert world.town.calls == 1
        world.after(2 * HOUR)
        assert world.town.calls == 1
        world.after(timedelta(days=30))  # in May
        assert world.town.asked[2] == "token-3"


def test_of_two_daemons_one_reads(world: World, store: Store) -> None:
    """The second begins while the first waits for an answer."""
    other = World(store, town=world.town)
    calls: list[Callable[[], object]] = [other.reading.read_due]

    class Slow(Town):
        def followers(self) -> int | NotRead | None:
            results.append(calls.pop()() if calls else None)
            return super().followers()

    results: list[object] = []
    slow = Slow()
    world.town = other.town = slow
    world.reading.read_due()
    assert results == [[]]
    assert slow.calls == 2  # the followers and the mentions, of one of them
