"""PendingWrites of deliveries, gathered and made in as few statements as there are kinds of them.

Each move is guarded by id, state, attempt and worker. One that finds its delivery otherwise undoes
the whole transaction (LostClaimError): a stale worker settles nothing.
"""

from collections import defaultdict
from functools import cache
from typing import Any

from sqlalchemy import Connection, Update, update

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import LostClaimError
from crosspromo.domain.states import State
from crosspromo.store.ledger.rows import Ledger, LedgerEntry
from crosspromo.store.queue.counts import DeliveryCounts
from crosspromo.store.schema import attempts, deliveries
from crosspromo.store.sql.statements import CompiledWrite, adding

ColumnValues = dict[str, Any]

MoveShape = tuple[State, *tuple[str, ...]]
"""From which state, and which columns change."""


class PendingWrites:
    """What is to be changed of deliveries, their attempts and the ledger; `make` changes it."""

    def __init__(self, connection: Connection, ledger: Ledger, counts: DeliveryCounts) -> None:
        self._connection = connection
        self._ledger = ledger
        self._counts = counts
        self.forget()

    def forget(self) -> None:
        """Nothing is to be changed."""
        self._updates: defaultdict[MoveShape, list[tuple[Delivery, ColumnValues]]]
        self._updates = defaultdict(list)
        self._begun: list[ColumnValues] = []
        self._ended: list[ColumnValues] = []
        self._entries: list[LedgerEntry] = []

    def update(self, delivery: Delivery, values: ColumnValues) -> None:
        """Give the delivery these columns, if it still is as it was read; at most once each."""
        self._updates[delivery.state, *values].append((delivery, values))

    def begin(self, attempt: ColumnValues) -> None:
        """Record an attempt."""
        self._begun.append(attempt)

    def end(self, delivery: Delivery, values: ColumnValues) -> None:
        """Say how the delivery's attempt ended."""
        self._ended.append(values | {"of": delivery.id, "and_number": delivery.attempt})

    def follow(self, entry: LedgerEntry) -> None:
        """What the ledger says of the delivery from now on."""
        self._entries.append(entry)

    def make(self) -> None:
        """Make all of it."""
        for kind, moved in self._updates.items():
            self._update_all(kind, moved)
        if self._begun:
            _BEGIN.run(self._connection, self._begun)
        if self._ended:
            _END.run(self._connection, self._ended)
        if self._entries:
            self._ledger.follow(self._entries)
        self.forget()

    def _update_all(self, kind: MoveShape, moved: list[tuple[Delivery, ColumnValues]]) -> None:
        rows = [values | _guard(delivery) for delivery, values in moved]
        if _guarded(kind).run(self._connection, rows) != len(rows):
            raise LostClaimError(_as_it_was(moved))
        for delivery, values in moved:
            state = values.get("state", delivery.state)
            if state is not delivery.state:
                self._counts.move(delivery.account, delivery.state, State(state))


def _guard(delivery: Delivery) -> ColumnValues:
    return {
        "if_id": delivery.id,
        "if_attempt": delivery.attempt,
        "if_claimed_by": delivery.claimed_by,
    }


@cache
def _guarded(kind: MoveShape) -> CompiledWrite:
    """There are few kinds: the methods of `Transitions` name the columns."""
    state, *columns = kind

    def build(given: Any, _dialect: str) -> Update:
        guard = (
            (deliveries.c.id == given["if_id"])
            & (deliveries.c.state == state)
            & (deliveries.c.attempt == given["if_attempt"])
            & (deliveries.c.claimed_by.is_not_distinct_from(given["if_claimed_by"]))
        )
        return update(deliveries).where(guard).values({name: given[name] for name in columns})

    return CompiledWrite(build, {**{name: deliveries.c[name] for name in columns}, **_GUARD})


def _as_it_was(moved: list[tuple[Delivery, ColumnValues]]) -> str:
    if len(moved) > 1:
        return f"one of {len(moved)} deliveries was moved by somebody else meanwhile"
    delivery, _ = moved[0]
    return (
        f"delivery {delivery.id}, attempt {delivery.attempt}, is no longer {delivery.state}"
        f" under {delivery.claimed_by}"
    )


_GUARD = {
    "if_id": deliveries.c.id,
    "if_attempt": deliveries.c.attempt,
    "if_claimed_by": deliveries.c.claimed_by,
}
_BEGIN = adding(
    attempts,
    *("delivery_id", "number", "account", "worker", "token", "payload", "fingerprint"),
    *("credit", "decision", "started_at", "ending"),
)
_END = CompiledWrite(
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
