"""Backups: the database alone, or the whole workspace in one ZIP file."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from crosspromo.domain.errors import InputError
from crosspromo.domain.reasons.inputs import FileExists
from crosspromo.intake import archive
from crosspromo.private_folders import make_private_folder
from crosspromo.services.database import Databases, copy_file

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True, slots=True)
class BackedUp:
    """Files in the backup beside the database, and files that were left out: links and others."""

    files: int
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Backups:
    """Writes backups into new files, also while a daemon runs.

    `session_key` is the key that encrypts sessions, made if there is none.
    """

    folder: Path
    state_folder: Path
    databases: Databases
    session_key: Callable[[], bytes]

    def back_up(self, file: Path, passphrase: str | None = None) -> BackedUp:
        """Back up into the file: the whole workspace for `.zip`, else the SQLite database alone.

        A passphrase adds the session key to a ZIP file, encrypted. InputError if the file exists.
        """
        if not is_archive(file):
            self.databases.backup(file)
            return BackedUp(0)
        if file.exists():
            raise InputError(FileExists(str(file)))
        make_private_folder(self.state_folder)
        with tempfile.TemporaryDirectory(prefix="backup-", dir=self.state_folder) as staging:
            database = Path(staging) / archive.DATABASE
            self._copy_database(database)
            made = self._write(file, database, passphrase)
        self.databases.watch().move_on()
        return made

    def _copy_database(self, target: Path) -> None:
        """Copy the database into a new SQLite file, from PostgreSQL row by row."""
        store = self.databases.store()
        if store.file is not None:
            copy_file(store.file, target)
            return
        export(store, target, self.databases)

    def _write(self, file: Path, database: Path, passphrase: str | None) -> BackedUp:
        found, left_out = _files(self.folder)
        try:
            with (
                os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as to,
                archive.write_archive(to) as writer,
            ):
                writer.add_document(archive.MANIFEST, self._manifest(database, found))
                writer.add(archive.DATABASE, database)
                for name in found:
                    writer.add(name, self.folder / name)
                if passphrase is not None:
                    from crosspromo.secrets.sealed_keys import encrypt_key  # noqa: PLC0415 (rare)

                    writer.add_document(archive.KEYS, encrypt_key(self.session_key(), passphrase))
        except FileExistsError:
            raise
        except BaseException:
            file.unlink(missing_ok=True)
            raise
        return BackedUp(len(found), tuple(left_out))

    def _manifest(self, database: Path, found: list[str]) -> archive.Manifest:
        from crosspromo.store.database.engine import HEAD  # noqa: PLC0415 (the store loads when used)

        with (
            closing(self.databases.open_store(f"sqlite:///{database}", "the copy")) as copy,
            copy.read() as unit,
        ):
            identity = unit.identity.get()
            counts = {str(state): count for state, count in unit.deliveries.counts().items()}
        return archive.Manifest(
            format=archive.FORMAT,
            made_at=self.databases.clock.now(),
            made_by=version("crosspromo"),
            version=HEAD,
            identity=identity.name,
            beats=identity.beats,
            counts={**counts, "files": len(found)},
        )


def is_archive(file: Path) -> bool:
    """Whether the name of the file is that of a whole backup."""
    return file.suffix.casefold() == ".zip"


def export(store: "Store", target: Path, databases: Databases) -> None:
    """Copy all rows of a database, as of one moment, into a new SQLite file."""
    from crosspromo.store.database.copying import copy_rows  # noqa: PLC0415 (the store loads when used)
    from crosspromo.store.database.engine import transaction  # noqa: PLC0415 (as above)
    from crosspromo.store.database.upgrading import upgrade_within  # noqa: PLC0415 (as above)

    target.touch(mode=0o600, exist_ok=False)
    with closing(databases.open_store(f"sqlite:///{target}", "the copy")) as copy:
        with (
            transaction(store.engine, writes=False) as old,
            transaction(copy.engine, writes=True) as new,
        ):
            upgrade_within(new)
            copy_rows(old, new, lambda _table, _rows: None)
        copy.fold_log()


def _files(folder: Path) -> tuple[list[str], list[str]]:
    """Names of settings, templates and media; and of what is no file of the workspace itself."""
    found: list[str] = []
    left_out: list[str] = []
    for path in _candidates(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            left_out.append(name)
        elif path.is_file():
            (found if archive.is_kept(name, path.stat().st_size) else left_out).append(name)
    return found, left_out


def _candidates(folder: Path) -> Iterator[Path]:
    yield folder / archive.SETTINGS
    for name in archive.FOLDERS:
        if not (folder / name).is_symlink():
            yield from sorted((folder / name).rglob("*"))
        else:
            yield folder / name
