"""A post for people: its text on each account, why one of them waits, and what people did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.audit import AuditEntry
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.reasons.not_found import NoSuchAccount
from crosspromo.domain.states import WAITING
from crosspromo.services.delivery_view import DeliveryView, DeliveryViews
from crosspromo.services.explanation import Explanation, Explanations
from crosspromo.services.sign_off_links import AskedPartner, links_of, subject_of

if TYPE_CHECKING:
    from crosspromo.domain.figures import PostFigures
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.rendering.preview import Preview
    from crosspromo.store.unit import Store


@dataclass(frozen=True, slots=True)
class PostView:
    """Post with its deliveries.

    `previews` are those of deliveries whose account crosspromo.toml has, by id. `chosen` is the
    delivery that `explanation` is about. `history` are people's acts on all deliveries of the post,
    the latest first. `sign_offs` are the partners whose sign-off is asked. `figures` are those of
    deliveries that are measured, by id.
    """

    id: int
    created_at: datetime
    views: Sequence[DeliveryView]
    previews: Mapping[int, "Preview"]
    chosen: DeliveryView
    explanation: Explanation
    history: Sequence[AuditEntry]
    sign_offs: Sequence[AskedPartner] = ()
    figures: "Mapping[int, PostFigures]" = field(default_factory=dict)


@dataclass(frozen=True)
class PostViews:
    """Reads posts."""

    store: "Store"
    rules: "Mapping[str, AccountRules]"
    views: DeliveryViews
    explanations: Explanations
    clock: Clock

    def get(
        self, post: int, account: str | None = None, oldest_rows: int | None = None
    ) -> PostView:
        """Post with this id; the delivery on `account` is explained (None: the first that is
        held, else the first that waits), with so many of the oldest ledger rows (None: all).

        NotFoundError for an unknown post, and for an account that the post is not for.
        """
        with self.store.read() as unit:
            read = unit.deliveries.with_post(post)
            views = self.views.of(unit, read.deliveries)
            chosen = _chosen(views, account)
            subjects = [subject_of(post), *(subject(each.delivery.id) for each in views)]
            holds, history = unit.trails.of(chosen.delivery.id, subjects)
            explanation = self.explanations.judged(unit, chosen.delivery, oldest_rows)
            return PostView(
                id=post,
                created_at=read.queued_at,
                views=views,
                previews={
                    each.delivery.id: self.views.preview_of(each.delivery)
                    for each in views
                    if each.delivery.account in self.rules
                },
                chosen=chosen,
                explanation=replace(explanation, holds=holds),
                history=history,
                figures=read.figures,
                sign_offs=links_of(unit, post, views, self.clock.now(), has_links=read.has_links),
            )

    def explained(self, delivery: Delivery) -> Explanation:
        """Explanation of a delivery with all its ledger rows, without a forecast."""
        with self.store.read() as unit:
            return self.explanations.within(unit, delivery)

    def deliveries(self, post: int) -> Sequence[Delivery]:
        """Deliveries of the post with this id, as stored; NotFoundError for an unknown post."""
        with self.store.read() as unit:
            return unit.deliveries.of_post(post)

    def delivery(self, delivery: int) -> Delivery:
        """Delivery with this id, as stored; NotFoundError for an unknown one."""
        with self.store.read() as unit:
            return unit.deliveries.get(delivery)

    def history(self, delivery: int) -> Sequence[AuditEntry]:
        """People's acts on a delivery, the latest first."""
        with self.store.read() as unit:
            return unit.audit.about([subject(delivery)])

    def post_of(self, delivery: int) -> tuple[int, str]:
        """Post of a delivery, and its account; NotFoundError for an unknown delivery."""
        with self.store.read() as unit:
            found = unit.deliveries.get(delivery)
            return found.post, found.account


def subject(delivery: int) -> str:
    """Subject of acts on a delivery in the audit log."""
    return f"delivery {delivery}"


def _chosen(views: Sequence[DeliveryView], account: str | None) -> DeliveryView:
    if account is None:
        held = [each for each in views if each.delivery.hold is not None]
        waiting = [each for each in views if each.delivery.state in WAITING]
        return (held or waiting or list(views))[0]
    found = [each for each in views if each.delivery.account == account]
    if not found:
        names = tuple(dict.fromkeys(each.delivery.account for each in views))
        raise NotFoundError(NoSuchAccount(account, names))
    return found[0]
