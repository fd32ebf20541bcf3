"""CSV files as spreadsheets really write them: header, numbered rows, and faults."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.errors import RowError
from crosspromo.domain.invisible import without_invisible
from crosspromo.intake.encoding import UnreadableFileError, decode, is_undecoded

if TYPE_CHECKING:
    from crosspromo.domain.reasons.refusals import Refusal

MOST_ROWS = 10_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 4_000

_DELIMITERS = ",;\t"
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


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
    """Split CSV into rows; a header that matches a `known` column in any case gets that name.

    The delimiter is the one of comma, semicolon and tab that finds most known columns in the
    header. Raises UnreadableFileError where no row can be read.
    """
    text = decode(data)
    names = {_folded(column): column for column in known}
    delimiter = max(_DELIMITERS, key=lambda candidate: _familiarity(text, candidate, names))
    records = _records(text, delimiter)
    number, cells = next(records, (0, []))
    columns = _columns(cells, names, number)
    return _table(columns, records)


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


def _table(columns: tuple[str, ...], records: Iterator[tuple[int, list[str]]]) -> Table:
    rows: list[SheetRow] = []
    errors: list[RowError] = []
    try:
        for number, cells in records:
            fault = _fault(number, columns, cells)
            if fault is not None:
                errors.append(fault)
            else:
                named = zip(columns, map(_cell, cells), strict=False)
                rows.append(SheetRow(number, {column: cell for column, cell in named if cell}))
    except UnreadableFileError as error:
        errors.append(error.fault)
    return Table(columns, tuple(rows), tuple(errors))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record that is not blank, with its row number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(
                f"cannot be cut into cells ({error}), and the rows after it were not read; "
                "a cell with quotation marks is quoted as a whole, the marks inside it doubled",
                row=number,
                column="row",
            ) from None
        if number > MOST_ROWS:
            raise UnreadableFileError(
                f"is beyond the {MOST_ROWS:,} rows that are read; split the file",
                row=number,
                column="row",
            )
        if len(cells) > MOST_COLUMNS:
            raise UnreadableFileError(
                f"has more than the {MOST_COLUMNS:,} columns that are read; remove some",
                row=number,
                column="row",
            )
        if any(cell.strip() for cell in cells):
            yield number, cells


def _familiarity(text: str, delimiter: str, names: Mapping[str, str]) -> int:
    try:
        _, header = next(_records(text, delimiter), (0, []))
    except UnreadableFileError:
        return -1
    return sum(_folded(name) in names for name in header)


def _columns(header: list[str], names: Mapping[str, str], number: int) -> tuple[str, ...]:
    cells = [_cell(cell) for cell in header]
    if any(is_undecoded(cell) or _CONTROL.search(cell) for cell in cells):
        raise UnreadableFileError(
            'the header is not UTF-8 text; save the file as "CSV UTF-8"', row=number
        )
    columns = tuple(names.get(_folded(cell), cell) for cell in cells)
    repeated = [column for column, times in Counter(columns).items() if column and times > 1]
    if repeated:
        raise UnreadableFileError(
            "stands more than once in the header; rename or remove one",
            row=number,
            column=repeated[0],
        )
    return columns


def _fault(number: int, columns: tuple[str, ...], cells: list[str]) -> RowError | None:
    if len(cells) > len(columns):
        return RowError(
            number,
            columns[-1],
            f"the row has {len(cells)} cells but the header only {len(columns)}; "
            "put quotation marks around a cell that holds the separator",
        )
    for column, cell in zip(columns, cells, strict=False):
        message = _cell_fault(column, cell)
        if message:
            return RowError(number, column or "without a name", message)
    return None


def _cell_fault(column: str, cell: str) -> str:
    if is_undecoded(cell):
        return 'is not UTF-8; save the file as "CSV UTF-8"'
    if _CONTROL.search(_cell(cell)):
        return "holds control characters; type the cell again"
    if len(cell) > LONGEST_CELL:
        return f"has {len(cell):,} characters, the most is {LONGEST_CELL:,}"
    if cell.strip() and not column:
        return "the cell stands under no header; name its column"
    return ""


def _folded(name: str) -> str:
    return _cell(name).casefold().replace(" ", "_")


def _cell(cell: str) -> str:
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not (_CONTROL.search(text) or is_undecoded(text)):  # those are faults of the cell
        text = without_invisible(text).strip()
    return text[1:] if _GUARDED.match(text) else text


def _guard(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell
