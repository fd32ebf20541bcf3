"""Sign-off links for staff: made for a partner and a post, and called back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError, PeopleError, StateError
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import SignOffNotAsked
from crosspromo.domain.reasons.people import NoOpenLink, TooLateToAsk
from crosspromo.domain.reasons.state import WrongState
from crosspromo.domain.requests import given_name
from crosspromo.domain.sign_off import SignOffLink, ends_at, said_by, version_of, waiting
from crosspromo.services.delivery_view import DeliveryView, views
from crosspromo.services.tokens import new_token, token_hash

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class MadeLink:
    """New link with its token, which is never stored, and the time of its end as it is now.

    `name` is the partner's.
    """

    link: SignOffLink
    name: str
    token: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class AskedPartner:
    """Partner whose sign-off a post asks for, and the open link; None: there is no link.

    `has_signed`: the partner agrees to everything that waits. `is_current`: the answer of the link
    is about what the post says now. `may_ask`: a new link can be made now. `ends_at` is the end of
    the link, or of one made now.
    """

    slug: str
    name: str
    has_signed: bool
    link: SignOffLink | None
    is_current: bool
    may_ask: bool
    ends_at: datetime


@dataclass(frozen=True)
class SignOffLinks:
    """Links on behalf of a person named `actor`; `policies` are those of the accounts by name."""

    store: "Store"
    clock: Clock
    policies: Mapping[str, Policy]
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def make(self, post: int, partner: str) -> MadeLink:
        """Make a link; all earlier ones of the partner for this post are called back.

        NotFoundError for an unknown post or partner; StateError where nothing of the post waits;
        InputError where the partner's sign-off is not asked; PeopleError an hour before it is due.
        """
        now, token = self.clock.now(), new_token()
        with self.store.write() as unit:
            name = unit.partners.get(partner).name
            unit.sign_off_links.lock(post)
            deliveries = unit.deliveries.of_post(post)
            first = deliveries[0]
            if not waiting(deliveries):
                raise StateError(WrongState(first.id, first.state, Act.APPROVE))
            asked = asked_partners(views(unit, self.policies, waiting(deliveries)))
            if partner not in asked:
                raise InputError(SignOffNotAsked(first.id, partner))
            until = ends_at(deliveries, now)
            if until <= now:
                raise PeopleError(TooLateToAsk(post, until))
            unit.sign_off_links.call_back(post, partner, now)
            said = said_by(deliveries)
            link = SignOffLink(
                id=0,
                post=post,
                partner=partner,
                version=version_of(said),
                said=said,
                made_at=now,
                made_by=self.actor,
            )
            link = unit.sign_off_links.add(token_hash(token), link)
            self._note(unit, "make sign-off link", link)
        return MadeLink(link, name, token, until)

    def call_back(self, post: int, partner: str) -> None:
        """End the open link, and with it what its answer asks of staff; a given yes stays.

        PeopleError where there is no open link.
        """
        with self.store.write() as unit:
            unit.sign_off_links.lock(post)
            found = [each for each in unit.sign_off_links.of_post(post) if each.partner == partner]
            if not found:
                raise PeopleError(NoOpenLink(post, partner))
            unit.sign_off_links.call_back(post, partner, self.clock.now())
            self._note(unit, "call back sign-off link", found[0])

    def _note(self, unit: "Unit", act: str, link: SignOffLink) -> None:
        unit.audit.add(self.clock.now(), self.actor, act, subject_of(link.post), link.partner)


def asked_partners(shown: Sequence[DeliveryView]) -> Sequence[str]:
    """Slugs of the partners whose sign-off these deliveries ask for, sorted."""
    return sorted({slug for each in shown for slug in each.approval.partners_asked})


def subject_of(post: int) -> str:
    """Subject of acts on a post as a whole in the audit log."""
    return f"post {post}"


def links_of(
    unit: "Unit", post: int, shown: Sequence[DeliveryView], now: datetime, *, has_links: bool
) -> Sequence[AskedPartner]:
    """Partners asked by a post's deliveries, with links; those with a link come along anyway.

    `has_links`: whether the post has any link.
    """
    deliveries = [each.delivery for each in shown]
    open_ = waiting(deliveries)
    still = [each for each in shown if each.delivery in open_]
    asked = asked_partners(still)
    if not any(each.delivery.partners for each in shown):
        return []
    links = {each.partner: each for each in unit.sign_off_links.of_post(post)} if has_links else {}
    slugs = sorted({*asked, *links})
    names = unit.partners.statuses(slugs)
    said = said_by(deliveries)
    return [
        AskedPartner(
            slug=slug,
            name=names[slug][0] if slug in names else slug,
            has_signed=bool(still) and all(_signed(each, slug) for each in still),
            link=links.get(slug),
            may_ask=slug in asked and ends_at(deliveries, now) > now,
            is_current=slug in links and links[slug].is_about(said),
            ends_at=ends_at(deliveries, links[slug].made_at if slug in links else now),
        )
        for slug in slugs
    ]


def _signed(view: DeliveryView, slug: str) -> bool:
    return slug in view.approval.partners or slug not in view.approval.partners_asked
