"""People's acts on deliveries: each act is checked, carried out, and written to the audit log."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from crosspromo.domain.approval import (
    Approval,
    ApprovalNames,
    Signature,
    partner_slug,
    same_name,
)
from crosspromo.domain.attempts import Ending
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Fault
from crosspromo.domain.duplicates import text_hash
from crosspromo.domain.errors import InputError, PeopleError, QueueingError, StateError
from crosspromo.domain.outcomes import NotRemoved, Receipt
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.faults import TurnedDown
from crosspromo.domain.reasons.inputs import (
    ApprovedAlready,
    NothingToChange,
    OwnWork,
    SignOffNotAsked,
)
from crosspromo.domain.reasons.notes import Burst, Note
from crosspromo.domain.reasons.people import SignInToApprove
from crosspromo.domain.reasons.queueing import AllowedAnyway
from crosspromo.domain.reasons.state import (
    CannotDelete,
    EditedMeanwhile,
    MayHaveGoneOut,
    NobodyAsked,
    NotDeleted,
    OnlyAsItWas,
    WrongState,
)
from crosspromo.domain.requests import given_name, given_reason
from crosspromo.domain.states import IN_DOUBT, State
from crosspromo.domain.timing import still_to_come
from crosspromo.domain.undo import Undoable, UndoableAct
from crosspromo.domain.verdicts import Override
from crosspromo.domain.web_address import whole_address
from crosspromo.publishing.enqueue import note_allowed
from crosspromo.publishing.facts import approval_for
from crosspromo.publishing.networks import Deletes
from crosspromo.publishing.notes import burst_near, notes_on
from crosspromo.publishing.repetition import check_repetition
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.edited_content import (
    Changes,
    EditedContent,
    edited,
    repaired,
    titled_material,
)
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.publishing.compose import Renderer
    from crosspromo.publishing.networks import Connector
    from crosspromo.publishing.ports import Store
    from crosspromo.store.unit import Unit

WAITING = frozenset({State.DRAFT, State.QUEUED})
"""States of a delivery that has not been sent and may still be changed."""

MOVABLE = frozenset({State.DRAFT, State.QUEUED, State.FAILED, State.MISSED})
"""States of a delivery that may be given another time."""

TRIED_AGAIN = frozenset({State.QUEUED, State.FAILED, State.MISSED})
"""States of a delivery that may be tried again."""


DISMISSED = frozenset({State.FAILED, State.MISSED, State.EXPIRED, State.UNKNOWN})
"""States of a delivery that needs a person and that a person may dismiss."""


NO_BURST = Burst(0, None)


@dataclass(frozen=True, slots=True)
class Edit:
    """Delivery content before and after an edit; `void` is the number of approvals lost.

    `put_back` names the obligations that the new text lacked, and that stand in it again; `taken`
    are characters that have no place in a post, and were taken out.
    """

    before: Content
    after: Content
    void: int
    put_back: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """Account of a delivery that has another time now, and notes: what will hold it then."""

    account: str
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class DeliveryActs:
    """Acts on deliveries by the person named `actor`.

    Every act raises NotFoundError for an unknown delivery, and StateError if the delivery's state
    does not allow the act. `connector` takes the name of an account and returns its connector.
    `renderer` is called only for a title that follows its text. `signed_in`: the person is signed
    in, so that `actor` is no name on trust. `group` names an order of several acts, which is undone
    as a whole. `known_as` is the actor's name in the audit log; empty: the same.
    """

    store: "Store[Unit]"
    clock: Clock
    rules: Mapping[str, AccountRules]
    connector: "Callable[[str], Connector]"
    actor: str
    organisation: OrganisationRules
    renderer: "Callable[[], Renderer]"
    signed_in: bool = False
    group: str = ""
    known_as: str = ""

    def __post_init__(self) -> None:
        given_name(self.actor)

    def cancel(self, delivery_id: int) -> None:
        """Cancel a draft or a queued delivery."""
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, WAITING, Act.CANCEL)
            unit.transitions.cancel(delivery, self.clock.now())
            self._can_undo(unit, UndoableAct.CANCEL, delivery)
            self._note(unit, "cancel", delivery)

    def move(self, delivery_id: int, due_at: datetime | None) -> None:
        """Give a draft, or a queued, failed or missed delivery another due time (aware).

        None: it goes as soon as the gate allows it. `rescheduled` tells what will hold it then.
        InputError for a time in the past; QueueingError for a delivery without a time that does
        not count as self.
        """
        now = self.clock.now()
        when_allowed = due_at is None
        at = now if due_at is None else still_to_come(due_at, now)
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            if delivery.state in IN_DOUBT:
                raise StateError(MayHaveGoneOut(delivery_id, delivery.state))
            _require(delivery, MOVABLE, Act.MOVE)
            if when_allowed and not delivery.credit.counts_self:
                raise QueueingError(AllowedAnyway(delivery.account))
            self._can_undo(unit, UndoableAct.MOVE, delivery, at)
            if delivery.state is State.DRAFT:
                unit.transitions.reschedule_draft(
                    delivery, at, pinned=not when_allowed, when_allowed=when_allowed
                )
            else:
                unit.transitions.requeue_at(
                    delivery, at, now, pinned=not when_allowed, when_allowed=when_allowed
                )
            self._note(unit, "move", delivery)

    def retry(self, delivery_id: int) -> None:
        """Try a failed, missed or queued delivery again now; `rescheduled` tells what holds it."""
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, TRIED_AGAIN, Act.RETRY)
            now = self.clock.now()
            unit.transitions.requeue_at(delivery, now, now, pinned=False)
            self._note(unit, "retry", delivery)

    def reject(self, delivery_id: int, reason: str) -> None:
        """Turn down a draft or a queued delivery, which is cancelled with the reason.

        InputError for a blank reason.
        """
        reason = given_reason(reason, Act.REJECT)
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, WAITING, Act.REJECT)
            fault = Fault(TurnedDown(self.actor, reason))
            unit.transitions.refuse(delivery, State.CANCELLED, fault, self.clock.now())
            self._note(unit, "reject", delivery, reason)

    def edit(self, delivery_id: int, changes: Changes) -> Edit:
        """Change what a draft or queued delivery says: `edit_all` with one delivery."""
        return self.edit_all({delivery_id: changes})[0]

    def edit_all(self, changes: Mapping[int, Changes]) -> Sequence[Edit]:
        """Change what drafts or queued deliveries say (by id), all or none; approvals are void
        then.

        InputError if nothing is to be changed, and for a bad link or alt text. QueueingError if the
        network does not take the new content, or the account has nearly the same text after all
        edits. StateError if the delivery has another content than the person saw, and if it may
        have been sent once: a repetition has to be unchanged.
        """
        if any(each.nothing for each in changes.values()):
            raise InputError(NothingToChange())
        with self.store.write() as unit:
            done = [self._edit(unit, number, each) for number, each in changes.items()]
            for (number, each), edit in zip(changes.items(), done, strict=True):
                self._check_repetition(unit, number, edit, each.allow_duplicate)
            return done

    def _edit(self, unit: "Unit", delivery_id: int, changes: Changes) -> Edit:
        delivery = self._in(unit, delivery_id, WAITING, Act.EDIT)
        content = delivery.content
        if changes.seen not in {None, content.fingerprint(delivery.account)}:
            raise StateError(EditedMeanwhile(delivery_id, content.title, content.text))
        account = self._rules_of(delivery)
        title_for = partial(self._title_for, unit, delivery, account)
        made = edited(delivery, account, changes, title_for, self.organisation.own_group)
        return self._change(unit, delivery, made, "edit", changes.allow_duplicate)

    def repair(self, delivery_id: int) -> Edit:
        """Change text and title of a draft or queued delivery as its notes on accessibility say.

        Approvals and errors as in `edit_all`; images stay as they are.
        """
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, WAITING, Act.EDIT)
            made = repaired(delivery, self._rules_of(delivery), self.organisation.own_group)
            edit = self._change(unit, delivery, made, "repair")
            self._check_repetition(unit, delivery_id, edit)
            return edit

    def _change(
        self,
        unit: "Unit",
        delivery: Delivery,
        made: EditedContent,
        act: str,
        allow_duplicate: str | None = None,
    ) -> Edit:
        before, after = delivery.content, made.content
        is_same = after == before
        edit = Edit(before, after, 0, made.put_back, made.taken)
        if is_same and made.fields.title_given == delivery.title_given:
            return edit
        if not is_same and unit.attempts.was_ever_unknown(delivery.id):
            raise StateError(OnlyAsItWas(delivery.id))
        asked = not is_same and self._approval_for(unit, delivery).asked
        unit.transitions.edit(
            delivery,
            after,
            self.clock.now(),
            into=State.DRAFT if asked else delivery.state,
            also=made.fields,
            duplicate_reason=allow_duplicate,
        )
        self._note(unit, act, delivery)
        return edit if is_same else replace(edit, void=unit.approvals.withdraw(delivery.id))

    def _check_repetition(
        self, unit: "Unit", delivery_id: int, edit: Edit, reason: str | None = None
    ) -> None:
        """QueueingError where the edited text is one that its account has had; `reason`: why it
        may be.
        """
        if text_hash(edit.before) == text_hash(edit.after):
            return
        delivery = unit.deliveries.get(delivery_id)
        earlier = check_repetition(
            unit.history,
            self._rules_of(delivery),
            delivery.content,
            delivery.due_at,
            allowed=delivery.duplicate_allowed,
            besides=delivery_id,
        )
        if earlier is not None and reason is not None:
            note_allowed(unit, self.actor, earlier, reason, self.clock.now())

    def approve(self, delivery_id: int) -> Approval:
        """Sign a delivery's present content; the last approval needed puts the delivery into the
        queue.

        InputError for a person who may not approve: the author, a person who has approved already,
        or a partner (named `partner:SLUG`) who was not asked. PeopleError where the account takes
        no name on trust.
        """
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, WAITING, Act.APPROVE)
            approval = self._approval_for(unit, delivery)
            _check_approver(delivery, approval, self.actor)
            self._check_sign_in(delivery)
            fingerprint = delivery.content.fingerprint(delivery.account)
            signature = Signature(self.actor, fingerprint, self.clock.now(), self.signed_in)
            unit.approvals.sign(delivery_id, signature)
            approval = self._approval_for(unit, delivery)
            if approval.complete and waits_for_approval(delivery):
                unit.transitions.approve(delivery, self.clock.now())
            self._note(unit, "approve", delivery)
            return approval

    def _check_sign_in(self, delivery: Delivery) -> None:
        rules = self.rules.get(delivery.account)
        asked = ApprovalNames.TRUSTED if rules is None else rules.policy.approval_names
        if asked is ApprovalNames.SIGNED_IN and not self.signed_in:
            raise PeopleError(SignInToApprove(delivery.id, delivery.account))

    def bursts(self, delivery_ids: Iterable[int]) -> Mapping[str, Burst]:
        """Bursts, by account, that these deliveries belong to as far as they are queued.

        For several approvals at once: each alone would tell of another number.
        """
        now = self.clock.now()
        found: dict[str, Burst] = {}
        with self.store.read() as unit:
            for delivery_id in delivery_ids:
                delivery = unit.deliveries.get(delivery_id)
                rules = self.rules.get(delivery.account)
                if rules is None or delivery.state is not State.QUEUED:
                    continue
                burst = burst_near(unit, rules.name, rules.policy, delivery.due_at, now)
                if burst is not None and burst.size > found.get(rules.name, NO_BURST).size:
                    found[rules.name] = burst
        return found

    def release(self, delivery_id: int, reason: str) -> None:
        """Let a queued delivery pass the ratio once; the delivery still counts as self.

        A draft has to be approved first. InputError for a blank reason.
        """
        override = Override(by=self.actor, reason=given_reason(reason, Act.RELEASE))
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, {State.QUEUED}, Act.RELEASE)
            unit.transitions.override(delivery, override, self.clock.now())
            self._note(unit, "release", delivery, override.reason)

    def dismiss(self, delivery_id: int, reason: str) -> None:
        """Take note that a delivery failed, was missed, expired or is unknown; its state stays.

        InputError for a blank reason. A new failure of the delivery asks for a person again.
        """
        reason = given_reason(reason, Act.DISMISS)
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, DISMISSED, Act.DISMISS)
            unit.attention(1).dismiss(delivery, self.clock.now(), self.actor, reason)
            self._can_undo(unit, UndoableAct.DISMISS, delivery)
            self._note(unit, "dismiss", delivery, reason)

    def resolve_posted(self, delivery_id: int, url: str | None = None) -> None:
        """Record an unknown delivery as published on its network, at address `url` if known.

        InputError for a text that is no address of the web.
        """
        url = None if url is None else whole_address(url)
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, {State.UNKNOWN}, Act.RESOLVE)
            receipt = Receipt(remote_id=url or f"by-hand-{delivery_id}", url=url)
            unit.transitions.publish(delivery, receipt, self.clock.now())
            unit.holds.wake_held_by_ratio(delivery.account)
            self._note(unit, "resolve as posted", delivery, url)

    def resolve_not_posted(self, delivery_id: int) -> None:
        """Record an unknown delivery as absent from its network, and queue it again."""
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, {State.UNKNOWN}, Act.RESOLVE)
            now = self.clock.now()
            unit.transitions.requeue(delivery, Ending.ABSENT, None, now, now)
            unit.holds.wake_held_by_ratio(delivery.account)
            self._note(unit, "resolve as not posted", delivery)

    def delete(self, delivery_id: int, *, by_hand: bool = False, reason: str | None = None) -> None:
        """Delete a published delivery's post; `by_hand`: only record that a person deleted the
        post.

        The audit log has the address, after the `reason` where there is one.

        StateError if the network does not delete the post. An interrupted deletion can be repeated:
        a post that is gone already counts as removed.
        """
        with self.store.read() as unit:
            delivery = self._in(unit, delivery_id, {State.PUBLISHED}, Act.DELETE)
        if not by_hand:
            self._remove(delivery)
        with self.store.write() as unit:
            if unit.deliveries.get(delivery_id).state is State.DELETED:
                return  # another person deleted the post meanwhile
            unit.transitions.delete(delivery, self.clock.now())
            act = "delete by hand" if by_hand else "delete"
            why = [each for each in (reason and reason.strip(), delivery.url) if each]
            self._note(unit, act, delivery, ": ".join(why) or None)

    def _remove(self, delivery: Delivery) -> None:
        connector: object = None
        if self._rules_of(delivery).capabilities.deletes:
            connector = self.connector(delivery.account)
        if not isinstance(connector, Deletes):
            place = delivery.url or f"{delivery.network}, where it is {delivery.remote_id}"
            raise StateError(CannotDelete(delivery.id, delivery.account, place))
        receipt = Receipt(str(delivery.remote_id), delivery.url, delivery.published_at)
        removal = connector.delete(receipt)
        if isinstance(removal, NotRemoved):
            place = delivery.url or delivery.network
            raise StateError(NotDeleted(delivery.id, place, removal.reason))

    def _title_for(
        self, unit: "Unit", delivery: Delivery, account: AccountRules, text: str
    ) -> str | None:
        """Title that the template of the kind makes of the text; None: it takes no text."""
        if unit.posts.template(delivery.post) is not None:
            return None
        partners = tuple(unit.partners.get(slug) for slug in delivery.partners)
        material = titled_material(delivery, partners, text)
        if material is None:
            return None
        return self.renderer().render(material, account.text_network).title

    def _rules_of(self, delivery: Delivery) -> AccountRules:
        return account_named(delivery.account, self.rules)

    def rescheduled(self, delivery_id: int) -> Rescheduled:
        """Notes on the delivery as it is now; none where crosspromo.toml lacks its account."""
        with self.store.read() as unit:
            delivery = unit.deliveries.get(delivery_id)
            rules = self.rules.get(delivery.account)
            if rules is None:
                return Rescheduled(delivery.account, ())
            notes = notes_on(unit, delivery, rules, self.organisation, self.clock.now())
            return Rescheduled(delivery.account, notes)

    def _approval_for(self, unit: "Unit", delivery: Delivery) -> Approval:
        return approval_for(unit.approvals, delivery, self.rules.get(delivery.account))

    def _in(
        self, unit: "Unit", delivery_id: int, states: "set[State] | frozenset[State]", act: Act
    ) -> Delivery:
        """Read the delivery; StateError unless its state is one of `states`."""
        delivery = unit.deliveries.get(delivery_id)
        _require(delivery, states, act)
        return delivery

    def _can_undo(
        self,
        unit: "Unit",
        act: UndoableAct,
        before: Delivery,
        moved_to: datetime | None = None,
    ) -> None:
        """Remember what an act replaces, where it can be taken back.

        A post about an event is not put back once it was cancelled: the event may change meanwhile.
        A delivery without a time of its own, and one that a move queues again, have no way back.
        """
        about_event = act is UndoableAct.CANCEL and before.event is not None
        has_no_way_back = act is UndoableAct.MOVE and before.state not in WAITING
        if about_event or has_no_way_back or (before.when_allowed and moved_to is not None):
            return
        unit.undos.record(
            Undoable(
                group=self.group or uuid4().hex,
                delivery=before.id,
                act=act,
                who=self.actor,
                at=self.clock.now(),
                state=before.state,
                due_at=before.due_at,
                pinned=before.pinned,
                attempt=before.attempt,
                moved_to=moved_to,
            )
        )

    def _note(self, unit: "Unit", act: str, delivery: Delivery, reason: str | None = None) -> None:
        subject = f"delivery {delivery.id}"
        unit.audit.add(self.clock.now(), self.known_as or self.actor, act, subject, reason)


def _require(delivery: Delivery, states: "set[State] | frozenset[State]", act: Act) -> None:
    if delivery.state not in states:
        raise StateError(WrongState(delivery.id, delivery.state, act))


def waits_for_approval(delivery: Delivery) -> bool:
    """Whether the delivery is a draft, or queued and held until it is approved."""
    is_held = delivery.hold is not None and delivery.hold.code == "approval"
    return delivery.state is State.DRAFT or is_held


def _check_approver(delivery: Delivery, approval: Approval, name: str) -> None:
    if not approval.asked and delivery.state is State.QUEUED:
        raise StateError(NobodyAsked(delivery.id))
    # Where nobody is asked, a draft waits for a look, which may be the author's.
    if approval.asked and same_name(name, delivery.author):
        raise InputError(OwnWork(delivery.id, delivery.author))
    slug = partner_slug(name)
    if slug is not None and slug not in approval.partners_asked:
        raise InputError(SignOffNotAsked(delivery.id, slug))
    signed = approval.people if slug is None else [f"partner:{s}" for s in approval.partners]
    if any(same_name(name, other) for other in signed):
        raise InputError(ApprovedAlready(delivery.id, name))
