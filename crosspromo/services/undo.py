"""Undo of a person's latest cancelling, moving or taking note, for ten minutes.

A delivery that anything else has happened to since is left alone: doubt counts against us.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import StateError
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.state import UndoIsOver
from crosspromo.domain.requests import given_name
from crosspromo.domain.states import State
from crosspromo.domain.timing import next_free_slot
from crosspromo.domain.undo import Undoable, UndoableAct

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class Undone:
    """Act that was taken back, and the deliveries as they are now."""

    act: UndoableAct
    deliveries: Sequence[Delivery]


@dataclass(frozen=True)
class UndoService:
    """Undo on behalf of a person named `actor`; `policies` are those of the accounts by name."""

    store: "Store"
    clock: Clock
    policies: Mapping[str, Policy]
    zone: ZoneInfo
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def offered(self) -> Sequence[Undoable]:
        """What the person can take back now: all acts of the latest order, or nothing."""
        with self.store.read() as unit:
            acts = unit.undos.latest_of(self.actor, self.clock.now())
            found = unit.deliveries.named([each.delivery for each in acts]) if acts else ()
        now = {each.id: each for each in found}
        return acts if all(_stands(each, now[each.delivery]) for each in acts) else ()

    def undo(self, group: str) -> Undone:
        """Take back the acts of this order, all or none.

        StateError (UndoIsOver) after ten minutes, for an order that is not the person's latest, and
        where one of the deliveries has changed since.
        """
        now = self.clock.now()
        with self.store.write() as unit:
            acts = unit.undos.latest_of(self.actor, now)
            if not acts or acts[0].group != group:
                raise StateError(UndoIsOver())
            for act in acts:
                self._take_back(unit, act, unit.deliveries.get(act.delivery), now)
                subject = f"delivery {act.delivery}"
                unit.audit.add(now, self.actor, f"undo {act.act}", subject, None)
            unit.undos.forget(group)
            found = unit.deliveries.named([act.delivery for act in acts])
        return Undone(acts[0].act, found)

    def _take_back(self, unit: "Unit", act: Undoable, delivery: Delivery, now: datetime) -> None:
        if not _stands(act, delivery):
            raise StateError(UndoIsOver())
        match act.act:
            case UndoableAct.CANCEL:
                due_at = act.due_at
                if not delivery.when_allowed:  # which is never too late
                    due_at = self._still_to_come(unit, act, delivery.account, now)
                pinned = act.pinned and due_at == act.due_at
                unit.transitions.restore(delivery, act.state, due_at, pinned=pinned)
            case UndoableAct.MOVE:
                due_at = self._still_to_come(unit, act, delivery.account, now)
                pinned = act.pinned and due_at == act.due_at
                if delivery.state is State.DRAFT:
                    unit.transitions.reschedule_draft(delivery, due_at, pinned=pinned)
                else:
                    unit.transitions.requeue_at(
                        delivery, due_at, now, pinned=pinned, when_allowed=False
                    )
            case UndoableAct.DISMISS:
                unit.attention(1).ask_again(delivery)
            case _:
                assert_never(act.act)

    def _still_to_come(self, unit: "Unit", act: Undoable, account: str, now: datetime) -> datetime:
        """Due time from before the act; where it has passed, the account's next free slot."""
        if act.due_at > now:
            return act.due_at
        policy = self.policies.get(account)
        slots = () if policy is None else policy.slots
        taken = unit.deliveries.taken_slots(account)
        return next_free_slot(slots, self.zone, now, taken)


def _stands(act: Undoable, delivery: Delivery) -> bool:
    """Whether nothing else has happened to the delivery since the act."""
    if delivery.attempt != act.attempt:
        return False
    match act.act:
        case UndoableAct.CANCEL:
            return delivery.state is State.CANCELLED and delivery.event is None
        case UndoableAct.MOVE:
            return delivery.state is act.state and delivery.due_at == act.moved_to
        case UndoableAct.DISMISS:
            return delivery.state is act.state
        case _:
            assert_never(act.act)
