"""Every human act that bends or settles something: who, what, when and why."""

from datetime import datetime

from sqlalchemy import Connection

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
