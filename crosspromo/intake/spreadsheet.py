"""Spreadsheets with columns of fixed names, read and written."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.errors import RowError
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.sheet import CellRow, folded, letters, read_sheet

if TYPE_CHECKING:
    from crosspromo.domain.reasons.refusals import Refusal

_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Non-empty cells of a row by column, stripped.

    `number` is the row number that a spreadsheet shows: the header is row 1, blank rows count, and
    a row whose cells hold line breaks is still one row.
    """

    number: int
    cells: Mapping[str, str]


class CellError(Exception):
    """Error in a cell; `problem` is a sentence or a reason.

    Readers turn it into a RowError.
    """

    def __init__(self, column: str, problem: "str | Refusal") -> None:
        self.column = column
        self.problem = problem
        super().__init__(problem)

    def in_row(self, number: int) -> RowError:
        """RowError for this fault, with the row number."""
        return RowError(number, self.column, self.problem)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a file; rows with faults are in `errors` instead."""

    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    errors: tuple[RowError, ...]


def read_table(data: bytes, known: Iterable[str]) -> Table:
    """Rows by column; a heading that matches a `known` column in any case gets that name.

    See `read_sheet` for separators and headings. Raises UnreadableFileError where no row can be
    read.
    """
    names = {folded(column): column for column in known}
    sheet = read_sheet(data, lambda heading: folded(heading) in names)
    columns = tuple(names.get(folded(heading), heading) for heading in sheet.headings)
    repeated = [column for column, times in Counter(columns).items() if column and times > 1]
    if repeated:
        raise UnreadableFileError(
            "stands more than once in the header; rename or remove one",
            row=sheet.heading_row,
            column=repeated[0],
        )
    errors = [*sheet.errors]
    rows: list[SheetRow] = []
    for row in sheet.rows:
        fault = _fault(row, columns)
        if fault is not None:
            errors.append(fault)
        else:
            named = zip(columns, row.cells, strict=False)
            rows.append(SheetRow(row.number, {column: cell for column, cell in named if cell}))
    return Table(columns, tuple(rows), tuple(sorted(errors, key=lambda error: error.row)))


def _fault(row: CellRow, columns: tuple[str, ...]) -> RowError | None:
    for place, (column, cell) in enumerate(zip(columns, row.cells, strict=False)):
        if place in row.faults:
            return RowError(row.number, column or letters(place), row.faults[place])
        if cell and not column:
            return RowError(
                row.number, letters(place), "the cell stands under no header; name its column"
            )
    return None


def write_table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """CSV with commas and CRLF (RFC 4180); no cell can run as a formula.

    A spreadsheet runs a cell that starts with `=`, `+`, `-`, `@`, tab or CR. Such a cell is written
    with an apostrophe before it, which means "this is text" to spreadsheets; `read_table` removes
    one apostrophe again, so that nothing is lost on the way back.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow([_guard(cell) for cell in row])
    return out.getvalue()


def _guard(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
