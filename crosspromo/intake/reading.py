"""Result of a file reader: usable items, and an error for everything else."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from crosspromo.domain.errors import ImportFailedError, RowError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """Items and errors from a file.

    `rows` runs parallel to `items` and gives the origin of each: the spreadsheet row, or the
    ordinal of the event in its calendar. `errors` are in the order of the file.
    """

    source: str
    items: tuple[T, ...] = ()
    rows: tuple[int, ...] = ()
    errors: tuple[RowError, ...] = ()

    def __post_init__(self) -> None:
        if len(self.items) != len(self.rows):
            raise ValueError("each item needs its row")

    def complete(self) -> tuple[T, ...]:
        """All items; ImportFailedError where any part of the file could not be read."""
        if self.errors:
            raise ImportFailedError(self.source, self.errors)
        return self.items
