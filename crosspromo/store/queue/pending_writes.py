"""Pending writes: changes to deliveries, attempts, holds and the ledger, written together.

Transitions of the same kind (the same state before, the same columns changed) are one statement.
Each UPDATE of a delivery is guarded by id, state, attempt and worker. If the guard does not match,
LostClaimError rolls the whole transaction back: a worker that lost its claim settles nothing.
"""

from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, update

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import LostClaimError
from crosspromo.domain.states import State
from crosspromo.store.ledger.rows import Ledger, LedgerUpdate
from crosspromo.store.queue.counts import DeliveryCounts
from crosspromo.store.queue.hold_history import BEGIN_HOLDS, END_HOLDS
from crosspromo.store.schema import attempts, deliveries
from crosspromo.store.sql.statements import CompiledWrite, insert_rows

ColumnValues = dict[str, Any]

UpdateShape = tuple[State, *tuple[str, ...]]
"""Kind of an UPDATE: the state before it, then the names of the columns that it changes."""


class PendingWrites:
    """Changes that one batch of transitions makes; `write` executes them."""

    def __init__(self, connection: Connection, ledger: Ledger, counts: DeliveryCounts) -> None:
        self._connection = connection
        self._ledger = ledger
        self._counts = counts
        self.discard()

    def discard(self) -> None:
        """Discard the pending writes."""
        self._updates: defaultdict[UpdateShape, list[tuple[Delivery, ColumnValues]]]
        self._updates = defaultdict(list)
        self._new_attempts: list[ColumnValues] = []
        self._ended_attempts: list[ColumnValues] = []
        self._begun_holds: list[ColumnValues] = []
        self._ended_holds: list[ColumnValues] = []
        self._ledger_updates: list[LedgerUpdate] = []

    def update(self, delivery: Delivery, values: ColumnValues) -> None:
        """Update columns of the delivery, at most once in a batch.

        `delivery` is the delivery as it was read; its state, attempt and worker are the guard.
        """
        self._updates[delivery.state, *values].append((delivery, values))

    def insert_attempt(self, attempt: ColumnValues) -> None:
        """Insert an attempt; `attempt` has a value for each column of `_INSERT_ATTEMPTS`."""
        self._new_attempts.append(attempt)

    def end_attempt(self, delivery: Delivery, values: ColumnValues) -> None:
        """Update the delivery's latest attempt with `ending`, `detail` and `ended_at`."""
        self._ended_attempts.append(values | {"of": delivery.id, "and_number": delivery.attempt})

    def begin_hold(self, hold: ColumnValues) -> None:
        """Insert a hold; `hold` has a value for each column of `BEGIN_HOLDS`."""
        self._begun_holds.append(hold)

    def end_hold(self, delivery: Delivery, now: datetime) -> None:
        """End the delivery's hold at the time `now`; without a hold nothing happens."""
        self._ended_holds.append({"of": delivery.id, "now": now})

    def update_ledger(self, change: LedgerUpdate) -> None:
        """Update the delivery's ledger row."""
        self._ledger_updates.append(change)

    def write(self) -> None:
        """Execute all pending writes; LostClaimError if a delivery is not as it was read."""
        for shape, updates in self._updates.items():
            self._update_deliveries(shape, updates)
        if self._new_attempts:
            _INSERT_ATTEMPTS.run(self._connection, self._new_attempts)
        if self._ended_attempts:
            _END_ATTEMPTS.run(self._connection, self._ended_attempts)
        if self._ended_holds:
            END_HOLDS.run(self._connection, self._ended_holds)
        if self._begun_holds:
            BEGIN_HOLDS.run(self._connection, self._begun_holds)
        if self._ledger_updates:
            self._ledger.apply(self._ledger_updates)
        self.discard()

    def _update_deliveries(
        self, shape: UpdateShape, updates: list[tuple[Delivery, ColumnValues]]
    ) -> None:
        rows = [values | _guard_values(delivery) for delivery, values in updates]
        if _guarded_update(shape).run(self._connection, rows) != len(rows):
            raise LostClaimError(_lost_claim(updates))
        for delivery, values in updates:
            state = values.get("state", delivery.state)
            if state is not delivery.state:
                self._counts.move(delivery.account, delivery.state, State(state))


_GUARD_COLUMNS = {
    "if_id": deliveries.c.id,
    "if_attempt": deliveries.c.attempt,
    "if_claimed_by": deliveries.c.claimed_by,
}


def _guard_values(delivery: Delivery) -> ColumnValues:
    return {
        "if_id": delivery.id,
        "if_attempt": delivery.attempt,
        "if_claimed_by": delivery.claimed_by,
    }


@cache
def _guarded_update(shape: UpdateShape) -> CompiledWrite:
    """Guarded UPDATE, compiled once per shape. `Transitions` uses few shapes."""
    state, *columns = shape

    def build(given: Any, _dialect: str) -> Update:
        guard = (
            (deliveries.c.id == given["if_id"])
            & (deliveries.c.state == state)
            & (deliveries.c.attempt == given["if_attempt"])
            & (deliveries.c.claimed_by.is_not_distinct_from(given["if_claimed_by"]))
        )
        return update(deliveries).where(guard).values({name: given[name] for name in columns})

    return CompiledWrite(
        build, {**{name: deliveries.c[name] for name in columns}, **_GUARD_COLUMNS}
    )


def _lost_claim(updates: list[tuple[Delivery, ColumnValues]]) -> str:
    if len(updates) > 1:
        return f"one of {len(updates)} deliveries was moved by somebody else meanwhile"
    delivery, _ = updates[0]
    return (
        f"delivery {delivery.id}, attempt {delivery.attempt}, is no longer {delivery.state}"
        f" under {delivery.claimed_by}"
    )


_INSERT_ATTEMPTS = insert_rows(
    attempts,
    *("delivery_id", "number", "account", "worker", "token", "payload"),
    *("credit", "decision", "started_at", "ending"),
)
_END_ATTEMPTS = CompiledWrite(
    lambda given, _: (
        update(attempts)
        .where(attempts.c.delivery_id == given["of"], attempts.c.number == given["and_number"])
        .values({name: given[name] for name in ("ending", "detail", "ended_at")})
    ),
    {
        "of": attempts.c.delivery_id,
        "and_number": attempts.c.number,
        **{name: attempts.c[name] for name in ("ending", "detail", "ended_at")},
    },
)
