"""Last contacts with partners: shares that we gave, what we received, what a person noted.

None of it is typed in as such. Each time is looked up in an index, for all partners in one query.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, select

from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.partners_due import LastContacts
from crosspromo.store.schema import IS_COUNTED, ledger, partner_entries, partners, received
from crosspromo.store.shares import MANY_POSTS, Shares

LATELY = timedelta(days=90)
"""Time in which shares are looked up by when they were sent; before it, by partner."""


class Contacts:
    """Last contacts with partners within one transaction."""

    def __init__(self, connection: Connection, shares: Shares) -> None:
        self._connection = connection
        self._shares = shares

    def shared(self, slugs: Collection[str], now: datetime) -> Mapping[str, datetime]:
        """Time of the last share of each of these partners, outside posts too, by slug."""
        wanted = set(slugs)
        if not wanted:
            return {}
        last = dict(self._shares.last_given(wanted, now - LATELY, now))
        last |= self._shares.last_shared(wanted - last.keys())
        counted = IS_COUNTED, ledger.c.others > 0, ledger.c.at <= now
        for slug, at in self._latest(wanted, ledger, ledger.c.at, *counted).items():
            last[slug] = max(at, last.get(slug, at))
        return last

    def last(self, slugs: Collection[str], now: datetime) -> Mapping[str, LastContacts]:
        """Last contacts with each of these partners, by slug."""
        shared = self.shared(slugs, now)
        got = self._latest(slugs, received, received.c.at)
        is_contact = partner_entries.c.kind == EntryKind.CONTACT
        noted = self._latest(slugs, partner_entries, partner_entries.c.day, is_contact)
        return {
            slug: LastContacts(
                shared.get(slug),
                got.get(slug),
                date.fromisoformat(noted[slug]) if slug in noted else None,
            )
            for slug in slugs
        }

    def received_and_noted(self, slug: str) -> LastContacts:
        """Last times of a partner that are known from what was received and noted alone."""
        is_contact = partner_entries.c.kind == EntryKind.CONTACT
        query = select(
            _last(received, received.c.at),
            _last(partner_entries, partner_entries.c.day, is_contact),
        ).where(partners.c.slug == slug)
        got, noted = self._connection.execute(query).one()
        return LastContacts(None, got, None if noted is None else date.fromisoformat(noted))

    def _latest(
        self,
        slugs: Collection[str],
        table: Table,
        column: "Column[Any]",
        *conditions: ColumnElement[bool],
    ) -> dict[str, Any]:
        """Greatest value of the column in the rows of each of these partners."""
        query = select(partners.c.slug, _last(table, column, *conditions))
        if len(slugs) <= MANY_POSTS:
            query = query.where(partners.c.slug.in_(slugs))
        rows = self._connection.execute(query)
        return {slug: at for slug, at in rows if at is not None and slug in slugs}


def _last(table: Table, column: "Column[Any]", *conditions: ColumnElement[bool]) -> Any:
    """SQL: greatest value of the column in the rows of a partner."""
    return (
        select(func.max(column))
        .where(table.c.partner_id == partners.c.id, *conditions)
        .correlate(partners)
        .scalar_subquery()
    )
