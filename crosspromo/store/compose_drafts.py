"""Drafts of the console in the store: typed values as one JSON document each."""

from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, delete, func, select, update

from crosspromo.domain.compose_drafts import Composed, Draft
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.reasons.not_found import NoSuchDraft
from crosspromo.store.schema import compose_drafts as drafts


class ComposeDrafts:
    """Drafts, each of one person: nobody else finds it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, token: str, person: int, composed: Composed, now: datetime) -> bool:
        """Store what was typed; False where the draft is another person's, or was queued."""
        content = msgspec.json.encode(composed).decode()
        done = self._connection.execute(
            update(drafts)
            .where(drafts.c.token == token, drafts.c.person_id == person)
            .where(drafts.c.post_id.is_(None))
            .values(content=content, saved_at=now)
        )
        if done.rowcount:
            return True
        # Only the dialect in use is imported, as in `tellings`.
        dialect = import_module(f"sqlalchemy.dialects.{self._connection.dialect.name}")
        row = {"token": token, "person_id": person, "content": content, "saved_at": now}
        added = self._connection.execute(
            dialect.insert(drafts).values(row).on_conflict_do_nothing(),
            execution_options={"preserve_rowcount": True},
        )
        return bool(added.rowcount)

    def get(self, token: str, person: int) -> Draft:
        """Draft of the person; NotFoundError for any other."""
        query = _ALL.where(drafts.c.token == token, drafts.c.person_id == person)
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFoundError(NoSuchDraft(token))
        return _draft(row)

    def of(self, person: int, most: int) -> tuple[Sequence[Draft], int]:
        """At most `most` drafts of the person that were not queued, the latest first.

        With them comes the number of them all.
        """
        query = _ALL.add_columns(func.count().over().label("total"))
        query = query.where(drafts.c.person_id == person, drafts.c.post_id.is_(None))
        found = self._connection.execute(query.order_by(drafts.c.saved_at.desc()).limit(most))
        rows = found.all()
        return [_draft(row) for row in rows], rows[0].total if rows else 0

    def become(self, token: str, person: int, post: int, composed: Composed) -> bool:
        """Note which post the draft became, and keep of what was typed its mark only.

        False where it became one before, or is gone. Of two transactions at once, one gets False.
        """
        done = self._connection.execute(
            update(drafts)
            .where(drafts.c.token == token, drafts.c.person_id == person)
            .where(drafts.c.post_id.is_(None))
            .values(content=msgspec.json.encode({"mark": composed.mark}).decode(), post_id=post)
        )
        return done.rowcount > 0

    def throw_away(self, token: str, person: int) -> None:
        """Delete the draft; one that was queued stays."""
        self._connection.execute(
            delete(drafts)
            .where(drafts.c.token == token, drafts.c.person_id == person)
            .where(drafts.c.post_id.is_(None))
        )


_ALL: Select[Any] = select(
    drafts.c.token, drafts.c.person_id, drafts.c.content, drafts.c.saved_at, drafts.c.post_id
)


def _draft(row: Row[Any]) -> Draft:
    composed = msgspec.json.decode(row.content, type=Composed)
    mark = "" if row.post_id is None else msgspec.json.decode(row.content).get("mark", "")
    return Draft(row.token, row.person_id, composed, row.saved_at, row.post_id, mark)
