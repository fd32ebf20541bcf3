"""Result of a file reader: usable items, and an error for everything else."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from crosspromo.domain.errors import ImportFailedError, RowError
from crosspromo.domain.left_out import LeftOut

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """Items and errors from a file.

    `rows` runs parallel to `items` and gives the origin of each: the spreadsheet row, or the
    ordinal of the event in its calendar. `errors` are in the order of the file. `left_out` are
    records that can be read and are not wanted.
    """

    source: str
    items: tuple[T, ...] = ()
    rows: tuple[int, ...] = ()
    errors: tuple[RowError, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def __post_init__(self) -> None:
        if len(self.items) != len(self.rows):
            raise ValueError("each item needs its row")

    def complete(self) -> tuple[T, ...]:
        """All items; ImportFailedError where any part of the file could not be read."""
        if self.errors:
            raise ImportFailedError(self.source, self.errors)
        return self.items
