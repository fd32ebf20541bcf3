"""Deliveries for people: with the pause over them, their approval, and their preview."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosspromo.domain.approval import Approval, Approvers, approval_of
from crosspromo.domain.deliveries import Delivery, HoldNote, PastHold
from crosspromo.domain.forecasts import Forecast
from crosspromo.domain.pauses import Pause
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.holds import Paused
from crosspromo.domain.states import State
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from datetime import datetime

    from crosspromo.publishing.rules import AccountRules
    from crosspromo.rendering.preview import Preview
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """Delivery, as shown to people, with its approval.

    A pause appears at once as the delivery's hold, before the daemon has written the hold. `holds`
    are known only where one delivery is asked for, the first one first. `forecast` None: it is not
    a draft nor queued, or nothing was foretold yet.
    """

    delivery: Delivery
    approval: Approval
    holds: Sequence[PastHold] = ()
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Deliveries found by a list request, cut to its limit; `more`: further deliveries match.

    `pauses` are all pauses in force now.
    """

    views: Sequence[DeliveryView]
    more: bool
    pauses: Sequence[Pause]


@dataclass(frozen=True)
class DeliveryViews:
    """Reads deliveries.

    `policies` are those of every account by name; `rules` is called only for a preview. Without
    `forecasting` the views have no forecasts.
    """

    store: "Store"
    policies: Mapping[str, Policy]
    rules: "Callable[[], Mapping[str, AccountRules]]"
    forecasting: "Forecasting | None" = None

    def get(self, delivery_id: int) -> DeliveryView:
        """Delivery with this id and its history of holds; NotFoundError for an unknown id."""
        with self.store.read() as unit:
            (view,) = self._views(unit, [unit.deliveries.get(delivery_id)])
            return replace(view, holds=unit.hold_history.of(delivery_id))

    def list(
        self,
        *,
        room: int,
        state: State | None = None,
        held: bool = False,
        account: str | None = None,
        since: "datetime | None" = None,
    ) -> Listing:
        """Matching deliveries, at most `room`, in queueing order.

        Waiting deliveries take precedence over ended ones, and the latest ended ones over older
        ones. `held`: only held deliveries. `since`: only deliveries due from this time on.
        NotFoundError for an unknown account.
        """
        if account is not None:
            account_named(account, self.policies)
        from crosspromo.store.queue.listing import Filter  # noqa: PLC0415 (only lists need it)

        wanted = Filter(
            states=None if state is None else frozenset({state}),
            held=held,
            account=account,
            since=since,
        )
        with self.store.read() as unit:
            found, more = unit.deliveries.listed(wanted, room)
            return Listing(self._views(unit, found), more, unit.pauses.all())

    def next(self, unit: "Unit", now: "datetime", most: int) -> Sequence[DeliveryView]:
        """At most `most` queued deliveries due from `now` on, the next ones first."""
        return self._views(unit, unit.deliveries.next_queued(now, most))

    def _views(self, unit: "Unit", deliveries: Sequence[Delivery]) -> Sequence[DeliveryView]:
        seen = views(unit, self.policies, deliveries)
        if self.forecasting is None:
            return seen
        found = self.forecasting.stored(unit, deliveries)
        return [replace(view, forecast=found.get(view.delivery.id)) for view in seen]

    def preview(self, delivery_id: int) -> "Preview":
        """Delivery text as its network will show it.

        NotFoundError for an unknown delivery, and for one whose account crosspromo.toml no longer
        has.
        """
        from crosspromo.rendering.preview import preview  # noqa: PLC0415 (lists do not need it)

        with self.store.read() as unit:
            delivery = unit.deliveries.get(delivery_id)
        return preview(delivery, account_named(delivery.account, self.rules()).capabilities)


def views(
    unit: "Unit", policies: Mapping[str, Policy], deliveries: Sequence[Delivery]
) -> Sequence[DeliveryView]:
    """Views of deliveries, in the order given; the number of queries is the same for one and for
    many.

    `policies` are those of the accounts by name. Without a policy, an account asks for no approval.
    """
    pauses = {pause.account: pause for pause in unit.pauses.all()}
    signatures = unit.approvals.signatures(delivery.id for delivery in deliveries)
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
    """Delivery with its account's pause as hold; the daemon writes this hold at the due time."""
    if pause is None or delivery.state is not State.QUEUED or delivery.hold is not None:
        return delivery
    return replace(delivery, hold=HoldNote(Paused(pause)))
