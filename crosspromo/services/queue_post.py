"""Queue of posts: a person's request becomes one delivery for each account, all or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, assert_never

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError, QueueingError, Refused
from crosspromo.domain.pacing import left
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting, Image
from crosspromo.domain.reasons.inputs import EventOfArchived, NoAccountNamed, PartnerArchived
from crosspromo.domain.reasons.notes import (
    HostArchived,
    Note,
    PartnerIsMerged,
    SignsTakenOut,
    TitleNotShown,
)
from crosspromo.domain.reasons.queueing import DuplicateText, DuplicateTextElsewhere
from crosspromo.domain.requests import (
    EventPost,
    Notice,
    OwnPost,
    PostRequest,
    Reshare,
    Spotlight,
)
from crosspromo.domain.timing import still_to_come
from crosspromo.publishing.accessibility import accessibility_notes
from crosspromo.publishing.appearance import appearances
from crosspromo.publishing.compose import FittedImage, ImageFitter, Material, Renderer, fit_images
from crosspromo.publishing.enqueue import ProposedDelivery, enqueue, propose
from crosspromo.publishing.facts import spent
from crosspromo.publishing.notes import notes_on
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.delivery_view import DeliveryView, views
from crosspromo.services.event_flyers import flyers_of, shown_on
from crosspromo.services.shared_images import notes_on_shared
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from crosspromo.domain.forecasts import Forecast
    from crosspromo.publishing.networks import Connector
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.store.unit import Store, Unit

    Also = Callable[[Unit, Sequence[DeliveryView]], None]
    """What is to be done in the transaction that queues deliveries, with them."""


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

    `length` of the text as it is sent (of a thread, its first part) and `limit` are as the network
    counts them. `dropped` are the parts left out so that the text fits. `notices` are changes that
    its images needed. `budget` is None if the account has no budget or the delivery costs nothing.
    `notes` tell what will hold the delivery at its time, whether several would go at once, what was
    taken out of it, and what not everybody can read or hear of it.
    """

    view: DeliveryView
    length: int
    limit: int
    dropped: tuple[str, ...]
    notices: tuple[str, ...]
    budget: Budget | None
    notes: tuple[Note, ...] = ()


class AskedPost(NamedTuple):
    """Request with the rules of its accounts, and its images as each of them takes them."""

    request: PostRequest
    rules: Sequence[AccountRules]
    fitted: Sequence[tuple[FittedImage, ...]]


class _Written(NamedTuple):
    """Delivery as it was written, and what only its transaction could tell."""

    view: DeliveryView
    proposal: ProposedDelivery
    images: tuple[FittedImage, ...]
    budget: Budget | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class PostQueue:
    """Queues posts.

    `rules` are those of every account by name; `own_group` are the slugs of partners that count as
    us. `pictures` returns a fitter that stores the images of posts, or with `keep=False` writes
    nothing. `connector` builds an account's connector, which is asked what a shared post shows;
    None asks nobody. Without `forecasting` nothing is foretold.
    """

    store: "Store"
    clock: Clock
    rules: Mapping[str, AccountRules]
    organisation: OrganisationRules
    own_group: frozenset[str]
    renderer: Renderer
    pictures: "Callable[..., ImageFitter]"
    connector: "Callable[[str], Connector] | None" = None
    forecasting: "Forecasting | None" = None

    def queue(
        self, request: PostRequest, accounts: Sequence[str], *, dry_run: bool = False
    ) -> Sequence[QueuedDelivery]:
        """Queue one post on each named account: `queue_all` with one request."""
        return self.queue_all([request], accounts, dry_run=dry_run)

    def queue_all(
        self,
        requests: Sequence[PostRequest],
        accounts: Sequence[str],
        *,
        dry_run: bool = False,
        also: "Also | None" = None,
    ) -> Sequence[QueuedDelivery]:
        """Queue posts, each on every named account, in the order given: all of them or none.

        Account names are those of `AccountService.chosen`. InputError for a time in the past and
        for no accounts; NotFoundError for an unknown account, partner, event or campaign;
        QueueingError and TemplateError if one of the accounts cannot have the post. After an error
        nothing is queued at all; of several posts it names the one that it is about. `dry_run`:
        write nothing; the returned ids are not kept. `also` is called within the transaction that
        queues them; where it raises, nothing is queued. What should become of the deliveries is
        foretold, also of a dry run.
        """
        now = self.clock.now()
        asked = self.asked([(request, accounts) for request in requests], now, kept=not dry_run)
        act = self._try if dry_run else self._keep
        written, found = act(asked, now, also)  # images are done before it: they take long
        # Texts are read, and networks asked, only now: the database is free meanwhile.
        return [_foretold(self._queued(each, kept=not dry_run), found) for each in written]

    def _keep(
        self, asked: Sequence[AskedPost], now: datetime, also: "Also | None"
    ) -> "tuple[Sequence[_Written], Mapping[int, Forecast]]":
        """Queue the posts: their deliveries, with forecasts by id."""
        with self.store.write() as unit:
            written = self._written(unit, asked, now, also)
        if self.forecasting is None:
            return written, {}
        return written, self.forecasting.after_queueing([each.view.delivery for each in written])

    def _try(
        self, asked: Sequence[AskedPost], now: datetime, also: "Also | None"
    ) -> "tuple[Sequence[_Written], Mapping[int, Forecast]]":
        """Queue the posts in a transaction that is rolled back: deliveries, forecasts by id."""
        if self.forecasting is None:
            with self.store.write() as unit:
                written = self._written(unit, asked, now, also)
                unit.roll_back()
            return written, {}
        stage, basis = self.forecasting.trying()
        with stage:
            with self.store.write() as unit:
                written = self._written(unit, asked, now, also)
                tried = [each.view.delivery for each in written]
                stage.add(unit, [each.id for each in tried])
                unit.roll_back()
            return written, self.forecasting.tried(stage, basis, tried)

    def _written(
        self, unit: "Unit", asked: Sequence[AskedPost], now: datetime, also: "Also | None"
    ) -> "Sequence[_Written]":
        """Newly queued deliveries, after the act `also` in the same transaction."""
        written = self._queue_each(unit, asked, now)
        if also is not None:
            also(unit, [each.view for each in written])
        return written

    def queue_in(
        self, unit: "Unit", asked: Sequence[AskedPost], now: datetime
    ) -> Sequence[DeliveryView]:
        """Queue posts within a transaction that the caller rolls back.

        Errors are those of `queue_all`.
        """
        return [each.view for each in self._queue_each(unit, asked, now)]

    def asked(
        self, asked: Sequence[tuple[PostRequest, Sequence[str]]], now: datetime, *, kept: bool
    ) -> Sequence[AskedPost]:
        """Requests with the rules of their accounts, and with images as each account takes them.

        To be called before the transaction: images take long. They are stored if `kept`. Errors are
        those of `queue_all`.
        """
        chosen = [(_still_to_come(each, now), self._chosen(accounts)) for each, accounts in asked]
        pictures = self.pictures(keep=kept)
        flyers = flyers_of(self.store, [each for each, _ in chosen])
        fitted: dict[tuple[tuple[Image, ...], str], tuple[FittedImage, ...]] = {}
        found = []
        for request, rules in chosen:
            shown = [shown_on(each, request, flyers) for each in rules]
            for images, account in zip(shown, rules, strict=True):
                if (images, account.name) not in fitted:
                    fitted[images, account.name] = fit_images(images, account, pictures)
            taken = [fitted[each, one.name] for each, one in zip(shown, rules, strict=True)]
            found.append(AskedPost(request, rules, taken))
        return found

    def _queue_each(
        self, unit: "Unit", asked: Sequence[AskedPost], now: datetime
    ) -> list[_Written]:
        written: list[_Written] = []
        for each in asked:
            try:
                written += self._queue(unit, *each, now)
            except Refused as error:
                _name_no_id_of(written, error)
                if len(asked) > 1:
                    error.about = _subject_of(each.request)
                raise
        return written

    def _queue(
        self,
        unit: "Unit",
        request: PostRequest,
        rules: Sequence[AccountRules],
        fitted: Sequence[tuple[FittedImage, ...]],
        now: datetime,
    ) -> Sequence[_Written]:
        material = _material(unit, request)
        drafts = [
            self._draft(unit, material, account, tuple(each.image for each in images), now)
            for account, images in zip(rules, fitted, strict=True)
        ]
        ids = enqueue(unit, material, drafts, now)
        policies = {account.name: account.policy for account in rules}
        seen = views(unit, policies, [unit.deliveries.get(delivery_id) for delivery_id in ids])
        asked = tuple(_notes_on_request(material, drafts))
        return [
            _Written(
                view,
                drafted,
                images,
                self._budget(unit, drafted, now),
                (*asked, *notes_on(unit, view.delivery, drafted.account, self.organisation, now)),
            )
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

    def _queued(self, written: _Written, *, kept: bool) -> QueuedDelivery:
        view, proposal, images, budget, notes = written
        text_rules = proposal.account.capabilities.text
        (shown, *_) = appearances(view.delivery.content, text_rules)
        return QueuedDelivery(
            view=view,
            length=shown.length,
            limit=shown.limit,
            dropped=proposal.dropped,
            notices=tuple(image.notice for image in images if image.notice),
            budget=budget,
            notes=(
                *notes,
                *([SignsTakenOut(proposal.taken)] if proposal.taken else ()),
                *accessibility_notes(
                    view.delivery,
                    text_rules,
                    [image.letters for image in images],
                    own_group=self.own_group,
                    kept=kept,
                ),
                *notes_on_shared(self.connector, view.delivery, kept=kept),
            ),
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


def _foretold(queued: QueuedDelivery, found: "Mapping[int, Forecast]") -> QueuedDelivery:
    view = queued.view
    return replace(queued, view=replace(view, forecast=found.get(view.delivery.id)))


def _name_no_id_of(written: Sequence[_Written], error: Refused) -> None:
    """Mark the reason where the earlier text is one of `written`, which are rolled back."""
    reason = error.reason
    if isinstance(error, QueueingError) and isinstance(
        reason, DuplicateText | DuplicateTextElsewhere
    ):
        ids = {each.view.delivery.id for each in written}
        error.reason = reason._replace(in_this_act=reason.earlier.delivery in ids)


def _still_to_come(request: PostRequest, now: datetime) -> PostRequest:
    if request.at is None:
        return request
    return replace(request, at=still_to_come(request.at, now))


def _subject_of(request: PostRequest) -> str | None:
    """Slug of the partner or event that a post is about; None for a post of our own."""
    match request:
        case Spotlight() | Reshare():
            return request.partner
        case EventPost():
            return request.event
        case OwnPost() | Notice():
            return None


def _offered(unit: "Unit", slug: str) -> Partner:
    """Partner by slug; NotFoundError if unknown, InputError if archived."""
    partner = unit.partners.get(slug)
    if _is_archived(partner):
        raise InputError(PartnerArchived(partner.slug))
    return partner


def _is_archived(partner: Partner) -> bool:
    return partner.archived_at is not None


def _notes_on_request(material: Material, drafts: Sequence[ProposedDelivery]) -> Iterator[Note]:
    """Notes on a title that no account shows, on archived hosts, and on a merged partner."""
    if material.request.title and all(each.content.title is None for each in drafts):
        yield TitleNotShown()
    for host in material.partners if material.event is not None else ():
        if _is_archived(host):
            yield HostArchived(host.slug)
    if isinstance(material.request, Spotlight | Reshare):
        (partner,) = material.partners
        if partner.slug != material.request.partner:
            yield PartnerIsMerged(material.request.partner, partner.slug)


def _material(unit: "Unit", request: PostRequest) -> Material:
    """Request with its partner and event records."""
    match request:
        case Spotlight() | Reshare():
            return Material(request, (_offered(unit, request.partner),))
        case EventPost():
            event = unit.events.get_to_queue(request.event)
            hosts = tuple(unit.partners.get(slug) for slug in event.partners)
            if hosts and event.hosting is Hosting.PARTNER and all(map(_is_archived, hosts)):
                raise InputError(EventOfArchived(event.slug, hosts[0].slug))
            return Material(request, hosts, event)
        case OwnPost() | Notice():
            return Material(request)
        case _:
            assert_never(request)
