"""Partners: adding, changing and exporting them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.naming import slugify
from crosspromo.domain.partner_rows import change_of
from crosspromo.domain.partners import Partner, check_slug
from crosspromo.domain.reasons.inputs import (
    BadHandle,
    NameMakesNoSlug,
    NameMissing,
    PartnerExists,
)
from crosspromo.domain.web_address import whole_address
from crosspromo.services.outdated_posts import OutdatedPost, outdated_posts

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True, slots=True)
class PartnerChanges:
    """New values for a partner's fields; None keeps the old value.

    `handles` (network to handle) are added to the partner's handles or replace those of the same
    network.
    """

    name: str | None = None
    why: str | None = None
    website: str | None = None
    topics: tuple[str, ...] | None = None
    handles: Mapping[str, str] | None = None
    tag_ok: bool | None = None


@dataclass(frozen=True, slots=True)
class EditedPartner:
    """Partner after an edit, with the posts that wait and say what the partner was before."""

    partner: Partner
    outdated: tuple[OutdatedPost, ...]


@dataclass(frozen=True)
class PartnerService:
    """Partners in a workspace: reads and changes."""

    store: "Store"

    def add(self, partner: Partner) -> Partner:
        """Add a partner and return the saved partner; an empty slug is made from the name.

        Control characters and invisible formatting are taken out of name, reason and topics.
        InputError for a blank name, a name that makes no slug, a malformed or existing slug, a
        malformed handle, or a website that is no web address.
        """
        name = _named(partner.name)
        made = partner.slug or slugify(name)
        if not made:
            raise InputError(NameMakesNoSlug(name))
        slug = check_slug(made)
        new = replace(
            partner,
            name=name,
            slug=slug,
            handles=_bare(partner.handles),
            why=without_invisible(partner.why),
            website=_website(partner.website),
            topics=_topics(partner.topics),
        )
        with self.store.write() as unit:
            if unit.partners.find(slug) is not None:
                raise InputError(PartnerExists(slug))
            unit.partners.save(new)
        return new

    def edit(self, slug: str, changes: PartnerChanges) -> EditedPartner:
        """Change fields of a partner; posts that wait stay as they are, and are named.

        NotFoundError for an unknown slug; InputError for an unusable new value.
        """
        with self.store.write() as unit:
            known = unit.partners.get(slug)
            partner = _changed(known, changes)
            unit.partners.save(partner)
            change = change_of(known, partner)
            return EditedPartner(partner, tuple(outdated_posts(unit, [change], {slug: known})))

    def get(self, slug: str) -> Partner:
        """Partner with this slug; NotFoundError, with similar slugs, for an unknown slug."""
        with self.store.read() as unit:
            return unit.partners.get(slug)

    def list(self, *, archived: bool = False) -> Sequence[Partner]:
        """Every partner who is offered, or every `archived` one, sorted by slug."""
        with self.store.read() as unit:
            found = unit.partners.all()
        return [partner for partner in found if (partner.archived_at is not None) == archived]

    def export(self) -> str:
        """CSV text with every partner, archived ones too, readable by `PartnerImports`."""
        from crosspromo.intake.partner_export import write_partners  # noqa: PLC0415 (lists do not need it)

        with self.store.read() as unit:
            return write_partners(unit.partners.all())

    def export_workbook(self) -> bytes:
        """Workbook (XLSX) with every partner, archived ones too, readable by `PartnerImports`."""
        from crosspromo.intake.partner_workbook import (  # noqa: PLC0415 (it loads slowly)
            write_partner_workbook,
        )

        with self.store.read() as unit:
            return write_partner_workbook(unit.partners.all())


def _named(name: str) -> str:
    name = without_invisible(name)
    if not name.strip():
        raise InputError(NameMissing("partner"))
    return name


def _changed(known: Partner, changes: PartnerChanges) -> Partner:
    handles = {**known.handles, **_bare(changes.handles or {})}
    return replace(
        known,
        name=known.name if changes.name is None else _named(changes.name),
        why=known.why if changes.why is None else without_invisible(changes.why),
        website=known.website if changes.website is None else _website(changes.website),
        topics=known.topics if changes.topics is None else _topics(changes.topics),
        handles=MappingProxyType(handles),
        tag_ok=known.tag_ok if changes.tag_ok is None else changes.tag_ok,
    )


def _topics(texts: Sequence[str]) -> tuple[str, ...]:
    """Topics as an import reads them: without `#`, parted at semicolons, each once."""
    from crosspromo.intake.partner_cells import topics  # noqa: PLC0415 (seldom given)

    return topics(";".join(map(without_invisible, texts)), ours=True)


def _website(text: str) -> str:
    """Whole address of a website; an empty text stays empty. InputError for any other text."""
    return whole_address(text) if text.strip() else ""


def _bare(handles: Mapping[str, str]) -> Mapping[str, str]:
    """Handles without `@` or web address; InputError for a malformed handle."""
    return MappingProxyType({network: _handle(network, text) for network, text in handles.items()})


def _handle(network: str, text: str) -> str:
    from crosspromo.intake.handles import (  # noqa: PLC0415 (seldom given)
        HANDLE_NETWORKS,
        HandleError,
        bare_handle,
    )

    if network not in HANDLE_NETWORKS:
        return text.removeprefix("@")
    try:
        return bare_handle(network, text)
    except HandleError as error:
        raise InputError(BadHandle(network, text, str(error))) from None
