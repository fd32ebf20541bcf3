"""Whole-database operations for a workspace: build, upgrade, check, back up, copy."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import DatabaseError, InputError
from crosspromo.domain.reasons.inputs import FileExists, NotOnSQLite

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

Progress = Callable[[str, int], None]
"""Callback for each copied table: its name and its number of rows."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Database version now and before the upgrade; `before` is None for an empty database."""

    version: str
    before: str | None


@dataclass(frozen=True, slots=True)
class Copied:
    """Number of copied rows, and both databases in words, without passwords."""

    rows: int
    source: str
    target: str


@dataclass(frozen=True)
class Databases:
    """Acts on whole databases.

    `store` opens the workspace's store and raises DatabaseError if the database is missing or of
    another version; `bare_store` opens the store whatever the version. `open_store` opens any URL;
    its second argument says in errors where the URL was written. `is_dead`: whether a worker is
    surely dead.
    """

    store: "Callable[[], Store]"
    bare_store: "Callable[[], Store]"
    open_store: "Callable[[str, str], Store]"
    clock: Clock
    is_dead: Callable[[str], bool]

    def upgrade(self) -> Upgraded:
        """Build the workspace's database, or upgrade the database to this version.

        A database of this version gets its sums built anew. DatabaseStateError for a newer version.
        """
        from crosspromo.store.database.engine import HEAD, current_version, require_current  # noqa: PLC0415 (the store loads when used)
        from crosspromo.store.database.upgrading import upgrade  # noqa: PLC0415 (as above)

        engine = self.bare_store().engine
        before = current_version(engine)
        if before is not None and before >= HEAD:
            require_current(engine)
        upgrade(engine)
        return Upgraded(HEAD, before)

    def check(self) -> Sequence[str]:
        """Faults in the database file, the ledger and the delivery counts, in words; empty: none.

        A ledger row that contradicts the state of its delivery is a fault.
        """
        with self.store().read() as unit:
            return [*unit.faults_of_file(), *unit.ledger.faults(), *unit.deliveries.faults()]

    def backup(self, file: Path) -> None:
        """Write a consistent copy of a SQLite database into a new file, also while a daemon runs.

        InputError if the database is not SQLite, or the file exists.
        """
        engine = self.store().engine
        name = engine.url.database
        if engine.dialect.name != "sqlite" or name is None:
            raise InputError(NotOnSQLite(name or "", str(file)))
        if file.exists():
            raise InputError(FileExists(str(file)))
        _copy_file(name, file)

    def copy(self, source: str, target: str, progress: Progress, actor: str) -> Copied:
        """Copy all rows from source to empty target, both given as URLs of crosspromo.toml's form.

        All rows are copied or none. The source is left paused by the person named `actor`, so that
        no delivery is sent from both databases. DatabaseError if a daemon may run on the source, a
        delivery is being sent, or the target is not empty.
        """
        from crosspromo.store.database.copying import Mover, database_label  # noqa: PLC0415 (nothing else needs it)

        mover = Mover(actor, self.clock.now(), self.is_dead, progress)
        with (
            closing(self.open_store(source, "the source")) as old,
            closing(self.open_store(target, "the target")) as new,
        ):
            rows = mover.move(old.engine, new.engine)
            return Copied(rows, database_label(old.engine), database_label(new.engine))


def _copy_file(database: str, file: Path) -> None:
    """Copy the database with SQLite's online backup; a failed copy leaves no file.

    Only the owner can read the copy, which has everything that networks have said.
    """
    from crosspromo.store.database.engine import make_private_file  # noqa: PLC0415 (the store loads when used)

    make_private_file(file)
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        file.unlink(missing_ok=True)
        raise DatabaseError(f"the copy could not be written: {error}") from error
