"""Queue of posts: a person's request becomes one delivery for each account, all or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError, QueueingError, Refused
from crosspromo.domain.pacing import left
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.inputs import NoAccountNamed
from crosspromo.domain.reasons.notes import (
    Note,
    SignsTakenOut,
)
from crosspromo.domain.reasons.queueing import DuplicateText, DuplicateTextElsewhere
from crosspromo.domain.requests import (
    PostRequest,
)
from crosspromo.domain.timing import still_to_come
from crosspromo.domain.values import changed
from crosspromo.publishing.accessibility import accessibility_notes
from crosspromo.publishing.appearance import appearances
from crosspromo.publishing.compose import FittedImage, ImageFitter, Material, Renderer, fit_images
from crosspromo.publishing.enqueue import ProposedDelivery, Timing, enqueue, propose
from crosspromo.publishing.facts import spent
from crosspromo.publishing.notes import notes_on
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.delivery_view import DeliveryView, views
from crosspromo.services.event_flyers import flyers_of, shown_on
from crosspromo.services.requested_material import (
    material_of,
    notes_on_request,
    subject_of,
)
from crosspromo.services.shared_images import notes_on_shared
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from collections.abc import Callable

    from crosspromo.domain.forecasts import Forecast
    from crosspromo.publishing.networks import Connector
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.store.unit import Store, Unit

    AskedIn = Callable[[Unit], Iterable["AskedPost"]]
    """Posts to queue, as they are asked for within a transaction."""

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
    """Request with the rules of its accounts, and its images as each of them takes them.

    `times` are those that were found for accounts, by name; the others get theirs as it asks.
    """

    request: PostRequest
    rules: Sequence[AccountRules]
    fitted: Sequence[tuple[FittedImage, ...]]
    times: Mapping[str, Timing] = MappingProxyType({})


class _Written(NamedTuple):
    """Delivery of a write transaction, with its images, budget and notes."""

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
        return self.queue_asked(lambda _: asked, now, dry_run=dry_run, also=also)

    def queue_asked(
        self,
        asked: "AskedIn",
        now: datetime,
        *,
        dry_run: bool = False,
        also: "Also | None" = None,
    ) -> Sequence[QueuedDelivery]:
        """Queue the posts that `asked` gives within the transaction: all of them or none.

        Each of them is queued before the next one is asked for. Errors are those of `queue_all`.
        """
        act = self._try if dry_run else self._keep
        written, found = act(asked, now, also)  # images are done before it: they take long
        # Texts are read, and networks asked, only now: the database is free meanwhile.
        return [_foretold(self._queued(each, kept=not dry_run), found) for each in written]

    def _keep(
        self, asked: "AskedIn", now: datetime, also: "Also | None"
    ) -> "tuple[Sequence[_Written], Mapping[int, Forecast]]":
        """Queue the posts: their deliveries, with forecasts by id."""
        with self.store.write() as unit:
            written = self._written(unit, asked(unit), now, also)
        if self.forecasting is None:
            return written, {}
        return written, self.forecasting.after_queueing([each.view.delivery for each in written])

    def _try(
        self, asked: "AskedIn", now: datetime, also: "Also | None"
    ) -> "tuple[Sequence[_Written], Mapping[int, Forecast]]":
        """Queue the posts in a transaction that is rolled back: deliveries, forecasts by id."""
        if self.forecasting is None:
            with self.store.write() as unit:
                written = self._written(unit, asked(unit), now, also)
                unit.roll_back()
            return written, {}
        stage, basis = self.forecasting.trying()
        with stage:
            with self.store.write() as unit:
                written = self._written(unit, asked(unit), now, also)
                tried = [each.view.delivery for each in written]
                stage.add(unit, [each.id for each in tried])
                unit.roll_back()
            return written, self.forecasting.tried(stage, basis, tried)

    def _written(
        self, unit: "Unit", asked: Iterable[AskedPost], now: datetime, also: "Also | None"
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
        self, unit: "Unit", asked: Iterable[AskedPost], now: datetime
    ) -> list[_Written]:
        alone = isinstance(asked, Sequence) and len(asked) == 1
        written: list[_Written] = []
        for each in asked:
            try:
                written += self._queue(unit, each, now)
            except Refused as error:
                _name_no_id_of(written, error)
                if not alone:
                    error.about = subject_of(each.request)
                raise
        return written

    def _queue(self, unit: "Unit", asked: AskedPost, now: datetime) -> Sequence[_Written]:
        request, rules, fitted, times = asked
        material = material_of(unit, request)
        drafts = [
            self._draft(
                unit,
                replace(material, images=tuple(each.image for each in images)),
                account,
                times.get(account.name),
                now,
            )
            for account, images in zip(rules, fitted, strict=True)
        ]
        ids = enqueue(unit, material, drafts, now)
        policies = {account.name: account.policy for account in rules}
        seen = views(unit, policies, [unit.deliveries.get(delivery_id) for delivery_id in ids])
        on_request = tuple(notes_on_request(material, drafts))
        return [
            _Written(
                view,
                drafted,
                images,
                self._budget(unit, drafted, now),
                (
                    *on_request,
                    *notes_on(unit, view.delivery, drafted.account, self.organisation, now),
                ),
            )
            for view, drafted, images in zip(seen, drafts, fitted, strict=True)
        ]

    def _draft(
        self,
        unit: "Unit",
        material: Material,
        account: AccountRules,
        timing: Timing | None,
        now: datetime,
    ) -> ProposedDelivery:
        organisation = self.organisation
        return propose(
            unit,
            material,
            account,
            renderer=self.renderer,
            own_group=self.own_group,
            zone=organisation.zone,
            now=now,
            status=organisation.status,
            blackouts=organisation.blackouts,
            timing=timing,
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
    return replace(queued, view=changed(view, forecast=found.get(view.delivery.id)))


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
