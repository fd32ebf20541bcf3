"""Where stories are played: a store that every story begins anew, on either database."""

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

KEPT = {"organisation"}
"""A table that no story changes, and that is never empty."""


class Stage(Protocol):
    """An engine, and a store on it that is as empty as every story finds it."""

    engine: Engine

    def clear(self) -> Any:
        """A connection of its own to an empty store, to read rows past our own code."""
        ...


class SqliteStage:
    """A file, copied from one that the migrations have built."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "story.db"
        self._blank = folder / "blank.db"
        self.engine = open_engine("sqlite:///story.db", folder)
        # Stories kill processes, not machines: the file need not survive a power cut.
        event.listen(self.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous = OFF"))
        upgrade(self.engine)
        _furnish(self.engine)
        self.engine.dispose()
        shutil.copyfile(self._file, self._blank)

    def clear(self) -> sqlite3.Connection:
        """Whoever had the file open before must have closed it."""
        self.engine.dispose()
        for leftover in self._folder.glob("story.db*"):
            leftover.unlink()
        shutil.copyfile(self._blank, self._file)
        return sqlite3.connect(self._file, check_same_thread=False)


class PostgresStage:
    """A database on a real server, whose tables are emptied."""

    def __init__(self, server: PostgresServer) -> None:
        self.engine = open_engine(server.database(), Path())

    def clear(self) -> Any:
        names = ", ".join(name for name in metadata.tables if name not in KEPT)
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY")
        _furnish(self.engine)
        pooled = self.engine.raw_connection()
        connection_: Any = pooled.driver_connection
        pooled.detach()
        connection_.autocommit = True
        return connection_


def _furnish(engine: Engine) -> None:
    with Store(engine).write() as unit:
        unit.accounts.register(world.NAMES)
        unit.partners.save(Partner(slug="river-keepers", name="River Keepers"))


@contextmanager
def on_sqlite() -> Iterator[Stage]:
    """A stage in a folder that goes when it is done with."""
    with tempfile.TemporaryDirectory(prefix="crosspromo-simulation-") as folder:
        built = SqliteStage(Path(folder))
        try:
            yield built
        finally:
            built.engine.dispose()


@contextmanager
def on_postgresql() -> Iterator[Stage]:
    """A stage on a server that goes when it is done with."""
    with PostgresServer() as server:
        built = PostgresStage(server)
        try:
            yield built
        finally:
            built.engine.dispose()


STAGES: dict[str, Callable[[], Any]] = {"sqlite": on_sqlite, "postgresql": on_postgresql}
"""Each database with the context manager that makes its stage."""
