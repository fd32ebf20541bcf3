"""The limit: the same durable commits in a bare loop, through SQLAlchemy Core.

What must never go twice needs two commits: the intent before a byte leaves, and what came of it.
Grouped, many deliveries share them.
"""

from collections.abc import Iterator

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    event,
)

from bench.contest import Given, Work
from bench.peers.sqlite_full import durable_engine
from bench.work import deliver

GROUP = 1_000
"""Deliveries that share their two commits: as many as crosspromo claims at once at most."""

metadata = MetaData()
queue = Table(
    "queue",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String, nullable=False),
    Column("text", Text),
    Column("remote_id", String),
)
attempts = Table(
    "attempts",
    metadata,
    Column("delivery_id", Integer, primary_key=True),
    Column("payload", Text, nullable=False),
    Column("ending", String, nullable=False),
)
_TAKE = queue.update().where(queue.c.id == bindparam("key")).values(state="sending")
_SETTLE = (
    queue.update()
    .where(queue.c.id == bindparam("key"), queue.c.state == "sending")
    .values(state="published", remote_id=bindparam("receipt"))
)
_END = (
    attempts.update().where(attempts.c.delivery_id == bindparam("key")).values(ending="published")
)


def grouped(given: Given) -> Work:
    """So many at a time."""
    engine = _begun(given)
    return lambda: sum(_send(engine, keys) for keys in _groups(given.count, GROUP))


def one_by_one(given: Given) -> Work:
    """Two commits for each."""
    engine = _begun(given)
    return lambda: sum(_send(engine, keys) for keys in _groups(given.count, 1))


def _begun(given: Given) -> Engine:
    """All queued, and the first of them sent."""
    engine = durable_engine(given.folder / "bare.db")
    event.listen(engine, "begin", _begin)
    metadata.create_all(engine)
    with engine.begin() as connection:
        rows = [{"id": number, "state": "queued"} for number in range(given.count)]
        connection.execute(queue.insert(), rows)
    _send(engine, range(1))
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _groups(count: int, size: int) -> Iterator[range]:
    for start in range(1, count, size):
        yield range(start, min(count, start + size))


def _send(engine: Engine, keys: range) -> int:
    with engine.begin() as connection:
        connection.execute(_TAKE, [{"key": key} for key in keys])
        connection.execute(
            attempts.insert(),
            [{"delivery_id": key, "payload": deliver(key), "ending": "open"} for key in keys],
        )
    with engine.begin() as connection:
        connection.execute(_SETTLE, [{"key": key, "receipt": f"r{key}"} for key in keys])
        connection.execute(_END, [{"key": key} for key in keys])
    return len(keys)
