"""Events that move, change, are cancelled and come back, against a naive model of their posts.

The model keeps, of each post, what a person would expect of it from what was done: its state, what
its text has to say, and whether its approvals stand. What is being sent, or was, never changes.
"""

import tempfile
from dataclasses import dataclass, replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from examples import examples
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from newsroom import SLUG, WALK, Newsroom
from servers.databases import new_store
from staff import person
from stories import rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.events import Event
from crosspromo.domain.states import State
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.results import Sending
from crosspromo.services.edited_content import Changes

PLACES = ("Old Hall", "New Park", "Ferry Pier")
HOURS = tuple(timedelta(hours=hours) for hours in (0, 3, 24))
WAITING = {State.DRAFT, State.QUEUED}


@dataclass
class Expected:
    """What should be true of a post. `told` is the event as its text tells it; `by_hand`: how many
    texts a person wrote for it. `settled` is the delivery as it was taken to be sent, went out, or
    ended.
    """

    account: str
    pinned: bool
    state: State
    told: Event
    by_hand: int = 0
    approved: bool = False
    settled: Delivery | None = None


def by_hand(post: int, time: int) -> str:
    """Text that somebody writes for a post the first, second, … time: like no other text."""
    return sha256(f"{post}, {time}".encode()).hexdigest()


class EventsAgainstTheRules(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.store = new_store(Path(self.folder.name))
        plain = rules("asked")
        asked = replace(plain, policy=replace(plain.policy, approval=Approvers.ONE))
        self.room = Newsroom(self.store, {"main": rules("main"), "asked": asked})
        self.event = WALK
        self.posts: dict[int, Expected] = {}
        self.in_flight: tuple[Dispatcher, Sending] | None = None

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    # -- what people and daemons do ------------------------------------------------------------

    @precondition(lambda self: not self.event.cancelled)
    @rule(account=st.sampled_from(["main", "asked"]), pinned=st.booleans())
    def queue(self, account: str, pinned: bool) -> None:
        at = {"at": self.room.clock.now() + timedelta(days=1)} if pinned else {}
        post = self.room.queue(account, **at)
        state = State.DRAFT if account == "asked" else State.QUEUED
        self.posts[post] = Expected(account, pinned, state, self.event)

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def write_by_hand(self, data: st.DataObject) -> None:
        post = data.draw(st.sampled_from(self.waiting()))
        each = self.posts[post]
        each.by_hand, each.approved = each.by_hand + 1, False
        self.room.person.edit(post, Changes(text=by_hand(post, each.by_hand)))
        if each.account == "asked":
            each.state = State.DRAFT

    @precondition(lambda self: self.waiting("asked"))
    @rule(data=st.data())
    def approve(self, data: st.DataObject) -> None:
        post = data.draw(st.sampled_from(self.waiting("asked")))
        each = self.posts[post]
        if not each.approved:
            chair = person(self.room.store, self.room.clock, self.room.accounts, "the chair")
            chair.approve(post)
            each.approved, each.state = True, State.QUEUED

    @precondition(lambda self: self.in_flight is None)
    @rule()
    def begin_to_send(self) -> None:
        dispatcher = self.room.dispatcher()
        made = dispatcher.advance([], ["main"], {})
        if made.to_prepare:
            prepared = dispatcher.make_ready(made.to_prepare[0])
            made = dispatcher.advance([], ["main"], {"main": prepared})
        if made.to_send:
            self.in_flight = dispatcher, made.to_send[0]
        self.settle()

    @precondition(lambda self: self.in_flight is not None)
    @rule()
    def end_to_send(self) -> None:
        assert self.in_flight is not None
        dispatcher, to_send = self.in_flight
        dispatcher.advance([dispatcher.send(to_send)], [], {})
        self.in_flight = None
        self.settle()

    # -- what happens to the event -------------------------------------------------------------

    @rule(place=st.sampled_from(PLACES), by=st.sampled_from(HOURS), edits=st.booleans())
    def move_or_change(self, place: str, by: timedelta, edits: bool) -> None:
        after = replace(
            self.event,
            location=place,
            starts_at=WALK.starts_at + by,
            ends_at=WALK.ends_at + by,
        )
        if edits:
            self.room.edit(location=place, starts_at=after.starts_at)
        else:
            after = replace(after, sequence=self.event.sequence + 1)
            self.room.import_(after)
        self.expect(after)

    @rule(cancelled=st.booleans())
    def cancel_or_bring_back(self, cancelled: bool) -> None:
        after = replace(self.event, cancelled=cancelled, sequence=self.event.sequence + 1)
        self.room.import_(after)
        self.expect(after)

    @rule()
    def import_again(self) -> None:
        self.room.import_(self.event)

    @precondition(lambda self: self.event.sequence)
    @rule(place=st.sampled_from(PLACES))
    def import_an_old_edition(self, place: str) -> None:
        old = replace(self.event, location=place, sequence=self.event.sequence - 1)
        self.room.import_(old)

    @rule(place=st.sampled_from(PLACES))
    def try_an_import(self, place: str) -> None:
        after = replace(self.event, location=place, sequence=self.event.sequence + 1)
        self.room.import_(after, dry_run=True)

    # -- the model -----------------------------------------------------------------------------

    def waiting(self, account: str | None = None) -> list[int]:
        return [
            post
            for post, each in self.posts.items()
            if each.state in WAITING and account in {None, each.account}
        ]

    def settle(self) -> None:
        """Take note of what a daemon took, or sent; only queued posts of the model can be."""
        for post, each in self.posts.items():
            now = self.room.delivery(post)
            if now.state not in WAITING and each.state in WAITING | {State.SENDING}:
                assert each.state is not State.DRAFT, "no draft is ever sent"
                each.state, each.settled = now.state, now

    def expect(self, after: Event) -> None:
        before, self.event = self.event, after
        told = (before.starts_at, before.ends_at, before.location)
        changes = told != (after.starts_at, after.ends_at, after.location)
        for post in self.waiting():
            each = self.posts[post]
            if after.cancelled:
                each.state, each.settled = State.CANCELLED, self.room.delivery(post)
            elif changes:
                each.told, each.approved = after, False
                if each.by_hand or each.pinned or each.account == "asked":
                    each.state = State.DRAFT

    @invariant()
    def the_posts_are_as_expected(self) -> None:
        for post, each in getattr(self, "posts", {}).items():
            now = self.room.delivery(post)
            assert now.state is each.state, post
            if each.settled is not None:
                assert now == each.settled, "what was taken or ended stays as it was"
                continue
            assert now.expires_at == each.told.starts_at
            if each.by_hand:
                assert now.content.text == by_hand(post, each.by_hand)
            else:
                assert each.told.location in now.content.text
                assert (
                    f"{each.told.starts_at:%-d}, {each.told.starts_at:%-I:%M}" in now.content.text
                )
            assert (now.wake_at is None) is (now.state is State.DRAFT)
            with self.store.read() as unit:
                signed = unit.approvals.signatures([post])[post]
                assert bool(signed) is each.approved
                assert unit.events.get(SLUG).cancelled is self.event.cancelled


TestEventsAgainstTheRules = EventsAgainstTheRules.TestCase
TestEventsAgainstTheRules.settings = settings(
    max_examples=examples(10),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
