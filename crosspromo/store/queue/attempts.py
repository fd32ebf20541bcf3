"""Attempts in the database: one row per recorded intent to send a delivery."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from crosspromo.domain.attempts import Attempt, Ending, Prepared
from crosspromo.store.schema import attempts


class Attempts:
    """Recorded attempts, open and ended."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, delivery_id: int, number: int) -> Attempt:
        """Attempt by number (counted from 1 within a delivery); the attempt must exist."""
        row = self._connection.execute(
            select(attempts).where(
                attempts.c.delivery_id == delivery_id, attempts.c.number == number
            )
        ).one()
        return _attempt(row)

    def was_ever_unknown(self, delivery_id: int) -> bool:
        """Whether any attempt of the delivery ended with an unknown outcome."""
        uncertain = (Ending.UNKNOWN, Ending.ABSENT)
        query = select(attempts.c.number).where(
            attempts.c.delivery_id == delivery_id, attempts.c.ending.in_(uncertain)
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def first_started_at(self, delivery_id: int, token: str) -> datetime:
        """Start time of the first attempt with this token; a repeated send keeps its token."""
        query = select(func.min(attempts.c.started_at)).where(
            attempts.c.delivery_id == delivery_id, attempts.c.token == token
        )
        first: datetime = self._connection.execute(query).scalar_one()
        return first

    def decision(self, delivery_id: int, number: int) -> dict[str, Any]:
        """Gate decision that allowed the attempt, as recorded: its checks (`recorded_decisions`),
        `override` and `numbers`.
        """
        query = select(attempts.c.decision).where(
            attempts.c.delivery_id == delivery_id, attempts.c.number == number
        )
        decision: dict[str, Any] = self._connection.execute(query).scalar_one()
        return decision


def _attempt(row: Row[Any]) -> Attempt:
    return Attempt(
        delivery=row.delivery_id,
        number=row.number,
        account=row.account,
        worker=row.worker,
        prepared=Prepared(row.token, row.payload),
        started_at=row.started_at,
        ending=Ending(row.ending),
        absences=row.absences,
        look_ups=row.look_ups,
    )
