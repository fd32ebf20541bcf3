"""Merging of partners in the store: all that names one of them names the other from then on.

Every table with a reference to a partner is found in the schema, so that a new one needs no code
here. Rows keep all their other values.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Table, UniqueConstraint, and_, delete, select, update
from sqlalchemy import func as sql

from crosspromo.domain.sign_off import Answer
from crosspromo.store.schema import (
    introductions,
    merged_partners,
    metadata,
    partner_terms,
    partners,
    sign_off_links,
)
from crosspromo.store.sql.statements import no_earlier_than


class MergedPartner(NamedTuple):
    """Partner (`slug`, `name`) who became part of the partner `into`."""

    slug: str
    name: str
    into: str
    at: datetime
    who: str


class PartnerMerging:
    """Merges partners within one transaction, and knows those who were merged."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def move(self, gone: str, into: str, at: datetime, who: str) -> Mapping[str, int]:
        """Move all that names the partner `gone` to the partner `into`, and delete `gone`.

        The number of rows that moved is returned, by table. Where a row would then stand twice, as
        for a post about both, one stays. Terms of `gone` end. Links by which `gone` could still
        agree to a post end, too: doubt is no consent. An introduction of the two ends.
        """
        ids = {slug: self._id(slug) for slug in (gone, into)}
        name = select(partners.c.name).where(partners.c.slug == gone)
        said = self._connection.execute(name).scalar_one()
        self._connection.execute(
            update(partner_terms)
            .where(partner_terms.c.partner_id == ids[gone], partner_terms.c.until.is_(None))
            .values(until=no_earlier_than(partner_terms.c.since, at))
        )
        moved = {
            column.table.name: self._move(column, ids[gone], ids[into])
            for column in naming_columns()
        }
        self._call_back_links(gone, at)
        both = introductions.c.needing_id == introductions.c.offering_id
        self._connection.execute(delete(introductions).where(both))  # of one to themselves
        declined = update(introductions).where(introductions.c.declined_for == gone)
        self._connection.execute(declined.values(declined_for=into))
        self._connection.execute(delete(partners).where(partners.c.id == ids[gone]))
        self._connection.execute(
            merged_partners.insert().values(
                slug=gone, name=said, partner_id=ids[into], at=at, who=who
            )
        )
        return moved

    def merged(self, slug: str) -> MergedPartner | None:
        """Partner who was merged, by former slug; None for another slug."""
        return next(iter(self._found(merged_partners.c.slug == slug)), None)

    def parts_of(self, partner: str) -> Sequence[MergedPartner]:
        """Partners who became part of this one, by slug."""
        return self._found(partners.c.slug == partner)

    def all(self) -> Mapping[str, str]:
        """Slug of the partner whom each merged one became part of, by former slug."""
        query = select(merged_partners.c.slug, partners.c.slug.label("into")).join(
            partners, partners.c.id == merged_partners.c.partner_id
        )
        return {row.slug: row.into for row in self._connection.execute(query)}

    def _found(self, condition: Any) -> Sequence[MergedPartner]:
        query = (
            select(
                merged_partners.c.slug,
                merged_partners.c.name,
                partners.c.slug.label("into"),
                merged_partners.c.at,
                merged_partners.c.who,
            )
            .join(partners, partners.c.id == merged_partners.c.partner_id)
            .where(condition)
            .order_by(merged_partners.c.slug)
        )
        return [MergedPartner(*row) for row in self._connection.execute(query)]

    def _id(self, slug: str) -> int:
        query = select(partners.c.id).where(partners.c.slug == slug).with_for_update()
        found: int = self._connection.execute(query).scalar_one()
        return found

    def _move(self, column: "Column[Any]", gone: int, into: int) -> int:
        table = column.table
        rest = [each for each in table.primary_key if each is not column]
        if column.primary_key:
            there = table.alias()
            same = and_(*(there.c[each.name] == each for each in rest))
            twice = select(sql.count()).where(there.c[column.name] == into, same).scalar_subquery()
            self._connection.execute(delete(table).where(column == gone, twice > 0))
        return self._connection.execute(
            update(table).where(column == gone).values({column.name: into})
        ).rowcount

    def _call_back_links(self, gone: str, at: datetime) -> None:
        """End the links of the partner, but those whose answer a person has to see."""
        links = sign_off_links
        is_seen_to = links.c.answer.is_(None) | (links.c.answer == Answer.YES)
        self._connection.execute(
            update(links)
            .where(links.c.partner == gone, links.c.called_back_at.is_(None), is_seen_to)
            .values(called_back_at=at)
        )


def naming_columns() -> Iterator["Column[Any]"]:
    """Columns of all tables that name a partner."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is partners.c.id for key in column.foreign_keys):
                yield column


def kept_apart(column: "Column[Any]") -> bool:
    """Whether the rows of two partners can become those of one without meeting each other.

    So it is where the column is in no unique key, or in the primary key with others: of two equal
    rows one stays there.
    """
    table = column.table
    assert isinstance(table, Table)
    keys = [
        *(each.columns for each in table.constraints if isinstance(each, UniqueConstraint)),
        *(each.columns for each in table.indexes if each.unique),
    ]
    met = any(column in columns.values() for columns in keys)
    return not met and not (column.primary_key and len(table.primary_key.columns) == 1)
