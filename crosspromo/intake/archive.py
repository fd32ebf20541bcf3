"""Archives of whole workspaces: a ZIP file with database, settings, templates, media and manifest.

An archive that is read is hostile input. Names outside of the known places, links, encrypted or
doubled entries and entries beyond their limits are refused before anything is unpacked.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from crosspromo.disks import disk_of

FORMAT = 1
"""Version of the archive's layout."""

DATABASE = "database.db"
SETTINGS = "crosspromo.toml"
MANIFEST = "manifest.json"
KEYS = "keys.json"
FOLDERS = ("media", "templates")

MOST_ENTRIES = 200_000
SMALL = 2_000_000
"""Bytes that a text may have: settings, manifest, keys, a template."""
LARGE = 200_000_000
"""Bytes that a file in `media/` may have."""
CHUNK = 1 << 20


class ArchiveError(Exception):
    """Archive that is not restored; the text says why, to follow the name of the file."""


class Manifest(msgspec.Struct, frozen=True):
    """What an archive says of itself: `identity` and `beats` of the database, and its version."""

    format: int
    made_at: datetime
    made_by: str
    version: str
    identity: str
    beats: int
    counts: dict[str, int]


class ArchiveWriter:
    """Writer of an archive into an open, empty file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add(self, name: str, file: Path) -> None:
        """Add a file under a name with `/` between its parts."""
        with (
            file.open("rb") as source,
            self._archive.open(_entry(name), "w", force_zip64=True) as to,
        ):
            while chunk := source.read(CHUNK):
                to.write(chunk)

    def add_document(self, name: str, document: Any) -> None:
        """Add a JSON document."""
        self._archive.writestr(_entry(name), msgspec.json.format(msgspec.json.encode(document)))


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


class ArchiveReader:
    """Reader of an archive whose entries have been checked."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._entries = _checked(archive.infolist())
        if MANIFEST not in self._entries or DATABASE not in self._entries:
            raise ArchiveError("it is no backup of crosspromo: it has no manifest or no database")
        try:
            self.manifest = msgspec.json.decode(self.read(MANIFEST), type=Manifest)
        except msgspec.DecodeError as error:
            raise ArchiveError(f"its manifest cannot be read: {error}") from None
        if self.manifest.format > FORMAT:
            raise ArchiveError("a newer crosspromo made it; install that one")
        if self.manifest.made_at.tzinfo is None:
            raise ArchiveError("its manifest cannot be read: made_at has no zone")

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def files(self) -> list[str]:
        """Names of the files in the folders, sorted."""
        return sorted(name for name in self._entries if "/" in name)

    def read(self, name: str) -> bytes:
        """Content of a small entry."""
        with _readable(), self._archive.open(self._entries[name]) as source:
            return source.read(SMALL)

    def unpack(self, name: str, target: Path) -> None:
        """Write an entry into a new file."""
        with (
            _readable(),
            self._archive.open(self._entries[name]) as source,
            target.open("xb") as file,
        ):
            while chunk := source.read(CHUNK):
                file.write(chunk)

    def require_room(self, folder: Path) -> None:
        """ArchiveError if the disk of the folder has not twice the room of all entries."""
        disk, needed = disk_of(folder), 2 * sum(e.file_size for e in self._entries.values())
        if disk.free < needed:
            raise ArchiveError(f"unpacked it needs {needed // 1_000_000} MB, and {disk}")


@contextmanager
def write_archive(file: Any) -> Iterator[ArchiveWriter]:
    """Write an archive into a file that is open for binary writing."""
    with zipfile.ZipFile(file, "w") as archive:
        yield ArchiveWriter(archive)


@contextmanager
def read_archive(path: Path) -> Iterator[ArchiveReader]:
    """Open an archive for reading; ArchiveError for any other file, and for a hostile archive."""
    with _readable():
        archive = zipfile.ZipFile(path)
    with archive:
        yield ArchiveReader(archive)


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (
        *(zipfile.BadZipFile, zlib.error, EOFError),
        *(NotImplementedError, RuntimeError, ValueError),
    ) as error:
        raise ArchiveError(f"it is damaged, or no ZIP file: {error}") from None


def _checked(entries: list[zipfile.ZipInfo]) -> Mapping[str, zipfile.ZipInfo]:
    """Entries by name, without folders; ArchiveError for the first that is not acceptable."""
    if len(entries) > MOST_ENTRIES:
        raise ArchiveError(f"it has more than {MOST_ENTRIES:,} entries")
    found: dict[str, zipfile.ZipInfo] = {}
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if entry.is_dir() and _is_safe(name.rstrip("/")):
            continue
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in {0, stat.S_IFREG}:
            raise ArchiveError(f"{name!r} in it is a link or no file")
        if entry.flag_bits & 0x1:
            raise ArchiveError(f"{name!r} in it is encrypted")
        if not _is_known(name):
            raise ArchiveError(f"{name!r} in it does not belong into a workspace")
        if name.casefold() in seen:
            raise ArchiveError(f"{name!r} is in it twice")
        if entry.file_size > _limit(name):
            raise ArchiveError(f"{name!r} in it is too large")
        seen.add(name.casefold())
        found[name] = entry
    return found


def is_kept(name: str, size: int) -> bool:
    """Whether a file of the workspace can be in an archive: by its name and its size in bytes."""
    return _is_known(name) and size <= _limit(name)


def _is_known(name: str) -> bool:
    if name in {DATABASE, SETTINGS, MANIFEST, KEYS}:
        return True
    return _is_safe(name) and name.startswith(tuple(f"{folder}/" for folder in FOLDERS))


def _is_safe(name: str) -> bool:
    """Whether the name leads to a place below the folder, on any system."""
    parts = name.split("/")
    return (
        all(part not in {"", ".", ".."} for part in parts)
        and not PurePosixPath(name).is_absolute()
        and not set(name) & set('\\:*?"<>|')
        and name.isprintable()
        and len(name) <= 500
    )


def _limit(name: str) -> int:
    if name == DATABASE:
        return 1 << 40
    return LARGE if name.startswith("media/") else SMALL
