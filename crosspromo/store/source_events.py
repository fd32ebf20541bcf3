"""Events of calendars in the store, with what people said about them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from crosspromo.domain.events import Event
from crosspromo.domain.source_events import Identity, SourceEvent, SourceEventState
from crosspromo.store.schema import events, partners, source_events, sources

Value = TypeVar("Value")

MOST_IN_A_QUERY = 500
"""Identities that are looked up by one query."""

_EDITION = frozenset({each.name for each in fields(Event)} & set(source_events.c.keys()))
"""Names of the columns that keep an edition."""

_WAITS = (SourceEventState.PROPOSED, SourceEventState.GONE)

ANY_WAITS = select(literal(1).label("is_so")).where(source_events.c.state.in_(_WAITS)).limit(1)
"""SQL: one row if any event of a calendar waits for a decision, or did until it was over."""


class Known(NamedTuple):
    """Event of ours by slug; `led`: a calendar that is read leads it."""

    slug: str
    led: bool


class SourceEvents:
    """Events of the calendars of a workspace."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def coming(self, source: int, now: datetime) -> Sequence[SourceEvent]:
        """Events of a calendar that are not over."""
        return self._found((source_events.c.source_id == source) & (source_events.c.ends_at > now))

    def at(self, source: int, identities: Collection[Identity]) -> Sequence[SourceEvent]:
        """Those events of a calendar that have one of these identities."""
        wanted, found = set(identities), list[SourceEvent]()
        for uids in _lots({each.uid for each in wanted}):
            is_of = (source_events.c.source_id == source) & source_events.c.uid.in_(uids)
            found += [each for each in self._found(is_of) if each.identity in wanted]
        return found

    def ours(self, uids: Collection[str]) -> Mapping[Identity, Known]:
        """Events of ours with these UIDs."""
        led = exists().where(source_events.c.event_id == events.c.id, source_events.c.leads)
        found = {}
        for some in _lots(set(uids)):
            query = select(events.c.uid, events.c.recurrence, events.c.slug, led.label("led"))
            for row in self._connection.execute(query.where(events.c.uid.in_(some))):
                found[Identity(row.uid, row.recurrence)] = Known(row.slug, row.led)
        return found

    def merged(self, uids: Collection[str]) -> Mapping[Identity, str]:
        """Slugs of events of ours that events of calendars with these UIDs were made one with."""
        found = {}
        for some in _lots(set(uids)):
            is_other = events.c.uid != source_events.c.uid
            query = select(
                source_events.c.uid, source_events.c.recurrence, events.c.slug
            ).join_from(source_events, events, (events.c.id == source_events.c.event_id) & is_other)
            for row in self._connection.execute(query.where(source_events.c.uid.in_(some))):
                found[Identity(row.uid, row.recurrence)] = row.slug
        return found

    def waiting(self, limit: int, now: datetime) -> Sequence[SourceEvent]:
        """Events that wait for a decision and are not over, those that begin first; `limit` of them
        at most.
        """
        is_waiting = source_events.c.state.in_(_WAITS) & (source_events.c.ends_at > now)
        return self._found(is_waiting, limit, source_events.c.starts_at, source_events.c.id)

    def count_waiting(self, now: datetime) -> tuple[int, datetime | None]:
        """Number of series and single events that wait for a decision, and since when the first
        does; those that are over do not wait any more.
        """
        of = source_events.c
        series = (
            select(func.min(of.found_at).label("since"))
            .where(of.state.in_(_WAITS), of.ends_at > now)
            .group_by(of.source_id, of.uid, of.state)
            .subquery()
        )
        query = select(func.count(), func.min(series.c.since)).select_from(series)
        total, since = self._connection.execute(query).one()
        return int(total), since

    def find(self, number: int) -> SourceEvent | None:
        """Event of a calendar by number; None if unknown."""
        found = self._found(source_events.c.id == number)
        return found[0] if found else None

    def of_series(self, event: SourceEvent) -> Sequence[SourceEvent]:
        """Dates of the event's series in its calendar that have its state, the earliest first."""
        is_of = (source_events.c.source_id == event.source) & (
            source_events.c.uid == event.edition.uid
        )
        is_alike = is_of & (source_events.c.state == event.state)
        return self._found(is_alike, None, source_events.c.starts_at)

    def add_all(self, found: Sequence[SourceEvent]) -> None:
        """Add events of calendars; their own numbers are not used."""
        if not found:
            return
        ids = self._event_ids({each.slug for each in found if each.slug is not None})
        self._connection.execute(
            source_events.insert(),
            [
                {
                    **_values(each.edition),
                    "source_id": each.source,
                    "state": each.state,
                    "leads": each.leads,
                    "event_id": None if each.slug is None else ids[each.slug],
                    "found_at": each.found_at,
                }
                for each in found
            ],
        )

    def save_editions(self, found: Sequence[SourceEvent]) -> None:
        """Keep the edition and the state of events that are there, by number."""
        if not found:
            return
        self._connection.execute(
            update(source_events).where(source_events.c.id == bindparam("number")),
            [
                {**_values(each.edition), "state": each.state, "number": each.number}
                for each in found
            ],
        )

    def remove(self, numbers: Iterable[int]) -> None:
        """Forget events that were only proposed."""
        for some in _lots(set(numbers)):
            self._connection.execute(delete(source_events).where(source_events.c.id.in_(some)))

    def decide(
        self,
        event: SourceEvent,
        into: SourceEventState,
        who: str,
        now: datetime,
        *,
        slug: str | None = None,
        leads: bool = False,
        reason: str | None = None,
    ) -> bool:
        """Decide about an event in the state that it had; False where somebody did so before.

        `slug` is that of the event which it becomes; what it was before stays so.
        """
        ours = slug or event.slug
        ids = {} if ours is None else self._event_ids({ours})
        done = self._connection.execute(
            update(source_events)
            .where(source_events.c.id == event.number, source_events.c.state == event.state)
            .values(
                state=into,
                event_id=None if ours is None else ids[ours],
                leads=leads or event.leads,
                decided_at=now,
                decided_by=who,
                reason=reason,
            )
        )
        return done.rowcount == 1

    def _event_ids(self, slugs: Collection[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for some in _lots(slugs):
            query = select(events.c.slug, events.c.id).where(events.c.slug.in_(some))
            found |= {row.slug: row.id for row in self._connection.execute(query)}
        return found

    def _found(
        self, where: ColumnElement[bool], limit: int | None = None, *order: ColumnElement[Any]
    ) -> list[SourceEvent]:
        query = _WHOLE.where(where).order_by(*(order or (source_events.c.id,))).limit(limit)
        return [_source_event(row) for row in self._connection.execute(query)]


_WHOLE: Select[Any] = (
    select(source_events, events.c.slug.label("ours"), partners.c.slug.label("partner"))
    .join_from(source_events, sources, sources.c.id == source_events.c.source_id)
    .join(events, events.c.id == source_events.c.event_id, isouter=True)
    .join(partners, partners.c.id == sources.c.partner_id, isouter=True)
)


def _lots(wanted: Collection[Value]) -> Iterable[Sequence[Value]]:
    every = list(wanted)
    return (every[at : at + MOST_IN_A_QUERY] for at in range(0, len(every), MOST_IN_A_QUERY))


def _values(edition: Event) -> dict[str, Any]:
    return {name: getattr(edition, name) for name in _EDITION}


def _source_event(row: Row[Any]) -> SourceEvent:
    values = row._asdict()
    return SourceEvent(
        number=row.id,
        source=row.source_id,
        edition=Event(**{name: values[name] for name in _EDITION}),
        state=SourceEventState(row.state),
        found_at=row.found_at,
        leads=row.leads,
        slug=row.ours,
        partner=row.partner,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
    )
