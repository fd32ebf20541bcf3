"""Disks and files: mount point and free space below a folder, whether a file stays, or changed.

The path of an open file may lead elsewhere later; only the number of the file tells. The stamp of a
file shows that it changed, without reading it.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from crosspromo.domain.values import Value

LITTLE = 100_000_000
"""Bytes: with less free space a disk is reported as nearly full."""

MOST_FILES = 2_000
"""Most files of a folder that get a stamp: a larger folder is not one of templates."""

_NUMBERS_CHANGE = frozenset({"9p", "cifs", "fuse", "fuseblk", "smb3", "vboxsf", "virtiofs"})
"""File systems that number a file anew at each mount, so that the number identifies no file."""


class Disk(Value, frozen=True):
    """Mounted disk: its mount point, and its free space in bytes."""

    mount: Path
    free: int

    @property
    def is_nearly_full(self) -> bool:
        """Whether less than LITTLE is free."""
        return self.free < LITTLE

    def __str__(self) -> str:
        return f"the disk of {self.mount} has {_size(self.free)} free"


def disk_of(folder: Path) -> Disk:
    """Disk that holds the folder; OSError if the folder does not exist."""
    return Disk(_mount_of(folder), shutil.disk_usage(folder).free)


def nearly_full(folders: Iterable[Path], look: Callable[[Path], Disk] = disk_of) -> list[Disk]:
    """Disks of these folders that are nearly full, each once; a missing folder has none."""
    disks: dict[Path, Disk] = {}
    for folder in folders:
        with suppress(FileNotFoundError):
            disk = look(folder)
            disks.setdefault(disk.mount, disk)
    return [disk for _, disk in sorted(disks.items()) if disk.is_nearly_full]


def file_number(path: Path) -> int | None:
    """Number of the file on its disk, which a copy does not have.

    None if there is no such file, or its disk numbers files anew at each mount.
    """
    try:
        number = path.stat().st_ino
    except OSError:
        return None
    kind = _kind_of_disk(_mount_of(path.parent))
    return None if kind.partition(".")[0] in _NUMBERS_CHANGE else number


def _mount_of(folder: Path) -> Path:
    place = folder.resolve()
    while not place.is_mount() and place != place.parent:
        place = place.parent
    return place


def _kind_of_disk(mount: Path) -> str:
    """Name of the file system, as Linux has it; empty where the system does not tell."""
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    here = os.fspath(mount)
    kinds = [fields[2] for line in lines.splitlines() if (fields := line.split())[1] == here]
    return kinds[-1] if kinds else ""


def _size(count: int) -> str:
    """Size in words: `3 kB`, `80 MB`, `1.2 GB`."""
    if count < 1_000_000:
        return f"{count // 1000} kB"
    if count < 1_000_000_000:
        return f"{count // 1_000_000} MB"
    return f"{count / 1e9:.1f} GB"


class Stamp(NamedTuple):
    """Stamp of a file or folder; times in nanoseconds.

    `changed` notices a file that was put in place with its old time, and other permissions.
    """

    modified: int
    changed: int
    size: int
    device: int
    number: int


Stamps = Mapping[Path, Stamp | None]
"""Stamps by path; None where no file exists, or none that may be looked at."""


def stamp_of(path: Path) -> Stamp | None:
    """Stamp of the file behind the path; None where no file exists, or none that may be seen."""
    try:
        seen = path.stat()
    except (OSError, ValueError):  # ValueError: a null byte in the path
        return None
    return Stamp(seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_dev, seen.st_ino)


def stamps_of(paths: Iterable[Path]) -> dict[Path, Stamp | None]:
    """Stamps of these files."""
    return {path: stamp_of(path) for path in paths}


def stamps_within(folder: Path) -> dict[Path, Stamp | None]:
    """Stamps of the folder and of everything in it, MOST_FILES at most.

    Links are not followed, and nothing is read of a folder that is itself a link.
    """
    found = {folder: stamp_of(folder)}
    if folder.is_symlink():
        return found
    for parent, folders, files in os.walk(folder):
        for name in sorted([*folders, *files]):
            if len(found) > MOST_FILES:
                return found
            found[Path(parent) / name] = stamp_of(Path(parent) / name)
    return found
