"""Base of the acts on deliveries: who acts, and how an act is checked, noted and made undoable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import uuid4

from crosspromo.domain.approval import Approval
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import StateError
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.state import MayHaveGoneOut, ReleasedAlready, WrongState
from crosspromo.domain.requests import given_name
from crosspromo.domain.states import DISMISSED, IN_DOUBT, MOVABLE, TRIED_AGAIN, WAITING, State
from crosspromo.domain.undo import Undoable, UndoableAct
from crosspromo.publishing.facts import approval_for
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.publishing.compose import Renderer
    from crosspromo.publishing.networks import Connector
    from crosspromo.publishing.ports import Store
    from crosspromo.store.unit import Unit


ALLOWED: Mapping[Act, frozenset[State]] = MappingProxyType(
    {
        Act.APPROVE: WAITING,
        Act.CANCEL: WAITING,
        Act.DELETE: frozenset({State.PUBLISHED}),
        Act.DISMISS: DISMISSED,
        Act.EDIT: WAITING,
        Act.MOVE: MOVABLE,
        Act.REJECT: WAITING,
        Act.RELEASE: frozenset({State.QUEUED}),
        Act.RESOLVE: frozenset({State.UNKNOWN}),
        Act.RETRY: TRIED_AGAIN,
    }
)
"""States of a delivery in which an act can be done to it."""


@dataclass(frozen=True)
class Acting:
    """Person named `actor` who acts on deliveries, with what the acts need.

    `connector` takes the name of an account and returns its connector. `renderer` is called only
    for a title that follows its text. `signed_in`: the person is signed in, so that `actor` is no
    name on trust. `group` names an order of several acts, which is undone as a whole. `known_as` is
    the actor's name in the audit log; empty: the same.
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

    def allowed(self, delivery_id: int, act: Act) -> Delivery:
        """Delivery to which the act can be done now; StateError where it cannot."""
        with self.store.read() as unit:
            return self._in(unit, delivery_id, act)

    def _in(self, unit: "Unit", delivery_id: int, act: Act) -> Delivery:
        """Read the delivery; StateError unless the act can be done to it.

        A release counts once: a second one would replace who gave the first, and why.
        """
        delivery = unit.deliveries.get(delivery_id)
        if act is Act.MOVE and delivery.state in IN_DOUBT:
            raise StateError(MayHaveGoneOut(delivery_id, delivery.state))
        if act is Act.DISMISS and unit.attention(1).stands_withdrawn(delivery_id):
            return delivery
        if delivery.state not in ALLOWED[act]:
            raise StateError(WrongState(delivery.id, delivery.state, act))
        if act is Act.RELEASE and delivery.override is not None:
            entries = unit.audit.about([f"delivery {delivery_id}"])
            at = next((each.at for each in entries if each.act == "release"), None)
            raise StateError(ReleasedAlready(delivery_id, delivery.override.by, at))
        return delivery

    def _rules_of(self, delivery: Delivery) -> AccountRules:
        return account_named(delivery.account, self.rules)

    def _approval_for(self, unit: "Unit", delivery: Delivery) -> Approval:
        return approval_for(unit.approvals, delivery, self.rules.get(delivery.account))

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
