"""How a delivery moves. Every move is one guarded UPDATE whose row count is checked, together with
what it means for the attempt and the ledger, in the caller's transaction.

The guard is id, state, attempt and worker: who has lost a claim cannot settle it (LostClaimError).

Transitions of many deliveries can be written in one `batch`: one statement for each kind.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, update

from crosspromo.domain.attempts import Attempt, Ending, Intent
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote
from crosspromo.domain.errors import StateError
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.faults import InDoubt, words_of
from crosspromo.domain.reasons.state import CannotBecome, WrongState
from crosspromo.domain.states import TRANSITIONS, State
from crosspromo.domain.verdicts import SLOT, Override
from crosspromo.store.ledger.rows import Ledger, LedgerEntry
from crosspromo.store.queue import reasons
from crosspromo.store.queue.counts import DeliveryCounts
from crosspromo.store.queue.deliveries import content_columns
from crosspromo.store.queue.due import NO_HOLD
from crosspromo.store.queue.pending_writes import PendingWrites
from crosspromo.store.schema import attempts

_NO_FAULT: Mapping[str, None] = {"fault_code": None, "fault_values": None}


Move = TypeVar("Move", bound=Callable[..., Any])


def _a_move(method: Move) -> Move:
    """One whole move: made at once, unless the caller makes several together."""

    @wraps(method)
    def moved(self: "Transitions", *arguments: Any, **options: Any) -> Any:
        if self._depth:
            return method(self, *arguments, **options)
        with self.batch():
            return method(self, *arguments, **options)

    return cast("Move", moved)


class Transitions:
    """The moves of deliveries within one transaction."""

    def __init__(self, connection: Connection, ledger: Ledger, counts: DeliveryCounts) -> None:
        self._connection = connection
        self._pending = PendingWrites(connection, ledger, counts)
        self._depth = 0

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Make all moves of the block at its end, at most one of each delivery.

        LostClaimError at the end, and nothing is moved, where one of them is not as it was read.
        """
        self._depth += 1
        try:
            yield
        except BaseException:
            self._pending.forget()
            raise
        finally:
            self._depth -= 1
        if not self._depth:
            self._pending.make()

    # -- on the way out ------------------------------------------------------------------------

    @_a_move
    def hold(self, delivery: Delivery, note: HoldNote, now: datetime) -> None:
        """Keep it queued, with the reason; it is looked at again at `note.until`, if known, or
        when it expires. One that has expired under a pause waits for the end of that.
        """
        expires_at = delivery.expires_at
        if expires_at is not None and expires_at <= now:
            expires_at = None
        moments = [at for at in (note.until, expires_at) if at is not None]
        self._update(
            delivery,
            State.QUEUED,
            hold_code=note.code,
            hold_values=reasons.written(note.reason),
            hold_until=note.until,
            wake_at=min(moments, default=None),
        )

    @_a_move
    def postpone(self, delivery: Delivery, fault: Fault, until: datetime) -> None:
        """Keep it queued after a try that never began; it is looked at again at `until`."""
        self._update(
            delivery,
            State.QUEUED,
            wake_at=until,
            **_fault_columns(fault),
            **_slot_of(delivery),
            **NO_HOLD,
        )

    @_a_move
    def refuse(self, delivery: Delivery, into: State, fault: Fault) -> None:
        """End a queued delivery that will not go out: missed, expired, failed or cancelled."""
        self._move(
            delivery,
            into,
            wake_at=None,
            **_fault_columns(fault),
            **NO_HOLD,
        )

    @_a_move
    def record_intent(self, delivery: Delivery, intent: Intent) -> Attempt:
        """Claim it for one send: the attempt, its exact payload and its credit, before the send.

        One in doubt is claimed again to send what is missing of it.
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
            needs_person=False,
            **_slot_of(delivery),
            **NO_HOLD,
            **_NO_FAULT,
        )
        self._pending.begin(
            {
                "delivery_id": delivery.id,
                "number": number,
                "account": delivery.account,
                "worker": intent.worker,
                "token": intent.prepared.token,
                "payload": dict(intent.prepared.payload),
                "fingerprint": delivery.content.fingerprint(delivery.account),
                "credit": delivery.credit,
                "decision": dict(intent.decision),
                "started_at": intent.now,
                "ending": Ending.OPEN,
            }
        )
        self._follow(delivery, State.SENDING, intent.now)
        return Attempt(
            delivery=delivery.id,
            number=number,
            account=delivery.account,
            worker=intent.worker,
            prepared=intent.prepared,
            started_at=intent.now,
        )

    # -- settling: `delivery` as it stands now, sending or unknown -----------------------------

    @_a_move
    def publish(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """It is on the network. By a network's clock that is ahead of ours it went out now: else it
        would not count yet when what waits for it is looked at.
        """
        published_at = min(receipt.published_at or now, now)
        self._move(
            delivery,
            State.PUBLISHED,
            claimed_by=None,
            wake_at=None,
            sent_at=published_at,
            published_at=published_at,
            remote_id=receipt.remote_id,
            url=receipt.url,
            needs_person=False,
            **_NO_FAULT,
        )
        self._end(delivery, Ending.SENT, None, now)
        self._follow(delivery, State.PUBLISHED, published_at)

    @_a_move
    def requeue(
        self,
        delivery: Delivery,
        ending: Ending,
        fault: Fault | None,
        until: datetime,
        now: datetime,
    ) -> None:
        """It is surely not on the network; it is tried again at `until`."""
        self._move(
            delivery,
            State.QUEUED,
            claimed_by=None,
            wake_at=until,
            sent_at=None,
            needs_person=False,
            **(_NO_FAULT if fault is None else _fault_columns(fault)),
        )
        self._end(delivery, ending, None if fault is None else words_of(fault.reason), now)
        self._follow(delivery, State.QUEUED, None)

    @_a_move
    def fail(self, delivery: Delivery, fault: Fault, now: datetime) -> None:
        """The network will never take it."""
        self._move(
            delivery,
            State.FAILED,
            claimed_by=None,
            wake_at=None,
            sent_at=None,
            **_fault_columns(fault),
        )
        self._end(delivery, Ending.REJECTED, words_of(fault.reason), now)
        self._follow(delivery, State.FAILED, None)

    @_a_move
    def mark_unknown(
        self,
        delivery: Delivery,
        fault: Fault,
        look_up_at: datetime | None,
        now: datetime,
        *,
        needs_person: bool = False,
    ) -> None:
        """It may be on the network: looked up at `look_up_at`, or a person's question."""
        self._move(
            delivery,
            State.UNKNOWN,
            claimed_by=None,
            wake_at=look_up_at,
            needs_person=needs_person,
            **_fault_columns(fault),
        )
        self._end(delivery, Ending.UNKNOWN, words_of(fault.reason), now)

    @_a_move
    def record_look_up(
        self, delivery: Delivery, detail: str, look_up_at: datetime | None, *, absent: bool
    ) -> None:
        """A look-up did not settle it: another follows at `look_up_at`, or a person is asked."""
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

    # -- what people do ------------------------------------------------------------------------

    @_a_move
    def cancel(self, delivery: Delivery) -> None:
        """Take it out of the queue."""
        self._move(delivery, State.CANCELLED, wake_at=None, **NO_HOLD)

    @_a_move
    def delete(self, delivery: Delivery) -> None:
        """It was taken off its network. As one about others it counts no more, as ours it does."""
        self._move(delivery, State.DELETED)
        self._follow(delivery, State.DELETED, None)

    @_a_move
    def requeue_at(self, delivery: Delivery, due_at: datetime, *, pinned: bool) -> None:
        """Back into the queue for `due_at`, from failed or missed, or at another time."""
        values = {"due_at": due_at, "wake_at": due_at, "pinned": pinned, **NO_HOLD, **_NO_FAULT}
        if delivery.state is State.QUEUED:
            self._update(delivery, State.QUEUED, **values)
        else:
            self._move(delivery, State.QUEUED, **values)

    @_a_move
    def approve(self, delivery: Delivery) -> None:
        """Let an approved draft, or a queued delivery held for its approval, go when it is due."""
        if delivery.state is State.DRAFT:
            self._move(delivery, State.QUEUED, wake_at=delivery.due_at)
        else:
            self._update(delivery, State.QUEUED, wake_at=delivery.due_at, **NO_HOLD)

    @_a_move
    def edit(self, delivery: Delivery, content: Content, *, into: State) -> None:
        """Say something else, while it has not been sent; `into` is draft or queued.

        What held a delivery that goes back to draft is looked at anew once it is approved.
        """
        if delivery.state not in {State.DRAFT, State.QUEUED}:
            raise StateError(WrongState(delivery.id, delivery.state, Act.EDIT))
        values = content_columns(content)
        if into is State.DRAFT:
            values |= {"wake_at": None, **NO_HOLD, **_NO_FAULT}
        if into is not delivery.state:
            self._move(delivery, into, **values)
        else:
            self._update(delivery, into, **values)

    @_a_move
    def reschedule_draft(self, delivery: Delivery, due_at: datetime) -> None:
        """Give a draft another time; it stays a draft."""
        self._update(delivery, State.DRAFT, due_at=due_at, pinned=True)

    @_a_move
    def override(self, delivery: Delivery, override: Override, now: datetime) -> None:
        """Let it go past the ratio once; it is looked at right away, if it is due."""
        self._update(
            delivery,
            State.QUEUED,
            override_by=override.by,
            override_reason=override.reason,
            wake_at=max(now, delivery.due_at),
        )

    # -- the guard -----------------------------------------------------------------------------

    def _move(self, delivery: Delivery, to: State, **values: Any) -> None:
        if to not in TRANSITIONS[delivery.state]:
            raise StateError(CannotBecome(delivery.id, delivery.state, to))
        self._pending.update(delivery, {"state": to, **values})

    def _update(self, delivery: Delivery, required: State, **values: Any) -> None:
        if delivery.state is not required:
            raise StateError(CannotBecome(delivery.id, delivery.state, required))
        self._pending.update(delivery, values)

    def _end(self, delivery: Delivery, ending: Ending, detail: str | None, now: datetime) -> None:
        self._pending.end(delivery, {"ending": ending, "detail": detail, "ended_at": now})

    def _follow(self, delivery: Delivery, state: State, at: datetime | None) -> None:
        self._pending.follow(
            LedgerEntry(
                delivery=delivery.id,
                account=delivery.account,
                credit=delivery.credit,
                state=state,
                at=at,
                overridden=delivery.override is not None,
                before=delivery.state,
            )
        )


def _fault_columns(fault: Fault) -> Mapping[str, str]:
    return {"fault_code": fault.code, "fault_values": reasons.written(fault.reason)}


def _slot_of(delivery: Delivery) -> Mapping[str, datetime]:
    """Its slot becomes the time it was due once it is tried: a try that fails does not cost it."""
    hold = delivery.hold
    if hold is None or hold.code != SLOT or hold.until is None:
        return {}
    return {"due_at": hold.until}
