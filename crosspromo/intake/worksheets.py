"""Worksheets of workbooks, gathered cell by cell into tables."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from crosspromo.domain.errors import RowError
from crosspromo.domain.plurals import plural
from crosspromo.intake.cell_values import Value
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.grids import (
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_ROWS,
    Grid,
    Place,
    Wanted,
    too_many_columns,
    too_many_rows,
)

MOST_SHEETS_NAMED = 5
MOST_MERGED = 20_000
"""Merged ranges of a worksheet that are looked at."""

NO_RESULT = "holds a formula without its result; open the file, save it, and import it again"


@dataclass(slots=True)
class Budget:
    """What is left of the bounds that all worksheets of a file share."""

    cells: int = MOST_CELLS
    characters: int = MOST_CHARACTERS

    def take(self, cells: int, characters: int) -> None:
        """Take from it; UnreadableFileError where it is spent."""
        self.cells -= cells
        self.characters -= characters
        if self.cells < 0:
            raise UnreadableFileError(
                f"has more than the {MOST_CELLS:,} cells that are read; remove columns or rows"
            )
        if self.characters < 0:
            raise UnreadableFileError(
                f"has more than the {MOST_CHARACTERS:,} characters that are read; remove columns "
                "or rows"
            )


@dataclass(frozen=True, slots=True)
class Merged:
    """Merged range: first and last row number, first and last position; all counted in."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(slots=True)
class Gathering:
    """Table of a worksheet while it is read."""

    budget: Budget
    wanted: Wanted = field(default_factory=Wanted)
    values: dict[int, dict[int, Value]] = field(default_factory=dict)
    rows: dict[int, list[str]] = field(default_factory=dict)
    faults: dict[Place, str] = field(default_factory=dict)
    end: UnreadableFileError | None = None
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)

    def add(
        self,
        number: int,
        cells: dict[int, str],
        faults: dict[int, str],
        values: dict[int, Value],
        *,
        hidden: bool = False,
    ) -> None:
        """Add a row by the positions of its cells; one without any is blank.

        `values`, where they are wanted, count as cells of their own.
        """
        filled = {place: text for place, text in cells.items() if text.strip()}
        known = values if self.wanted.values else {}
        places = [*filled, *faults, *known]
        if not places:
            return
        if number > MOST_ROWS + 1:
            self.end = self.end or too_many_rows(number)
            return
        width = max(places) + 1
        if width > MOST_COLUMNS:
            raise too_many_columns(number)
        self.budget.take(width + len(known), sum(map(len, filled.values())))
        row = [""] * width
        for place, text in filled.items():
            row[place] = text[: self.wanted.longest + 1]
        self.rows[number] = row
        if known:
            self.values[number] = dict(known)
        for place, fault in faults.items():
            self.faults[number, place] = fault
        if hidden:
            self.hidden_rows.add(number)

    def grid(self) -> Grid:
        """Table as it was read, the values of merged cells in all rows of their range."""
        absent: set[Place] = set()
        titles: set[int] = set()
        for each in self.merged[:MOST_MERGED]:
            self._fill_down(each)
            if each.right > each.left:
                self._cover(each, absent, titles)
        rows = sorted(self.rows.items())
        return Grid(
            rows,
            self.end,
            self.faults,
            absent,
            titles,
            in_columns=True,
            remarks=tuple(self._remarks()),
            values=self.values,
        )

    def _fill_down(self, merged: Merged) -> None:
        first = self.rows.get(merged.top, [])
        text = first[merged.left] if merged.left < len(first) else ""
        if not text:
            return
        for number in range(merged.top + 1, min(merged.bottom, MOST_ROWS + 1) + 1):
            self.budget.take(merged.left + 1, len(text))
            row = self.rows.get(number)
            if row is None:  # a blank row stays blank
                continue
            row.extend([""] * (merged.left + 1 - len(row)))
            row[merged.left] = text
            if merged.left in self.values.get(merged.top, {}):
                value = self.values[merged.top][merged.left]
                self.values.setdefault(number, {})[merged.left] = value

    def _cover(self, merged: Merged, absent: set[Place], titles: set[int]) -> None:
        """Note the covered cells of the range as absent; a text alone in its row is a title."""
        right = min(merged.right, MOST_COLUMNS)
        for number in range(merged.top, min(merged.bottom, MOST_ROWS + 1) + 1):
            row = self.rows.get(number, [])
            self.budget.take(len(row) + right - merged.left, 0)
            if right - merged.left > 1 and _filled(row) == [merged.left]:
                titles.add(number)
                continue
            absent.update((number, place) for place in range(merged.left + 1, right + 1))

    def _remarks(self) -> Iterator[RowError]:
        rows = len(self.hidden_rows & self.rows.keys())
        width = max(map(len, self.rows.values()), default=0)
        columns = len(
            {
                place
                for first, last in self.hidden_columns[:MOST_COLUMNS]
                for place in range(first, min(last + 1, width))
            }
        )
        told = [plural(rows, "hidden row")] if rows else []
        told += [plural(columns, "hidden column")] if columns else []
        if told:
            verb = "was" if rows + columns == 1 else "were"
            yield RowError(0, "file", f"{' and '.join(told)} {verb} read like the others")


def _filled(row: list[str]) -> list[int]:
    return [place for place, cell in enumerate(row) if cell]


@dataclass(frozen=True, slots=True)
class Worksheet:
    """Worksheet of a file, whose table is read when it is asked for."""

    name: str
    hidden: bool
    read: Callable[[], Grid]


def in_sight_first(worksheets: Iterable[Worksheet]) -> list[Worksheet]:
    """Worksheets in their order, hidden ones after the others."""
    return sorted(worksheets, key=lambda each: each.hidden)


def likeliest(worksheets: Iterable[Worksheet], is_familiar: Callable[[str], bool]) -> Grid:
    """Table of the first worksheet that has two familiar headings, else of the first with any.

    Where none has, it is the first that is not blank. Hidden ones come last, and the others are
    named in a remark. Raises UnreadableFileError.
    """
    every = in_sight_first(worksheets)
    best: tuple[int, str, Grid] | None = None
    for each in every:
        grid = each.read()
        known = grid.familiar(is_familiar) if grid.rows else -1
        if best is None or min(known, 2) > best[0]:
            best = (min(known, 2), each.name, grid)
        if known > 1:
            break
    if best is None:
        return Grid(())
    _, name, grid = best
    others = [each.name for each in every if each.name != name]
    if not others:
        return grid
    named = ", ".join(f'"{other[:60]}"' for other in others[:MOST_SHEETS_NAMED])
    more = len(others) - MOST_SHEETS_NAMED
    if more > 0:
        named += f" and {more} more"
    message = f'of its {len(every)} sheets "{name[:60]}" was read; not read: {named}'
    return Grid(
        grid.rows,
        grid.end,
        grid.faults,
        grid.absent,
        grid.titles,
        in_columns=True,
        remarks=(RowError(0, "file", message), *grid.remarks),
        values=grid.values,
    )
