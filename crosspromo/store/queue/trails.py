"""Trails: what happened to a delivery, holds and people's acts, in one query for its page."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, cast, literal, null, select, union_all

from crosspromo.domain.audit import AuditEntry
from crosspromo.domain.deliveries import PastHold
from crosspromo.store.queue import reasons
from crosspromo.store.schema import audit, delivery_holds
from crosspromo.store.sql.statements import Among, CompiledSelect
from crosspromo.store.sql.types import UtcDateTime

HOLD, ACT = 0, 1


class Trails:
    """Reads trails within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(
        self, delivery: int, subjects: Sequence[str]
    ) -> tuple[Sequence[PastHold], Sequence[AuditEntry]]:
        """Holds of the delivery, the first one first, and acts on these subjects, the latest first.

        `subjects` must not be empty.
        """
        rows = _TRAIL.rows(self._connection, delivery=delivery, subjects=subjects)
        holds = sorted((row for row in rows if row.part == HOLD), key=lambda row: row.id)
        acts = sorted((row for row in rows if row.part == ACT), key=lambda row: (row.at, row.id))
        return (
            [PastHold(row.what, reasons.hold_of(row.reason), row.at, row.until) for row in holds],
            [
                AuditEntry(row.id, row.at, row.who, row.what, row.subject, row.reason)
                for row in reversed(acts)
            ],
        )


def _trail(among: Among) -> Any:
    of_holds = select(
        literal(HOLD).label("part"),
        delivery_holds.c.id.label("id"),
        delivery_holds.c.code.label("what"),
        delivery_holds.c.reason.label("reason"),
        delivery_holds.c.since.label("at"),
        delivery_holds.c.ended_at.label("until"),
        literal("").label("who"),
        literal("").label("subject"),
    ).where(delivery_holds.c.delivery_id == bindparam("delivery"))
    of_acts = select(
        literal(ACT),
        audit.c.id,
        audit.c.act,
        audit.c.reason,
        audit.c.at,
        cast(null(), UtcDateTime),
        audit.c.who,
        audit.c.subject,
    ).where(among(audit.c.subject, "subjects"))
    return union_all(of_holds, of_acts)


_TRAIL = CompiledSelect(_trail, "subjects")
