"""Database copy: every row moves from SQLite to PostgreSQL, or back.

Each side has one transaction. The old database is locked during the copy, so that nothing is sent
from it, and is paused afterwards: a daemon started on it by mistake would repeat the sends of the
new one. The new database gets all rows or none.
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
from crosspromo.store.database.engine import current_version, require_current, transaction
from crosspromo.store.database.errors import server_address
from crosspromo.store.database.upgrading import upgrade_within
from crosspromo.store.schema import deliveries, metadata, workers
from crosspromo.store.unit import Unit
from crosspromo.store.workers import ALIVE_FOR, Workers

ROWS_PER_BATCH = 1000

BUILT_IN_TABLES = frozenset({"organisation", "database_identity"})
"""Tables whose rows are made by migrations and not by people."""

Progress = Callable[[str, int], None]
"""Function called after each table, with its name and its number of rows."""


class Mover:
    """Move to another database, on behalf of a person.

    `who` is named in the pause of the old database. `is_dead` tells whether a daemon is known dead.
    """

    def __init__(
        self, who: str, now: datetime, is_dead: Callable[[str], bool], progress: Progress
    ) -> None:
        self._who = who
        self._now = now
        self._is_dead = is_dead
        self._progress = progress

    def move(self, source: Engine, target: Engine) -> int:
        """Copy all rows from `source` to `target`; returns their number.

        DatabaseError, with nothing written to either, if a daemon may still run on the source, a
        delivery is in flight, or the target has rows.
        """
        if source.url == target.url:
            raise DatabaseError(f"{database_label(source)} cannot be copied onto itself")
        require_current(source)
        if current_version(target) is not None:
            require_current(target)
        with transaction(source, writes=True) as old:
            lock_out_writers(old)
            self._require_idle(old)
            with transaction(target, writes=True) as new:
                upgrade_within(new)
                _require_empty(new, target)
                copied = copy_rows(old, new, self._progress)
                _require_sound(new)
            Pauses(old).begin(
                Pause(
                    None, self._who, self._now, f"everything was moved to {database_label(target)}"
                )
            )
        return copied

    def _require_idle(self, old: Connection) -> None:
        running = [worker.name for worker in Workers(old).alive(self._now, self._is_dead)]
        if running:
            raise DatabaseError(
                f"a daemon runs on the database: {', '.join(running)}; stop it and copy then. One "
                "that was killed elsewhere is believed to be gone after "
                f"{_minutes(ALIVE_FOR)} minutes"
            )
        sending = select(deliveries.c.id).where(deliveries.c.state == State.SENDING)
        ids = old.execute(sending.order_by(deliveries.c.id)).scalars().all()
        if ids:
            raise DatabaseStateError(SendsUnsettled(tuple(ids)))


def copy_rows(old: Connection, new: Connection, progress: Progress) -> int:
    """Copy the rows of all tables, in place of all rows there; returns their number.

    Both databases have the present version. DatabaseError if a row does not arrive.
    """
    for table in reversed(_tables()):
        new.execute(table.delete())
    return sum(_copy(table, old, new, progress) for table in _tables())


def lock_out_writers(connection: Connection) -> None:
    """Lock all tables against writers on PostgreSQL; a SQLite writer has the file for itself."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


def _copy(table: Table, old: Connection, new: Connection, progress: Progress) -> int:
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
    _advance_sequence(table, new)
    progress(table.name, here)
    return here


def database_label(engine: Engine) -> str:
    """Database name for people: file, or name and server, without user and password."""
    name = engine.url.database
    return (
        f"{name}" if engine.dialect.name == "sqlite" else f"{name} at {server_address(engine.url)}"
    )


def _tables() -> list[Table]:
    """Tables except `workers`, sorted so that foreign keys refer to earlier tables.

    The rows of `workers` stand for daemons on the old database, and are not copied.
    """
    return [table for table in metadata.sorted_tables if table is not workers]


def _require_empty(connection: Connection, engine: Engine) -> None:
    for table in metadata.sorted_tables:
        if table.name in BUILT_IN_TABLES:
            continue
        if connection.execute(select(table).limit(1)).first() is not None:
            raise DatabaseError(
                f"{database_label(engine)} is not empty: {table.name} has rows; "
                "copy into a new database"
            )


def _require_sound(connection: Connection) -> None:
    unit = Unit(connection)
    for fault in (*unit.ledger.faults(), *unit.deliveries.faults()):
        raise DatabaseStateError(DatabaseUnsound(fault))


def _batches(table: Table, connection: Connection) -> Iterator[list[dict[str, object]]]:
    query = select(table).order_by(*table.primary_key.columns)
    found = connection.execute(query.execution_options(yield_per=ROWS_PER_BATCH))
    for rows in found.mappings().partitions():
        yield [dict(row) for row in rows]


def _count(table: Table, connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _advance_sequence(table: Table, connection: Connection) -> None:
    """Set the id sequence on PostgreSQL to the largest id; SQLite does so by itself."""
    column = table.autoincrement_column
    if column is None or connection.dialect.name != "postgresql":
        return
    last = connection.execute(select(func.max(column))).scalar_one()
    if last is not None:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        connection.execute(select(func.setval(sequence, last)))


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
