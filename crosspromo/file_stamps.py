"""Stamps of files: what a look at a file tells without reading it, to notice that it changed."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

MOST_FILES = 2_000
"""Most files of a folder that get a stamp: a larger folder is not one of templates."""


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
