"""The real store and dispatcher against a second, naive reading of SEMANTICS.md.

The machine queues, publishes, loses answers, reconciles, deletes, edits, overrides and lets time
pass. Before every publication the naive rules say what must come of it, from nothing but what the
machine saw happen; the two must never disagree.
"""

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from examples import examples
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from servers.databases import new_store
from staff import person
from stories import delivery, look_up_due, publish_next, queued, rules

from crosspromo.domain.date_rules import parse_date_rule
from crosspromo.domain.errors import QueueingError, StateError
from crosspromo.domain.mourning import Mourning
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.outcomes import Outcome, Rejected, Unknown
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.states import State
from crosspromo.domain.tones import Tone
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.results import Disposition
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.edited_content import Changes
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector

WINDOW = timedelta(days=7)
MONTH = timedelta(days=30)
LATE = timedelta(minutes=60)
TARGETS = {"strict": (2, 1), "free": None}
CAPS = {"strict": 6, "free": None}
GAPS = {"strict": timedelta(minutes=10), "free": timedelta(minutes=5)}
FLOOR = (1, 1)
MOURNED = {3, 9, 10, 22}
"""Days of each month that are kept as days of mourning."""
OUT = {State.UNKNOWN, State.PUBLISHED}


def limited(name: str) -> AccountRules:
    target = TARGETS[name]
    plain = rules(name, target=None if target is None else Target(*target), window=Window(days=7))
    policy = replace(plain.policy, max_per_day=CAPS[name], min_gap=GAPS[name])
    return replace(plain, policy=policy)


def mourning() -> Mourning:
    """Days of mourning, each an observance of its own."""
    days = [f"{month:02}-{day:02}" for month in range(1, 13) for day in MOURNED]
    mourn = ObservanceTone.MOURN
    return Mourning.kept(Observance(day, day, parse_date_rule(day), mourn) for day in days)


@dataclass
class Seen:
    """What the machine knows of a delivery, because it did it or saw it happen."""

    account: str
    text: str
    credit: Credit
    url: str | None
    due_at: datetime
    pinned: bool
    expires_at: datetime | None
    state: State = State.QUEUED
    at: datetime | None = None
    held: bool = False
    tried: bool = False
    overridden: bool = False
    tone: Tone = Tone.NEUTRAL
    there: bool = False
    """Whether the network has it, in spite of an outcome that nobody knows."""


def words(topic: int, url: str | None) -> str:
    return f"Topic {topic}" if url is None else f"Topic {topic}: {url}"


class NaiveRules:
    """SEMANTICS.md, sentence by sentence, over everything that ever happened."""

    def __init__(self) -> None:
        self.seen: dict[int, Seen] = {}

    def credit(self, number: int, now: datetime) -> Credit:
        """The same partner item reposted again on the account within the window: none."""
        asks = self.seen[number]
        if asks.tried or asks.credit not in {Credit.OTHERS, Credit.BOTH} or asks.url is None:
            return asks.credit
        for each in self.seen.values():
            earned = each.credit in {Credit.OTHERS, Credit.BOTH} and each.state in OUT
            if earned and (each.account, each.url) == (asks.account, asks.url):
                assert each.at is not None
                if each.at > now - WINDOW:
                    return Credit.NONE if asks.credit is Credit.OTHERS else Credit.SELF
        return asks.credit

    def verdict(self, number: int, now: datetime) -> str:
        asks, credit = self.seen[number], self.credit(number, now)
        if asks.expires_at is not None and now >= asks.expires_at:
            return "expired"
        if asks.pinned and not asks.held and now - asks.due_at > LATE:
            return "missed"
        is_ours = credit in {Credit.SELF, Credit.BOTH}
        if now.day in MOURNED and (is_ours or asks.tone in {Tone.CELEBRATE, Tone.ASK}):
            return "mourning"
        went = [each for each in self.seen.values() if each.at is not None]
        here = [each for each in went if each.account == asks.account]
        for each in here:
            assert each.at is not None
            if each.state in OUT and each.text == asks.text and each.at > now - MONTH:
                return "failed"
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        cap = CAPS[asks.account]
        if cap is not None and sum(each.at >= midnight for each in here if each.at) >= cap:
            return "cap"
        if any(now - each.at < GAPS[asks.account] for each in here if each.at):
            return "gap"
        if credit not in {Credit.SELF, Credit.BOTH} or asks.overridden:
            return "go"
        if not self.keeps(here, TARGETS[asks.account], credit, now):
            return "ratio"
        return "go" if self.keeps(went, FLOOR, credit, now) else "floor"

    @staticmethod
    def keeps(
        went: list[Seen], target: tuple[int, int] | None, credit: Credit, now: datetime
    ) -> bool:
        if target is None:
            return True
        others = ours = 0
        for each in went:
            if each.at is None or each.at <= now - WINDOW:
                continue
            if each.credit in {Credit.OTHERS, Credit.BOTH} and each.state is State.PUBLISHED:
                others += 1
            if each.credit in {Credit.SELF, Credit.BOTH}:
                ours += 1
        if credit is Credit.BOTH:
            others += 1
        return others * target[1] >= target[0] * (ours + 1)


class GateAgainstTheRules(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.store = new_store(Path(self.folder.name))
        self.clock = FakeClock()
        self.memory = MemoryConnector()
        self.naive = NaiveRules()
        self.accounts = {name: limited(name) for name in TARGETS}
        self.person = person(self.store, self.clock, self.accounts)
        self.dispatcher = Dispatcher(
            self.store,
            lambda _account: self.memory,
            self.accounts,
            OrganisationRules(Target(*FLOOR), Window(days=7), blackouts=(mourning(),)),
            self.clock,
            "worker",
            spread=lambda: 0.0,
        )
        self.reconciler = Reconciler(
            self.store,
            lambda _account: self.memory,
            self.accounts,
            self.clock,
            lambda _worker: False,
        )

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    def numbers(self, state: State) -> list[int]:
        return [number for number, seen in self.naive.seen.items() if seen.state is state]

    @rule(
        account=st.sampled_from(sorted(TARGETS)),
        credit=st.sampled_from([Credit.OTHERS, Credit.OTHERS, Credit.SELF, Credit.BOTH]),
        topic=st.integers(0, 60),
        url=st.sampled_from([None, "https://one.example", "https://two.example"]),
        pinned=st.booleans(),
        expires=st.sampled_from([None, None, None, timedelta(hours=3)]),
        tone=st.sampled_from(list(Tone)),
    )
    def queue(
        self,
        *,
        account: str,
        credit: Credit,
        topic: int,
        url: str | None,
        pinned: bool,
        expires: timedelta | None,
        tone: Tone = Tone.NEUTRAL,
    ) -> None:
        now, text = self.clock.now(), words(topic, url)
        expires_at = None if expires is None else now + expires
        number = queued(
            self.store,
            text,
            account=account,
            credit=credit,
            due_at=now,
            pinned=pinned,
            expires_at=expires_at,
            reshare_of=url,
        )
        with self.store.write() as unit:
            unit.posts.set_tone(delivery(self.store, number).post, tone)
        seen = Seen(account, text, credit, url, now, pinned, expires_at)
        seen.tone = tone
        self.naive.seen[number] = seen

    @rule(
        account=st.sampled_from(sorted(TARGETS)),
        fate=st.sampled_from(["sent", "sent", "sent", "rejected", "lost", "lost but there"]),
    )
    def publish(self, account: str, fate: str) -> None:
        now = self.clock.now()
        with self.store.write() as unit:
            due = next(iter(unit.deliveries.next_due([account], now)), None)
        if due is None:
            assert publish_next(self.dispatcher, account) is None
            return
        seen = self.naive.seen[due.id]
        verdict, credit = self.naive.verdict(due.id, now), self.naive.credit(due.id, now)
        self.memory.accidents.clear()
        if fate != "sent":
            self.memory.accidents.append(lambda accept: _befall(fate, accept))
        step = publish_next(self.dispatcher, account)
        after = delivery(self.store, due.id)
        if verdict == "go":
            wanted = {"sent": Disposition.PUBLISHED, "rejected": Disposition.FAILED}.get(
                fate, Disposition.UNKNOWN
            )
            assert step is wanted
            seen.credit, seen.tried, seen.held = credit, True, False
            seen.at = None if step is Disposition.FAILED else now
            seen.there = fate == "lost but there"
        elif verdict in {"expired", "missed", "failed"}:
            assert step == verdict
        else:
            assert step is Disposition.HELD
            assert after.hold is not None
            assert after.hold.code == verdict
            seen.held = True
        seen.state = after.state
        assert after.credit is seen.credit

    @rule(
        account=st.sampled_from(sorted(TARGETS)),
        credit=st.sampled_from([Credit.OTHERS, Credit.SELF, Credit.BOTH]),
        url=st.sampled_from([None, "https://one.example"]),
    )
    def post(self, account: str, credit: Credit, url: str | None) -> None:
        """Something new goes out, if it may: most of what happens is that nothing is wrong."""
        self.clock.advance(timedelta(minutes=10))
        self.queue(
            account=account,
            credit=credit,
            topic=100 + len(self.naive.seen),
            url=url,
            pinned=False,
            expires=None,
        )
        for _ in range(3):
            self.publish(account=account, fate="sent")

    @precondition(lambda self: self.numbers(State.UNKNOWN))
    @rule()
    def reconcile(self) -> None:
        for wait in (timedelta(seconds=20), timedelta(minutes=5)):
            self.clock.advance(wait)
            look_up_due(self.reconciler)
            for number in self.numbers(State.UNKNOWN):
                seen, state = self.naive.seen[number], delivery(self.store, number).state
                assert state is not State.PUBLISHED or seen.there
                assert state is not State.QUEUED or not seen.there
                if state is not State.UNKNOWN:
                    seen.state = state
                    seen.at = self.clock.now() if state is State.PUBLISHED else None

    @precondition(lambda self: self.numbers(State.PUBLISHED))
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.numbers(State.PUBLISHED)))
        with self.store.write() as unit:
            unit.transitions.delete(unit.deliveries.get(number), self.clock.now())
        self.naive.seen[number].state = State.DELETED

    @precondition(lambda self: self.numbers(State.QUEUED))
    @rule(data=st.data(), topic=st.integers(0, 30))
    def edit(self, data: st.DataObject, topic: int) -> None:
        number = data.draw(st.sampled_from(self.numbers(State.QUEUED)))
        seen = self.naive.seen[number]
        text = words(topic, seen.url)
        others = [each for other, each in self.naive.seen.items() if other != number]
        same = [each for each in others if (each.account, each.text) == (seen.account, text)]
        try:
            self.person.edit(number, Changes(text=text))
        except StateError:
            assert seen.tried
        except QueueingError:
            assert same, "only what the account has already is a repetition"
        else:
            assert not any(each.state is State.QUEUED for each in same) or text == seen.text
            seen.text = text

    @precondition(lambda self: self.numbers(State.QUEUED))
    @rule(data=st.data())
    def override(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.numbers(State.QUEUED)))
        seen = self.naive.seen[number]
        try:
            self.person.release(number, "the vote is tonight")
        except StateError:
            assert seen.overridden, "only what was released already is refused"
        else:
            assert not seen.overridden, "a release counts once"
            seen.overridden = True

    @rule(minutes=st.sampled_from([1, 5, 10, 10, 30, 30, 90, 24 * 60, 5 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(timedelta(minutes=minutes))

    @invariant()
    def the_ledger_says_what_the_states_say(self) -> None:
        if hasattr(self, "store"):
            with self.store.read() as unit:
                assert unit.ledger.faults() == []


def _befall(fate: str, accept: object) -> Outcome:
    if fate == "rejected":
        return Rejected("not today")
    if fate == "lost but there":
        assert callable(accept)
        accept()
    return Unknown("timed out")


TestTheGateAgainstTheRules = GateAgainstTheRules.TestCase
TestTheGateAgainstTheRules.settings = settings(
    max_examples=examples(10),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
