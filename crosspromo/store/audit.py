"""Every human act that bends or settles something: who, what, when and why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from crosspromo.domain.audit import AuditEntry
from crosspromo.store.schema import audit


class Audit:
    """The audit log. Rows are only ever added."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, at: datetime, who: str, act: str, subject: str, reason: str | None) -> None:
        """Write one line."""
        self._connection.execute(
            audit.insert().values(at=at, who=who, act=act, subject=subject, reason=reason)
        )

    def entries(self, since: datetime | None = None) -> Sequence[AuditEntry]:
        """Every line, or those from `since` on, the latest first."""
        query = select(audit).order_by(audit.c.at.desc(), audit.c.id.desc())
        if since is not None:
            query = query.where(audit.c.at >= since)
        return [
            AuditEntry(row.at, row.who, row.act, row.subject, row.reason)
            for row in self._connection.execute(query)
        ]
