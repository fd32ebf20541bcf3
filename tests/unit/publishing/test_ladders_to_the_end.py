"""Ladders of a partner's, a joint and an own event, played to the end: what each step counted as.

The real core publishes every step on its day under a test's clock. What the ledger then has is
compared with SEMANTICS.md, read once more and naively, and with what was told before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from staff import person
from stories import ACCOUNT, TEMPLATES, rules

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.events import Event
from crosspromo.domain.ladders import PRESETS
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit, Hosting
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.requests import EventPost
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.ladders import Ladders
from crosspromo.services.queue_ladder import LadderQueue, QueuedLadder
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

HOME = ZoneInfo("America/Chicago")
WINDOW = Window(days=28)
DAY = timedelta(days=1)
NOON = timedelta(hours=5)
"""Time from START until 12:00 in Chicago, when the account's slot is."""
STEPS = [step.name for step in PRESETS["big"].steps]
AFTER = {"thanks", "recap"}
FESTIVAL = Event(
    slug="festival",
    title="River Festival",
    starts_at=START + timedelta(days=100, hours=6),
    ends_at=START + timedelta(days=100, hours=12),
    zone="America/Chicago",
    uid="festival@us.example",
    hosting=Hosting.PARTNER,
    partners=("river-keepers",),
)
OF_A_PARTNER = (Hosting.PARTNER, Hosting.JOINT_PARTNER_LEADS)
OF_OURS = (Hosting.OURS, Hosting.JOINT_WE_LEAD)


@dataclass
class World:
    """One account with a slot each day, an event, and the core that publishes about it."""

    store: Store
    folder: Path
    hosting: Hosting
    target: Target | None
    clock: FakeClock = field(default_factory=FakeClock)
    memory: MemoryConnector = field(default_factory=MemoryConnector)
    known: Mapping[str, AccountRules] = field(init=False)

    def __post_init__(self) -> None:
        plain = rules(target=self.target, window=WINDOW)
        policy = replace(plain.policy, slots=(Slot.parse("daily 12:00"),))
        self.known = {ACCOUNT: replace(plain, policy=policy)}
        partners = () if self.hosting is Hosting.OURS else FESTIVAL.partners
        with self.store.write() as unit:
            unit.partners.save(Partner("river-keepers", "River Keepers"), START)
            unit.events.save(replace(FESTIVAL, hosting=self.hosting, partners=partners))

    @property
    def organisation(self) -> OrganisationRules:
        return OrganisationRules(floor=None, window=WINDOW, zone=HOME)

    def queue(self) -> QueuedLadder:
        posts = PostQueue(
            store=self.store,
            clock=self.clock,
            rules=self.known,
            organisation=self.organisation,
            own_group=frozenset(),
            renderer=TEMPLATES,
            pictures=lambda *, keep: ImageFolder(self.folder, keep=keep),
        )
        ladders = Ladders({}, TEMPLATES)
        request = EventPost(author="ana", event="festival")
        return LadderQueue(posts, ladders.named).queue_ladder(request, "big", [ACCOUNT])

    def share_others(self, count: int) -> None:
        """Count so many posts about others that were made elsewhere, just now."""
        at = self.clock.now()
        with self.store.write() as unit:
            unit.accounts.register([ACCOUNT])
            unit.outside_posts.record(
                [
                    OutsidePost(
                        account=ACCOUNT,
                        published_at=at - timedelta(minutes=each),
                        credit=Credit.OTHERS,
                        text=f"Others {each}",
                        remote_id=f"{at:%j}-{each}",
                    )
                    for each in range(count)
                ],
                at,
            )

    def play(self, found: QueuedLadder, *, others_each_day: int = 0) -> dict[datetime, Tally]:
        """Each day until all is over: approve drafts whose day it is, and publish what is due.

        What the ledger has for the account is returned by moment.
        """
        deliveries = [each.queued.view.delivery for each in found.steps]
        drafts = {each.id for each in deliveries if each.state is State.DRAFT}
        tallies: dict[datetime, Tally] = {}
        days = [START + NOON + number * DAY for number in range(120)]
        for moment in sorted({*days, *(each.due_at for each in deliveries)}):
            self.clock.set(moment)
            if others_each_day and moment in days:
                self.share_others(others_each_day)
            for each in deliveries:
                if each.id in drafts and each.due_at - DAY < moment:
                    person(self.store, self.clock, self.known).approve(each.id)
                    drafts.remove(each.id)
            self._cycle()
            with self.store.read() as unit:
                tallies[moment] = unit.ledger.tally(ACCOUNT, WINDOW, moment)
        return tallies

    def _cycle(self) -> None:
        def connector(_account: str) -> MemoryConnector:
            return self.memory

        Cycle(
            Dispatcher(
                self.store,
                connector,
                self.known,
                self.organisation,
                self.clock,
                "worker",
                spread=lambda: 0.0,
            ),
            Reconciler(self.store, connector, self.known, self.clock, lambda _worker: False),
            self.clock,
        ).run()

    def look(self, found: QueuedLadder) -> Sequence[Delivery]:
        """The ladder's deliveries as they stand, in the order of its steps."""
        with self.store.read() as unit:
            return [unit.deliveries.get(each.queued.view.delivery.id) for each in found.steps]


def expected(hosting: Hosting, sent: Sequence[datetime]) -> list[Credit]:
    """Credits of posts about one event on one account, sent at these times, as SEMANTICS says.

    The first in a window counts what the event is; one that follows within the window of it is
    padding, and a post that counts nothing of others opens no window.
    """
    if hosting in OF_OURS:
        return [Credit.SELF] * len(sent)
    fresh, padding = (
        (Credit.OTHERS, Credit.NONE) if hosting in OF_A_PARTNER else (Credit.BOTH, Credit.SELF)
    )
    found: list[Credit] = []
    opened: datetime | None = None
    for at in sent:
        if opened is not None and at - opened < 28 * DAY:
            found.append(padding)
        else:
            found.append(fresh)
            opened = at
    return found


@pytest.mark.parametrize("hosting", list(Hosting))
def test_each_step_counts_what_semantics_says_and_what_was_told_before(
    store: Store, tmp_path: Path, hosting: Hosting
) -> None:
    world = World(store, tmp_path, hosting, target=Target(2, 1))
    found = world.queue()
    assert [each.step.name for each in found.steps] == STEPS
    world.share_others(2)
    world.play(found, others_each_day=2)
    played = world.look(found)
    assert {each.state for each in played} == {State.PUBLISHED}
    sent = [each.published_at for each in played if each.published_at is not None]
    assert len(sent) == len(STEPS)
    assert [each.credit for each in played] == expected(hosting, sent)
    assert [each.credit for each in played] == [each.counts_as for each in found.steps]


@pytest.mark.parametrize("hosting", list(Hosting))
def test_the_ratio_is_what_those_credits_make_of_it(
    store: Store, tmp_path: Path, hosting: Hosting
) -> None:
    world = World(store, tmp_path, hosting, target=None)
    found = world.queue()
    tallies = world.play(found)
    sent = [each.published_at for each in world.look(found) if each.published_at is not None]
    counted = expected(hosting, sent)
    assert len(sent) == len(STEPS)
    for now, tally in tallies.items():
        inside = [
            credit for at, credit in zip(sent, counted, strict=True) if now - 28 * DAY < at <= now
        ]
        others = sum(credit in {Credit.OTHERS, Credit.BOTH} for credit in inside)
        ours = sum(credit in {Credit.SELF, Credit.BOTH} for credit in inside)
        assert tally == Tally(others, ours), now


def out_alone(store: Store, folder: Path, hosting: Hosting) -> Sequence[Delivery]:
    """Steps that went out of an account that posts nothing else and keeps 1:1."""
    world = World(store, folder, hosting, target=Target(1, 1))
    found = world.queue()
    world.play(found)
    played = world.look(found)
    assert {each.state for each in played} <= {State.PUBLISHED, State.EXPIRED, State.MISSED}
    return [each for each in played if each.state is State.PUBLISHED]


def test_a_partners_ladder_needs_no_other_posts(store: Store, tmp_path: Path) -> None:
    assert [each.step for each in out_alone(store, tmp_path, Hosting.PARTNER)] == STEPS


def test_a_ladder_of_ours_does_not_go_without_other_posts(store: Store, tmp_path: Path) -> None:
    assert out_alone(store, tmp_path, Hosting.OURS) == []


def test_of_a_joint_ladder_alone_only_the_first_step_of_each_window_goes(
    store: Store, tmp_path: Path
) -> None:
    out = out_alone(store, tmp_path, Hosting.JOINT)
    assert {each.credit for each in out} == {Credit.BOTH}
    sent = [each.published_at for each in out if each.published_at is not None]
    assert out[0].step == STEPS[0]
    assert len(out) > 1
    assert all(later - earlier >= 28 * DAY for earlier, later in pairwise(sent))
