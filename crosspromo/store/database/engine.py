"""Opening the database. On SQLite: WAL, full synchronisation, one writer at a time. On PostgreSQL:
READ COMMITTED with row locks for what writes, one consistent view for what reads.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from crosspromo.domain.errors import ConfigError, DatabaseError, DatabaseStateError
from crosspromo.domain.reasons.database import (
    DatabaseEmpty,
    DatabaseMissing,
    DatabaseOutdated,
    DatabaseTooNew,
)
from crosspromo.store.database.errors import sentence
from crosspromo.store.sql.types import from_json, to_json

HEAD = "0005"
"""The newest migration in migrations/versions; a test holds it to that."""


BUSY_TIMEOUT_MS = 30_000
"""How long a writer waits for another before it gives up."""

WAL_PAGES = 10_000
"""Pages in the log of SQLite before they are brought home: 40 MB. A round on a long queue writes a
few thousand, many of them again in the next one.
"""

CACHE_KIB = 16 * 1024
"""How much of SQLite's indexes a connection keeps in memory."""

CONNECT_TIMEOUT_S = 10
"""How long PostgreSQL may take to let us in."""

CONNECTIONS = 16
"""How many connections to PostgreSQL one process holds at most, besides the one that listens."""

_POSTGRES_SETTINGS = {
    "lock_timeout": f"{BUSY_TIMEOUT_MS}ms",
    # Who vanishes in the middle of a transaction holds its locks no longer than a writer waits.
    "idle_in_transaction_session_timeout": f"{BUSY_TIMEOUT_MS}ms",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""Whatever `?options=` in the URL says otherwise goes."""

_POSTGRES_PROMISES = {
    "timezone": "UTC",
    "synchronous_commit": "on",  # what is said to be written is on the disk
}
"""These stand, whatever the URL says."""

_ALIKE: Mapping[str, Any] = {
    "json_serializer": to_json,
    "json_deserializer": from_json,
}
"""On every database. Parameters go by position: see statements.py."""

_HOW = 'write "sqlite:///crosspromo.db" or "postgresql+psycopg://user@host/name"'


def open_engine(url: str, workspace: Path) -> Engine:
    """The engine for `database.url`; a relative SQLite path lies in the workspace."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise ConfigError(f"[database] url cannot be read; {_HOW}") from None
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed, workspace)
        case "postgresql" | "postgres":
            return _open_postgres(parsed.set(drivername="postgresql+psycopg"))
        case other:
            raise ConfigError(f'[database] url: "{other}" is no database that we know; {_HOW}')


def _open_sqlite(url: URL, workspace: Path) -> Engine:
    if url.database is None or url.database == ":memory:":
        raise ConfigError("[database] url must name a file: the queue has to outlive a process")
    engine = create_engine(
        url.set(database=str(workspace / url.database)),
        connect_args={"check_same_thread": False},
        **_ALIKE,
        paramstyle="qmark",
    )
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _open_postgres(url: URL) -> Engine:
    if not url.database:
        raise ConfigError(f"[database] url names no database; {_HOW}")
    given = url.query.get("options", ())
    theirs = (given,) if isinstance(given, str) else given
    options = " ".join((_switches(_POSTGRES_SETTINGS), *theirs, _switches(_POSTGRES_PROMISES)))
    try:
        return create_engine(
            url.difference_update_query(["options"]),
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=BUSY_TIMEOUT_MS / 1000,
            pool_pre_ping=True,
            **_ALIKE,
            paramstyle="format",
            connect_args={
                "options": options,
                "connect_timeout": CONNECT_TIMEOUT_S,
                "application_name": "crosspromo",
            },
        )
    except (ModuleNotFoundError, NoSuchModuleError):
        raise ConfigError(
            "[database] url needs psycopg: pip install 'crosspromo[postgres]'"
        ) from None


def _switches(settings: Mapping[str, str]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _begin(connection: Connection, *, writes: bool) -> None:
    """SQLite's writers take the lock at once: what they then read cannot change under them.

    We say so ourselves: a listener for it would have SQLAlchemy look for listeners at every
    statement.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def transaction(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    """One transaction: committed at the end, undone on any error.

    DatabaseError where the database itself fails: it cannot be reached, is locked for too long, or
    its disk is full.
    """
    try:
        with engine.connect() as connection:
            if not writes and engine.dialect.name != "sqlite":
                connection.execution_options(**_ONE_VIEW)
            with connection.begin():
                _begin(connection, writes=writes)
                yield connection
    except (DBAPIError, PoolTimeoutError) as error:
        said = sentence(error, engine.url)
        if said is None:  # a fault of ours, or a rule of the schema: not the database's
            raise
        raise DatabaseError(said) from error


_ONE_VIEW: Mapping[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
"""Of who reads from PostgreSQL. READ COMMITTED is its own way, and who writes locks the rows that
it decides on.
"""


def current(engine: Engine) -> str | None:
    """The version of the database; None for an empty one."""
    with transaction(engine, writes=False) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        query = text("SELECT version_num FROM alembic_version")
        version: str | None = connection.execute(query).scalar_one_or_none()
        return version


def require_current(engine: Engine) -> None:
    """DatabaseStateError where the database is not of this version."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        raise DatabaseStateError(DatabaseMissing())
    version = current(engine)
    if version is None:
        raise DatabaseStateError(DatabaseEmpty())
    if version < HEAD:
        raise DatabaseStateError(DatabaseOutdated(version, HEAD))
    if version > HEAD:
        raise DatabaseStateError(DatabaseTooNew(version, HEAD))
