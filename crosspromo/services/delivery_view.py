"""Deliveries as people see them: with the pause over them, their approval, and their text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosspromo.domain.approval import Approval, Approvers, approval_of
from crosspromo.domain.deliveries import Delivery, HoldNote
from crosspromo.domain.pauses import Pause
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.holds import Paused
from crosspromo.domain.states import State
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from datetime import datetime

    from crosspromo.publishing.rules import AccountRules
    from crosspromo.rendering.preview import Preview
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery and its approval. A pause is seen as its hold at once, before the daemon has
    written that.
    """

    delivery: Delivery
    approval: Approval


@dataclass(frozen=True, slots=True)
class Listing:
    """The deliveries that were asked for, at most as many as there was room for; `more`: there are
    others. `pauses` are those that lie over accounts now.
    """

    views: Sequence[DeliveryView]
    more: bool
    pauses: Sequence[Pause]


@dataclass(frozen=True)
class DeliveryViews:
    """Looks at deliveries. `policies` are those of every account by name; `rules` are read only
    where a text is shown.
    """

    store: "Store"
    policies: Mapping[str, Policy]
    rules: "Callable[[], Mapping[str, AccountRules]]"

    def get(self, delivery_id: int) -> DeliveryView:
        """One delivery; NotFoundError where there is none of this id."""
        with self.store.read() as unit:
            (view,) = views(unit, self.policies, [unit.deliveries.get(delivery_id)])
        return view

    def list(
        self,
        *,
        room: int,
        state: State | None = None,
        held: bool = False,
        account: str | None = None,
        since: "datetime | None" = None,
    ) -> Listing:
        """Deliveries in the order in which they were queued: all that wait, and of those that ended
        the latest, at most `room` of them. NotFoundError where there is no such account.

        `held`: only those that wait for a reason. `since`: only those due from that moment on.
        """
        if account is not None:
            account_named(account, self.policies)
        from crosspromo.store.queue.listing import Filter  # noqa: PLC0415 (to show one needs none)

        wanted = Filter(
            states=None if state is None else frozenset({state}),
            held=held,
            account=account,
            since=since,
        )
        with self.store.read() as unit:
            found, more = unit.deliveries.listed(wanted, room)
            return Listing(views(unit, self.policies, found), more, unit.pauses.all())

    def preview(self, delivery_id: int) -> "Preview":
        """The text as it will stand on its network; NotFoundError where the delivery, or its
        account, is not there.
        """
        from crosspromo.rendering.preview import preview  # noqa: PLC0415 (lists need none)

        with self.store.read() as unit:
            delivery = unit.deliveries.get(delivery_id)
        return preview(delivery, account_named(delivery.account, self.rules()).capabilities)


def views(
    unit: "Unit", policies: Mapping[str, Policy], deliveries: Sequence[Delivery]
) -> Sequence[DeliveryView]:
    """Each of the deliveries as people see it, in as many queries for one as for all.

    `policies` are those of the accounts by name; where one is missing, nobody's approval is asked.
    """
    pauses = {pause.account: pause for pause in unit.pauses.all()}
    signatures = unit.approvals.under(delivery.id for delivery in deliveries)
    about = {slug for delivery in deliveries for slug in delivery.partners}
    asking = unit.approvals.sign_offs(about)
    seen = []
    for delivery in deliveries:
        signed = signatures[delivery.id]
        policy = policies.get(delivery.account)
        approval = approval_of(
            Approvers.NONE if policy is None else policy.approval,
            delivery.author,
            asking.intersection(delivery.partners),
            signed,
            delivery.content.fingerprint(delivery.account) if signed else "",
        )
        pause = pauses.get(None) or pauses.get(delivery.account)
        seen.append(DeliveryView(_under(pause, delivery), approval))
    return seen


def _under(pause: Pause | None, delivery: Delivery) -> Delivery:
    """The daemon writes the hold when the delivery is due; people need to see it before."""
    if pause is None or delivery.state is not State.QUEUED or delivery.hold is not None:
        return delivery
    return replace(delivery, hold=HoldNote(Paused(pause)))
