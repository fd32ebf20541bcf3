"""Renewal of waiting posts about an event that was changed or moved.

A text that stands as its template made it is made anew. A text that a person has changed since, or
that cannot be made anew, stays as it is, and waits for a person as a draft.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.deliveries import Delivery, Fault, Remade
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.events import Event
from crosspromo.domain.posts import Content, Kind, credit_of
from crosspromo.domain.reasons.faults import EventChanged
from crosspromo.domain.requests import EventPost
from crosspromo.domain.states import State
from crosspromo.publishing.compose import Material, Renderer, compose
from crosspromo.publishing.enqueue import cost_of, next_free
from crosspromo.publishing.facts import approval_for
from crosspromo.publishing.rules import AccountRules
from crosspromo.settings import Organisation

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Version:
    """Content of a post about an event, and the texts left out of it so that it fits."""

    content: Content
    dropped: tuple[str, ...]


@dataclass(frozen=True)
class Renewal:
    """Renews waiting deliveries about an event at the time `now`."""

    organisation: Organisation
    rules: Mapping[str, AccountRules]
    renderer: "Callable[[], Renderer]"
    now: datetime
    blackouts: Sequence[Blackout] = ()

    def renew(self, unit: "Unit", delivery: Delivery, before: Event, after: Event) -> State | None:
        """Bring one delivery up to date with its event.

        Returns the delivery's state then; CANCELLED where the event starts before the delivery
        could go, and the caller has to cancel it; None where the change does not concern it.
        """
        account = self.rules.get(delivery.account)
        moved = after.starts_at != before.starts_at
        if after.starts_at <= self.now or (account is None and moved):
            return State.CANCELLED
        if account is None:
            return None
        was = self._version(unit, delivery, account, before)
        new = self._version(unit, delivery, account, after)
        hosts_changed = (before.hosting, before.partners) != (after.hosting, after.partners)
        if was == new and was is not None and not moved and not hosts_changed:
            return None
        due_at = self._due_at(unit, delivery, account, after)
        if due_at is None:
            return State.CANCELLED
        as_made = new is not None and was is not None and was.content == delivery.content
        made = new if as_made else None
        return self._write(unit, delivery, account, made, after, due_at)

    def _version(
        self, unit: "Unit", delivery: Delivery, account: AccountRules, event: Event
    ) -> Version | None:
        """Content that the template makes of the event; None where it cannot be made."""
        if delivery.kind is not Kind.EVENT or unit.attempts.was_ever_unknown(delivery.id):
            return None
        recipe, content = unit.posts.recipe(delivery.post), delivery.content
        request = EventPost(
            author=delivery.author,
            event=event.slug,
            title=content.title if delivery.title_given else None,
            template=recipe.template,
            variables=recipe.variables,
            images=content.images,
            link=content.link,
            thread=bool(content.parts),
            paid=delivery.paid,
        )
        partners = tuple(unit.partners.get(slug) for slug in event.partners)
        material = Material(request, partners, event, content.images)
        try:
            made, dropped = compose(material, account, self.renderer())
        except CrosspromoError:
            return None
        return Version(made, dropped)

    def _due_at(
        self, unit: "Unit", delivery: Delivery, account: AccountRules, event: Event
    ) -> datetime | None:
        """Due time before the event; None where there is none. A person's time stays."""
        if delivery.pinned or delivery.due_at < event.starts_at:
            return delivery.due_at
        zone, partners = self.organisation.zone, event.partners
        due_at = next_free(
            unit, account, partners, zone=zone, now=self.now, blackouts=self.blackouts
        )
        return due_at if due_at < event.starts_at else None

    def _write(  # noqa: PLR0917 (each of another type)
        self,
        unit: "Unit",
        delivery: Delivery,
        account: AccountRules,
        made: Version | None,
        event: Event,
        due_at: datetime,
    ) -> State:
        """Write the new text, or None for the old one, and what else follows from the event."""
        content, dropped = delivery.content, delivery.dropped
        if made is not None:
            content, dropped = made.content, made.dropped
        asked = approval_for(unit.approvals, delivery, account).asked
        to_draft = asked or delivery.pinned or made is None
        into = State.DRAFT if to_draft else delivery.state
        unit.posts.set_partners(delivery.post, event.partners)
        unit.transitions.renew(
            delivery,
            content,
            self.now,
            into=into,
            also=Remade(cost_of(content, account.capabilities), dropped, delivery.title_given),
            due_at=due_at,
            expires_at=event.starts_at,
            credit=credit_of(
                delivery.kind,
                about_own_group=set(event.partners) <= self.organisation.own_group,
                hosting=event.hosting,
                paid=delivery.paid,
            ),
            fault=Fault(EventChanged(event.slug, renewed=made is not None))
            if into is State.DRAFT
            else None,
        )
        unit.approvals.withdraw(delivery.id)
        return into
