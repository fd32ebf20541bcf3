"""Acts on whether a delivery may go: approve it, or turn it down."""

from collections.abc import Iterable, Mapping

from crosspromo.domain.approval import (
    Approval,
    ApprovalNames,
    Signature,
    partner_slug,
    same_name,
)
from crosspromo.domain.audit import AuditEntry
from crosspromo.domain.deliveries import Delivery, Fault, waits_for_approval
from crosspromo.domain.errors import InputError, PeopleError, StateError
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.faults import TurnedDown
from crosspromo.domain.reasons.inputs import ApprovedAlready, OwnEdit, OwnWork, SignOffNotAsked
from crosspromo.domain.reasons.notes import Burst
from crosspromo.domain.reasons.people import SignInToApprove
from crosspromo.domain.reasons.state import NobodyAsked
from crosspromo.domain.requests import given_reason
from crosspromo.domain.states import State
from crosspromo.publishing.notes import burst_near
from crosspromo.services.acts.acting import Acting

NO_BURST = Burst(0, None)

EDITED = "edit"
"""Act of an edit in the audit log."""


class ApprovingActs(Acting):
    """Acts on whether a delivery may go."""

    def approve(self, delivery_id: int) -> Approval:
        """Sign a delivery's present content; the last approval needed puts the delivery into the
        queue.

        InputError for a person who may not approve: the author, who changed the text last, a person
        who has approved already, or a partner (named `partner:SLUG`) who was not asked.
        PeopleError where the account takes no name on trust.
        """
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.APPROVE)
            approval = self._approval_for(unit, delivery)
            _check_approver(delivery, approval, self.actor)
            if approval.asked:
                entries = unit.audit.about([f"delivery {delivery.id}"])
                if is_last_editor(self.actor, entries):
                    raise InputError(OwnEdit(delivery.id, self.actor))
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

    def reject(self, delivery_id: int, reason: str) -> None:
        """Turn down a draft or a queued delivery, which is cancelled with the reason.

        InputError for a blank reason.
        """
        reason = given_reason(reason, Act.REJECT)
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.REJECT)
            fault = Fault(TurnedDown(self.actor, reason))
            unit.transitions.refuse(delivery, State.CANCELLED, fault, self.clock.now())
            self._note(unit, "reject", delivery, reason)

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


def is_last_editor(name: str, entries: Iterable[AuditEntry]) -> bool:
    """Whether the person changed the text last, by a delivery's audit entries, the latest first."""
    last = next((each.who for each in entries if each.act == EDITED), None)
    return last is not None and same_name(name, last)


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
