"""History of the terms of partners in the store: list, closeness, own cadence, from and until.

It is written by the saving of partners (`store/partners.py`) and by nothing else.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select, update

from crosspromo.domain.partner_terms import Term, terms_of
from crosspromo.domain.partners import Partner
from crosspromo.store.schema import partner_terms as terms
from crosspromo.store.schema import partners
from crosspromo.store.sql.statements import no_earlier_than

MOST_AT_ONCE = 500
"""Slugs that one query asks for."""


class Saved(NamedTuple):
    """Partner before (None: new) and after saving."""

    before: Partner | None
    after: Partner


class PartnerTerms:
    """Terms of partners by slug."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(self, saved: Sequence[Saved], at: datetime) -> None:
        """Record the terms that changed: the old ones end at the time, the new ones begin."""
        changed = [(each.after.slug, *term) for each in saved for term in _changes(each)]
        if not changed:
            return
        ids = self._ids([slug for slug, *_ in changed])
        ended = [
            {"of": ids[slug], "named": field, "at": at} for slug, field, was, _ in changed if was
        ]
        begun = [
            {"partner_id": ids[slug], "field": field, "value": value, "since": at}
            for slug, field, _, value in changed
            if value
        ]
        if ended:
            self._connection.execute(_END, ended)
        if begun:
            self._connection.execute(terms.insert(), begun)

    def of(self, partner: str) -> Sequence[Term]:
        """Terms of a partner, by field, the latest first."""
        query = (
            select(terms.c.field, terms.c.value, terms.c.since, terms.c.until)
            .join(partners, partners.c.id == terms.c.partner_id)
            .where(partners.c.slug == partner)
            .order_by(terms.c.field, terms.c.since.desc(), terms.c.id.desc())
        )
        return [Term(*row) for row in self._connection.execute(query)]

    def cadences_since(self) -> Mapping[str, datetime]:
        """Time since when each partner has its present cadence, where it is known, by slug.

        That of an own cadence goes before that of the closeness.
        """
        query = (
            select(partners.c.slug, terms.c.since)
            .join(partners, partners.c.id == terms.c.partner_id)
            .where(terms.c.until.is_(None), terms.c.field.in_(("closeness", "cadence")))
            .order_by(terms.c.field.desc())
        )
        return {row.slug: row.since for row in self._connection.execute(query)}

    def _ids(self, slugs: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        wanted = list(dict.fromkeys(slugs))
        for first in range(0, len(wanted), MOST_AT_ONCE):
            some = wanted[first : first + MOST_AT_ONCE]
            query = select(partners.c.slug, partners.c.id).where(partners.c.slug.in_(some))
            found |= {row.slug: row.id for row in self._connection.execute(query)}
        return found


def _changes(saved: Saved) -> Sequence[tuple[str, str, str]]:
    """Fields whose terms changed, each with the value before and after."""
    before = {} if saved.before is None else terms_of(saved.before)
    after = terms_of(saved.after)
    return [
        (field, before.get(field, ""), value)
        for field, value in after.items()
        if before.get(field, "") != value
    ]


_END = (
    update(terms)
    .where(
        terms.c.partner_id == bindparam("of"),
        terms.c.field == bindparam("named"),
        terms.c.until.is_(None),
    )
    .values(until=no_earlier_than(terms.c.since, bindparam("at", type_=terms.c.until.type)))
)
