"""Queue of posts: a person's request becomes one delivery for each account, all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError
from crosspromo.domain.pacing import left
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.inputs import NoAccountNamed
from crosspromo.domain.reasons.notes import Note
from crosspromo.domain.requests import (
    EventPost,
    Notice,
    OwnPost,
    PostRequest,
    Reshare,
    Spotlight,
)
from crosspromo.domain.timing import still_to_come
from crosspromo.publishing.compose import FittedImage, ImageFitter, Material, Renderer, fit_images
from crosspromo.publishing.enqueue import ProposedDelivery, enqueue, propose
from crosspromo.publishing.facts import spent
from crosspromo.publishing.notes import notes_on
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.delivery_view import DeliveryView, views
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class Budget:
    """An account's monthly budget, `most`, and its remainder after a delivery, in US dollars.

    `left` is negative if the delivery costs more than the remainder before it. Only sent deliveries
    are deducted: queued deliveries may be sent in another month, or never.
    """

    most: float
    left: float


@dataclass(frozen=True, slots=True)
class QueuedDelivery:
    """Newly queued delivery, with its text length, omissions, image notices, budget and notes.

    `length` of the text and `limit` are as the network counts them. `dropped` are the parts left
    out so that the text fits. `notices` are changes that its images needed. `budget` is None if the
    account has no budget or the delivery costs nothing. `notes` tell what will hold the delivery at
    its time, and whether several would go at once.
    """

    view: DeliveryView
    length: int
    limit: int
    dropped: tuple[str, ...]
    notices: tuple[str, ...]
    budget: Budget | None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class PostQueue:
    """Queues posts.

    `rules` are those of every account by name; `own_group` are the slugs of partners that count as
    us. `pictures` returns a fitter that stores the images of posts, or with `keep=False` writes
    nothing.
    """

    store: "Store"
    clock: Clock
    rules: Mapping[str, AccountRules]
    organisation: OrganisationRules
    own_group: frozenset[str]
    renderer: Renderer
    pictures: "Callable[..., ImageFitter]"

    def queue(
        self, request: PostRequest, accounts: Sequence[str], *, dry_run: bool = False
    ) -> Sequence[QueuedDelivery]:
        """Queue one post on each named account, in the order given (names: see `Accounts.chosen`).

        InputError for a time in the past and for no accounts; NotFoundError for an unknown account,
        partner or event; QueueingError and TemplateError if one of the accounts cannot have the
        post. After an error nothing is queued on any account. `dry_run`: write nothing; the
        returned ids are not kept.
        """
        now = self.clock.now()
        rules = self._chosen(accounts)
        if request.at is not None:
            request = replace(request, at=still_to_come(request.at, now))
        pictures = self.pictures(keep=not dry_run)  # slow: done before the transaction
        fitted = [fit_images(_images_of(request), account, pictures) for account in rules]
        with self.store.write() as unit:
            queued = self._queue(unit, request, rules, fitted, now)
            if dry_run:
                unit.roll_back()
        return queued

    def queue_in(
        self, unit: "Unit", request: PostRequest, accounts: Sequence[str]
    ) -> Sequence[QueuedDelivery]:
        """Queue a post within a transaction that the caller rolls back, to see what follows.

        Errors are those of `queue`. Images are not stored.
        """
        now = self.clock.now()
        rules = self._chosen(accounts)
        if request.at is not None:
            request = replace(request, at=still_to_come(request.at, now))
        pictures = self.pictures(keep=False)
        fitted = [fit_images(_images_of(request), account, pictures) for account in rules]
        return self._queue(unit, request, rules, fitted, now)

    def _queue(
        self,
        unit: "Unit",
        request: PostRequest,
        rules: Sequence[AccountRules],
        fitted: Sequence[tuple[FittedImage, ...]],
        now: datetime,
    ) -> Sequence[QueuedDelivery]:
        material = _material(unit, request)
        drafts = [
            self._draft(unit, material, account, tuple(each.image for each in images), now)
            for account, images in zip(rules, fitted, strict=True)
        ]
        ids = enqueue(unit, material, drafts, now)
        policies = {account.name: account.policy for account in rules}
        seen = views(unit, policies, [unit.deliveries.get(delivery_id) for delivery_id in ids])
        return [
            self._queued(unit, view, drafted, images, now)
            for view, drafted, images in zip(seen, drafts, fitted, strict=True)
        ]

    def _draft(
        self,
        unit: "Unit",
        material: Material,
        account: AccountRules,
        images: tuple[Image, ...],
        now: datetime,
    ) -> ProposedDelivery:
        organisation = self.organisation
        return propose(
            unit,
            Material(material.request, material.partners, material.event, images),
            account,
            renderer=self.renderer,
            own_group=self.own_group,
            zone=organisation.zone,
            now=now,
            status=organisation.status,
            blackouts=organisation.blackouts,
        )

    def _queued(
        self,
        unit: "Unit",
        view: DeliveryView,
        drafted: ProposedDelivery,
        images: tuple[FittedImage, ...],
        now: datetime,
    ) -> QueuedDelivery:
        text_rules = drafted.account.capabilities.text
        return QueuedDelivery(
            view=view,
            length=text_rules.length(view.delivery.content.text),
            limit=text_rules.limit,
            dropped=drafted.dropped,
            notices=tuple(image.notice for image in images if image.notice),
            budget=self._budget(unit, drafted, now),
            notes=notes_on(unit, view.delivery, drafted.account, self.organisation, now),
        )

    def _budget(self, unit: "Unit", drafted: ProposedDelivery, now: datetime) -> Budget | None:
        most = drafted.account.policy.monthly_budget
        if most is None or not drafted.cost:
            return None
        used = spent(unit.history, drafted.account, self.organisation.zone, now)
        return Budget(most, left(most, used + drafted.cost))

    def _chosen(self, accounts: Sequence[str]) -> Sequence[AccountRules]:
        if not accounts:
            raise InputError(NoAccountNamed())
        return [account_named(name, self.rules) for name in dict.fromkeys(accounts)]


def _images_of(request: PostRequest) -> tuple[Image, ...]:
    return request.images if isinstance(request, Spotlight | OwnPost) else ()


def _material(unit: "Unit", request: PostRequest) -> Material:
    """Request with its partner and event records."""
    match request:
        case Spotlight() | Reshare():
            return Material(request, (unit.partners.get(request.partner),))
        case EventPost():
            event = unit.events.get(request.event)
            hosts = tuple(unit.partners.get(slug) for slug in event.partners)
            return Material(request, hosts, event)
        case OwnPost() | Notice():
            return Material(request)
        case _:
            assert_never(request)
