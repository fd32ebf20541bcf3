"""Partners in the store, by slug."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, exists, func, select, update

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.partner_rows import LISTS
from crosspromo.domain.partners import Partner, References
from crosspromo.domain.permissions import Scope
from crosspromo.domain.reasons.not_found import NoSuchPartner
from crosspromo.domain.states import State
from crosspromo.store.schema import (
    deliveries,
    delivery_needs,
    event_partners,
    ledger,
    partners,
    permissions,
    post_partners,
)

UNFINISHED = (State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN)
"""States of a delivery that are not final."""


class Partners:
    """Partners by slug."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, partner: Partner) -> Change:
        """Add a new partner, or update the stored partner with equal slug.

        `tag_ok` is worked out from permissions, and not stored here.
        """
        row = self._connection.execute(
            _PARTNERS.where(partners.c.slug == partner.slug)
        ).one_or_none()
        values = _values(partner)
        if row is None:
            self._connection.execute(partners.insert().values(**values))
            return Change.NEW
        if _values(_partner(row)) == values:
            return Change.UNCHANGED
        self._connection.execute(
            update(partners).where(partners.c.slug == partner.slug).values(**values)
        )
        return Change.UPDATED

    def save_all(self, new: Sequence[Partner], changed: Sequence[Partner]) -> None:
        """Add partners whose slugs are new, and update stored ones."""
        if new:
            self._connection.execute(partners.insert(), [_values(partner) for partner in new])
        if changed:
            values = [{**_values(partner), "known_slug": partner.slug} for partner in changed]
            query = update(partners).where(partners.c.slug == bindparam("known_slug"))
            self._connection.execute(query, values)

    def remove(self, slug: str) -> None:
        """Delete a partner to whom nothing refers: see `references`."""
        self._connection.execute(delete(partners).where(partners.c.slug == slug))

    def references(self, slugs: Collection[str]) -> dict[str, References]:
        """Rows that refer to these partners, by slug; partners without any are left out."""
        counts: dict[str, list[int]] = {}
        places = ((0, post_partners), (1, event_partners), (2, ledger), (0, delivery_needs))
        for place, table in places:
            query = (
                select(partners.c.slug, func.count())
                .join(table, table.c.partner_id == partners.c.id)
                .group_by(partners.c.slug)
            )
            if len(slugs) == 1:
                query = query.where(partners.c.slug.in_(slugs))
            for slug, count in self._connection.execute(query):
                if slug in slugs:
                    known = counts.setdefault(slug, [0, 0, 0])
                    known[place] = max(known[place], count)
        return {slug: References(*found) for slug, found in counts.items()}

    def find(self, slug: str) -> Partner | None:
        """Partner by slug; None if unknown."""
        row = self._connection.execute(_PARTNERS.where(partners.c.slug == slug)).one_or_none()
        return None if row is None else _partner(row)

    def get(self, slug: str) -> Partner:
        """Partner by slug; NotFoundError, with up to three similar slugs, if unknown."""
        partner = self.find(slug)
        if partner is not None:
            return partner
        # Imported for the error only: the import of difflib takes time.
        from difflib import get_close_matches  # noqa: PLC0415

        slugs = self._connection.execute(select(partners.c.slug)).scalars()
        near = get_close_matches(slug, list(slugs), n=3)
        raise NotFoundError(NoSuchPartner(slug, tuple(near)))

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
        """Row ids of these partners, sorted by slug; NotFoundError for an unknown slug."""
        wanted = sorted(set(slugs))
        query = select(partners.c.slug, partners.c.id).where(partners.c.slug.in_(wanted))
        found = {row.slug: row.id for row in self._connection.execute(query)}
        for slug in wanted:
            if slug not in found:
                self.get(slug)
        return [found[slug] for slug in wanted]


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
