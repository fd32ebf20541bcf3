"""Notices to a waiting daemon that a delivery may have become due sooner.

A notice is only a hint: the daemon reads the queue from the database. A lost or needless notice
costs a wait or a query, and never a post.

On PostgreSQL, two triggers on `deliveries` NOTIFY the channel `crosspromo_due` at the commit of any
transaction that writes to the queue. They do not fire for a daemon's sends and settlements, since
NOTIFY serialises commits. On SQLite, a waiter polls the change counter of the file.
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
from crosspromo.store.database.errors import server_address, sqlite_sentence

log = logging.getLogger(__name__)

CHANNEL = "crosspromo_due"

POLL_INTERVAL = timedelta(seconds=2)
"""Time between two polls of the SQLite file; a poll takes microseconds."""

RETRY_INTERVAL = timedelta(seconds=5)
"""Time between two attempts to reconnect to PostgreSQL."""

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


def install_triggers(connection: Connection) -> None:
    """Create or replace the triggers that NOTIFY, on PostgreSQL.

    Triggers contain no data, so each upgrade creates them anew, and they have no version.
    """
    if connection.dialect.name == "postgresql":
        for statement in _TRIGGERS:
            connection.exec_driver_sql(statement)


class Notices(Protocol):
    """Waiter for notices. One thread waits; any thread or signal handler may interrupt it."""

    def wait(self, timeout: timedelta) -> bool:
        """Wait for a notice; returns True at once for a notice since the last wait.

        False after `timeout`, or when interrupted.
        """
        ...

    def interrupt(self) -> None:
        """End the present wait; if nobody waits, end the next wait at once."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


def open_notices(engine: Engine) -> Notices:
    """Open a waiter for notices of later commits."""
    return SqliteNotices(engine) if engine.dialect.name == "sqlite" else PostgresNotices(engine)


class _InterruptibleSleep:
    """Sleep with an interrupt for other threads and signal handlers.

    An interrupt is a byte in a socket pair, which is safe in a handler and wakes `select`.
    """

    def __init__(self) -> None:
        self._receiver, self._sender = socket.socketpair()
        self._receiver.setblocking(False)
        self._sender.setblocking(False)

    def interrupt(self) -> None:
        with suppress(BlockingIOError):  # full of earlier interrupts
            self._sender.send(b"!")

    def sleep(self, seconds: float, *besides: int) -> tuple[bool, bool]:
        """Whether the sleep was interrupted, and whether a descriptor in `besides` is readable."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._receiver, selectors.EVENT_READ)
            for descriptor in besides:
                selector.register(descriptor, selectors.EVENT_READ)
            ready = {key.fd for key, _ in selector.select(max(0.0, seconds))}
        interrupted = self._receiver.fileno() in ready
        if interrupted:
            self._receiver.recv(4096)
        return interrupted, not ready.isdisjoint(besides)

    def close(self) -> None:
        self._receiver.close()
        self._sender.close()


class SqliteNotices:
    """Notices on SQLite: commits of any process, this one included, within POLL_INTERVAL."""

    def __init__(self, engine: Engine, poll_interval: timedelta = POLL_INTERVAL) -> None:
        self._file: sqlite3.Connection = _separate_connection(engine)
        self._name = engine.url.database or ""
        self._poll_interval = poll_interval.total_seconds()
        self._sleep = _InterruptibleSleep()
        self._last_version = self._version()

    def wait(self, timeout: timedelta) -> bool:
        end = monotonic() + timeout.total_seconds()
        while True:
            version = self._version()
            if version != self._last_version:
                self._last_version = version
                return True
            left = end - monotonic()
            if left <= 0:
                return False
            interrupted, _ = self._sleep.sleep(min(left, self._poll_interval))
            if interrupted:
                return False

    def interrupt(self) -> None:
        self._sleep.interrupt()

    def close(self) -> None:
        self._file.close()
        self._sleep.close()

    def _version(self) -> int:
        """File version; every commit of another connection increases the number."""
        try:
            (version,) = self._file.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            raise DatabaseError(sqlite_sentence(error, self._name)) from error
        return int(version)


class PostgresNotices:
    """Notices on PostgreSQL: LISTEN on a separate connection, reconnected when it is lost."""

    def __init__(self, engine: Engine, retry: timedelta = RETRY_INTERVAL) -> None:
        self._engine = engine
        self._retry = retry.total_seconds()
        self._driver: Any = engine.dialect.loaded_dbapi  # psycopg, an optional dependency
        self._sleep = _InterruptibleSleep()
        self._listener: Any = None
        self._listen()

    def wait(self, timeout: timedelta) -> bool:
        end = monotonic() + timeout.total_seconds()
        while True:
            if self._listener is None and self._listen():
                return True  # notices may have been lost meanwhile
            if self._listener is not None and self._has_notice():
                return True
            left = end - monotonic()
            if left <= 0:
                return False
            if self._listener is None:
                interrupted, _ = self._sleep.sleep(min(left, self._retry))
            else:
                interrupted, _ = self._sleep.sleep(left, self._listener.fileno())
            if interrupted:
                return False

    def interrupt(self) -> None:
        self._sleep.interrupt()

    def close(self) -> None:
        self._disconnect()
        self._sleep.close()

    def _listen(self) -> bool:
        """Start to listen; False, with a warning in the log, if the database is unreachable."""
        try:
            self._listener = _separate_connection(self._engine)
            self._listener.autocommit = True
            self._listener.execute(f"LISTEN {CHANNEL}")
        except (SQLAlchemyError, self._driver.OperationalError):
            self._give_up_connection()
            return False
        return True

    def _has_notice(self) -> bool:
        """Whether a notice has arrived since the last call."""
        try:
            return bool(list(self._listener.notifies(timeout=0)))
        except self._driver.OperationalError:
            self._give_up_connection()
            return False

    def _give_up_connection(self) -> None:
        log.warning(
            "the database cannot be listened to (%s); trying again every %g seconds",
            server_address(self._engine.url),
            self._retry,
        )
        self._disconnect()

    def _disconnect(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None


def _separate_connection(engine: Engine) -> Any:
    """DBAPI connection, opened through the pool and then detached."""
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    pooled.detach()
    return connection
