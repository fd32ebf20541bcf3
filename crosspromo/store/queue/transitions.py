"""Transitions of deliveries: state changes, with those to attempts, holds and the ledger.

Each transition is one guarded UPDATE whose row count is checked, in the caller's transaction. The
guard is id, state, attempt and worker: a worker that lost its claim cannot settle the delivery
(LostClaimError). Inside `batch`, transitions of many deliveries are gathered and written together,
one statement for each kind (`pending_writes.py`). A transition outside `batch` is a batch of one.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, delete, update

from crosspromo.domain.attempts import Attempt, Ending, Intent
from crosspromo.domain.deliveries import ContentFields, Delivery, Fault, HoldNote, Renewal
from crosspromo.domain.duplicates import text_hash
from crosspromo.domain.errors import StateError
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.faults import InDoubt, words_of
from crosspromo.domain.reasons.state import CannotBecome, WrongState
from crosspromo.domain.states import TRANSITIONS, State
from crosspromo.domain.verdicts import SLOT, Override
from crosspromo.store.ledger.rows import Ledger, LedgerUpdate
from crosspromo.store.queue import reasons
from crosspromo.store.queue.counts import DeliveryCounts
from crosspromo.store.queue.deliveries import content_columns
from crosspromo.store.queue.due import NO_HOLD
from crosspromo.store.queue.pending_writes import PendingWrites
from crosspromo.store.schema import attempts, dismissals

_NOTHING: Mapping[str, Any] = {}
_NO_FAULT: Mapping[str, None] = {"fault_code": None, "fault_values": None}

Method = TypeVar("Method", bound=Callable[..., Any])


def _transition(method: Method) -> Method:
    """Decorate a transition: outside a batch, its writes are executed at once."""

    @wraps(method)
    def in_batch(self: "Transitions", *arguments: Any, **options: Any) -> Any:
        if self._batch_depth:
            return method(self, *arguments, **options)
        with self.batch():
            return method(self, *arguments, **options)

    return cast("Method", in_batch)


class Transitions:
    """Transitions of deliveries within one transaction.

    Every method takes the delivery as it was last read. StateError if its state does not allow the
    transition; LostClaimError, when the writes are executed, if it has changed in the database.
    """

    def __init__(self, connection: Connection, ledger: Ledger, counts: DeliveryCounts) -> None:
        self._connection = connection
        self._pending = PendingWrites(connection, ledger, counts)
        self._batch_depth = 0

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Gather all transitions of the block, and write the batch at the end.

        A delivery may have one transition in a batch. LostClaimError at the end, with the whole
        transaction rolled back, if one of the deliveries is not as it was read. If the block
        raises, the gathered writes are discarded. In a nested batch, the outermost one writes.
        """
        self._batch_depth += 1
        try:
            yield
        except BaseException:
            self._pending.discard()
            raise
        finally:
            self._batch_depth -= 1
        if not self._batch_depth:
            self._pending.write()

    # -- before and at the send ----------------------------------------------------------------

    @_transition
    def hold(self, delivery: Delivery, note: HoldNote, now: datetime) -> None:
        """Hold a queued delivery: store the reason for the hold.

        The gate judges the delivery again at `note.until`, if known, or when it expires. A delivery
        that has already expired under a pause waits for the end of the pause.
        """
        expires_at = delivery.expires_at
        if expires_at is not None and expires_at <= now:
            expires_at = None
        moments = [at for at in (note.until, expires_at) if at is not None]
        reason = reasons.reason_text(note.reason)
        self._update(
            delivery,
            State.QUEUED,
            hold_code=note.code,
            hold_values=reason,
            hold_until=note.until,
            wake_at=min(moments, default=None),
        )
        if delivery.hold is not None and delivery.hold.code == note.code:
            return
        self._end_known_hold(delivery, now)
        self._pending.begin_hold(
            {"delivery_id": delivery.id, "code": note.code, "reason": reason, "since": now}
        )

    @_transition
    def postpone(self, delivery: Delivery, fault: Fault, until: datetime, now: datetime) -> None:
        """Keep a delivery queued until `until`, after a fault before any send began."""
        self._update(
            delivery,
            State.QUEUED,
            wake_at=until,
            **_fault_columns(fault),
            **_slot_columns(delivery),
            **NO_HOLD,
        )
        self._end_known_hold(delivery, now)

    @_transition
    def refuse(self, delivery: Delivery, into: State, fault: Fault, now: datetime) -> None:
        """End a queued delivery unsent, as missed, expired, failed or cancelled."""
        self._move(
            delivery,
            into,
            wake_at=None,
            **_fault_columns(fault),
            **NO_HOLD,
        )
        self._pending.end_hold(delivery, now)

    @_transition
    def record_intent(self, delivery: Delivery, intent: Intent) -> Attempt:
        """Claim a delivery for one send: record the attempt, with exact payload and credit.

        A queued delivery must have been read under a lock.
        A delivery in the state unknown is claimed again to send the missing parts of its thread.
        """
        number = delivery.attempt + 1
        self._move(
            delivery,
            State.SENDING,
            attempt=number,
            claimed_by=intent.worker,
            wake_at=intent.lease_until,
            sent_at=intent.now,
            credit=delivery.credit,
            **_slot_columns(delivery),
            **_without_obstacles(delivery),
        )
        self._end_known_hold(delivery, intent.now)
        self._pending.insert_attempt(
            {
                "delivery_id": delivery.id,
                "number": number,
                "account": delivery.account,
                "worker": intent.worker,
                "token": intent.prepared.token,
                "payload": dict(intent.prepared.payload),
                "credit": delivery.credit,
                "decision": dict(intent.decision),
                "started_at": intent.now,
                "ending": Ending.OPEN,
            }
        )
        self._update_ledger(delivery, State.SENDING, intent.now, intent.now)
        return Attempt(
            delivery=delivery.id,
            number=number,
            account=delivery.account,
            worker=intent.worker,
            prepared=intent.prepared,
            started_at=intent.now,
        )

    # -- settling a send: the delivery is sending or unknown -----------------------------------

    @_transition
    def publish(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """Settle a delivery as published.

        `published_at` is the network's time, but at most `now`: if the network's clock is ahead of
        ours, the post would not count yet when held deliveries are judged again.

        Of a delivery that is sending, the intent has taken away hold and fault.
        """
        published_at = min(receipt.published_at or now, now)
        known = (
            _NOTHING if delivery.state is State.SENDING else {"needs_person": False, **_NO_FAULT}
        )
        self._move(
            delivery,
            State.PUBLISHED,
            claimed_by=None,
            wake_at=None,
            sent_at=published_at,
            published_at=published_at,
            remote_id=receipt.remote_id,
            url=receipt.url,
            **known,
        )
        self._end_attempt(delivery, Ending.SENT, None, now)
        self._update_ledger(delivery, State.PUBLISHED, published_at, now)

    @_transition
    def requeue(
        self,
        delivery: Delivery,
        ending: Ending,
        fault: Fault | None,
        until: datetime,
        now: datetime,
    ) -> None:
        """Requeue a delivery, certainly not on the network, for the time `until`."""
        self._move(
            delivery,
            State.QUEUED,
            claimed_by=None,
            wake_at=until,
            sent_at=None,
            needs_person=False,
            **(_NO_FAULT if fault is None else _fault_columns(fault)),
        )
        self._end_attempt(delivery, ending, None if fault is None else words_of(fault.reason), now)
        self._update_ledger(delivery, State.QUEUED, None, now)

    @_transition
    def fail(self, delivery: Delivery, fault: Fault, now: datetime) -> None:
        """Settle a delivery as failed: the network rejected it for good."""
        self._move(
            delivery,
            State.FAILED,
            claimed_by=None,
            wake_at=None,
            sent_at=None,
            **_fault_columns(fault),
        )
        self._end_attempt(delivery, Ending.REJECTED, words_of(fault.reason), now)
        self._update_ledger(delivery, State.FAILED, None, now)

    @_transition
    def mark_unknown(
        self,
        delivery: Delivery,
        fault: Fault,
        look_up_at: datetime | None,
        now: datetime,
        *,
        needs_person: bool = False,
    ) -> None:
        """Settle a send with unknown outcome: the delivery becomes unknown.

        The next look-up is due at `look_up_at`; None: no look-up is planned. `needs_person`: a
        person has to tell the outcome.
        """
        self._move(
            delivery,
            State.UNKNOWN,
            claimed_by=None,
            wake_at=look_up_at,
            needs_person=needs_person,
            **_fault_columns(fault),
        )
        self._end_attempt(delivery, Ending.UNKNOWN, words_of(fault.reason), now)

    @_transition
    def record_look_up(
        self, delivery: Delivery, detail: str, look_up_at: datetime | None, *, absent: bool
    ) -> None:
        """Record an inconclusive look-up of an unknown delivery.

        The next look-up is due at `look_up_at`; None: a person has to decide. `absent`: the look-up
        succeeded and did not find the post.
        """
        self._update(
            delivery,
            State.UNKNOWN,
            wake_at=look_up_at,
            needs_person=look_up_at is None,
            **_fault_columns(Fault(InDoubt(detail))),
        )
        self._connection.execute(
            update(attempts)
            .where(attempts.c.delivery_id == delivery.id, attempts.c.number == delivery.attempt)
            .values(look_ups=attempts.c.look_ups + 1, absences=attempts.c.absences + int(absent))
        )

    # -- acts of people ------------------------------------------------------------------------

    @_transition
    def cancel(self, delivery: Delivery, now: datetime) -> None:
        """Take a draft or queued delivery out of the queue, with what kept it from going out."""
        self._move(delivery, State.CANCELLED, wake_at=None, **NO_HOLD, **_NO_FAULT)
        self._pending.end_hold(delivery, now)

    @_transition
    def restore(self, delivery: Delivery, into: State, due_at: datetime, *, pinned: bool) -> None:
        """Put a cancelled delivery back as it was: a draft, or queued for the time `due_at`."""
        wake_at = due_at if into is State.QUEUED else None
        self._move(delivery, into, due_at=due_at, wake_at=wake_at, pinned=pinned)

    @_transition
    def delete(self, delivery: Delivery, now: datetime) -> None:
        """Record the removal of a published post from the network.

        The post no longer counts for others; it still counts for self.
        """
        self._move(delivery, State.DELETED)
        self._update_ledger(delivery, State.DELETED, None, now)

    @_transition
    def requeue_at(
        self,
        delivery: Delivery,
        due_at: datetime,
        now: datetime,
        *,
        pinned: bool,
        when_allowed: bool | None = None,
    ) -> None:
        """Queue a failed, missed or queued delivery for the time `due_at`.

        `when_allowed`: whether from now on it has no time of its own; None: as it was, but a pinned
        one has one from now on.
        A dismissal of its last failure ends: a new failure asks for a person again.
        """
        ended = dismissals.c.delivery_id == delivery.id
        self._connection.execute(delete(dismissals).where(ended))
        values = {"due_at": due_at, "wake_at": due_at, "pinned": pinned, **NO_HOLD, **_NO_FAULT}
        if pinned or when_allowed is not None:
            values["when_allowed"] = bool(when_allowed)
        if delivery.state is State.QUEUED:
            self._update(delivery, State.QUEUED, **values)
        else:
            self._move(delivery, State.QUEUED, **values)
        self._pending.end_hold(delivery, now)

    @_transition
    def approve(self, delivery: Delivery, now: datetime) -> None:
        """Release an approved delivery: a draft, or a queued delivery held for approval."""
        if delivery.state is State.DRAFT:
            self._move(delivery, State.QUEUED, wake_at=delivery.due_at, **_NO_FAULT)
        else:
            self._update(delivery, State.QUEUED, wake_at=delivery.due_at, **NO_HOLD)
            self._pending.end_hold(delivery, now)

    @_transition
    def edit(
        self,
        delivery: Delivery,
        content: Content,
        now: datetime,
        *,
        into: State,
        also: ContentFields | None = None,
        duplicate_reason: str | None = None,
    ) -> None:
        """Replace the content of a draft or queued delivery; `into` is draft or queued.

        A delivery that becomes a draft loses its hold and fault; the gate judges the delivery anew
        once it is approved. `also`: what depends on the content; None: unchanged.
        `duplicate_reason`: why this text may be a repetition; a reason given for another text is
        gone.
        """
        if delivery.state not in {State.DRAFT, State.QUEUED}:
            raise StateError(WrongState(delivery.id, delivery.state, Act.EDIT))
        values = content_columns(content)
        if also is not None:
            values |= {**also._asdict(), "dropped": list(also.dropped)}
        if duplicate_reason is not None or text_hash(content) != text_hash(delivery.content):
            values["duplicate_reason"] = duplicate_reason
        if into is State.DRAFT:
            values |= {"wake_at": None, **NO_HOLD, **_NO_FAULT}
            self._pending.end_hold(delivery, now)
        if into is not delivery.state:
            self._move(delivery, into, **values)
        else:
            self._update(delivery, into, **values)

    @_transition
    def renew(self, delivery: Delivery, renewal: Renewal, now: datetime) -> None:
        """Replace what a change of the event makes wrong in a draft or queued delivery.

        The gate judges a held delivery anew. A postponed delivery keeps the time of its next try.
        """
        if delivery.state not in {State.DRAFT, State.QUEUED}:
            raise StateError(WrongState(delivery.id, delivery.state, Act.EDIT))
        values = {
            **content_columns(renewal.content),
            "credit": renewal.credit,
            "due_at": renewal.due_at,
            "pinned": renewal.pinned,
            "expires_at": renewal.expires_at,
            "cost": renewal.cost,
            "dropped": list(renewal.dropped),
            "composed": renewal.composed,
            **NO_HOLD,
        }
        if renewal.into is State.DRAFT:
            values["wake_at"] = None
            values |= _NO_FAULT if renewal.fault is None else _fault_columns(renewal.fault)
        elif delivery.hold is not None or renewal.due_at != delivery.due_at:
            values["wake_at"] = renewal.due_at
        if renewal.into is not delivery.state:
            self._move(delivery, renewal.into, **values)
        else:
            self._update(delivery, renewal.into, **values)
        self._pending.end_hold(delivery, now)

    @_transition
    def set_aside(self, delivery: Delivery, fault: Fault, now: datetime) -> None:
        """Make a queued delivery a draft that a person has to look at, or mark a draft as such."""
        values = {"wake_at": None, **_fault_columns(fault), **NO_HOLD}
        if delivery.state is State.DRAFT:
            self._update(delivery, State.DRAFT, **values)
        else:
            self._move(delivery, State.DRAFT, **values)
        self._pending.end_hold(delivery, now)

    @_transition
    def reschedule_draft(
        self, delivery: Delivery, due_at: datetime, *, pinned: bool, when_allowed: bool = False
    ) -> None:
        """Change a draft's due time; `when_allowed`: it has no time of its own from now on."""
        values = {"due_at": due_at, "pinned": pinned, "when_allowed": when_allowed}
        self._update(delivery, State.DRAFT, **values)

    @_transition
    def override(self, delivery: Delivery, override: Override, now: datetime) -> None:
        """Release a queued delivery past the ratio; the gate judges it at once if it is due."""
        self._update(
            delivery,
            State.QUEUED,
            override_by=override.by,
            override_reason=override.reason,
            wake_at=max(now, delivery.due_at),
        )

    # -- pending writes ------------------------------------------------------------------------

    def _move(self, delivery: Delivery, to: State, **values: Any) -> None:
        """Change the delivery's state and further columns."""
        if to not in TRANSITIONS[delivery.state]:
            raise StateError(CannotBecome(delivery.id, delivery.state, to))
        self._pending.update(delivery, {"state": to, **values})

    def _update(self, delivery: Delivery, required: State, **values: Any) -> None:
        """Change columns, but not the state; the delivery must be in the state `required`."""
        if delivery.state is not required:
            raise StateError(CannotBecome(delivery.id, delivery.state, required))
        self._pending.update(delivery, values)

    def _end_attempt(
        self, delivery: Delivery, ending: Ending, detail: str | None, now: datetime
    ) -> None:
        self._pending.end_attempt(delivery, {"ending": ending, "detail": detail, "ended_at": now})

    def _end_known_hold(self, delivery: Delivery, now: datetime) -> None:
        """End the hold of a delivery that was read under a lock; without a hold, at no cost."""
        if delivery.hold is not None:
            self._pending.end_hold(delivery, now)

    def _update_ledger(
        self, delivery: Delivery, state: State, at: datetime | None, now: datetime
    ) -> None:
        self._pending.update_ledger(
            LedgerUpdate(
                delivery=delivery.id,
                account=delivery.account,
                credit=delivery.credit,
                state=state,
                at=at,
                now=now,
                overridden=delivery.override is not None,
                before=delivery.state,
            )
        )


def _fault_columns(fault: Fault) -> Mapping[str, str]:
    return {"fault_code": fault.code, "fault_values": reasons.reason_text(fault.reason)}


def _without_obstacles(delivery: Delivery) -> Mapping[str, Any]:
    """Columns that take away the hold and the fault of a delivery.

    Of a queued one, which was read under a lock, only those that it has: SQLite looks at each index
    of a column that is written, also where it stays as it was.
    """
    if delivery.state is not State.QUEUED:
        return {"needs_person": False, **NO_HOLD, **_NO_FAULT}
    hold = _NOTHING if delivery.hold is None else NO_HOLD
    return hold if delivery.fault is None else {**hold, **_NO_FAULT}


def _slot_columns(delivery: Delivery) -> Mapping[str, datetime]:
    """New due time of a delivery that waited for a slot: the slot that its hold names.

    It becomes `due_at` once the delivery is tried, so that a failed try does not lose the slot.
    """
    hold = delivery.hold
    if hold is None or hold.code != SLOT or hold.until is None:
        return {}
    return {"due_at": hold.until}
