"""Diaries of partners in the store: notes, contacts, follow-ups, promises and blackouts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, select, update

from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.reasons.not_found import NoSuchEntry
from crosspromo.store.partners import Partners
from crosspromo.store.schema import partner_entries as entries
from crosspromo.store.schema import partners

DUE = (EntryKind.FOLLOW_UP, EntryKind.PROMISE)
"""Kinds of entries that are open until somebody closes them."""

_KEPT, _BROKEN = "kept", "not-kept"


class PartnerEntries:
    """Entries by number."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entry: Entry) -> Entry:
        """Add an entry; it is returned with its number. NotFoundError for an unknown partner."""
        (partner_id,) = Partners(self._connection).ids([entry.partner])
        done = self._connection.execute(
            entries.insert().values(
                partner_id=partner_id,
                kind=entry.kind,
                words=entry.words,
                day=entry.day.isoformat(),
                last_day=None if entry.last_day is None else entry.last_day.isoformat(),
                side=entry.side,
                recorded_at=entry.recorded_at,
                recorded_by=entry.recorded_by,
            )
        )
        key = done.inserted_primary_key
        return replace(entry, number=0 if key is None else int(key[0]))

    def get(self, number: int) -> Entry:
        """Entry with this number; NotFoundError for an unknown number."""
        row = self._connection.execute(_ALL.where(entries.c.id == number)).one_or_none()
        if row is None:
            raise NotFoundError(NoSuchEntry(number))
        return _entry(row)

    def of(self, partner: str, most: int) -> Sequence[Entry]:
        """At most `most` entries of the partner, the latest day first."""
        latest = entries.c.day.desc(), entries.c.id.desc()
        query = _ALL.where(partners.c.slug == partner).order_by(*latest).limit(most)
        return [_entry(row) for row in self._connection.execute(query)]

    def open_until(self, day: date | None) -> Sequence[Entry]:
        """Open follow-ups and promises that are due until the day (None: all), by day."""
        query = _ALL.where(entries.c.kind.in_(DUE), entries.c.closed_at.is_(None))
        if day is not None:
            query = query.where(entries.c.day <= day.isoformat())
        rows = self._connection.execute(query.order_by(entries.c.day, entries.c.id))
        return [_entry(row) for row in rows]

    def blackouts(self, day: date) -> Sequence[Entry]:
        """Blackouts that have not ended before the day, of all partners, by their first day."""
        query = _ALL.where(
            entries.c.kind == EntryKind.BLACKOUT, entries.c.last_day >= day.isoformat()
        )
        rows = self._connection.execute(query.order_by(entries.c.day, entries.c.id))
        return [_entry(row) for row in rows]

    def milestones(self, since: date) -> Sequence[Entry]:
        """Milestones of the day `since` and later, of all partners, by day."""
        query = _ALL.where(
            entries.c.kind == EntryKind.MILESTONE, entries.c.day >= since.isoformat()
        )
        rows = self._connection.execute(query.order_by(entries.c.day, entries.c.id))
        return [_entry(row) for row in rows]

    def close(self, number: int, at: datetime, who: str, *, kept: bool | None = None) -> None:
        """Close a follow-up or a promise; `kept`: of a promise."""
        outcome = None if kept is None else _KEPT if kept else _BROKEN
        self._connection.execute(
            update(entries)
            .where(entries.c.id == number)
            .values(closed_at=at, closed_by=who, outcome=outcome)
        )

    def remove(self, number: int) -> None:
        """Delete an entry."""
        self._connection.execute(delete(entries).where(entries.c.id == number))


_ALL: Select[Any] = select(entries, partners.c.slug).join(
    partners, partners.c.id == entries.c.partner_id
)


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        number=row.id,
        partner=row.slug,
        kind=EntryKind(row.kind),
        words=row.words,
        day=date.fromisoformat(row.day),
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        last_day=None if row.last_day is None else date.fromisoformat(row.last_day),
        side=None if row.side is None else Side(row.side),
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        kept=None if row.outcome is None else row.outcome == _KEPT,
    )
