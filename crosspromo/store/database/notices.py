"""Being told that something may have become due sooner than was known.

A notice is a hint and nothing more: the queue is what the database says when it is looked at, and a
notice that is lost or comes for nothing costs one look or one wait, never a post.

On PostgreSQL two triggers on `deliveries` say NOTIFY on the channel `crosspromo_due`, when the
transaction commits: whatever writes to the queue, no path can forget it. They say nothing of what
a daemon does as it sends and settles, since NOTIFY makes commits queue up behind each other. On
SQLite a waiter looks at the file's own count of changes now and again.
"""

import logging
import selectors
import socket
import sqlite3
from contextlib import suppress
from datetime import timedelta
from time import monotonic
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from crosspromo.domain.errors import DatabaseError
from crosspromo.store.database.errors import place

log = logging.getLogger(__name__)

CHANNEL = "crosspromo_due"

LOOK = timedelta(seconds=2)
"""How often a waiter on SQLite asks whether the file has changed, which costs microseconds."""

RETRY = timedelta(seconds=5)
"""How long a waiter on PostgreSQL that was cut off leaves between two tries to get back."""

_TRIGGERS = (
    f"""
    CREATE OR REPLACE FUNCTION {CHANNEL}() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('{CHANNEL}', ''); RETURN NULL; END $$
    """,
    f"""
    CREATE OR REPLACE TRIGGER {CHANNEL}_new AFTER INSERT ON deliveries
    FOR EACH STATEMENT EXECUTE FUNCTION {CHANNEL}()
    """,
    f"""
    CREATE OR REPLACE TRIGGER {CHANNEL}_sooner AFTER UPDATE OF wake_at ON deliveries
    FOR EACH ROW WHEN (
        NEW.state = 'queued' AND OLD.state <> 'sending' AND NEW.wake_at IS NOT NULL
        AND (OLD.wake_at IS NULL OR NEW.wake_at < OLD.wake_at)
    ) EXECUTE FUNCTION {CHANNEL}()
    """,
)


def install(connection: Connection) -> None:
    """Have the database give notice, as this version of crosspromo wants it.

    Triggers hold no data, so they are made anew at each upgrade and have no version of their own.
    """
    if connection.dialect.name == "postgresql":
        for statement in _TRIGGERS:
            connection.exec_driver_sql(statement)


class Notices(Protocol):
    """Waits for notices. One thread waits; any thread, or a signal's handler, may interrupt."""

    def wait(self, timeout: timedelta) -> bool:
        """True as soon as something may have become due, also if that was since the last wait;
        False after `timeout`, or when interrupted.
        """
        ...

    def interrupt(self) -> None:
        """End the wait that is under way, or else the next one."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


def notices_of(engine: Engine) -> Notices:
    """Notices of everything that commits from now on."""
    return SqliteNotices(engine) if engine.dialect.name == "sqlite" else PostgresNotices(engine)


class _Bell:
    """Ends a wait from elsewhere. A byte in a socket: safe in a handler, and select hears it."""

    def __init__(self) -> None:
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)

    def ring(self) -> None:
        with suppress(BlockingIOError):  # full: it has been rung, often
            self._bell.send(b"!")

    def sleep(self, seconds: float, *besides: int) -> tuple[bool, bool]:
        """Whether it was rung, and whether one of the file descriptors `besides` can be read."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._ear, selectors.EVENT_READ)
            for descriptor in besides:
                selector.register(descriptor, selectors.EVENT_READ)
            ready = {key.fd for key, _ in selector.select(max(0.0, seconds))}
        rung = self._ear.fileno() in ready
        if rung:
            self._ear.recv(4096)
        return rung, not ready.isdisjoint(besides)

    def close(self) -> None:
        self._ear.close()
        self._bell.close()


class SqliteNotices:
    """What changes in the file is noticed within LOOK, whichever process did it: this one, too."""

    def __init__(self, engine: Engine, look: timedelta = LOOK) -> None:
        self._file: sqlite3.Connection = _connection_of_its_own(engine)
        self._look = look.total_seconds()
        self._bell = _Bell()
        self._known = self._version()

    def wait(self, timeout: timedelta) -> bool:
        end = monotonic() + timeout.total_seconds()
        while True:
            version = self._version()
            if version != self._known:
                self._known = version
                return True
            left = end - monotonic()
            if left <= 0:
                return False
            rung, _ = self._bell.sleep(min(left, self._look))
            if rung:
                return False

    def interrupt(self) -> None:
        self._bell.ring()

    def close(self) -> None:
        self._file.close()
        self._bell.close()

    def _version(self) -> int:
        """Goes up with every commit of another connection to the file."""
        try:
            (version,) = self._file.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            raise DatabaseError(f"the database cannot be used: {error}") from error
        return int(version)


class PostgresNotices:
    """LISTENs on a connection of its own, and finds its way back when it is cut off."""

    def __init__(self, engine: Engine, retry: timedelta = RETRY) -> None:
        self._engine = engine
        self._retry = retry.total_seconds()
        self._driver: Any = engine.dialect.loaded_dbapi  # psycopg, which need not be installed
        self._bell = _Bell()
        self._listener: Any = None
        self._listen()

    def wait(self, timeout: timedelta) -> bool:
        end = monotonic() + timeout.total_seconds()
        while True:
            if self._listener is None and self._listen():
                return True  # what was said meanwhile went unheard
            if self._listener is not None and self._heard():
                return True
            left = end - monotonic()
            if left <= 0:
                return False
            if self._listener is None:
                rung, _ = self._bell.sleep(min(left, self._retry))
            else:
                rung, _ = self._bell.sleep(left, self._listener.fileno())
            if rung:
                return False

    def interrupt(self) -> None:
        self._bell.ring()

    def close(self) -> None:
        self._hang_up()
        self._bell.close()

    def _listen(self) -> bool:
        """Begin to listen; False, with a line in the log, where the database cannot be reached."""
        try:
            self._listener = _connection_of_its_own(self._engine)
            self._listener.autocommit = True
            self._listener.execute(f"LISTEN {CHANNEL}")
        except (SQLAlchemyError, self._driver.OperationalError):
            self._lost()
            return False
        return True

    def _heard(self) -> bool:
        """Whether anything has been said since this was asked last."""
        try:
            return bool(list(self._listener.notifies(timeout=0)))
        except self._driver.OperationalError:
            self._lost()
            return False

    def _lost(self) -> None:
        log.warning(
            "the database cannot be listened to (%s); trying again every %g seconds",
            place(self._engine.url),
            self._retry,
        )
        self._hang_up()

    def _hang_up(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None


def _connection_of_its_own(engine: Engine) -> Any:
    """The driver's connection, opened as all are and taken out of the pool."""
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    pooled.detach()
    return connection
