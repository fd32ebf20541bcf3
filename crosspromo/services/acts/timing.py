"""Acts on when a delivery goes: move it, try it again, let it pass the ratio, or take it out."""

from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.notes import Note
from crosspromo.domain.reasons.queueing import AllowedAnyway
from crosspromo.domain.requests import given_reason
from crosspromo.domain.states import State
from crosspromo.domain.timing import still_to_come
from crosspromo.domain.undo import UndoableAct
from crosspromo.domain.verdicts import Override
from crosspromo.publishing.notes import notes_on
from crosspromo.services.acts.acting import Acting


@dataclass(frozen=True, slots=True)
class Rescheduled:
    """Account of a delivery that has another time now, and notes: what will hold it then."""

    account: str
    notes: tuple[Note, ...]


class TimingActs(Acting):
    """Acts on when a delivery goes."""

    def cancel(self, delivery_id: int) -> None:
        """Cancel a draft or a queued delivery."""
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.CANCEL)
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
            delivery = self._in(unit, delivery_id, Act.MOVE)
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
            delivery = self._in(unit, delivery_id, Act.RETRY)
            now = self.clock.now()
            unit.transitions.requeue_at(delivery, now, now, pinned=False)
            self._note(unit, "retry", delivery)

    def release(self, delivery_id: int, reason: str) -> None:
        """Let a queued delivery pass the ratio once; the delivery still counts as self.

        A draft has to be approved first. InputError for a blank reason; StateError where somebody
        released the delivery before.
        """
        override = Override(by=self.actor, reason=given_reason(reason, Act.RELEASE))
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.RELEASE)
            unit.transitions.override(delivery, override, self.clock.now())
            self._note(unit, "release", delivery, override.reason)

    def rescheduled(self, delivery_id: int) -> Rescheduled:
        """Notes on the delivery as it is now; none where crosspromo.toml lacks its account."""
        with self.store.read() as unit:
            delivery = unit.deliveries.get(delivery_id)
            rules = self.rules.get(delivery.account)
            if rules is None:
                return Rescheduled(delivery.account, ())
            notes = notes_on(unit, delivery, rules, self.organisation, self.clock.now())
            return Rescheduled(delivery.account, notes)
