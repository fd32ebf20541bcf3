"""Daemon heartbeats in the store.

Heartbeats inform people. No delivery depends on them: deliveries have leases.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from crosspromo.domain.workers import Trouble, TroubleKind, Worker
from crosspromo.store.schema import workers

ALIVE_FOR = timedelta(minutes=3)
"""Time after its last heartbeat during which a daemon is believed alive: three beats."""

FORGOTTEN_AFTER = timedelta(days=1)
"""Time without a heartbeat after which a daemon, killed on another machine, is deleted."""


class Workers:
    """Running daemons, and daemons killed during a run."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, name: str, now: datetime) -> None:
        """Record the start of a daemon, and delete daemons silent for FORGOTTEN_AFTER."""
        self._connection.execute(delete(workers).where(workers.c.seen_at < now - FORGOTTEN_AFTER))
        self._connection.execute(workers.insert().values(name=name, started_at=now, seen_at=now))

    def seen(self, name: str, now: datetime) -> None:
        """Record a daemon heartbeat at `now`."""
        self._connection.execute(update(workers).where(workers.c.name == name).values(seen_at=now))

    def stop(self, name: str) -> None:
        """Delete a daemon that ended in good order or was found dead."""
        self._connection.execute(delete(workers).where(workers.c.name == name))

    def report(self, name: str, troubles: Iterable[Trouble]) -> None:
        """Record all that a daemon reports, in place of what it reported before."""
        told = [(each.kind, each.words, each.since.isoformat()) for each in troubles]
        self._connection.execute(
            update(workers)
            .where(workers.c.name == name)
            .values(trouble=json.dumps(told) if told else None)
        )

    def troubles(self) -> dict[str, list[Trouble]]:
        """What daemons report, by the name of the daemon."""
        return {name: _troubles(told) for name, *_, told in self._rows() if told is not None}

    def running(self) -> list[Worker]:
        """Daemons that started and did not end, latest heartbeat first.

        A database of any older version can tell: it has no more columns than are read here.
        """
        query = select(workers.c.name, workers.c.started_at, workers.c.seen_at)
        rows = self._connection.execute(query.order_by(workers.c.seen_at.desc()))
        return [Worker(row.name, row.started_at, row.seen_at) for row in rows]

    def alive(self, now: datetime, is_dead: Callable[[str], bool]) -> list[Worker]:
        """Running daemons with a heartbeat within ALIVE_FOR, without those known to be dead."""
        return alive_among(self.running(), now, is_dead)

    def remember(self, rows: "Sequence[WorkerRow]") -> None:
        """Take note that these are all rows: of use only where they cannot change meanwhile."""

    def _rows(self) -> "Sequence[WorkerRow]":
        """Name, start, heartbeat and report of each daemon, the latest heartbeat first."""
        columns = workers.c.name, workers.c.started_at, workers.c.seen_at, workers.c.trouble
        query = select(*columns).order_by(workers.c.seen_at.desc())
        return [(row[0], row[1], row[2], row[3]) for row in self._connection.execute(query)]


class WorkersOfMoment(Workers):
    """Daemons as of one moment, which are read once."""

    _known: "Sequence[WorkerRow] | None" = None

    def remember(self, rows: "Sequence[WorkerRow]") -> None:
        """Take note that these are all rows, the latest heartbeat first."""
        self._known = rows

    def running(self) -> list[Worker]:
        """Daemons that started and did not end, latest heartbeat first."""
        return [Worker(name, started, seen) for name, started, seen, _ in self._rows()]

    def _rows(self) -> "Sequence[WorkerRow]":
        if self._known is None:
            self._known = super()._rows()
        return self._known


WorkerRow = tuple[str, datetime, datetime, str | None]


def alive_among(
    running: Iterable[Worker], now: datetime, is_dead: Callable[[str], bool]
) -> list[Worker]:
    """Those of the daemons with a heartbeat within ALIVE_FOR, without those known to be dead."""
    return [
        worker
        for worker in running
        if worker.seen_at > now - ALIVE_FOR and not is_dead(worker.name)
    ]


def _troubles(text: str) -> list[Trouble]:
    return [
        Trouble(TroubleKind(kind), words, datetime.fromisoformat(since))
        for kind, words, since in json.loads(text)
    ]
