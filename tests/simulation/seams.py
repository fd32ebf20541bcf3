"""The places at which a story can go wrong: between transactions, around commits and calls.

At each of them a process may be killed and another may get its turn. A turn never changes while a
transaction is open: SQLite would make the other wait for it.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from psycopg.errors import DiskFull
from simulation.baton import Baton, Killed
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from crosspromo.store.unit import Store, Unit

PLACES = (
    "before it reads",
    "before it writes",
    "before a commit",
    "after a commit",
    "leaves",
    "on its way",
    "makes ready",
    "looks up",
    "has looked up",
)
"""Where processes die."""

MOST_SEAMS_A_TURN = 4000
"""No round of a story is as long: one that is does not end."""


class EndlessError(BaseException):
    """A round that goes on and on. No `except Exception` may keep it."""


class Seams:
    """Counts down to each process's death. `tell` is told of it."""

    def __init__(self, baton: Baton, tell: Callable[[str], None]) -> None:
        self._baton = baton
        self._tell = tell
        self._passed = 0
        self.in_transaction = False
        self._dooms: dict[str, tuple[str, int]] = {}

    def begin_turn(self) -> None:
        self._passed = 0

    def at(self, where: str) -> None:
        """Somebody passes here, or dies here; somebody else may be next."""
        self._passed += 1
        if self._passed > MOST_SEAMS_A_TURN:
            raise EndlessError(f"a round did not end after {MOST_SEAMS_A_TURN} steps")
        self._die(where)
        if not self.in_transaction:
            self._baton.pass_on()

    def doom(self, name: str, where: str, times: int) -> None:
        """This process dies when it passes such a place for the last of so many times."""
        self._dooms[name] = where, times

    def spare(self, name: str) -> None:
        """It does not die after all."""
        self._dooms.pop(name, None)

    def _die(self, where: str) -> None:
        name = self._baton.holder
        doomed_at, times = self._dooms.get(name, ("nowhere", 0))
        if doomed_at not in where:
            return
        self._dooms[name] = doomed_at, times - 1
        if times <= 1:
            self.spare(name)
            self._tell(f"{name} is killed {where}")
            raise Killed(where)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Nobody else has a turn in here."""
        self.in_transaction = True
        try:
            yield
        finally:
            self.in_transaction = False


class Disk:
    """The disk that the database is on: it may be full for a while. `tell` is told of it."""

    ROOM = 10**9

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self.free = self.ROOM
        self.was_full = False
        """Whether it was full at any time of this turn."""

    def begin_turn(self) -> None:
        self.was_full = self.is_full

    @property
    def is_full(self) -> bool:
        return self.free == 0

    def fill(self, free: int) -> None:
        """So many bytes are left: with none, nothing can be written."""
        self.free = free
        self.was_full |= self.is_full
        self._tell(f"the disk has {free} bytes left")

    def write(self, engine: Engine) -> None:
        """What the database says to a commit for which there is no room."""
        if not self.is_full:
            return
        said: Exception
        if engine.dialect.name == "sqlite":
            said = sqlite3.OperationalError("database or disk is full")
            said.sqlite_errorcode = sqlite3.SQLITE_FULL
        else:
            said = DiskFull("could not extend file")
        raise OperationalError("COMMIT", {}, said)


class SeamedStore:
    """The real store, with a seam at both ends of each transaction and on both sides of a commit.

    `committed` is called after each commit, before anybody else can act on it.
    """

    def __init__(
        self, store: Store, seams: Seams, committed: Callable[[], None], disk: Disk
    ) -> None:
        self._store = store
        self._seams = seams
        self._committed = committed
        self._disk = disk

    @property
    def engine(self) -> Engine:
        return self._store.engine

    @property
    def file(self) -> Path | None:
        return self._store.file

    @property
    def is_lost(self) -> bool:
        return self._store.is_lost

    @property
    def loss(self) -> str:
        return self._store.loss

    @property
    def has_one_writer(self) -> bool:
        return self._store.has_one_writer

    def one_connection(self) -> AbstractContextManager[None]:
        return self._store.one_connection()

    def fold_log(self) -> None:
        if not self._disk.is_full:
            self._store.fold_log()

    def close(self) -> None:
        self._store.close()

    @contextmanager
    def read(self) -> Iterator[Unit]:
        self._seams.at("before it reads")
        with self._seams.transaction(), self._store.read() as unit:
            yield unit
        self._seams.at("after it has read")

    @contextmanager
    def write(self) -> Iterator[Unit]:
        self._seams.at("before it writes")
        with self._seams.transaction():
            with self._store.write() as unit:
                yield unit
                self._seams.at("before a commit")
                self._disk.write(self._store.engine)
            self._committed()
        self._seams.at("after a commit")
