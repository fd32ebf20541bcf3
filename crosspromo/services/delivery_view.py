"""Deliveries for people: with the pause over them, their approval, and their preview."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosspromo.domain.approval import (
    UNASKED,
    Approval,
    ApprovalNames,
    Approvers,
    approval_of,
)
from crosspromo.domain.deliveries import Delivery, HoldNote, PastHold
from crosspromo.domain.errors import InputError
from crosspromo.domain.forecasts import Forecast
from crosspromo.domain.pauses import Pause
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.holds import Paused
from crosspromo.domain.states import State
from crosspromo.domain.values import Value, changed
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from datetime import datetime

    from crosspromo.domain.posts import Kind
    from crosspromo.intake.pictures import ImageFolder
    from crosspromo.publishing.networks import Connector
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.rendering.preview import Preview
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.store.unit import Store, Unit

_CHANGEABLE = frozenset({State.DRAFT, State.QUEUED})


class DeliveryView(Value, frozen=True):
    """Delivery, as shown to people, with its approval.

    A pause appears at once as the delivery's hold, before the daemon has written the hold. `holds`
    are known only where one delivery is asked for, the first one first. `forecast` None: it is not
    a draft nor queued, or nothing was foretold yet.
    """

    delivery: Delivery
    approval: Approval
    holds: Sequence[PastHold] = ()
    forecast: Forecast | None = None


class Listing(Value, frozen=True):
    """Deliveries found by a list request, cut to its limit; `more`: further deliveries match.

    `pauses` are all pauses in force now.
    """

    views: Sequence[DeliveryView]
    more: bool
    pauses: Sequence[Pause]


@dataclass(frozen=True)
class DeliveryViews:
    """Reads deliveries.

    `policies` are those of every account by name; `rules` and `pictures` are called only for a
    preview. Without `pictures` nothing is said of text in images. `own_group` are slugs of partners
    that count as us. `connector` builds an account's connector, which a preview asks what a shared
    post shows. Without `forecasting` the views have no forecasts.
    """

    store: "Store"
    policies: Mapping[str, Policy]
    rules: "Callable[[], Mapping[str, AccountRules]]"
    pictures: "Callable[[], ImageFolder] | None" = None
    own_group: frozenset[str] = frozenset()
    connector: "Callable[[str], Connector] | None" = None
    forecasting: "Forecasting | None" = None

    def get(self, delivery_id: int) -> DeliveryView:
        """Delivery with this id and its history of holds; NotFoundError for an unknown id."""
        with self.store.read() as unit:
            (view,) = self.of(unit, [unit.deliveries.get(delivery_id)])
            return changed(view, holds=unit.hold_history.of(delivery_id))

    def list(
        self,
        *,
        room: int,
        state: State | None = None,
        held: bool = False,
        account: str | None = None,
        since: "datetime | None" = None,
        until: "datetime | None" = None,
        partner: str | None = None,
        kind: "Kind | None" = None,
        without_time: bool = False,
        campaign: str | None = None,
    ) -> Listing:
        """Matching deliveries, at most `room`, in queueing order.

        Waiting deliveries take precedence over ended ones, and the latest ended ones over older
        ones. `held`: only held deliveries. `since` and `until`: only deliveries due between them,
        both included, and if `without_time` those that wait to be allowed. NotFoundError for an
        unknown account, partner or campaign.
        """
        if account is not None:
            account_named(account, self.policies)
        from crosspromo.store.queue.listing import Filter  # noqa: PLC0415 (only lists need it)

        wanted = Filter(
            states=None if state is None else frozenset({state}),
            held=held,
            account=account,
            since=since,
            until=until,
            partner=partner,
            kind=kind,
            without_time=without_time,
            campaign=campaign,
        )
        with self.store.read() as unit:
            if partner is not None:
                wanted = changed(wanted, partner=unit.partners.get(partner).slug)
            if campaign is not None:
                unit.campaigns.get(campaign)
            found, more = unit.deliveries.listed(wanted, room)
            return Listing(self.of(unit, found), more, unit.pauses.all())

    def next(self, unit: "Unit", now: "datetime", most: int) -> Sequence[DeliveryView]:
        """At most `most` queued deliveries due from `now` on, the next ones first."""
        return self.of(unit, unit.deliveries.next_queued(now, most))

    def planned(
        self, unit: "Unit", deliveries: Sequence[Delivery], pauses: Sequence[Pause]
    ) -> Sequence[DeliveryView]:
        """Views of queued deliveries under these pauses, with forecasts, and without approvals."""
        found = {} if self.forecasting is None else self.forecasting.stored(unit, deliveries)
        over = {pause.account: pause for pause in pauses}
        return [
            DeliveryView(
                _under(over.get(None) or over.get(each.account), each),
                UNASKED,
                forecast=found.get(each.id),
            )
            for each in deliveries
        ]

    def of(self, unit: "Unit", deliveries: Sequence[Delivery]) -> Sequence[DeliveryView]:
        """Views of deliveries, in the order given, with stored forecasts."""
        seen = views(unit, self.policies, deliveries)
        if self.forecasting is None:
            return seen
        found = self.forecasting.stored(unit, deliveries)
        return [changed(view, forecast=found.get(view.delivery.id)) for view in seen]

    def preview(self, delivery_id: int) -> "Preview":
        """Delivery text as its network will show it.

        NotFoundError for an unknown delivery, and for one whose account crosspromo.toml no longer
        has.
        """
        from crosspromo.publishing.accessibility import (  # noqa: PLC0415 (only previews need it)
            accessibility_notes,
        )
        from crosspromo.services.shared_images import notes_on_shared  # noqa: PLC0415 (likewise)

        with self.store.read() as unit:
            delivery = unit.deliveries.get(delivery_id)
        shown = self.preview_of(delivery)
        if delivery.state not in _CHANGEABLE:
            return shown
        text = account_named(delivery.account, self.rules()).capabilities.text
        pictures = None if self.pictures is None else self.pictures()
        letters = [pictures.letters(each) for each in delivery.content.images] if pictures else []
        notes = accessibility_notes(delivery, text, letters, own_group=self.own_group)
        return replace(shown, notes=(*notes, *notes_on_shared(self.connector, delivery)))

    def preview_of(self, delivery: Delivery) -> "Preview":
        """Preview of a delivery that was read already, or that a dry run would queue.

        Without the notes of `preview`.
        """
        from crosspromo.rendering.preview import preview  # noqa: PLC0415 (lists do not need it)

        return preview(delivery, account_named(delivery.account, self.rules()).capabilities)

    def held(self, most: int) -> Sequence[int]:
        """Ids of at most `most` held deliveries, in queueing order."""
        return [view.delivery.id for view in self.list(room=most, held=True).views]

    def ids(self, deliveries: Sequence[int], posts: Sequence[int]) -> Sequence[int]:
        """Ids of these deliveries, and of all deliveries of these posts, without repetition.

        InputError where neither is given; NotFoundError for an unknown post.
        """
        if not deliveries and not posts:
            from crosspromo.domain.reasons.inputs import NothingNamed  # noqa: PLC0415 (likewise)

            raise InputError(NothingNamed())
        with self.store.read() as unit:
            of_posts = [each.id for post in posts for each in unit.deliveries.of_post(post)]
        return tuple(dict.fromkeys([*deliveries, *of_posts]))


def views(
    unit: "Unit", policies: Mapping[str, Policy], deliveries: Sequence[Delivery]
) -> Sequence[DeliveryView]:
    """Views of deliveries, in the order given; the number of queries is the same for one and for
    many.

    `policies` are those of the accounts by name. Without a policy, an account asks for no approval.
    """
    pauses = {pause.account: pause for pause in unit.pauses.all()}
    seen = []
    for delivery, approval in zip(
        deliveries, approvals_of(unit, policies, deliveries), strict=True
    ):
        pause = pauses.get(None) or pauses.get(delivery.account)
        seen.append(DeliveryView(_under(pause, delivery), approval))
    return seen


def approvals_of(
    unit: "Unit", policies: Mapping[str, Policy], deliveries: Sequence[Delivery]
) -> Sequence[Approval]:
    """Approvals of deliveries, in the order given, by one query; `policies` as in `views`."""
    about = {slug for delivery in deliveries for slug in delivery.partners}
    ids = (delivery.id for delivery in deliveries)
    signatures, asking = unit.approvals.signed_and_asked(ids, about)
    found = []
    for delivery in deliveries:
        signed = signatures[delivery.id]
        policy = policies.get(delivery.account)
        approval = approval_of(
            Approvers.NONE if policy is None else policy.approval,
            delivery.author,
            asking.intersection(delivery.partners),
            signed,
            delivery.content.fingerprint(delivery.account) if signed else "",
            names=ApprovalNames.TRUSTED if policy is None else policy.approval_names,
        )
        found.append(approval)
    return found


def _under(pause: Pause | None, delivery: Delivery) -> Delivery:
    """Delivery with its account's pause as hold; the daemon writes this hold at the due time.

    A hold that was written keeps the reason of that moment; the pause may have its reason since.
    """
    held_otherwise = delivery.hold is not None and delivery.hold.code != "paused"
    if pause is None or delivery.state is not State.QUEUED or held_otherwise:
        return delivery
    return changed(delivery, hold=HoldNote(Paused(pause)))
