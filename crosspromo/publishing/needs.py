"""Needs of a delivery: permissions of partners and images with people, worked out from its content.

A mention of a partner's handle needs *tag*, the network's own quote of their post *quote*. What a
person declares (a quote in words, a logo, a photo of theirs) is kept beside it, and no edit takes
it away.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import Lack, Need, Scope, lacking
from crosspromo.domain.photos import PhotoConsent, PhotoLack, photos_lacking
from crosspromo.domain.posts import Content, Image, Kind
from crosspromo.domain.reasons.queueing import NoPermission, NoPhotoConsent
from crosspromo.publishing.compose import Material
from crosspromo.publishing.ports import AskingUnit, NeedsUnit
from crosspromo.publishing.rules import AccountRules

_KEPT = re.compile(r"media/([0-9a-f]{64})\.\w+")
"""Path of a kept image: its name is the hash of its bytes."""


_AT = re.compile(r"(?<![\w@/.])@([\w.-]+(?:@[\w.-]+)?)")
"""A handle after its sign."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Permissions that a delivery needs, and hashes of the images that it shows."""

    permissions: tuple[Need, ...] = ()
    images: frozenset[str] = frozenset()


NOTHING_NEEDED = Needs()


def tagged(
    unit: NeedsUnit, material: Material, account: AccountRules, zone: ZoneInfo, now: datetime
) -> Material:
    """Material whose partners say whether they may be tagged on the account's network, now."""
    network = account.text_network
    slugs = [each.slug for each in material.partners if network in each.handles]
    if not slugs:
        return material
    day = now.astimezone(zone).date()
    may_tag = {
        each.partner
        for each in unit.permissions.of(slugs)
        if each.scope is Scope.TAG and each.covers(network, day)
    }
    partners = tuple(replace(each, tag_ok=each.slug in may_tag) for each in material.partners)
    return replace(material, partners=partners)


def needs_of(
    unit: NeedsUnit,
    content: Content,
    kind: Kind,
    partners: Sequence[Partner],
    *,
    account: AccountRules,
    declared: Iterable[Need] = (),
) -> Needs:
    """Needs of this content on the account, in a post of the kind about these partners."""
    kept = [_as_declared(each) for each in declared]
    found = (*kept, *_tags(unit, content, partners, account), *_quotes(content, kind, partners))
    by_scope = {(each.scope, each.partner): each for each in reversed(found)}
    return Needs(tuple(sorted(by_scope.values())), hashes_of(content.images))


def _as_declared(need: Need) -> Need:
    """The need as a person declares it."""
    return need._replace(declared=True)


def check_needs(
    unit: NeedsUnit, needs: Needs, account: AccountRules, zone: ZoneInfo, now: datetime
) -> None:
    """QueueingError for a permission or a consent that the account's network lacks now."""
    network, day = account.text_network, now.astimezone(zone).date()
    if needs.permissions:
        lacks = lacking(unit.permissions.asked_of(needs.permissions), network, day)
        if lacks:
            raise QueueingError(NoPermission(account.name, lacks))
    if needs.images:
        missing = photos_lacking(unit.photo_consents.on(needs.images), network, day)
        if missing:
            raise QueueingError(NoPhotoConsent(account.name, missing))


def lacks_of(
    unit: AskingUnit, delivery: Delivery, account: AccountRules, zone: ZoneInfo, now: datetime
) -> tuple[tuple[Lack, ...], tuple[PhotoLack, ...]]:
    """Permissions and consents that a written delivery lacks now."""
    network, day = account.text_network, now.astimezone(zone).date()
    asked = unit.permissions.asked([delivery.id]).get(delivery.id, ())
    records: Sequence[PhotoConsent] = ()
    if delivery.content.images:
        records = unit.photo_consents.of_deliveries([delivery.id]).get(delivery.id, ())
    return lacking(asked, network, day), photos_lacking(records, network, day)


def write_needs(unit: NeedsUnit, delivery: int, needs: Needs) -> None:
    """Write the needs of a delivery (an id) in the place of those that it had."""
    unit.permissions.set_needs(delivery, needs.permissions)
    unit.photo_consents.set_hashes(delivery, needs.images)


def needs_after_edit(
    unit: NeedsUnit,
    delivery: Delivery,
    content: Content,
    partners: Sequence[Partner],
    account: AccountRules,
) -> Needs:
    """Needs of a delivery with another content; what was declared stays.

    While one of the images stays, the hashes stay too: which image a hash is of is not known.
    """
    before = unit.permissions.needs([delivery.id]).get(delivery.id, ())
    declared = [each for each in before if each.declared]
    needs = needs_of(unit, content, delivery.kind, partners, account=account, declared=declared)
    old = {image.path for image in delivery.content.images}
    if old.intersection(image.path for image in content.images):
        known = unit.photo_consents.hashes(delivery.id)
        needs = replace(needs, images=needs.images | known)
    return needs


def hashes_of(images: Iterable[Image]) -> frozenset[str]:
    """Hashes of images: of the files as they were given, and as they are kept."""
    return frozenset(_hashes(images))


def _hashes(images: Iterable[Image]) -> Iterator[str]:
    for image in images:
        kept = _KEPT.fullmatch(image.path)
        if kept is not None:
            yield kept[1]
        if image.source is not None:
            yield image.source


def _tags(
    unit: NeedsUnit, content: Content, partners: Sequence[Partner], account: AccountRules
) -> Iterator[Need]:
    """Yield a need for each partner who is mentioned, also for one whom the post is not about."""
    network = account.text_network
    said = _mentions(content, account)
    handles = {each.handles.get(network, "").casefold(): each.slug for each in partners}
    for handle in said & handles.keys():
        yield Need(Scope.TAG, handles[handle])
    others = said - handles.keys()
    if others:
        for slug in unit.permissions.with_handles(network, others).values():
            yield Need(Scope.TAG, slug)


def _mentions(content: Content, account: AccountRules) -> set[str]:
    """Handles that the content mentions, in small letters.

    They are those that the network reads as mentions, and those with their sign before them: some
    networks find none by themselves, and people read them as mentions all the same.
    """
    rules = account.capabilities.text.of_post(content.known_addresses, plain=content.plain)
    read = (
        entity.target
        for text in content.posts
        for entity in rules.entities(text)
        if entity.type == "mention"
    )
    signed = (found[1].rstrip(".-") for text in content.posts for found in _AT.finditer(text))
    return {handle.casefold() for handle in (*read, *signed)}


def _quotes(content: Content, kind: Kind, partners: Collection[Partner]) -> Iterator[Need]:
    if kind is Kind.RESHARE and content.native and any(each.strip() for each in content.posts):
        for partner in partners:
            yield Need(Scope.QUOTE, partner.slug)
