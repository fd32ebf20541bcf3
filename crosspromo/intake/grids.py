"""Tables as files hold them: rows of cells, before it is known which row has the headings."""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType

from crosspromo.domain.errors import RowError
from crosspromo.intake.cell_values import Value
from crosspromo.intake.encoding import UnreadableFileError

MOST_ROWS = 20_000
MOST_COLUMNS = 1_000
MOST_CELLS = 2_000_000
"""Cells of a workbook, with the empty ones between others."""
MOST_CHARACTERS = 30_000_000
"""Characters of all cells of a workbook together: a program may keep one text for many cells."""
LONGEST_CELL = 4_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader wants of cells: texts up to `longest`, and beside them values, if `values`."""

    longest: int = LONGEST_CELL
    values: bool = False


ROWS_BEFORE_HEADINGS = 10
"""Rows among which the headings are looked for, such as below a title."""

Place = tuple[int, int]
"""Number of a row, and position of a cell in it, from 0."""


def _no_values() -> Mapping[int, Mapping[int, Value]]:
    return MappingProxyType({})


def _no_faults() -> Mapping[Place, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of a table that are not blank, each with the number that a program shows.

    `end`: why the rows after the last were not read. `faults`: what is wrong with a cell. `absent`:
    cells that are not there, and so say nothing. `titles`: rows of which the one text stretches
    over several columns. `in_columns`: each cell has its column in the file, so that a row which
    ends early has empty cells there, and none can stand where it does not belong. `values`: by row
    number and position, what cells are that are no texts, where the reader wanted it.
    """

    rows: Sequence[tuple[int, list[str]]]
    end: UnreadableFileError | None = None
    faults: Mapping[Place, str] = field(default_factory=_no_faults)
    absent: AbstractSet[Place] = frozenset()
    titles: AbstractSet[int] = frozenset()
    in_columns: bool = False
    remarks: tuple[RowError, ...] = ()
    values: Mapping[int, Mapping[int, Value]] = field(default_factory=_no_values)

    def heading_place(self, is_familiar: Callable[[str], bool]) -> int:
        """Position of the heading row: the first row with two familiar headings.

        Where no row has as many, it is a row with one, below a title or at the top; else the top
        row.
        """
        counts = self._familiar(is_familiar)
        for place, count in enumerate(counts):
            if count > 1:
                return place
        for place, count in enumerate(counts):
            if count:
                return place
            if sum(bool(cell.strip()) for cell in self.rows[place][1]) > 1:
                break  # no title
        return 0

    def familiar(self, is_familiar: Callable[[str], bool]) -> int:
        """Number of familiar headings that the likeliest heading row has."""
        return max(self._familiar(is_familiar), default=0)

    def _familiar(self, is_familiar: Callable[[str], bool]) -> list[int]:
        first = self.rows[:ROWS_BEFORE_HEADINGS]
        return [sum(map(is_familiar, cells)) for _, cells in first]


def too_many_rows(number: int) -> UnreadableFileError:
    """Fault of a row beyond those that are read."""
    return UnreadableFileError(
        f"is beyond the {MOST_ROWS:,} rows below the header that are read; split the file",
        row=number,
        column="row",
    )


def too_many_columns(number: int) -> UnreadableFileError:
    """Fault of a row that is too wide."""
    return UnreadableFileError(
        f"has more than the {MOST_COLUMNS:,} columns that are read; remove some",
        row=number,
        column="row",
    )
