"""Daemons as others see them: when each was last heard of.

A heartbeat is for people, and decides nothing about deliveries: those have leases of their own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from crosspromo.domain.workers import Worker
from crosspromo.store.schema import workers

ALIVE = timedelta(minutes=3)
"""A daemon that was last heard of longer ago is not believed to be alive: three beats."""

FORGOTTEN = timedelta(days=1)
"""One that was killed on another machine is forgotten after so long."""


class Workers:
    """The daemons that run, or were killed while they ran."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, name: str, now: datetime) -> None:
        """A daemon begins. Those that have long been silent are forgotten."""
        self._connection.execute(delete(workers).where(workers.c.seen_at < now - FORGOTTEN))
        self._connection.execute(workers.insert().values(name=name, started_at=now, seen_at=now))

    def seen(self, name: str, now: datetime) -> None:
        """A daemon is alive at `now`."""
        self._connection.execute(update(workers).where(workers.c.name == name).values(seen_at=now))

    def stop(self, name: str) -> None:
        """A daemon ended in good order, or was found dead: it is forgotten."""
        self._connection.execute(delete(workers).where(workers.c.name == name))

    def running(self) -> list[Worker]:
        """The daemons that began and have not ended, the latest first."""
        query = select(workers.c.name, workers.c.started_at, workers.c.seen_at)
        rows = self._connection.execute(query.order_by(workers.c.seen_at.desc()))
        return [Worker(row.name, row.started_at, row.seen_at) for row in rows]

    def alive(self, now: datetime, is_dead: Callable[[str], bool]) -> list[Worker]:
        """Those of them that have been heard of lately and are not known to be dead."""
        return [
            worker
            for worker in self.running()
            if worker.seen_at > now - ALIVE and not is_dead(worker.name)
        ]
