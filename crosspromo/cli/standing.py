"""How deliveries stand as people see them: with the pause over them and their approvals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from crosspromo.domain.approval import Approval, Approvers, approval_of
from crosspromo.domain.deliveries import Delivery, HoldNote
from crosspromo.domain.pauses import Pause
from crosspromo.domain.states import State
from crosspromo.store.unit import Unit
from crosspromo.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Standing:
    """A delivery, held by a pause the moment that somebody pauses, and its approval."""

    delivery: Delivery
    approval: Approval


def standing(workspace: Workspace, unit: Unit, deliveries: Sequence[Delivery]) -> list[Standing]:
    """How each of these deliveries stands, in as many queries for one as for all."""
    pauses = {pause.account: pause for pause in unit.pauses.all()}
    signatures = unit.approvals.under(delivery.id for delivery in deliveries)
    about = {slug for delivery in deliveries for slug in delivery.partners}
    asking = unit.approvals.sign_offs(about)
    stand = []
    for delivery in deliveries:
        signed = signatures[delivery.id]
        account = workspace.settings.accounts.get(delivery.account)
        approval = approval_of(
            Approvers.NONE if account is None else account.policy.approval,
            delivery.author,
            asking.intersection(delivery.partners),
            signed,
            delivery.content.fingerprint(delivery.account) if signed else "",
        )
        pause = pauses.get(None) or pauses.get(delivery.account)
        stand.append(Standing(_under(pause, delivery, workspace), approval))
    return stand


def _under(pause: Pause | None, delivery: Delivery, workspace: Workspace) -> Delivery:
    """The daemon writes the hold when the delivery is due; people need to see it before."""
    if pause is None or delivery.state is not State.QUEUED or delivery.hold is not None:
        return delivery
    zone = workspace.settings.organisation.zone
    return replace(delivery, hold=HoldNote("paused", pause.sentence(zone)))
