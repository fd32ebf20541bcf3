"""Partners: adding, changing and exporting them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import InputError, PeopleError
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
from crosspromo.domain.reasons.partners import PartnerMerged
from crosspromo.domain.reasons.people import IsKeptAway
from crosspromo.domain.web_address import whole_address
from crosspromo.services.kept_away import KeptAway
from crosspromo.services.outdated_posts import OutdatedPost, outdated_posts
from crosspromo.services.partner_fields import (
    FIELDS,
    FOCUS,
    MOST_IN_FOCUS,
    check_limit,
    checked_fields,
    has_all,
)
from crosspromo.services.sign_off_cells import partners_of_sheets
from crosspromo.services.tagging import RECORD, forbid_tagging, record_tagging

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PartnerChanges:
    """New values for a partner's fields; None keeps the old value, an empty one takes it away.

    `handles` (network to handle) are added to the partner's handles or replace those of the same
    network. Of numbers, 0 takes the old one away.
    """

    name: str | None = None
    why: str | None = None
    website: str | None = None
    topics: tuple[str, ...] | None = None
    handles: Mapping[str, str] | None = None
    tag_ok: bool | None = None
    kind: str | None = None
    list: str | None = None
    closeness: str | None = None
    tier: str | None = None
    support: str | None = None
    owner: str | None = None
    status: str | None = None
    goals: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    needs: tuple[str, ...] | None = None
    offers: tuple[str, ...] | None = None
    cadence_days: int | None = None
    most_posts: int | None = None
    most_posts_days: int | None = None
    notice_hours: int | None = None


@dataclass(frozen=True, slots=True)
class EditedPartner:
    """Partner after an edit, with the posts that wait and say what the partner was before."""

    partner: Partner
    outdated: tuple[OutdatedPost, ...]


@dataclass(frozen=True)
class PartnerService:
    """Partners in a workspace: reads and changes.

    `kept_away` knows whom to leave alone; None: nobody.
    """

    store: "Store"
    clock: Clock
    kept_away: KeptAway | None = None

    def add(self, partner: Partner) -> Partner:
        """Add a partner and return the saved partner; an empty slug is made from the name.

        Control characters and invisible formatting are taken out of all texts. InputError for a
        blank name, a name that makes no slug, a malformed or existing slug, a malformed handle, a
        website that is no web address, and for a value that is none of a field's choices.
        PeopleError for a name that is to be left alone.
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
            **checked_fields({name: getattr(partner, name) for name in FIELDS}),
        )
        check_limit(new)
        with self.store.write() as unit:
            if self.kept_away is not None and self.kept_away.includes(unit, name):
                raise PeopleError(IsKeptAway(name))
            if unit.partners.find(slug) is not None:
                raise InputError(PartnerExists(slug))
            part = unit.partner_merging.merged(slug)
            if part is not None:
                raise InputError(PartnerMerged(slug, part.into))
            now = self.clock.now()
            unit.partners.save(new, now)
            record_tagging(unit, slug, (False, new.tag_ok), now, RECORD)
        return new

    def edit(self, slug: str, changes: PartnerChanges) -> EditedPartner:
        """Change fields of a partner; posts that wait stay as they are, and are named.

        NotFoundError for an unknown slug; InputError for an unusable new value.
        """
        with self.store.write() as unit:
            known = unit.partners.get(slug)
            partner = _changed(known, changes)
            now = self.clock.now()
            unit.partners.save(partner, now)
            if changes.tag_ok is False:  # also a yes for some networks, or for some time
                forbid_tagging(unit, known.slug, now, RECORD)
            record_tagging(unit, known.slug, (known.tag_ok, partner.tag_ok), now, RECORD)
            change, before = change_of(known, partner), {known.slug: known}
            return EditedPartner(partner, tuple(outdated_posts(unit, [change], before)))

    def get(self, slug: str) -> Partner:
        """Partner with this slug; NotFoundError, with similar slugs, for an unknown slug.

        For the slug of a partner who was merged it is the one whom they became part of.
        """
        with self.store.read() as unit:
            return unit.partners.get(slug)

    def list(
        self, *, archived: bool = False, having: Mapping[str, str] = NOTHING
    ) -> Sequence[Partner]:
        """Every partner who is offered, or every `archived` one, sorted by slug.

        `having` are values of fields, such as `list` or `topics`, that they have to have; capitals
        do not matter.
        """
        with self.store.read() as unit:
            found = unit.partners.all()
        return [
            partner
            for partner in found
            if (partner.archived_at is not None) == archived and has_all(partner, having)
        ]

    def crowded_focus(self) -> int | None:
        """Number of partners on the focus list where there are more than MOST_IN_FOCUS."""
        count = len(self.list(having={"list": FOCUS}))
        return count if count > MOST_IN_FOCUS else None

    def export(self) -> str:
        """CSV text with every partner, archived ones too, readable by `PartnerImports`."""
        from crosspromo.intake.partner_export import write_partners  # noqa: PLC0415 (lists do not need it)

        with self.store.read() as unit:
            return write_partners(list(partners_of_sheets(unit).values()))

    def export_workbook(self) -> bytes:
        """Workbook (XLSX) with every partner, archived ones too, readable by `PartnerImports`."""
        from crosspromo.intake.partner_workbook import (  # noqa: PLC0415 (it loads slowly)
            write_partner_workbook,
        )

        with self.store.read() as unit:
            return write_partner_workbook(list(partners_of_sheets(unit).values()))


def _named(name: str) -> str:
    name = without_invisible(name)
    if not name.strip():
        raise InputError(NameMissing("partner"))
    return name


def _changed(known: Partner, changes: PartnerChanges) -> Partner:
    handles = {**known.handles, **_bare(changes.handles or {})}
    given = {name: getattr(changes, name) for name in FIELDS}
    if changes.most_posts == 0:
        given["most_posts_days"] = 0
    changed = replace(
        known,
        name=known.name if changes.name is None else _named(changes.name),
        why=known.why if changes.why is None else without_invisible(changes.why),
        website=known.website if changes.website is None else _website(changes.website),
        topics=known.topics if changes.topics is None else _topics(changes.topics),
        handles=MappingProxyType(handles),
        tag_ok=known.tag_ok if changes.tag_ok is None else changes.tag_ok,
        **checked_fields({name: value for name, value in given.items() if value is not None}),
    )
    check_limit(changed)
    return changed


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
