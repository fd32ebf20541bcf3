"""What a person is told who queues, moves, retries or approves: what will hold it, and bursts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.databases import memory_store, new_store
from staff import person
from stories import rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.date_rules import parse_date_rule
from crosspromo.domain.deliveries import HoldNote
from crosspromo.domain.mourning import Mourning, Silence
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.pacing import QuietHours
from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Window
from crosspromo.domain.reasons.notes import (
    Burst,
    DayFull,
    DelaysAnother,
    InBlackout,
    InQuietHours,
    Note,
    OnDayOfMourning,
    WaitsForGap,
    code_of,
)
from crosspromo.domain.requests import OwnPost, PostRequest, Reshare, Spotlight, Words
from crosspromo.domain.timing import Slot, slot_times
from crosspromo.domain.tones import Tone
from crosspromo.domain.verdicts import Decision, Hold
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.facts import judge
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.acts.labelling import Labels
from crosspromo.services.acts.timing import Rescheduled
from crosspromo.services.queue_post import PostQueue, QueuedDelivery
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.workspace import Workspace

CHICAGO = ZoneInfo("America/Chicago")
NINE = datetime(2026, 4, 1, 14, 0, tzinfo=UTC)  # Wednesday, 9:00 in Chicago
NOW = NINE - timedelta(hours=2)
MINUTE, HALF_HOUR, DAY = timedelta(minutes=1), timedelta(minutes=30), timedelta(days=1)
DAILY_9 = (Slot.parse("daily 09:00"),)


class Office:
    """Somebody who queues posts on one account."""

    def __init__(self, store: Store, folder: Path, **policy: object) -> None:
        self.store, self.clock = store, FakeClock(NOW)
        limits = Policy(**{"target": None, **policy})  # type: ignore[arg-type]  # real fields
        self.account: AccountRules = replace(rules("main"), policy=limits)
        self.folder = folder
        self.blackouts: tuple[Silence, ...] = ()
        self.texts = iter(range(10_000))

    @property
    def organisation(self) -> OrganisationRules:
        return OrganisationRules(None, Window(days=28), CHICAGO, blackouts=self.blackouts)

    @property
    def posts(self) -> PostQueue:
        return PostQueue(
            store=self.store,
            clock=self.clock,
            rules={"main": self.account},
            organisation=self.organisation,
            own_group=frozenset(),
            renderer=Templates((SHIPPED / "templates",), "us"),
            pictures=lambda *, keep: ImageFolder(self.folder, keep=keep),
        )

    def acts(self, name: str = "kim") -> DeliveryActs:
        acts = person(self.store, self.clock, {"main": self.account}, name)
        return replace(acts, organisation=self.organisation)

    def moved(self, number: int, at: datetime) -> Rescheduled:
        self.acts().move(number, at)
        return self.acts().rescheduled(number)

    def queue(
        self, at: datetime | None = None, *, request: PostRequest | None = None, dry: bool = False
    ) -> QueuedDelivery:
        own = OwnPost(author="ana", says=Words(f"News {next(self.texts)}"), at=at)
        (queued,) = self.posts.queue(request or own, ["main"], dry_run=dry)
        return queued

    def notes(self, at: datetime | None = None) -> list[str]:
        return [code_of(note) for note in self.queue(at).notes]


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Office:
    return Office(store, tmp_path, slots=DAILY_9, min_gap=HALF_HOUR)


def one(notes: tuple[Note, ...]) -> Note:
    (note,) = notes
    return note


class TestQueueing:
    def test_the_next_slot_keeps_the_gap_to_a_pinned_post_before_or_after(
        self, office: Office
    ) -> None:
        office.queue(NINE + 2 * MINUTE)
        office.queue(NINE + DAY - 2 * MINUTE)
        assert office.queue().view.delivery.due_at == NINE + 2 * DAY

    def test_a_slot_has_no_notes(self, office: Office) -> None:
        office.queue(NINE + 2 * MINUTE)
        assert office.queue().notes == ()

    def test_a_pinned_post_that_the_gap_will_hold_says_so(self, office: Office) -> None:
        office.queue()
        told = one(office.queue(NINE + 5 * MINUTE).notes)
        until = NINE + HALF_HOUR
        assert told == WaitsForGap(1, NINE, False, HALF_HOUR, until, to_slot=True)

    def test_a_pinned_post_that_delays_another_says_so(self, office: Office) -> None:
        office.queue()
        told = one(office.queue(NINE - 5 * MINUTE).notes)
        assert isinstance(told, DelaysAnother)
        assert (told.other, told.until) == (1, NINE + 25 * MINUTE)

    def test_a_pinned_post_on_a_full_day_says_so(self, store: Store, tmp_path: Path) -> None:
        office = Office(store, tmp_path, max_per_day=2)
        assert [office.notes(NINE + hours * 2 * HALF_HOUR) for hours in range(3)] == [
            *([], []),
            ["day-full"],
        ]

    def test_a_slot_on_a_full_day_is_passed_over(self, store: Store, tmp_path: Path) -> None:
        office = Office(store, tmp_path, slots=DAILY_9, max_per_day=1)
        office.queue(NINE + 5 * HALF_HOUR)
        assert office.queue().view.delivery.due_at == NINE + DAY

    def test_a_pinned_post_in_quiet_hours_says_so(self, store: Store, tmp_path: Path) -> None:
        office = Office(store, tmp_path, quiet=QuietHours(time(21), time(10)))
        told = one(office.queue(NINE).notes)
        assert told == InQuietHours("21:00-10:00", NINE + 2 * HALF_HOUR)

    def test_a_pinned_post_on_a_day_of_silence_says_so(self, office: Office) -> None:
        office.blackouts = (Blackout.parse("2026-04-01", reason="Earth Day"),)
        assert office.queue().view.delivery.due_at == NINE + DAY
        assert office.notes(NINE) == ["blackout"]

    def test_a_partners_day_of_silence_concerns_posts_about_the_partner(
        self, office: Office
    ) -> None:
        with office.store.write() as unit:
            unit.partners.save(Partner("river", "River Keepers"), START)
        office.blackouts = (Blackout.parse("2026-04-01", partner="river"),)
        about = Spotlight(author="ana", partner="river")
        assert office.queue(request=about).view.delivery.due_at == NINE + DAY
        assert office.queue().view.delivery.due_at == NINE
        assert isinstance(
            office.queue(request=replace(about, at=NINE + DAY / 2, allow_duplicate="x")).notes[0],
            InBlackout,
        )

    def test_without_slots_a_post_that_goes_now_says_what_holds_it(
        self, store: Store, tmp_path: Path
    ) -> None:
        office = Office(store, tmp_path, min_gap=HALF_HOUR)
        assert [office.notes(), office.notes()] == [[], ["gap"]]

    def test_a_dry_run_says_the_same_and_leaves_nothing(self, office: Office) -> None:
        office.queue()
        assert isinstance(one(office.queue(NINE + MINUTE, dry=True).notes), WaitsForGap)
        assert office.notes(NINE + MINUTE) == ["gap"]


class TestActs:
    def test_a_moved_post_says_what_will_hold_it(self, office: Office) -> None:
        office.queue()
        moved = office.queue(NINE + DAY / 2).view.delivery.id
        told = office.moved(moved, NINE + MINUTE)
        assert told.account == "main"
        assert isinstance(one(told.notes), WaitsForGap)
        assert office.moved(moved, NINE + DAY / 2).notes == ()

    def test_a_moved_draft_says_so_as_well(self, store: Store, tmp_path: Path) -> None:
        office = Office(store, tmp_path, min_gap=HALF_HOUR, approval=Approvers.ONE)
        office.queue(NINE)
        draft = office.queue(NINE + DAY).view.delivery.id
        assert isinstance(one(office.moved(draft, NINE + MINUTE).notes), WaitsForGap)

    def test_a_post_that_is_tried_again_now_says_so(self, store: Store, tmp_path: Path) -> None:
        office = Office(store, tmp_path, max_per_day=1)
        office.queue(NINE)
        again = office.queue(NINE + DAY).view.delivery.id
        office.acts().retry(again)
        assert isinstance(one(office.acts().rescheduled(again).notes), DayFull)

    def test_an_account_that_left_the_settings_has_no_notes(self, office: Office) -> None:
        number = office.queue(NINE).view.delivery.id
        acts = replace(office.acts(), rules={})
        acts.move(number, NINE + DAY)
        assert acts.rescheduled(number).notes == ()
        assert acts.bursts([number]) == {}


class TestBursts:
    def test_the_third_of_one_minute_says_how_many_would_go_at_once(
        self, store: Store, tmp_path: Path
    ) -> None:
        office = Office(store, tmp_path)
        told = [office.queue().notes for _ in range(9)]
        assert told[:2] == [(), ()]
        assert told[2:] == [(Burst(size, None),) for size in range(3, 10)]

    def test_posts_without_a_time_go_one_by_one_and_are_no_burst(
        self, store: Store, tmp_path: Path
    ) -> None:
        office = Office(store, tmp_path, slots=DAILY_9)
        for number in range(4):
            says = Words(f"Ours {number}")
            office.queue(request=OwnPost(author="ana", says=says, when_allowed=True))
        assert office.queue(office.clock.now()).notes == ()

    def test_pinned_posts_of_one_moment_are_a_burst_then(
        self, store: Store, tmp_path: Path
    ) -> None:
        office = Office(store, tmp_path, slots=DAILY_9)
        told = [office.queue(NINE + HALF_HOUR).notes for _ in range(3)]
        assert told == [(), (), (Burst(3, NINE + HALF_HOUR),)]

    def test_drafts_are_no_burst_until_they_are_approved(
        self, store: Store, tmp_path: Path
    ) -> None:
        office = Office(store, tmp_path, approval=Approvers.ONE)
        numbers = []
        for _ in range(7):
            queued = office.queue()
            assert queued.notes == ()
            numbers.append(queued.view.delivery.id)
            office.clock.advance(5 * MINUTE)
        for number in numbers:
            office.acts().approve(number)
        assert office.acts().bursts(numbers) == {"main": Burst(7, None)}

    def test_what_is_still_to_be_approved_by_another_is_no_burst(
        self, store: Store, tmp_path: Path
    ) -> None:
        office = Office(store, tmp_path, approval=Approvers.TWO)
        numbers = [office.queue().view.delivery.id for _ in range(3)]
        for number in numbers:
            office.acts().approve(number)
        assert office.acts().bursts(numbers) == {}

    def test_a_draft_beside_a_burst_does_not_belong_to_it(
        self, store: Store, tmp_path: Path
    ) -> None:
        office = Office(store, tmp_path, approval=Approvers.ONE)
        *numbers, draft = [office.queue().view.delivery.id for _ in range(4)]
        for number in numbers:
            office.acts().approve(number)
        assert office.acts().bursts([draft]) == {}
        assert office.acts().bursts([draft, numbers[0]]) == {"main": Burst(3, None)}

    def test_a_gap_spreads_them(self, store: Store, tmp_path: Path) -> None:
        office = Office(store, tmp_path, min_gap=5 * MINUTE, approval=Approvers.ONE)
        numbers = [office.queue().view.delivery.id for _ in range(7)]
        for number in numbers:
            office.acts().approve(number)
        assert office.acts().bursts(numbers) == {}

    def test_what_was_due_long_ago_goes_one_at_a_time_and_is_no_burst(
        self, store: Store, tmp_path: Path
    ) -> None:
        office = Office(store, tmp_path)
        numbers = [office.queue().view.delivery.id for _ in range(3)]
        office.clock.advance(61 * MINUTE)
        assert office.acts().bursts(numbers) == {}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    new_store(tmp_path).close()
    (tmp_path / "crosspromo.toml").write_text(
        '[organisation]\nname = "us"\n[database]\nurl = "sqlite:///store.db"\n'
        '[accounts.main]\nnetwork = "sandbox"\n[accounts.second]\nnetwork = "sandbox"\n'
        'min_gap = "5m"\n',
        encoding="utf-8",
    )
    with Workspace.open(tmp_path, clock=FakeClock(NOW)) as workspace:
        yield workspace


def test_an_examination_warns_of_the_largest_burst_of_each_account(workspace: Workspace) -> None:
    queue = workspace.services.queue_post
    for number in range(4):
        for at in (None, NINE) if number < 3 else (NINE,):
            own = OwnPost(author="ana", says=Words(f"News {number} {at}"), at=at)
            queue.queue(own, ["main", "second"])
    findings = {finding.what: finding for finding in workspace.services.examination.run()}
    assert findings["bursts"].warnings == (("main", Burst(4, NINE)),)
    assert [each for each in findings.values() if each.error is not None] == []


SLOTS = st.lists(
    st.builds(
        Slot,
        st.frozensets(st.integers(0, 6), min_size=1),
        st.builds(time, st.integers(0, 23), st.sampled_from([0, 10, 30])),
    ),
    min_size=1,
    max_size=4,
).map(tuple)
PINNED = st.lists(st.integers(0, 4 * 24 * 6), max_size=8).map(
    lambda tens: [NOW + ten * 10 * MINUTE for ten in tens]
)


@settings(max_examples=examples(15), deadline=None)
@given(slots=SLOTS, pinned=PINNED, gap=st.integers(1, 60 * 36).map(lambda n: n * MINUTE))
def test_what_is_queued_takes_the_first_slot_that_keeps_the_gap_to_every_pinned_post(
    tmp_path_factory: pytest.TempPathFactory,
    slots: tuple[Slot, ...],
    pinned: list[datetime],
    gap: timedelta,
) -> None:
    store = memory_store()
    office = Office(store, Path(), slots=slots, min_gap=gap)
    for moment in pinned:
        office.queue(moment)
    first, second = (office.queue().view.delivery.due_at for _ in range(2))
    store.close()

    def keeps(slot: datetime, others: list[datetime]) -> bool:
        return all(abs(slot - each) >= gap for each in others)

    expected = [slot for slot in slot_times(slots, CHICAGO, NOW) if keeps(slot, pinned)]
    assert first == expected[0]
    assert second == next(slot for slot in expected if keeps(slot, [first]))


TODAY = Observance("a-day", "A Day", parse_date_rule("04-01"), ObservanceTone.MOURN)


class TestDaysOfMourning:
    """A kept day of mourning, from the queue to the gate."""

    @pytest.fixture
    def mourners(self, store: Store, tmp_path: Path) -> Office:
        with store.write() as unit:
            unit.partners.save(Partner(slug="river", name="River Keepers"), START)
        found = Office(store, tmp_path, slots=DAILY_9)
        found.blackouts = (Mourning.kept([TODAY]),)
        return found

    @staticmethod
    def decision(office: Office, number: int) -> Decision:
        with office.store.write() as unit:
            found = unit.deliveries.get(number)
            return judge(unit, found, office.account, office.organisation, NINE).decision

    def test_a_self_post_takes_the_first_slot_after_the_day(self, mourners: Office) -> None:
        assert mourners.queue().view.delivery.due_at == NINE + DAY

    def test_a_post_that_may_go_takes_the_slot_of_the_day(self, mourners: Office) -> None:
        there = "https://river.example/1"
        request = Reshare(author="ana", partner="river", url=there, quote="Read this.")
        assert mourners.queue(request=request).view.delivery.due_at == NINE

    def test_a_post_at_a_time_of_its_own_is_told_and_held(self, mourners: Office) -> None:
        queued = mourners.queue(NINE)
        note = one(queued.notes)
        assert isinstance(note, OnDayOfMourning)
        assert note.until == datetime(2026, 4, 2, 5, 0, tzinfo=UTC)
        decision = self.decision(mourners, queued.view.delivery.id)
        assert isinstance(decision, Hold)
        assert (decision.code, decision.until) == ("mourning", note.until)

    def test_another_tone_has_a_held_post_judged_anew(self, mourners: Office) -> None:
        request = Spotlight(author="ana", partner="river", at=NINE)
        number = mourners.queue(request=request).view.delivery.id
        decision = self.decision(mourners, number)
        assert isinstance(decision, Hold)
        with mourners.store.write() as unit:
            note = HoldNote(decision.reason, decision.until)
            unit.transitions.hold(unit.deliveries.get(number), note, NINE)
        mourners.acts().label(number, Labels(tone=Tone.SOLEMN))
        with mourners.store.read() as unit:
            assert unit.deliveries.get(number).wake_at == NINE
        decision = self.decision(mourners, number)
        assert isinstance(decision, Hold)
        assert decision.code == "slot"  # it was held: it goes one at a time
