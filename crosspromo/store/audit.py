"""Audit log in the store: human acts that bend a rule or settle a delivery, with their reasons."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from crosspromo.domain.audit import AuditEntry
from crosspromo.store.schema import audit


class Audit:
    """Audit log. Rows are added, and never changed or deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, at: datetime, who: str, act: str, subject: str, reason: str | None) -> None:
        """Add an entry."""
        self._connection.execute(
            audit.insert().values(at=at, who=who, act=act, subject=subject, reason=reason)
        )

    def entries(self, since: datetime | None = None) -> Sequence[AuditEntry]:
        """Audit entries from `since` on (None: all entries), latest first."""
        query = select(audit).order_by(audit.c.at.desc(), audit.c.id.desc())
        if since is not None:
            query = query.where(audit.c.at >= since)
        return [
            AuditEntry(row.at, row.who, row.act, row.subject, row.reason)
            for row in self._connection.execute(query)
        ]
