"""Partners in the store, by slug."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    func,
    select,
    true,
    update,
)

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.partner_people import PartnerRole
from crosspromo.domain.partner_rows import LISTS
from crosspromo.domain.partners import Partner, References
from crosspromo.domain.permissions import IMPORTED, Scope
from crosspromo.domain.reasons.not_found import NoSuchPartner
from crosspromo.domain.states import State
from crosspromo.store.partner_terms import PartnerTerms, Saved
from crosspromo.store.schema import (
    deliveries,
    delivery_needs,
    event_partners,
    introductions,
    ledger,
    merged_partners,
    partner_entries,
    partner_people,
    partners,
    permissions,
    post_partners,
    received,
    sources,
    suggestions,
)

UNFINISHED = (State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN)
"""States of a delivery that are not final."""


class Partners:
    """Partners by slug."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, partner: Partner, at: datetime) -> Change:
        """Add a new partner, or update the stored partner with equal slug, at this time.

        What changes of the terms (`partner_terms`) is recorded as from then on. `tag_ok` is worked
        out from permissions, and not stored here.
        """
        row = self._connection.execute(
            _PARTNERS.where(partners.c.slug == partner.slug)
        ).one_or_none()
        values = _values(partner)
        known = None if row is None else _partner(row)
        if known is not None and _values(known) == values:
            return Change.UNCHANGED
        if known is None:
            self._connection.execute(partners.insert().values(**values))
        else:
            self._connection.execute(
                update(partners).where(partners.c.slug == partner.slug).values(**values)
            )
        self._terms.record([Saved(known, partner)], at)
        return Change.NEW if known is None else Change.UPDATED

    def save_all(self, new: Sequence[Partner], changed: Sequence[Partner], at: datetime) -> None:
        """Add partners whose slugs are new, and update stored ones, as `save` does."""
        known = {each.slug: each for each in self.all()} if changed else {}
        if new:
            self._connection.execute(partners.insert(), [_values(partner) for partner in new])
        if changed:
            values = [{**_values(partner), "known_slug": partner.slug} for partner in changed]
            query = update(partners).where(partners.c.slug == bindparam("known_slug"))
            self._connection.execute(query, values)
        saved = [Saved(None, each) for each in new]
        self._terms.record([*saved, *(Saved(known.get(each.slug), each) for each in changed)], at)

    @property
    def _terms(self) -> PartnerTerms:
        return PartnerTerms(self._connection)

    def remove(self, slug: str) -> None:
        """Delete a partner to whom nothing refers: see `references`."""
        self._connection.execute(delete(partners).where(partners.c.slug == slug))

    def references(self, slugs: Collection[str]) -> dict[str, References]:
        """Rows that refer to these partners, by slug; partners without any are left out."""
        counts: dict[str, list[int]] = {}
        places = (
            *((0, post_partners), (0, delivery_needs), (1, event_partners), (2, ledger)),
            *((3, partner_entries), (4, received)),
        )
        joined = [(place, table.c.partner_id, true()) for place, table in places]
        for place, column, where in (*joined, *_BY_HAND):
            query = (
                select(partners.c.slug, func.count())
                .join(column.table, column == partners.c.id)
                .where(where)
                .group_by(partners.c.slug)
            )
            if len(slugs) == 1:
                query = query.where(partners.c.slug.in_(slugs))
            for slug, count in self._connection.execute(query):
                if slug in slugs:
                    row = counts.setdefault(slug, [0] * _PLACES)
                    row[place] = max(row[place], count)
        return {
            slug: References(posts, events, rows, noted + got, sum(kept_up))
            for slug, (posts, events, rows, noted, got, *kept_up) in counts.items()
        }

    def find(self, slug: str) -> Partner | None:
        """Partner by slug; None if unknown."""
        row = self._connection.execute(_PARTNERS.where(partners.c.slug == slug)).one_or_none()
        return None if row is None else _partner(row)

    def get(self, slug: str) -> Partner:
        """Partner by slug; NotFoundError, with up to three similar slugs, if unknown.

        For the slug of a partner who was merged it is the one whom they became part of.
        """
        partner = self.find(slug) or self._merged(slug)
        if partner is not None:
            return partner
        # Imported for the error only: the import of difflib takes time.
        from difflib import get_close_matches  # noqa: PLC0415

        slugs = self._connection.execute(select(partners.c.slug)).scalars()
        near = get_close_matches(slug, list(slugs), n=3)
        raise NotFoundError(NoSuchPartner(slug, tuple(near)))

    def _merged(self, slug: str) -> Partner | None:
        query = _PARTNERS.join(
            merged_partners, merged_partners.c.partner_id == partners.c.id
        ).where(merged_partners.c.slug == slug)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _partner(row)

    def all(self) -> list[Partner]:
        """All partners, sorted by slug."""
        rows = self._connection.execute(_PARTNERS.order_by(partners.c.slug))
        return [_partner(row) for row in rows]

    def ready(
        self, account: str, since: datetime, without: Iterable[str], limit: int
    ) -> list[tuple[str, datetime | None]]:
        """Slugs of at most `limit` partners without a post on the account after `since`.

        Each slug comes with the time of the account's last post about the partner, or None.
        Partners without any post come first, then the longest ago. Partners with an unfinished
        delivery on the account, archived partners, and the slugs in `without`, are left out.
        """
        about = (
            select(deliveries.c.id)
            .join(post_partners, post_partners.c.post_id == deliveries.c.post_id)
            .where(post_partners.c.partner_id == partners.c.id, deliveries.c.account == account)
        )
        unfinished = about.where(deliveries.c.state.in_(UNFINISHED)).correlate(partners).exists()
        last = (
            about.with_only_columns(func.max(deliveries.c.published_at))
            .correlate(partners)
            .scalar_subquery()
        )
        query = (
            select(partners.c.slug, last.label("last"))
            .where(
                ~unfinished,
                (last.is_(None)) | (last <= since),
                partners.c.slug.not_in(without),
                partners.c.archived_at.is_(None),
            )
            .order_by(last.is_not(None), last, partners.c.slug)
            .limit(limit)
        )
        return [(row.slug, row.last) for row in self._connection.execute(query)]

    def statuses(self, slugs: Sequence[str]) -> dict[str, tuple[str, str]]:
        """Name and legal status of each known partner among `slugs`, by slug."""
        if not slugs:
            return {}
        query = select(partners.c.slug, partners.c.name, partners.c.status).where(
            partners.c.slug.in_(slugs)
        )
        return {slug: (name, status) for slug, name, status in self._connection.execute(query)}

    def ids(self, slugs: Iterable[str]) -> Sequence[int]:
        """Row ids of these partners, sorted by slug; NotFoundError for an unknown slug.

        For the slug of a partner who was merged it is the id of the one whom they became part of.
        """
        wanted = sorted(set(slugs))
        found = self._ids(wanted)
        for slug in wanted:
            if slug not in found:
                found[slug] = self._ids([self.get(slug).slug]).popitem()[1]
        return [found[slug] for slug in wanted]

    def _ids(self, slugs: Sequence[str]) -> dict[str, int]:
        query = select(partners.c.slug, partners.c.id).where(partners.c.slug.in_(slugs))
        return {row.slug: row.id for row in self._connection.execute(query)}


_FROM_A_LIST = and_(
    func.json_array_length(partner_people.c.roles) == 1,
    partner_people.c.roles[0].as_string() == PartnerRole.SIGN_OFF,
    func.coalesce(partner_people.c.mail, partner_people.c.phone).is_(None),
    partner_people.c.ended_at.is_(None),
)
"""SQL: all that is known of a person at a partner is what a list says: that they sign off."""

_BY_HAND: Sequence[tuple[int, Column[Any], ColumnElement[bool]]] = (
    (5, partner_people.c.partner_id, ~_FROM_A_LIST),
    (6, permissions.c.partner_id, permissions.c.evidence != IMPORTED),
    (7, introductions.c.needing_id, true()),
    (8, introductions.c.offering_id, true()),
    (9, sources.c.partner_id, true()),
    (10, suggestions.c.partner_id, true()),
)
"""Place, column that names a partner, and condition, of what no list adds to a partner."""

_PLACES = 11

_IS_A_YES = (
    permissions.c.partner_id == partners.c.id,
    permissions.c.scope == Scope.TAG,
    func.json_array_length(permissions.c.networks) == 0,
    permissions.c.until.is_(None),
    permissions.c.withdrawn_at.is_(None),
)

_PARTNERS: Select[Any] = select(
    partners, exists().where(*_IS_A_YES).correlate(partners).label("tag_ok")
)
"""Partners, with the answer whether they agreed to be tagged on every network without end."""


def _values(partner: Partner) -> dict[str, Any]:
    values = {field.name: getattr(partner, field.name) for field in fields(partner)}
    del values["tag_ok"]
    values["handles"] = dict(partner.handles)
    values["notes"] = dict(partner.notes)
    values |= {name: list(getattr(partner, name)) for name in LISTS}
    return values


def _partner(row: Row[Any]) -> Partner:
    values = row._asdict()
    del values["id"]
    values["handles"] = MappingProxyType(values["handles"])
    values["notes"] = MappingProxyType(values["notes"])
    values |= {name: tuple(values[name]) for name in LISTS}
    return Partner(**values)
