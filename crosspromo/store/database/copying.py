"""Moving everything from one database to another: to PostgreSQL, or back.

One transaction on each side. The old database is locked for as long as it takes, so that nothing is
sent from it meanwhile, and stays paused after: whoever starts a daemon on it by mistake would send
a second time what the new one sends. The new one has all or nothing.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Table, func, select, text
from sqlalchemy.exc import DataError

from crosspromo.domain.errors import DatabaseError, DatabaseStateError
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons.database import DatabaseUnsound, SendsUnsettled
from crosspromo.domain.states import State
from crosspromo.store.accounts import Pauses
from crosspromo.store.database.engine import current, require_current, transaction
from crosspromo.store.database.errors import place
from crosspromo.store.database.upgrading import upgrade_within
from crosspromo.store.schema import deliveries, metadata, workers
from crosspromo.store.unit import Unit
from crosspromo.store.workers import ALIVE, Workers

ROWS_AT_ONCE = 1000

BUILT_IN = frozenset({"organisation"})
"""Tables whose rows come with the migrations and not from people."""

Progress = Callable[[str, int], None]
"""Told each table once it is there, with its number of rows."""


class Mover:
    """Who moves: the name stands in the pause that the old database is left with."""

    def __init__(
        self, who: str, now: datetime, is_dead: Callable[[str], bool], progress: Progress
    ) -> None:
        self._who = who
        self._now = now
        self._is_dead = is_dead
        self._progress = progress

    def move(self, source: Engine, target: Engine) -> int:
        """Copy every row of every table; their number comes back.

        DatabaseError, and nothing is written anywhere, where a daemon may still run on the source,
        something is being sent, or the target holds anything already.
        """
        if source.url == target.url:
            raise DatabaseError(f"{where(source)} cannot be copied onto itself")
        require_current(source)
        if current(target) is not None:
            require_current(target)
        with transaction(source, writes=True) as old:
            _keep_others_out(old)
            self._require_rest(old)
            with transaction(target, writes=True) as new:
                upgrade_within(new)
                _require_empty(new, target)
                copied = sum(self._copy(table, old, new) for table in _tables())
                _require_sound(new)
            Pauses(old).begin(
                Pause(None, self._who, self._now, f"everything was moved to {where(target)}")
            )
        return copied

    def _require_rest(self, old: Connection) -> None:
        running = [worker.name for worker in Workers(old).alive(self._now, self._is_dead)]
        if running:
            raise DatabaseError(
                f"a daemon runs on the database: {', '.join(running)}; stop it and copy then. One "
                f"that was killed elsewhere is believed to be gone after {_minutes(ALIVE)} minutes"
            )
        sending = select(deliveries.c.id).where(deliveries.c.state == State.SENDING)
        ids = old.execute(sending.order_by(deliveries.c.id)).scalars().all()
        if ids:
            raise DatabaseStateError(SendsUnsettled(tuple(ids)))

    def _copy(self, table: Table, old: Connection, new: Connection) -> int:
        new.execute(table.delete())  # the rows that came with the migrations
        for rows in _batches(table, old):
            try:
                new.execute(table.insert(), rows)
            except DataError as error:
                raise DatabaseError(
                    f"the new database cannot hold a row of {table.name}: {error.orig}; "
                    "nothing was copied"
                ) from error
        there, here = (_count(table, connection) for connection in (old, new))
        if there != here:
            raise DatabaseError(
                f"{table.name} has {there} rows, and {here} of them arrived; nothing was copied"
            )
        _count_on(table, new)
        self._progress(table.name, here)
        return here


def where(engine: Engine) -> str:
    """The database in words, without who asks it."""
    name = engine.url.database
    return f"{name}" if engine.dialect.name == "sqlite" else f"{name} at {place(engine.url)}"


def _tables() -> list[Table]:
    """Each after those that it refers to. Daemons stay what they are: the old database's."""
    return [table for table in metadata.sorted_tables if table is not workers]


def _keep_others_out(connection: Connection) -> None:
    """SQLite's writer has the file to itself already."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _require_empty(connection: Connection, engine: Engine) -> None:
    for table in metadata.sorted_tables:
        if table.name in BUILT_IN:
            continue
        if connection.execute(select(table).limit(1)).first() is not None:
            raise DatabaseError(
                f"{where(engine)} is not empty: {table.name} has rows; copy into a new database"
            )


def _require_sound(connection: Connection) -> None:
    unit = Unit(connection)
    for fault in (*unit.ledger.faults(), *unit.deliveries.faults()):
        raise DatabaseStateError(DatabaseUnsound(fault))


def _batches(table: Table, connection: Connection) -> Iterator[list[dict[str, object]]]:
    query = select(table).order_by(*table.primary_key.columns)
    found = connection.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]


def _count(table: Table, connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _count_on(table: Table, connection: Connection) -> None:
    """The next id is the one after the last; SQLite sees to that itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    last = connection.execute(select(func.max(column))).scalar_one()
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, last)))


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
