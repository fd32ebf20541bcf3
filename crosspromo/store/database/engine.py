"""Database engine: connections, transactions, version check.

SQLite: WAL, full synchronisation, one writer at a time. PostgreSQL: READ COMMITTED with row locks
for write transactions, one consistent view for read transactions.
"""

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
from crosspromo.store.database.errors import error_sentence
from crosspromo.store.sql.statements import run_text
from crosspromo.store.sql.types import from_json, to_json

HEAD = "0032"
"""Newest migration in migrations/versions; a test compares them."""

BUSY_TIMEOUT_MS = 30_000
"""Time that a writer waits for another before it fails."""

WAL_PAGES = 40_000
"""Pages in SQLite's log before a checkpoint: 160 MB of disk.

A round on a long queue writes some ten thousand pages, and many of them again in the next round.
"""

CACHE_KIB = 64 * 1024
"""Page cache of a SQLite connection, filled as far as it reads.

A thousand accounts with a million posts have the pages in which they are written in 40 MB.
"""

CONNECT_TIMEOUT_S = 10
"""Time limit for a connection to PostgreSQL."""

CONNECTIONS = 16
"""Maximum number of PostgreSQL connections per process, besides the listening one."""

_POSTGRES_DEFAULTS = {
    "lock_timeout": f"{BUSY_TIMEOUT_MS}ms",
    # A client that vanishes within a transaction keeps its locks no longer than a writer waits.
    "idle_in_transaction_session_timeout": f"{BUSY_TIMEOUT_MS}ms",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
"""Defaults; `?options=` in the URL overrides them."""

_POSTGRES_FIXED = {
    "timezone": "UTC",
    "synchronous_commit": "on",  # committed data is on the disk
}
"""Settings that the URL cannot override."""

_COMMON_OPTIONS: Mapping[str, Any] = {
    "json_serializer": to_json,
    "json_deserializer": from_json,
}
"""Engine options on every database. `paramstyle` is positional on each, for statements.py."""

_URL_HELP = 'write "sqlite:///crosspromo.db" or "postgresql+psycopg://user@host/name"'


def open_engine(url: str, workspace: Path) -> Engine:
    """Engine for `database.url`; a relative SQLite path starts at the workspace.

    ConfigError if the URL is unusable or psycopg is not installed.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):  # ValueError: the port is not a number
        raise ConfigError(f"[database] url cannot be read; {_URL_HELP}") from None
    match parsed.get_backend_name():
        case "sqlite":
            return _open_sqlite(parsed, workspace)
        case "postgresql" | "postgres":
            return _open_postgres(parsed.set(drivername="postgresql+psycopg"))
        case other:
            raise ConfigError(f'[database] url: "{other}" is no database that we know; {_URL_HELP}')


def _open_sqlite(url: URL, workspace: Path) -> Engine:
    if url.database is None or url.database == ":memory:":
        raise ConfigError("[database] url must name a file: the queue has to outlive a process")
    engine = create_engine(
        url.set(database=str(workspace / url.database)),
        connect_args={"check_same_thread": False},
        **_COMMON_OPTIONS,
        paramstyle="qmark",
    )
    event.listen(engine, "do_connect", _make_private)
    event.listen(engine, "connect", _configure_sqlite)
    return engine


def _open_postgres(url: URL) -> Engine:
    if not url.database:
        raise ConfigError(f"[database] url names no database; {_URL_HELP}")
    given = url.query.get("options", ())
    from_url = (given,) if isinstance(given, str) else given
    options = " ".join((_switches(_POSTGRES_DEFAULTS), *from_url, _switches(_POSTGRES_FIXED)))
    try:
        return create_engine(
            url.difference_update_query(["options"]),
            pool_size=CONNECTIONS,
            max_overflow=0,
            pool_timeout=BUSY_TIMEOUT_MS / 1000,
            pool_pre_ping=True,
            **_COMMON_OPTIONS,
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


def _make_private(_dialect: Any, _record: Any, arguments: Sequence[Any], _options: Any) -> None:
    """Make the file that SQLite would make itself, readable for its owner only.

    SQLite gives the mode of this file to those beside it, which end in -wal and -shm.
    """
    make_private_file(Path(arguments[0]))


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner can read, unless it exists.

    Where it cannot be made, whoever opens it next reports that. A file that exists is never opened:
    closing it would end the locks that SQLite holds on it in this process (POSIX), and the next
    process that ends would take its log away (https://sqlite.org/howtocorrupt.html, section 2.2).
    """
    with suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _configure_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # `_begin` issues BEGIN
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


@contextmanager
def transaction(
    engine: Engine, *, writes: bool, on: Connection | None = None
) -> Iterator[Connection]:
    """Transaction: committed at the end of the block, rolled back on any error.

    It uses the connection `on` (of SQLite, in no transaction), or else one of the engine's.
    DatabaseError if the database itself fails: unreachable, locked for too long, disk full, …
    """
    with (
        database_errors(engine),
        engine.connect() if on is None else _afterwards_as_new(on) as connection,
    ):
        if not writes and engine.dialect.name != "sqlite":
            connection.execution_options(**_CONSISTENT_VIEW)
        with connection.begin():
            _begin(connection, writes=writes)
            yield connection


@contextmanager
def _afterwards_as_new(connection: Connection) -> Iterator[Connection]:
    """Block after whose failure the connection opens the file anew when it is next used.

    A failed commit may leave SQLite within the transaction, with its lock. Connections that go back
    to the pool are rolled back there.
    """
    try:
        yield connection
    except BaseException:
        connection.invalidate()
        raise


@contextmanager
def database_errors(engine: Engine) -> Iterator[None]:
    """Block from which a failure of the database itself is raised as DatabaseError."""
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        sentence = error_sentence(error, engine.url)
        if sentence is None:  # our own fault, such as a violated constraint
            raise
        raise DatabaseError(sentence) from error


def _begin(connection: Connection, *, writes: bool) -> None:
    """Begin a SQLite transaction; a writer locks at once, so that its reads stay valid.

    An event listener would serve as well, but would make SQLAlchemy look for listeners at every
    statement.
    """
    if connection.dialect.name == "sqlite":
        run_text(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")


_CONSISTENT_VIEW: Mapping[str, Any] = {
    "isolation_level": "REPEATABLE READ",
    "postgresql_readonly": True,
}
"""Options of read transactions on PostgreSQL.

Write transactions use its default, READ COMMITTED, and lock the rows on which they decide.
"""


def database_file(engine: Engine) -> Path | None:
    """File of a SQLite database; None for PostgreSQL, and for a database in memory."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name else None


class OpenFile:
    """A file that this process has open under a path; None: no file, which is never lost."""

    def __init__(self, path: Path | None) -> None:
        self._path = None if path is None else os.fspath(path)
        self._opened = None if path is None else _key(path)
        self.loss = ""
        """What became of the file, as a sentence; empty while the path leads to it."""

    @property
    def is_lost(self) -> bool:
        """Whether the path leads to no file or another file; a file once lost stays lost.

        A path that cannot be looked at proves nothing: SQLite says what is wrong with it.
        """
        if self._path is None or self.loss:
            return bool(self.loss)
        try:
            now = _key(self._path)
        except OSError:
            return False
        if now != self._opened:
            what = "is gone" if now is None else "was replaced by another file"
            self.loss = (
                f"the database {self._path} {what} while it was in use; nothing more is kept in "
                "it or sent from it. Put the right file there, and start crosspromo again"
            )
        return bool(self.loss)


def _key(path: str | Path) -> tuple[int, int] | None:
    """Device and inode number of the file; None: no such file."""
    try:
        found = os.stat(path)  # noqa: PTH116 (at each transaction: Path.stat takes twice as long)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino


def fold_log(engine: Engine) -> None:
    """Write SQLite's log (`-wal`) into the database file, and empty the log.

    Nothing happens on PostgreSQL, nor while somebody else is in the way: nobody is waited for.
    """
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            try:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    except DBAPIError as error:
        raise DatabaseError(error_sentence(error, engine.url) or str(error.orig)) from error


def current_version(engine: Engine) -> str | None:
    """Database version; None for an empty database."""
    with transaction(engine, writes=False) as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        query = text("SELECT version_num FROM alembic_version")
        version: str | None = connection.execute(query).scalar_one_or_none()
        return version


def require_current(engine: Engine) -> None:
    """Raise DatabaseStateError unless the database exists and has the version HEAD."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        raise DatabaseStateError(DatabaseMissing())
    version = current_version(engine)
    if version is None:
        raise DatabaseStateError(DatabaseEmpty())
    if version < HEAD:
        raise DatabaseStateError(DatabaseOutdated(version, HEAD))
    if version > HEAD:
        raise DatabaseStateError(DatabaseTooNew(version, HEAD))
