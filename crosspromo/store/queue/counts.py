"""How many deliveries stand in each state, kept so that nobody has to count them.

Queued ones are counted by account, since an account may be paused; in other states all together.
The counts change in the transaction that moves the deliveries, and last of all in it.
"""

from collections import Counter

from sqlalchemy import Connection, delete, func, select

from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, delivery_counts
from crosspromo.store.sql.statements import summing

ALL = ""
"""What is counted for all accounts together is filed under this; no account has this name."""


class DeliveryCounts:
    """The counts within one transaction; what was moved is written by `flush`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._moved: Counter[tuple[str, State]] = Counter()

    def arrive(self, account: str, state: State) -> None:
        """One more stands in this state."""
        self._moved[_filed(account, state)] += 1

    def move(self, account: str, before: State, after: State) -> None:
        """One went from one state to another."""
        self._moved[_filed(account, before)] -= 1
        self._moved[_filed(account, after)] += 1

    def flush(self) -> None:
        """Write what was moved, always in the same order so that no two workers wait in a ring."""
        rows = [
            {"account": account, "state": state, "count": count}
            for (account, state), count in sorted(self._moved.items())
            if count
        ]
        self._moved.clear()
        if rows:
            _ADDING.run(self._connection, rows)

    def by_state(self) -> dict[State, int]:
        """How many there are in each state that has any."""
        self.flush()
        query = select(delivery_counts.c.state, func.sum(delivery_counts.c.count)).group_by(
            delivery_counts.c.state
        )
        rows = self._connection.execute(query).all()
        return {State(state): int(total) for state, total in rows if total}

    def forget(self) -> None:
        """What was moved was taken back."""
        self._moved.clear()

    def rebuild(self) -> None:
        """Count all deliveries anew."""
        self._moved.clear()
        self._connection.execute(delete(delivery_counts))
        self._moved.update(self._counted())
        self.flush()

    def faults(self) -> list[str]:
        """Where a count is wrong; empty where all is well."""
        kept = {
            (account, State(state)): count
            for account, state, count in self._connection.execute(select(delivery_counts))
        }
        counted = self._counted()
        return [
            f"{account or 'the queue'} has {counted[account, state]} {state} deliveries, and "
            f"{kept.get((account, state), 0)} are counted"
            for account, state in sorted(kept.keys() | counted.keys())
            if kept.get((account, state), 0) != counted[account, state]
        ]

    def _counted(self) -> Counter[tuple[str, State]]:
        query = select(deliveries.c.account, deliveries.c.state, func.count()).group_by(
            deliveries.c.account, deliveries.c.state
        )
        counted: Counter[tuple[str, State]] = Counter()
        for account, state, count in self._connection.execute(query):
            counted[_filed(account, State(state))] += count
        return counted


def _filed(account: str, state: State) -> tuple[str, State]:
    return (account if state is State.QUEUED else ALL), state


_ADDING = summing(delivery_counts, key=("account", "state"), sums=("count",))
