"""Delivery counts by state, kept in a table so that reports need not count rows.

Queued deliveries are counted by account, since an account may be paused; deliveries in other states
are counted for all accounts together. The counts change in the transaction that moves the
deliveries, as its last writes.
"""

from collections import Counter

from sqlalchemy import Connection, delete, func, select

from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, delivery_counts
from crosspromo.store.sql.statements import add_to_sums

ALL_ACCOUNTS = ""
"""Account column of the counts for all accounts together; no account has this name."""


class DeliveryCounts:
    """Delivery counts within one transaction; `flush` writes their changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._changes: Counter[tuple[str, State]] = Counter()

    def add(self, account: str, state: State) -> None:
        """Count a new delivery."""
        self._changes[_key(account, state)] += 1

    def move(self, account: str, before: State, after: State) -> None:
        """Count one delivery less in state `before`, and one more in state `after`."""
        self._changes[_key(account, before)] -= 1
        self._changes[_key(account, after)] += 1

    def flush(self) -> None:
        """Write the changes, sorted by account and state so that workers cannot deadlock."""
        rows = [
            {"account": account, "state": state, "count": count}
            for (account, state), count in sorted(self._changes.items())
            if count
        ]
        self._changes.clear()
        if rows:
            _ADD_TO_COUNTS.run(self._connection, rows)

    def discard(self) -> None:
        """Discard the changes, since the transaction was rolled back."""
        self._changes.clear()

    def by_state(self) -> dict[State, int]:
        """Delivery counts by state; states without deliveries are absent."""
        self.flush()
        query = select(delivery_counts.c.state, func.sum(delivery_counts.c.count)).group_by(
            delivery_counts.c.state
        )
        rows = self._connection.execute(query).all()
        return {State(state): int(total) for state, total in rows if total}

    def rebuild(self) -> None:
        """Count all deliveries anew."""
        self._changes.clear()
        self._connection.execute(delete(delivery_counts))
        self._changes.update(self._from_deliveries())
        self.flush()

    def faults(self) -> list[str]:
        """Sentences about counts that differ from the deliveries; empty if all are right."""
        kept = {
            (account, State(state)): count
            for account, state, count in self._connection.execute(select(delivery_counts))
        }
        counted = self._from_deliveries()
        return [
            f"{account or 'the queue'} has {counted[account, state]} {state} deliveries, and "
            f"{kept.get((account, state), 0)} are counted"
            for account, state in sorted(kept.keys() | counted.keys())
            if kept.get((account, state), 0) != counted[account, state]
        ]

    def _from_deliveries(self) -> Counter[tuple[str, State]]:
        query = select(deliveries.c.account, deliveries.c.state, func.count()).group_by(
            deliveries.c.account, deliveries.c.state
        )
        counted: Counter[tuple[str, State]] = Counter()
        for account, state, count in self._connection.execute(query):
            counted[_key(account, State(state))] += count
        return counted


def _key(account: str, state: State) -> tuple[str, State]:
    return (account if state is State.QUEUED else ALL_ACCOUNTS), state


_ADD_TO_COUNTS = add_to_sums(delivery_counts, key=("account", "state"), sums=("count",))
