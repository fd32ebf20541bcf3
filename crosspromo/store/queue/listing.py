"""Which deliveries a list shows that has no room for all: what waits first, then what ended last.

Each state is read along its index, so that a list costs the same however long the queue and its
history have grown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from crosspromo.domain.states import State
from crosspromo.store.accounts import is_paused
from crosspromo.store.schema import deliveries

WAITING = (State.UNKNOWN, State.SENDING, State.DRAFT, State.QUEUED)
"""The states of what has not ended, those first that may need somebody."""

ENDED = tuple(state for state in State if state not in WAITING)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which deliveries to list. `held` asks for queued ones with a hold or under a pause."""

    states: frozenset[State] | None = None
    held: bool = False
    account: str | None = None
    since: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """What must be true of each, besides its state."""
        where: list[ColumnElement[bool]] = []
        if self.held:
            paused = (deliveries.c.state == State.QUEUED) & is_paused(deliveries.c.account)
            where.append(deliveries.c.hold_code.is_not(None) | paused)
        if self.account is not None:
            where.append(deliveries.c.account == self.account)
        if self.since is not None:
            where.append(deliveries.c.due_at >= self.since)
        return where


def shown(connection: Connection, wanted: Filter, room: int) -> list[int]:
    """The ids of at most `room` deliveries, the most wanted first.

    Of what waits, those that have waited longest; if room is left, of what has ended the latest.
    """
    states = frozenset({State.QUEUED}) if wanted.held else wanted.states
    waiting: list[int] = []
    for state in WAITING:
        if states is None or state in states:
            waiting += _ids(connection, wanted, state, room - len(waiting))
    left = room - len(waiting)
    ended = [
        each
        for state in ENDED
        if left and (states is None or state in states)
        for each in _ids(connection, wanted, state, left, latest=True)
    ]
    return [*waiting, *sorted(ended, reverse=True)[:left]]


def _ids(
    connection: Connection, wanted: Filter, state: State, room: int, *, latest: bool = False
) -> Sequence[int]:
    order = deliveries.c.id.desc() if latest else deliveries.c.id
    query = (
        select(deliveries.c.id)
        .where(deliveries.c.state == state, *wanted.conditions())
        .order_by(order)
        .limit(room)
    )
    return connection.execute(query).scalars().all() if room else ()
