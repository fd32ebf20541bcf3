"""Daemons as others see them: when each was last heard of."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from crosspromo.store.schema import workers

ALIVE = timedelta(minutes=3)
"""A daemon that was last heard of longer ago is not believed to be alive: three beats."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A daemon that has not said that it stopped."""

    name: str
    started_at: datetime
    seen_at: datetime


class Workers:
    """The daemons that run, or were killed while they ran."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, name: str, now: datetime) -> None:
        """A daemon begins."""
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
