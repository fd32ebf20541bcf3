"""Where stories are played: a store that every story begins anew, on either database."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from servers.postgres import PostgresServer
from simulation import world
from sqlalchemy import Engine, event

from crosspromo.domain.partners import Partner
from crosspromo.store.database.engine import open_engine
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.schema import metadata
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

KEPT = {"organisation", "database_identity", "alembic_version"}
"""Tables that are never empty."""

MEMORY = Path("/dev/shm")
"""A folder in memory, where there is one: marks are written through to the disk."""


class Stage(Protocol):
    """An engine, and a store on it that is as empty as every story finds it."""

    engine: Engine
    folder: Path

    @property
    def file(self) -> Path | None:
        """The database file; None where a server keeps the rows."""
        ...

    def clear(self) -> Any:
        """A connection of its own to an empty store, to read rows past our own code."""
        ...

    def connect(self) -> Any:
        """Another such connection, to what lies there now."""
        ...

    def swap(self, copy: Path) -> None:
        """Put a copy of a file in the place of the database file: another file has its name.

        Who has the old file open goes on in it.
        """
        ...

    def write_over(self, copy: Path) -> None:
        """Write a copy of a file over the database file, which nobody has open."""
        ...


class SqliteStage:
    """A file, copied from one that the migrations have built."""

    def __init__(self, folder: Path) -> None:
        self._home = folder
        self._blank = folder / "blank.db"
        self.folder = folder / "workspace"
        self.file = self.folder / "story.db"
        self.folder.mkdir()
        self.engine = self._usual = self._open()
        self._lost: list[Engine] = []
        upgrade(self.engine)
        _furnish(self.engine)
        self.engine.dispose()
        shutil.copyfile(self.file, self._blank)

    def clear(self) -> sqlite3.Connection:
        """Whoever had the file open before must have closed it."""
        for engine in (self._usual, *self._lost):
            engine.dispose()
        self._lost.clear()
        self.engine = self._usual
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        shutil.copyfile(self._blank, self.file)
        return self.connect()

    def connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self.file, check_same_thread=False)

    def swap(self, copy: Path) -> None:
        incoming = self.file.with_name("incoming.db")
        shutil.copyfile(copy, incoming)
        self._forget_log()
        incoming.replace(self.file)
        self._lost.append(self.engine)
        self.engine = self._open()

    def write_over(self, copy: Path) -> None:
        self.engine.dispose()
        self._forget_log()
        shutil.copyfile(copy, self.file)

    def close(self) -> None:
        for engine in (self._usual, self.engine, *self._lost):
            engine.dispose()

    def _forget_log(self) -> None:
        for rest in ("-wal", "-shm"):
            self.file.with_name(self.file.name + rest).unlink(missing_ok=True)

    def _open(self) -> Engine:
        engine = open_engine("sqlite:///story.db", self.folder)
        # Stories kill processes, not machines: the file need not survive a power cut.
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        return engine


class PostgresStage:
    """A database on a real server, whose tables are emptied."""

    file = None

    def __init__(self, server: PostgresServer, folder: Path) -> None:
        self._home = folder
        self.folder = folder / "workspace"
        self.folder.mkdir()
        self.engine = open_engine(server.database(), Path())

    def clear(self) -> Any:
        shutil.rmtree(self.folder)
        self.folder.mkdir()
        names = ", ".join(name for name in metadata.tables if name not in KEPT)
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
            connection.exec_driver_sql("UPDATE database_identity SET beats = 0")
        _furnish(self.engine)
        return self.connect()

    def connect(self) -> Any:
        pooled = self.engine.raw_connection()
        connection_: Any = pooled.driver_connection
        pooled.detach()
        connection_.autocommit = True
        return connection_

    def swap(self, copy: Path) -> None:
        raise NotImplementedError

    write_over = swap

    def close(self) -> None:
        self.engine.dispose()


def _furnish(engine: Engine) -> None:
    with Store(engine).write() as unit:
        unit.accounts.register(world.NAMES)
        unit.partners.save(Partner(slug="river-keepers", name="River Keepers"), START)


@contextmanager
def on_sqlite() -> Iterator[Stage]:
    """A stage in a folder that goes when it is done with."""
    with _folder() as folder:
        built = SqliteStage(folder)
        try:
            yield built
        finally:
            built.close()


@contextmanager
def on_postgresql() -> Iterator[Stage]:
    """A stage on a server that goes when it is done with."""
    with PostgresServer() as server, _folder() as folder:
        built = PostgresStage(server, folder)
        try:
            yield built
        finally:
            built.close()


@contextmanager
def _folder() -> Iterator[Path]:
    place = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="crosspromo-simulation-", dir=place) as folder:
        yield Path(folder)


STAGES: dict[str, Callable[[], Any]] = {"sqlite": on_sqlite, "postgresql": on_postgresql}
"""Each database with the context manager that makes its stage."""
