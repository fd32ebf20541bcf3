"""Restores: a backup takes the place of the database, paused, and what it replaces is kept."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from crosspromo.domain.database_identity import LEAP, PERHAPS_SENT
from crosspromo.domain.errors import (
    ConfigError,
    DatabaseError,
    DatabaseStateError,
    NotFoundError,
)
from crosspromo.domain.reasons.database import NotABackup, WouldReplace
from crosspromo.domain.reasons.not_found import NoWorkspace
from crosspromo.domain.requests import given_name
from crosspromo.domain.timing import wall_clock
from crosspromo.intake.archive import (
    DATABASE,
    KEYS,
    SETTINGS,
    ArchiveError,
    ArchiveReader,
    read_archive,
)
from crosspromo.private_folders import make_private_folder
from crosspromo.secrets.sealed_keys import decrypt_key
from crosspromo.secrets.sessions import SessionCipher
from crosspromo.services.back_up import export, is_archive
from crosspromo.services.database import Databases, copy_file
from crosspromo.services.database_watch import pause_everything
from crosspromo.settings import FILE_NAME, Settings

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

Passphrase = Callable[[], str | None]
"""Asks for the passphrase of the keys in a backup; None: the keys are left alone."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore brought back. Everything is paused.

    `made_at` is the time of the backup, None for a database file, which does not tell.
    `unsettled` were being sent at the backup. `sign_in` are accounts whose session cannot be
    decrypted. `aside` is the folder of what was replaced; None: nothing was. `settings_differ`: the
    workspace kept its own crosspromo.toml. `keys`: whether the session key was restored.
    """

    made_at: datetime | None
    unsettled: Sequence[int]
    sign_in: Sequence[str]
    files: int
    aside: Path | None
    settings_differ: bool
    keys: bool


def lay_out_settings(file: Path, folder: Path) -> None:
    """Make a workspace of an empty folder, with the settings in the backup.

    NotFoundError if the backup is a database alone; DatabaseStateError if it is not acceptable.
    """
    if not is_archive(file):
        raise NotFoundError(NoWorkspace(str(folder)))
    with _reading(file) as reader:
        if SETTINGS not in reader:
            raise NotFoundError(NoWorkspace(str(folder)))
        text = reader.read(SETTINGS)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE_NAME).open("xb") as settings:
        settings.write(text)


@dataclass(frozen=True)
class Restores:
    """Restores backups into the workspace."""

    folder: Path
    state_folder: Path
    databases: Databases
    settings: Settings
    cipher: SessionCipher

    def restore(self, file: Path, *, force: bool, passphrase: Passphrase, actor: str) -> Restored:
        """Restore the backup for the person `actor`, and pause everything.

        A database with deliveries is replaced only with `force`, and kept aside. DatabaseStateError
        if the file is no backup, DatabaseError if a daemon may run. Nothing is changed then.
        """
        given_name(actor)
        make_private_folder(self.state_folder)
        with tempfile.TemporaryDirectory(prefix="restore-", dir=self.state_folder) as staging:
            staged = Path(staging) / DATABASE
            if is_archive(file):
                with _reading(file) as reader:
                    unpacked = _stage(file, staged, reader, self.folder)
                    return self._restore(
                        _Staged(file, staged, unpacked, reader), force, passphrase, actor
                    )
            _stage(file, staged, None, self.folder)
            return self._restore(_Staged(file, staged, {}, None), force, passphrase, actor)

    def _restore(
        self, backup: "_Staged", force: bool, passphrase: Passphrase, actor: str
    ) -> Restored:
        """Put the staged backup in place; whatever can be refused is refused first."""
        reader = backup.reader
        key = None
        if reader is not None and KEYS in reader:
            words = passphrase()
            key = decrypt_key(_document(backup.file, reader, KEYS), words) if words else None
        target = _Target(self.databases)
        target.require_free(force=force)
        self._prepare(backup.database, backup.file, reader, actor)

        now = self.databases.clock.now()
        aside = _unused(self.folder / f"before-restore-{now:%Y%m%d-%H%M%S}")
        target.replace(backup.database, aside)
        for name, path in backup.unpacked.items():
            _put(path, self.folder / name, aside / name)
        keys = key is not None and self.cipher.restore_key(key, aside / "session.key")
        return self._found(reader, aside, len(backup.unpacked), keys)

    def _prepare(self, staged: Path, file: Path, reader: ArchiveReader | None, actor: str) -> None:
        """Bring the staged database to this version, and pause everything in it."""
        from crosspromo.store.database.upgrading import upgrade  # noqa: PLC0415 (the store loads when used)

        when = None if reader is None else reader.manifest.made_at
        zone = self.settings.organisation.zone
        made = "" if when is None else f" of {wall_clock(when, zone)}"
        reason = (
            f"{actor} restored the database from the backup {file.name}{made}, so {PERHAPS_SENT}"
        )
        with closing(self.databases.open_store(f"sqlite:///{staged}", "the backup")) as store:
            try:
                upgrade(store.engine)
            except DatabaseError as error:
                raise DatabaseStateError(NotABackup(str(file), str(error))) from None
            marks = self.databases.watch().marks.read()
            with store.write() as unit:
                seen = unit.identity.get()
                mark = marks.get(seen.name)
                highest = max(seen.beats, 0 if mark is None else mark.beats)
                unit.identity.set_beats(highest + LEAP)
                for worker in unit.workers.running():  # of the time of the backup: none runs here
                    unit.workers.stop(worker.name)
                unit.audit.add(self.databases.clock.now(), actor, "restore", file.name, None)
                pause_everything(unit, self.databases.clock, reason)
            store.fold_log()

    def _found(self, reader: ArchiveReader | None, aside: Path, files: int, keys: bool) -> Restored:
        store = self.databases.bare_store()
        with store.read() as unit:
            identity = unit.identity.get()
            unsettled = [each.id for each in unit.deliveries.in_flight()]
            sessions = unit.accounts.sessions()
        self.databases.watch().expect(identity, store.file)
        own = self.folder / FILE_NAME
        return Restored(
            made_at=None if reader is None else reader.manifest.made_at,
            unsettled=unsettled,
            sign_in=[name for name, session in sessions.items() if not self._opens(session)],
            files=files,
            aside=aside if aside.exists() else None,
            settings_differ=reader is not None
            and SETTINGS in reader
            and reader.read(SETTINGS) != own.read_bytes(),
            keys=keys,
        )

    def _opens(self, session: str) -> bool:
        try:
            return self.cipher.decrypt(session) is not None
        except ConfigError:  # the key is out of reach
            return False


@dataclass(frozen=True, slots=True)
class _Staged:
    """Backup in the staging folder: its database, and its files by their names."""

    file: Path
    database: Path
    unpacked: dict[str, Path]
    reader: ArchiveReader | None


class _Target:
    """Database of the workspace, to be replaced by a staged one."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._store: Store = databases.bare_store()
        self._readable = False
        self._deliveries = 0

    def require_free(self, *, force: bool) -> None:
        """DatabaseError if a daemon may run; DatabaseStateError without `force` if posts are there.

        A database file that is broken, or of another version, needs `force`, too.
        """
        from crosspromo.store.database.engine import HEAD, current_version  # noqa: PLC0415 (the store loads when used)

        file = self._store.file
        if file is not None and not file.exists():
            return
        try:
            version = current_version(self._store.engine)
        except DatabaseError:
            if file is None:
                raise
            version = "broken"
        else:
            self._readable = version in {None, HEAD}
            if version is None:
                return
            with self._store.read() as unit:
                self._require_idle(unit)  # heartbeats are alike in every version
                if self._readable:
                    self._deliveries = sum(unit.deliveries.counts().values())
        if not force and (self._deliveries or version != HEAD):
            raise DatabaseStateError(WouldReplace(self._deliveries))

    def _require_idle(self, unit: "Unit") -> None:
        databases = self._databases
        running = [
            each.name for each in unit.workers.alive(databases.clock.now(), databases.is_dead)
        ]
        if running:
            raise DatabaseError(
                f"a daemon runs on the database: {', '.join(running)}; stop it and restore then"
            )

    def replace(self, staged: Path, aside: Path) -> None:
        """Put the staged database in place; a database with deliveries is kept in `aside`."""
        file = self._store.file
        if file is None:
            self._replace_rows(staged, aside)
            return
        if file.exists() and self._readable:
            if self._deliveries:
                make_private_folder(aside)
                copy_file(file, aside / file.name)
            self._store.close()
            _overwrite(staged, file)
            return
        self._store.close()
        for path in (file.with_name(file.name + rest) for rest in ("", "-wal", "-shm")):
            if path.exists():
                make_private_folder(aside)
                path.replace(aside / path.name)
        copy_file(staged, file)

    def _replace_rows(self, staged: Path, aside: Path) -> None:
        """Replace all rows on PostgreSQL in one transaction."""
        from crosspromo.store.database.copying import copy_rows, lock_out_writers  # noqa: PLC0415 (as above)
        from crosspromo.store.database.engine import transaction  # noqa: PLC0415 (as above)
        from crosspromo.store.database.upgrading import upgrade_within  # noqa: PLC0415 (as above)

        if self._deliveries:
            make_private_folder(aside)
            export(self._store, aside / DATABASE, self._databases)
        with (
            closing(self._databases.open_store(f"sqlite:///{staged}", "the backup")) as source,
            transaction(source.engine, writes=False) as old,
            transaction(self._store.engine, writes=True) as new,
        ):
            upgrade_within(new)
            lock_out_writers(new)
            copy_rows(old, new, lambda _table, _rows: None)


def _overwrite(staged: Path, file: Path) -> None:
    """Write the staged database over the file in one transaction: whoever has it open sees it."""
    from crosspromo.store.database.errors import sqlite_sentence  # noqa: PLC0415 (as above)

    try:
        with closing(sqlite3.connect(staged)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise DatabaseError(sqlite_sentence(error, str(file))) from error


def _stage(file: Path, staged: Path, reader: ArchiveReader | None, folder: Path) -> dict[str, Path]:
    """Copy database and files of the backup into the staging folder; returns the files by name."""
    unpacked: dict[str, Path] = {}
    try:
        if reader is None:
            if not file.is_file():
                raise DatabaseStateError(NotABackup(str(file), "there is no such file"))
            copy_file(file, staged)
        else:
            reader.require_room(folder)
            reader.unpack(DATABASE, staged)
            for number, name in enumerate(reader.files()):
                unpacked[name] = staged.with_name(f"{number}")
                reader.unpack(name, unpacked[name])
        _check(staged)
    except ArchiveError as error:
        raise DatabaseStateError(NotABackup(str(file), str(error))) from None
    except (sqlite3.Error, DatabaseError) as error:
        if isinstance(error, DatabaseStateError):
            raise
        raise DatabaseStateError(NotABackup(str(file), str(error))) from None
    return unpacked


def _check(staged: Path) -> None:
    """ArchiveError unless the file is a sound database of crosspromo, of a version known here."""
    from crosspromo.store.database.engine import HEAD  # noqa: PLC0415 (the store loads when used)

    staged.chmod(0o600)
    with closing(sqlite3.connect(staged)) as connection:
        connection.execute("PRAGMA trusted_schema = OFF")
        faults = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if faults != "ok":
            raise ArchiveError(f"its database is damaged: {faults}")
        ours = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
        if connection.execute(ours).fetchone() is None:
            raise ArchiveError("its database is none of crosspromo's")
        foreign = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
        if connection.execute(foreign).fetchone() is not None:
            raise ArchiveError("its database has triggers or views, which crosspromo's have not")
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if row is None or str(row[0]) > HEAD:
            raise ArchiveError("a newer crosspromo made its database; install that one")


def _unused(folder: Path) -> Path:
    """The folder, or one with a number if it exists: a clock that was set back repeats times."""
    numbered = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(each for each in chain([folder], numbered) if not each.exists())


def _document(file: Path, reader: ArchiveReader, name: str) -> object:
    try:
        document: object = msgspec.json.decode(reader.read(name))
    except (ArchiveError, msgspec.DecodeError) as error:
        raise DatabaseStateError(NotABackup(str(file), f"{name} in it: {error}")) from None
    return document


def _put(source: Path, target: Path, aside: Path) -> None:
    """Move the file to its place; another file that stands there is kept aside."""
    with suppress(FileNotFoundError):
        if not target.is_symlink() and target.read_bytes() == source.read_bytes():
            return
    if target.exists() or target.is_symlink():
        make_private_folder(aside.parent)
        target.replace(aside)
    target.parent.mkdir(parents=True, exist_ok=True)
    source.replace(target)


@contextmanager
def _reading(file: Path) -> Iterator[ArchiveReader]:
    """Archive that is open for reading; DatabaseStateError if it is not acceptable."""
    try:
        with read_archive(file) as reader:
            yield reader
    except FileNotFoundError:
        raise DatabaseStateError(NotABackup(str(file), "there is no such file")) from None
    except ArchiveError as error:
        raise DatabaseStateError(NotABackup(str(file), str(error))) from None
