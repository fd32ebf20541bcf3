"""A post for people: its text on each account, why one of them waits, and what people did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.audit import AuditEntry
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.reasons.not_found import NoSuchAccount
from crosspromo.services.act_on_delivery import WAITING
from crosspromo.services.delivery_view import DeliveryView, DeliveryViews
from crosspromo.services.explanation import Explanation, Explanations

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.rendering.preview import Preview
    from crosspromo.store.unit import Store


MOST_COUNTED = 20
"""Latest ledger rows whose posts are named."""


@dataclass(frozen=True, slots=True)
class PostView:
    """Post with its deliveries.

    `previews` are those of deliveries whose account crosspromo.toml has, by id. `chosen` is the
    delivery that `explanation` is about, and `counted` are the deliveries of its latest ledger
    rows, by id. `history` are people's acts on all deliveries of the post, the latest first.
    """

    id: int
    created_at: datetime
    views: Sequence[DeliveryView]
    previews: Mapping[int, "Preview"]
    chosen: DeliveryView
    explanation: Explanation
    counted: Mapping[int, Delivery]
    history: Sequence[AuditEntry]


@dataclass(frozen=True)
class PostViews:
    """Reads posts."""

    store: "Store"
    rules: "Mapping[str, AccountRules]"
    views: DeliveryViews
    explanations: Explanations

    def get(self, post: int, account: str | None = None) -> PostView:
        """Post with this id; the delivery on `account` is explained (None: the first that is
        held, else the first that waits).

        NotFoundError for an unknown post, and for an account that the post is not for.
        """
        with self.store.read() as unit:
            views = self.views.of(unit, unit.deliveries.of_post(post))
            chosen = _chosen(views, account)
            explanation = self.explanations.within(unit, chosen.delivery)
            latest = explanation.rows[-MOST_COUNTED:]
            subjects = [subject(each.delivery.id) for each in views]
            return PostView(
                id=post,
                created_at=unit.posts.created_at(post),
                views=views,
                previews={
                    each.delivery.id: self.views.preview_of(each.delivery)
                    for each in views
                    if each.delivery.account in self.rules
                },
                chosen=chosen,
                explanation=explanation,
                counted=unit.deliveries.by_ids(
                    [each.delivery for each in latest if each.delivery is not None]
                ),
                history=unit.audit.about(subjects),
            )

    def explained(self, delivery: int) -> Explanation:
        """Explanation of a delivery, without a forecast."""
        with self.store.read() as unit:
            return self.explanations.within(unit, unit.deliveries.get(delivery))

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
