"""What a reader hands back: what it understood, and a sentence for everything it did not."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from crosspromo.domain.errors import ImportFailedError, RowError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """The outcome of reading one file.

    `rows` runs beside `items` and says where each came from: the spreadsheet row, or the ordinal of
    the event in its calendar. `errors` are in the order of the file.
    """

    source: str
    items: tuple[T, ...] = ()
    rows: tuple[int, ...] = ()
    errors: tuple[RowError, ...] = ()

    def __post_init__(self) -> None:
        if len(self.items) != len(self.rows):
            raise ValueError("each item needs its row")

    def complete(self) -> tuple[T, ...]:
        """The items, or ImportFailedError where anything in the file could not be read."""
        if self.errors:
            raise ImportFailedError(self.source, self.errors)
        return self.items
