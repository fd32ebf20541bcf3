"""Audit log in the store: human acts that bend a rule or settle a delivery, with their reasons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from crosspromo.domain.audit import AuditEntry
from crosspromo.store.schema import audit


class Audit:
    """Audit log. Rows are added, and never changed or deleted. All lists have the latest first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, at: datetime, who: str, act: str, subject: str, reason: str | None) -> None:
        """Add an entry."""
        self._connection.execute(
            audit.insert().values(at=at, who=who, act=act, subject=subject, reason=reason)
        )

    def about(self, subjects: Sequence[str]) -> Sequence[AuditEntry]:
        """Audit entries about these subjects."""
        return self._read(_LATEST_FIRST.where(audit.c.subject.in_(subjects)))

    def latest(self, most: int, before: int | None = None) -> Sequence[AuditEntry]:
        """At most `most` audit entries, those before the entry with the id `before` (None: all)."""
        query = select(audit).order_by(audit.c.id.desc()).limit(most)
        return self._read(query if before is None else query.where(audit.c.id < before))

    def entries(self, since: datetime | None = None) -> Sequence[AuditEntry]:
        """Audit entries from `since` on (None: all entries)."""
        return self._read(
            _LATEST_FIRST if since is None else _LATEST_FIRST.where(audit.c.at >= since)
        )

    def _read(self, query: Select[Any]) -> Sequence[AuditEntry]:
        return [
            AuditEntry(row.id, row.at, row.who, row.act, row.subject, row.reason)
            for row in self._connection.execute(query)
        ]


_LATEST_FIRST = select(audit).order_by(audit.c.at.desc(), audit.c.id.desc())
