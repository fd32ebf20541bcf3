"""History of holds: when each delivery was held, and for what reason.

A hold begins in the transaction that holds the delivery for a reason of this code, and ends in the
one that sends, frees or ends the delivery, or holds it for a reason of another code. The same
reason with other numbers is the same hold: a delivery that is looked at every hour has one row.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from crosspromo.domain.deliveries import PastHold
from crosspromo.store.queue import reasons
from crosspromo.store.schema import deliveries, delivery_holds
from crosspromo.store.sql.statements import CompiledWrite, insert_rows, no_earlier_than


class HoldHistory:
    """Past and present holds of deliveries."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, delivery: int) -> list[PastHold]:
        """Holds of the delivery, the first one first."""
        query = (
            select(delivery_holds)
            .where(delivery_holds.c.delivery_id == delivery)
            .order_by(delivery_holds.c.id)
        )
        return [
            PastHold(row.code, reasons.hold_of(row.reason), row.since, row.ended_at)
            for row in self._connection.execute(query)
        ]

    def faults(self) -> list[str]:
        """Sentences about present holds that differ from the deliveries; empty if all are right."""
        held = (
            select(deliveries.c.id, deliveries.c.hold_code, delivery_holds.c.code)
            .join_from(
                deliveries,
                delivery_holds,
                (delivery_holds.c.delivery_id == deliveries.c.id) & is_open(),
                isouter=True,
            )
            .where(deliveries.c.hold_code.is_distinct_from(delivery_holds.c.code))
            .order_by(deliveries.c.id)
        )
        return [
            f"delivery {row.id} is held by {row.hold_code or 'nothing'}, and the history of holds "
            f"says by {row.code or 'nothing'}"
            for row in self._connection.execute(held)
        ]


def is_open() -> ColumnElement[bool]:
    """SQL: the hold lasts."""
    return delivery_holds.c.ended_at.is_(None)


def end_holds(connection: Connection, delivery_ids: Iterable[int], now: datetime) -> None:
    """End the present holds of these deliveries; a delivery without a hold is passed over."""
    rows = [{"of": delivery_id, "now": now} for delivery_id in delivery_ids]
    if rows:
        END_HOLDS.run(connection, rows)


def _ending(given: Any, _dialect: str) -> Any:
    ended_at = no_earlier_than(delivery_holds.c.since, given["now"])
    return (
        update(delivery_holds)
        .where(delivery_holds.c.delivery_id == given["of"], is_open())
        .values(ended_at=ended_at)
    )


END_HOLDS = CompiledWrite(
    _ending, {"of": delivery_holds.c.delivery_id, "now": delivery_holds.c.ended_at}
)
"""UPDATE that ends the hold of the delivery `of` at the time `now`, if there is one.

If the clock was set back meanwhile, the hold ends as it began.
"""

BEGIN_HOLDS = insert_rows(delivery_holds, "delivery_id", "code", "reason", "since")
