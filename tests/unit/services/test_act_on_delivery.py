"""What people do to deliveries, against the gate: approve, edit, pause and resume."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import cast

import pytest
from signing_off import save_asking
from stories import ACCOUNT, NO_FLOOR, TEMPLATES, delivery, look_up_due, publish_next, queued, rules

from crosspromo.domain.approval import Approval, Approvers
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import InputError, StateError
from crosspromo.domain.outcomes import NotRemoved, NotSent, Receipt, Removal, Unknown
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Window
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.holds import ApprovalMissing
from crosspromo.domain.reasons.inputs import (
    ApprovedAlready,
    OwnEdit,
    OwnWork,
    SignOffNotAsked,
)
from crosspromo.domain.reasons.state import (
    CannotDelete,
    MayHaveGoneOut,
    NobodyAsked,
    NotDeleted,
    OnlyAsItWas,
    WrongState,
)
from crosspromo.domain.states import State
from crosspromo.phrasing.mends import DeleteByHand
from crosspromo.phrasing.refusal_mends import of_refusal
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.results import Disposition
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.edited_content import Changes
from crosspromo.services.pauses import PauseService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

AUTHOR = "tester"
CHAIR = "the chair"
TREASURER = "the treasurer"
LATE = timedelta(minutes=61)


def deletable(account: AccountRules) -> AccountRules:
    """The rules of an account on a network that deletes posts."""
    return replace(account, capabilities=replace(account.capabilities, deletes=True))


@dataclass
class Office:
    """One account, its network, and the people who work on it."""

    store: Store
    clock: FakeClock = field(default_factory=FakeClock)
    network: MemoryConnector = field(default_factory=MemoryConnector)
    account: AccountRules = field(default_factory=lambda: deletable(rules()))

    def asks(self, approvers: Approvers) -> None:
        policy = replace(self.account.policy, approval=approvers)
        self.account = replace(self.account, policy=policy)

    def person(self, name: str, network: object = None) -> DeliveryActs:
        return DeliveryActs(
            store=self.store,
            clock=self.clock,
            rules={ACCOUNT: self.account},
            connector=lambda _account: cast("Connector", network or self.network),
            actor=name,
            organisation=NO_FLOOR,
            renderer=lambda: TEMPLATES,
        )

    def pauses(self, name: str) -> PauseService:
        return PauseService(self.store, self.clock, {ACCOUNT: self.account.policy}, name)

    def publish(self) -> Disposition | None:
        return publish_next(
            Dispatcher(
                store=self.store,
                connector=lambda _account: self.network,
                accounts={ACCOUNT: self.account},
                organisation=NO_FLOOR,
                clock=self.clock,
                worker="worker",
            ),
            ACCOUNT,
        )

    def look_up(self) -> None:
        look_up_due(
            Reconciler(
                self.store,
                lambda _account: self.network,
                {ACCOUNT: self.account},
                self.clock,
                lambda _worker: False,
            )
        )

    def draft(self, *, pinned: bool = False) -> int:
        """A delivery by AUTHOR that waits for approval."""
        draft = queued(self.store, "Hello", pinned=pinned)
        self.person(AUTHOR).edit(draft, Changes(text="Hello, river"))
        assert self.look(draft).state is State.DRAFT
        return draft

    def look(self, delivery_id: int) -> Delivery:
        return delivery(self.store, delivery_id)


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def test_what_a_person_cancels_keeps_no_reason_of_its_network(office: Office) -> None:
    number = queued(office.store)
    office.network.accidents.append(lambda _accept: NotSent("too many requests"))
    assert office.publish() is Disposition.POSTPONED
    assert office.look(number).fault is not None

    office.person(CHAIR).cancel(number)

    assert (office.look(number).state, office.look(number).fault) == (State.CANCELLED, None)


class TestApproving:
    def test_a_draft_is_not_sent_however_long_it_waits(self, office: Office) -> None:
        office.asks(Approvers.ONE)
        draft = office.draft()
        office.clock.advance(timedelta(days=30))
        assert office.publish() is None
        assert office.look(draft).state is State.DRAFT

    def test_the_last_approval_it_needs_queues_it(self, office: Office) -> None:
        office.asks(Approvers.TWO)
        draft = office.draft()
        assert not office.person(CHAIR).approve(draft).complete
        assert office.publish() is None
        assert office.person(TREASURER).approve(draft).complete
        assert office.publish() is Disposition.PUBLISHED
        assert office.network.network.texts == ["Hello, river"]

    def test_the_author_cannot_approve_it(self, office: Office) -> None:
        office.asks(Approvers.ONE)
        draft = office.draft()
        with pytest.raises(InputError) as error:
            office.person(AUTHOR.upper()).approve(draft)
        assert error.value.reason == OwnWork(draft, "tester")

    def test_who_changed_the_text_last_cannot_approve_it(self, office: Office) -> None:
        office.asks(Approvers.ONE)
        draft = office.draft()
        office.person(CHAIR).edit(draft, Changes(text="Hello, mouth of the river"))
        with pytest.raises(InputError) as error:
            office.person("THE CHAIR").approve(draft)
        assert error.value.reason == OwnEdit(draft, "THE CHAIR")

        office.person(TREASURER).edit(draft, Changes(text="Hello, source of the river"))
        assert office.person(CHAIR).approve(draft).complete

    def test_nobody_approves_twice(self, office: Office) -> None:
        office.asks(Approvers.TWO)
        draft = office.draft()
        office.person(CHAIR).approve(draft)
        with pytest.raises(InputError) as error:
            office.person("THE CHAIR").approve(draft)
        assert error.value.reason == ApprovedAlready(draft, "THE CHAIR")

    def test_a_pinned_one_that_is_approved_too_late_is_missed(self, office: Office) -> None:
        office.asks(Approvers.ONE)
        draft = office.draft(pinned=True)
        office.clock.advance(LATE)
        office.person(CHAIR).approve(draft)
        assert office.publish() is Disposition.MISSED

    def test_what_needs_no_approval_takes_none(self, office: Office) -> None:
        free = queued(office.store)
        with pytest.raises(StateError) as error:
            office.person(CHAIR).approve(free)
        assert error.value.reason == NobodyAsked(free)

    def test_what_went_out_is_past_approval(self, office: Office) -> None:
        gone = queued(office.store)
        office.publish()
        with pytest.raises(StateError) as error:
            office.person(CHAIR).approve(gone)
        assert error.value.reason == WrongState(gone, State.PUBLISHED, Act.APPROVE)


class TestTheGateAsksAgain:
    def test_an_account_that_asks_since_today_holds_what_was_queued_before(
        self, office: Office
    ) -> None:
        old = queued(office.store)
        office.asks(Approvers.ONE)
        assert office.publish() is Disposition.HELD
        hold = office.look(old).hold
        assert hold is not None
        assert hold.code == "approval"
        assert hold.reason == ApprovalMissing(Approval(needed=1, author="tester"))
        office.person(CHAIR).approve(old)
        assert office.publish() is Disposition.PUBLISHED

    def test_a_signature_under_other_words_is_no_approval(self, office: Office) -> None:
        """Whatever path changed the text: the gate looks at what would be sent now."""
        office.asks(Approvers.ONE)
        draft = office.draft()
        office.person(CHAIR).approve(draft)
        content = replace(office.look(draft).content, link="https://elsewhere.example")
        with office.store.write() as unit:
            unit.transitions.edit(unit.deliveries.get(draft), content, START, into=State.QUEUED)
        assert office.publish() is Disposition.HELD

    def test_a_release_is_no_approval(self, office: Office) -> None:
        old = queued(office.store)
        office.asks(Approvers.ONE)
        office.publish()
        office.person(CHAIR).release(old, "the vote is tonight")
        assert office.publish() is Disposition.HELD


class TestPartnersSignOff:
    @pytest.fixture
    def asking(self, office: Office) -> int:
        """A delivery about the River Keepers, who have asked to sign off."""
        about = queued(office.store)
        with office.store.write() as unit:
            save_asking(unit, Partner("river-keepers", "River Keepers"))
        return about

    def test_nothing_about_them_goes_without_them(self, office: Office, asking: int) -> None:
        assert office.publish() is Disposition.HELD
        office.person("partner:river-keepers").approve(asking)
        assert office.publish() is Disposition.PUBLISHED

    def test_another_partner_has_no_say(self, office: Office, asking: int) -> None:
        with pytest.raises(InputError) as error:
            office.person("partner:food-bank").approve(asking)
        assert error.value.reason == SignOffNotAsked(asking, "food-bank")


class TestEditing:
    def test_an_edit_voids_every_approval(self, office: Office) -> None:
        office.asks(Approvers.ONE)
        draft = office.draft()
        office.person(CHAIR).approve(draft)
        edit = office.person(AUTHOR).edit(draft, Changes(text="Hello, sea"))
        assert (edit.before.text, edit.after.text, edit.void) == ("Hello, river", "Hello, sea", 1)
        assert office.look(draft).state is State.DRAFT

    def test_editing_it_back_does_not_bring_them_back(self, office: Office) -> None:
        office.asks(Approvers.ONE)
        draft = office.draft()
        office.person(CHAIR).approve(draft)
        for text in ("Hello, sea", "Hello, river"):
            office.person(AUTHOR).edit(draft, Changes(text=text))
        assert office.look(draft).state is State.DRAFT
        assert office.publish() is None

    def test_an_edit_that_changes_nothing_voids_nothing(self, office: Office) -> None:
        office.asks(Approvers.ONE)
        draft = office.draft()
        office.person(CHAIR).approve(draft)
        assert office.person(AUTHOR).edit(draft, Changes(text="Hello, river")).void == 0
        assert office.publish() is Disposition.PUBLISHED

    def test_where_nobody_is_asked_an_edit_leaves_it_queued(self, office: Office) -> None:
        free = queued(office.store)
        office.person(AUTHOR).edit(free, Changes(text="Hello, sea"))
        assert office.publish() is Disposition.PUBLISHED
        assert office.network.network.texts == ["Hello, sea"]

    def test_what_may_have_been_sent_once_is_not_edited(self, office: Office) -> None:
        """It is repeated token and all, so that another text would never be seen."""
        doubtful = queued(office.store)
        office.network.accidents.append(lambda _accept: Unknown("timed out"))
        office.publish()
        for wait in (timedelta(seconds=20), timedelta(minutes=5)):
            office.clock.advance(wait)
            office.look_up()
        assert office.look(doubtful).state is State.QUEUED
        with pytest.raises(StateError) as error:
            office.person(AUTHOR).edit(doubtful, Changes(text="Hello, sea"))
        assert error.value.reason == OnlyAsItWas(doubtful)

    def test_what_surely_was_not_sent_is_edited(self, office: Office) -> None:
        refused = queued(office.store)
        office.network.accidents.append(lambda _accept: NotSent("too many requests"))
        office.publish()
        office.person(AUTHOR).edit(refused, Changes(text="Hello, sea"))
        assert office.look(refused).content.text == "Hello, sea"

    def test_a_draft_that_is_moved_still_needs_its_approval(self, office: Office) -> None:
        office.asks(Approvers.ONE)
        draft = office.draft()
        office.person(AUTHOR).move(draft, office.clock.now() + timedelta(hours=1))
        office.clock.advance(timedelta(hours=1))
        assert office.publish() is None
        assert office.look(draft).state is State.DRAFT

    def test_what_may_have_gone_out_is_not_moved(self, office: Office) -> None:
        doubtful = queued(office.store)
        office.network.accidents.append(lambda _accept: Unknown("timed out"))
        office.publish()
        with pytest.raises(StateError) as error:
            office.person(AUTHOR).move(doubtful, office.clock.now() + timedelta(hours=1))
        assert error.value.reason == MayHaveGoneOut(doubtful, State.UNKNOWN)


@dataclass
class SlowerThan:
    """A network that answers only after the chair has deleted the delivery, too."""

    office: Office
    delivery: int

    def delete(self, receipt: Receipt) -> Removal:
        self.office.person(CHAIR).delete(self.delivery)
        return self.office.network.delete(receipt)


class TestDeleting:
    @pytest.fixture
    def gone_out(self, office: Office) -> int:
        """A published delivery."""
        published = queued(office.store)
        office.publish()
        return published

    def tally(self, office: Office) -> Tally:
        with office.store.read() as unit:
            return unit.ledger.tally(ACCOUNT, Window(days=28), office.clock.now())

    def test_what_is_deleted_leaves_the_network_and_counts_for_others_no_more(
        self, office: Office, gone_out: int
    ) -> None:
        assert self.tally(office) == Tally(1, 0)
        office.person(CHAIR).delete(gone_out)
        assert office.network.network.texts == []
        deleted = office.look(gone_out)
        assert deleted.state is State.DELETED
        assert deleted.published_at is not None
        assert self.tally(office) == Tally(0, 0)

    def test_a_post_about_us_still_counts(self, office: Office) -> None:
        ours = queued(office.store, credit=Credit.SELF)
        office.publish()
        office.person(CHAIR).delete(ours)
        assert self.tally(office) == Tally(0, 1)

    def test_by_hand_the_network_is_left_alone(self, office: Office, gone_out: int) -> None:
        office.person(CHAIR).delete(gone_out, by_hand=True)
        assert office.look(gone_out).state is State.DELETED
        assert office.network.network.texts == ["Hello"]

    def test_what_the_network_did_not_delete_stays_published(
        self, office: Office, gone_out: int
    ) -> None:
        office.network.removals.append(NotRemoved("not today"))
        with pytest.raises(StateError) as error:
            office.person(CHAIR).delete(gone_out)
        url = office.look(gone_out).url
        assert error.value.reason == NotDeleted(gone_out, str(url), "not today")
        assert office.look(gone_out).state is State.PUBLISHED
        assert self.tally(office) == Tally(1, 0)

    def test_what_the_network_did_not_delete_can_be_deleted_by_hand(
        self, office: Office, gone_out: int
    ) -> None:
        office.network.removals.append(NotRemoved("the account is suspended"))
        with pytest.raises(StateError) as error:
            office.person(CHAIR).delete(gone_out)
        reason = error.value.reason
        assert of_refusal(reason) == DeleteByHand(gone_out, str(office.look(gone_out).url))
        office.person(CHAIR).delete(gone_out, by_hand=True)
        assert office.look(gone_out).state is State.DELETED

    def test_cut_off_before_it_was_noted_it_is_deleted_again(
        self, office: Office, gone_out: int
    ) -> None:
        published = office.look(gone_out)
        office.network.delete(Receipt(str(published.remote_id)))  # and then the power went
        office.person(CHAIR).delete(gone_out)
        assert office.look(gone_out).state is State.DELETED
        assert self.tally(office) == Tally(0, 0)

    def test_two_who_delete_it_at_once_are_both_content_and_one_is_noted(
        self, office: Office, gone_out: int
    ) -> None:
        office.person(TREASURER, SlowerThan(office, gone_out)).delete(gone_out)
        assert office.look(gone_out).state is State.DELETED
        with office.store.read() as unit:
            assert [entry.who for entry in unit.audit.entries()] == [CHAIR]

    def test_a_network_that_deletes_nothing_leaves_it_to_people(
        self, office: Office, gone_out: int
    ) -> None:
        office.account = rules()
        with pytest.raises(StateError) as error:
            office.person(CHAIR).delete(gone_out)
        url = str(office.look(gone_out).url)
        assert error.value.reason == CannotDelete(gone_out, ACCOUNT, url)
        assert office.look(gone_out).state is State.PUBLISHED

    def test_what_never_went_out_cannot_be_deleted(self, office: Office) -> None:
        waiting = queued(office.store)
        with pytest.raises(StateError) as error:
            office.person(CHAIR).delete(waiting)
        assert error.value.reason == WrongState(waiting, State.QUEUED, Act.DELETE)


class TestPausing:
    def test_a_pause_holds_before_the_network_is_asked_for_anything(self, office: Office) -> None:
        queued(office.store)
        office.network.obstacles.append(NotSent("the network was asked"))
        office.pauses(CHAIR).pause(None, "the river has flooded")
        assert office.publish() is Disposition.HELD
        assert office.network.obstacles
        assert office.network.sends == 0

    def test_what_is_paused_is_looked_at_once(self, office: Office) -> None:
        queued(office.store)
        office.pauses(CHAIR).pause(ACCOUNT, "the river has flooded")
        assert office.publish() is Disposition.HELD
        office.clock.advance(timedelta(days=1))
        assert office.publish() is None
        with office.store.read() as unit:
            assert unit.deliveries.next_wake() is None

    def test_a_pause_is_not_bought_off_by_a_release(self, office: Office) -> None:
        held = queued(office.store)
        office.pauses(CHAIR).pause(ACCOUNT, "the river has flooded")
        office.person(CHAIR).release(held, "the vote is tonight")
        assert office.publish() is Disposition.HELD

    def test_resuming_lists_what_is_overdue_and_lets_it_go(self, office: Office) -> None:
        overdue = queued(office.store)
        queued(office.store, due_at=office.clock.now() + timedelta(days=2))
        office.pauses(CHAIR).pause(ACCOUNT, "the river has flooded")
        office.publish()
        office.clock.advance(timedelta(minutes=1))
        assert [each.view.delivery.id for each in office.pauses(CHAIR).resume(ACCOUNT).overdue] == [
            overdue
        ]
        assert office.publish() is Disposition.PUBLISHED

    def test_what_was_due_in_the_pause_at_its_own_moment_is_missed(self, office: Office) -> None:
        queued(office.store, pinned=True)
        office.pauses(CHAIR).pause(None, "the river has flooded")
        office.publish()
        office.clock.advance(LATE)
        office.pauses(CHAIR).resume(None)
        assert office.publish() is Disposition.MISSED
