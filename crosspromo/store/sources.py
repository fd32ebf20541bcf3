"""Sources in the store, and the items that were found in them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, select, update

from crosspromo.domain.sources import (
    HeldBack,
    Occasion,
    Source,
    SourceKind,
    Suggestion,
    SuggestionState,
)
from crosspromo.store.schema import partners, source_events, sources, suggestions

MOST_IN_A_QUERY = 500
"""Identities that are looked up by one query."""


class Sources:
    """Sources of a workspace."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, kind: SourceKind, address: str, partner: str | None, who: str, now: datetime
    ) -> int:
        """Add a source that is read at once; returns its number."""
        row = self._connection.execute(
            sources.insert()
            .values(
                kind=kind,
                address=address,
                partner_id=self._partner_id(partner),
                title="",
                added_at=now,
                added_by=who,
                next_at=now,
                failures=0,
                latest=[],
            )
            .returning(sources.c.id)
        )
        return int(row.scalar_one())

    def all(self) -> Sequence[Source]:
        """Sources, by number: the earliest addition first."""
        return [_source(row) for row in self._connection.execute(WHOLE.order_by(sources.c.id))]

    def find(self, number: int) -> Source | None:
        """Source of a number; None: no source has it."""
        row = self._connection.execute(WHOLE.where(sources.c.id == number)).one_or_none()
        return None if row is None else _source(row)

    def at_address(self, address: str) -> Source | None:
        """Source of an address; None: no source has it."""
        row = self._connection.execute(WHOLE.where(sources.c.address == address)).one_or_none()
        return None if row is None else _source(row)

    def due(self, now: datetime, most: int) -> Sequence[Source]:
        """Sources that are to be read at `now` or before, those first that wait longest."""
        due = WHOLE.where(sources.c.next_at <= now)
        query = due.order_by(sources.c.next_at, sources.c.id).limit(most)
        return [_source(row) for row in self._connection.execute(query)]

    def claim(self, source: Source, until: datetime) -> bool:
        """Put the next reading off until then; False where another process did so meanwhile."""
        done = self._connection.execute(
            update(sources)
            .where(sources.c.id == source.number, sources.c.next_at == source.next_at)
            .values(next_at=until)
        )
        return done.rowcount == 1

    def save(self, source: Source) -> None:
        """Keep what a reading brought."""
        held = source.held_back
        self._connection.execute(
            update(sources)
            .where(sources.c.id == source.number)
            .values(
                kind=source.kind,
                title=source.title,
                next_at=source.next_at,
                tried_at=source.tried_at,
                read_at=source.read_at,
                failures=source.failures,
                fault=source.fault,
                etag=source.etag,
                last_modified=source.last_modified,
                latest=[each.isoformat() for each in source.latest],
                held_gone=held and held.gone,
                held_known=held and held.known,
                held_since=held and held.since,
            )
        )

    def remove(self, number: int) -> None:
        """Delete a source and its items; what was taken of a calendar stays."""
        self._connection.execute(delete(source_events).where(source_events.c.source_id == number))
        self._connection.execute(delete(suggestions).where(suggestions.c.source_id == number))
        self._connection.execute(delete(sources).where(sources.c.id == number))

    def _partner_id(self, slug: str | None) -> int | None:
        if slug is None:
            return None
        query = select(partners.c.id).where(partners.c.slug == slug)
        return int(self._connection.execute(query).scalar_one())


class Suggestions:
    """Suggestions of a workspace: items of its sources."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, source: int, identities: Collection[str]) -> set[str]:
        """Those of the identities that the source had before."""
        wanted, found = list(identities), set[str]()
        for begin in range(0, len(wanted), MOST_IN_A_QUERY):
            query = select(suggestions.c.identity).where(
                suggestions.c.source_id == source,
                suggestions.c.identity.in_(wanted[begin : begin + MOST_IN_A_QUERY]),
            )
            found.update(self._connection.execute(query).scalars())
        return found

    def known_pages(self, pages: Collection[str]) -> set[str]:
        """Those of the pages to which an item of any source leads."""
        wanted, found = list(pages), set[str]()
        for begin in range(0, len(wanted), MOST_IN_A_QUERY):
            query = select(suggestions.c.page).where(
                suggestions.c.page.in_(wanted[begin : begin + MOST_IN_A_QUERY])
            )
            found.update(self._connection.execute(query).scalars())
        return found

    def add_all(self, items: Sequence[tuple[str, str, Suggestion]]) -> None:
        """Add items, each with its identity and its page; their own numbers are not used."""
        if not items:
            return
        ids = self._partner_ids({each.partner for *_, each in items if each.partner})
        self._connection.execute(
            suggestions.insert(),
            [
                {
                    "source_id": each.source,
                    "identity": identity,
                    "occasion": each.occasion,
                    "partner_id": None if each.partner is None else ids[each.partner],
                    "title": each.title,
                    "link": each.link,
                    "page": page,
                    "summary": each.summary,
                    "published_at": each.published_at,
                    "found_at": each.found_at,
                    "state": each.state,
                }
                for identity, page, each in items
            ],
        )

    def open(self, limit: int, partner: str | None = None) -> Sequence[Suggestion]:
        """Latest open suggestions, the newest first; of one partner alone, where one is named."""
        query = ITEMS.where(suggestions.c.state == SuggestionState.OPEN)
        if partner is not None:
            query = query.where(partners.c.slug == partner)
        query = query.order_by(suggestions.c.id.desc()).limit(limit)
        return [_suggestion(row) for row in self._connection.execute(query)]

    def count_open(self) -> int:
        """Number of open suggestions."""
        is_open = suggestions.c.state == SuggestionState.OPEN
        query = select(func.count()).select_from(suggestions).where(is_open)
        return int(self._connection.execute(query).scalar_one())

    def find(self, number: int) -> Suggestion | None:
        """Suggestion by number; None if unknown."""
        row = self._connection.execute(ITEMS.where(suggestions.c.id == number)).one_or_none()
        return None if row is None else _suggestion(row)

    def decide(
        self,
        number: int,
        into: SuggestionState,
        who: str,
        now: datetime,
        *,
        post: int | None = None,
        reason: str | None = None,
    ) -> bool:
        """Decide about an open suggestion; False where somebody did so before."""
        done = self._connection.execute(
            update(suggestions)
            .where(suggestions.c.id == number, suggestions.c.state == SuggestionState.OPEN)
            .values(state=into, decided_at=now, decided_by=who, post_id=post, reason=reason)
        )
        return done.rowcount == 1

    def _partner_ids(self, slugs: Collection[str]) -> dict[str, int]:
        query = select(partners.c.slug, partners.c.id).where(partners.c.slug.in_(slugs))
        return {row.slug: row.id for row in self._connection.execute(query)}


WHOLE: Select[Any] = select(sources, partners.c.slug.label("partner")).join_from(
    sources, partners, partners.c.id == sources.c.partner_id, isouter=True
)

ITEMS: Select[Any] = select(suggestions, partners.c.slug.label("partner")).join_from(
    suggestions, partners, partners.c.id == suggestions.c.partner_id, isouter=True
)


def _source(row: Row[Any]) -> Source:
    return Source(
        number=row.id,
        kind=SourceKind(row.kind),
        address=row.address,
        partner=row.partner,
        title=row.title,
        added_at=row.added_at,
        next_at=row.next_at,
        tried_at=row.tried_at,
        read_at=row.read_at,
        failures=row.failures,
        fault=row.fault,
        etag=row.etag,
        last_modified=row.last_modified,
        latest=tuple(datetime.fromisoformat(each) for each in row.latest),
        held_back=None
        if row.held_since is None
        else HeldBack(row.held_gone, row.held_known, row.held_since),
    )


def _suggestion(row: Row[Any]) -> Suggestion:
    return Suggestion(
        number=row.id,
        source=row.source_id,
        occasion=Occasion(row.occasion),
        partner=row.partner,
        title=row.title,
        link=row.link,
        summary=row.summary,
        published_at=row.published_at,
        found_at=row.found_at,
        state=SuggestionState(row.state),
        post=row.post_id,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reason=row.reason,
    )
