"""Opening the database: SQLite in WAL with full synchronisation, every write serialised."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from crosspromo.domain.errors import ConfigError, DatabaseError

BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another before it gives up."""


def open_engine(url: str, workspace: Path) -> Engine:
    """The engine for `database.url`; a relative SQLite path lies in the workspace."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(
            '[database] url cannot be read; write "sqlite:///crosspromo.db" or '
            '"postgresql+psycopg://user@host/name"'
        ) from None
    if parsed.get_backend_name() == "sqlite":
        if parsed.database is None or parsed.database == ":memory:":
            raise ConfigError("[database] url must name a file: the queue has to outlive a process")
        parsed = parsed.set(database=str(workspace / parsed.database))
        engine = create_engine(parsed, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    try:
        return create_engine(parsed, pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"[database] url needs {error.name}: pip install 'crosspromo[postgres]'"
        ) from None


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: what they then read cannot change under them."""
    writes = connection.get_execution_options().get("crosspromo_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """One transaction: committed at the end, undone on any error.

    DatabaseError where the database itself fails: it is locked for too long, or its disk is full.
    """
    try:
        with (
            engine.connect().execution_options(crosspromo_writes=writes) as connection,
            connection.begin(),
        ):
            yield connection
    except OperationalError as error:
        raise DatabaseError(f"the database cannot be used: {error.orig}") from error
