"""The identity of a database, and how to tell that a database is not the one seen before.

Each database has a name, and a number of beats that only grows. Beside the database, each machine
keeps a mark of both. A database that does not agree with the mark may have posts in its queue that
another database has sent already.
"""

from collections.abc import Mapping
from enum import StrEnum

from crosspromo.domain.values import Value

LEAP = 1_000_000
"""Beats added to a database whose disagreement was told: more than any machine has marked."""


class Identity(Value, frozen=True):
    """Name of a database, and the number of its beats."""

    name: str
    beats: int


class Mark(Value, frozen=True):
    """High-water mark of one database: the most beats seen, and the numbers of its files.

    A SQLite file that was copied has another number. No numbers: the files are not compared.
    """

    beats: int
    files: tuple[int, ...] = ()


class Oddity(StrEnum):
    """Disagreement of a database with the mark."""

    REPLACED = "replaced"  # another database is in its place
    WENT_BACK = "went-back"  # an earlier state of the same database
    COPIED = "copied"  # the file is a copy, whose original may be in use elsewhere


def oddity(
    seen: Identity,
    marks: Mapping[str, Mark],
    *,
    file: int | None,
    only_here: bool,
    empty: bool,
) -> Oddity | None:
    """Disagreement of the database with the marks, by database name; None: nothing is odd.

    `file`: number of the database file, None if files are not compared. `only_here`: the database
    belongs to this machine alone (SQLite), so that a running one has a mark here. `empty`: no
    delivery was ever queued, so none can be sent again.
    """
    mark = marks.get(seen.name)
    if mark is None:
        if marks:
            return None if empty else Oddity.REPLACED
        return Oddity.COPIED if only_here and seen.beats > 0 and not empty else None
    if seen.beats < mark.beats:
        return Oddity.WENT_BACK
    if not empty and file is not None and mark.files and file not in mark.files:
        return Oddity.COPIED
    return None


def merged(mark: Mark | None, newer: Mark) -> Mark:
    """Mark after `newer`: beats never shrink, and the files are those of the higher one."""
    if mark is None or newer.beats >= mark.beats:
        return newer
    return mark


def in_words(found: Oddity) -> str:
    """Reason of the pause that follows."""
    return _WORDS[found]


PERHAPS_SENT = "what is queued here may be sent already"
"""Danger of a database that is not the one seen before."""

_WORDS: Mapping[Oddity, str] = {
    Oddity.REPLACED: (
        f"another database is in the place of the one used here before, so {PERHAPS_SENT}"
    ),
    Oddity.WENT_BACK: f"the database has gone back to an earlier state, so {PERHAPS_SENT}",
    Oddity.COPIED: (
        "the database was copied here; stop the crosspromo that uses the original, or both send "
        "the same posts"
    ),
}
