"""Material of a requested post: its partner and event records, and notes on what was asked for."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, assert_never

from crosspromo.domain.errors import InputError
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting
from crosspromo.domain.reasons.inputs import EventOfArchived, PartnerArchived
from crosspromo.domain.reasons.notes import HostArchived, Note, PartnerIsMerged, TitleNotShown
from crosspromo.domain.requests import (
    EventPost,
    Notice,
    OwnPost,
    PostRequest,
    Reshare,
    Spotlight,
)
from crosspromo.publishing.compose import Material
from crosspromo.publishing.enqueue import ProposedDelivery

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit


def subject_of(request: PostRequest) -> str | None:
    """Slug of the partner or event that a post is about, with its step, if it is one.

    None for a post of our own.
    """
    match request:
        case Spotlight() | Reshare():
            return request.partner
        case EventPost(event=event, step=step):
            return event if step is None else f"{event}, {step}"
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


def notes_on_request(material: Material, drafts: Sequence[ProposedDelivery]) -> Iterator[Note]:
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


def material_of(unit: "Unit", request: PostRequest) -> Material:
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
