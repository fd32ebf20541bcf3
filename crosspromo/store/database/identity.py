"""Identity of the database in its one row, and the marks of databases beside them."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, select, update

from crosspromo.domain.database_identity import Identity, Mark, merged
from crosspromo.private_folders import make_private_folder
from crosspromo.store.schema import database_identity, deliveries


class DatabaseIdentity:
    """Name and beats of the database."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self) -> Identity:
        """Identity as it stands."""
        row = self._connection.execute(_ROW).one()
        return Identity(row.name, row.beats)

    def lock(self) -> Identity:
        """Identity, locked until the end of the transaction."""
        row = self._connection.execute(_ROW.with_for_update()).one()
        return Identity(row.name, row.beats)

    def set_beats(self, beats: int) -> None:
        """Set the number of beats."""
        self._connection.execute(update(database_identity).values(beats=beats))

    def has_deliveries(self) -> bool:
        """Whether a delivery was ever queued: deliveries are never deleted."""
        return self._connection.execute(select(deliveries.c.id).limit(1)).first() is not None


_ROW = select(database_identity.c.name, database_identity.c.beats)


class MarkFile:
    """File with the high-water marks of the databases that this workspace has used, by name.

    A mark is written after the commit that it tells of, so it is never ahead of the database: a
    crash between the two leaves a lower mark, and nothing is found odd.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Mapping[str, Mark]:
        """All marks; empty if there is no file, or the file is not readable as marks."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Mark])
        except (FileNotFoundError, msgspec.DecodeError):
            return {}

    def record(self, name: str, beats: int, files: Iterable[int]) -> None:
        """Write the mark of the database `name`, unless a higher one stands there."""
        from filelock import FileLock  # noqa: PLC0415 (commands that only read write no mark)

        make_private_folder(self._path.parent)
        with FileLock(self._path.with_suffix(".lock")):
            marks = dict(self.read())
            mark = merged(marks.get(name), Mark(beats, tuple(files)))
            if marks.get(name) != mark:
                self._write({**marks, name: mark})

    def _write(self, marks: Mapping[str, Mark]) -> None:
        """Replace the file atomically; the new one is on the disk before it has the name."""
        draft = self._path.with_suffix(f".{uuid4().hex}")
        try:
            with draft.open("xb") as file:
                file.write(msgspec.json.encode(marks))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)
