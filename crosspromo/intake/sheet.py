"""Spreadsheets as text: the heading row is found, and the rows below it are cut into cells.

What a cell means is the business of the readers: see `spreadsheet` and `partners`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from types import MappingProxyType

from crosspromo.domain.errors import RowError
from crosspromo.domain.invisible import without_invisible
from crosspromo.intake.encoding import UnreadableFileError, decode, is_undecoded
from crosspromo.intake.grids import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    ROWS_BEFORE_HEADINGS,
    Grid,
    too_many_columns,
    too_many_rows,
)
from crosspromo.intake.western import decode_western

_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r'\A"?sep=([^\w\s"]|\t)"?[^\S\n\r]*(?:\r\n|\r|\n)', re.IGNORECASE)
"""First line by which spreadsheet programs are told the separator; it is no row."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class CellRow:
    """Cells of a row, cleaned; as many as the row has, without empty ones beyond the headings.

    `number` is the row number that a spreadsheet shows: blank rows count, and a row whose cells
    hold line breaks is still one row. `faults` gives by position what is wrong with a cell, and
    `absent` are positions of which the row says nothing.
    """

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))
    absent: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Headings and rows of a file.

    A column without a heading has the empty text. `errors` are rows that cannot be used, `remarks`
    what else a person should know: rows above the headings, an old encoding.
    """

    headings: tuple[str, ...]
    heading_row: int
    rows: tuple[CellRow, ...]
    errors: tuple[RowError, ...]
    remarks: tuple[RowError, ...]

    def column(self, place: int) -> Iterator[str]:
        """Cells of a column, given by its place, from the rows that reach so far."""
        return (row.cells[place] for row in self.rows if place < len(row.cells))


def read_sheet(data: bytes, is_familiar: Callable[[str], bool]) -> Sheet:
    """Cut a file into rows; `is_familiar` tells known headings, by which the heading row is found.

    The separator is the one that a first line `sep=` names, else the one of comma, semicolon and
    tab that finds most familiar headings, then most cells. Raises UnreadableFileError where no row
    can be read.
    """
    text, remarks = decoded(data)
    named = _SEPARATOR_LINE.match(text)
    separators = _DELIMITERS if named is None else named[1]
    text = text if named is None else text[named.end() :]
    delimiter = max(separators, key=lambda each: _familiarity(text, each, is_familiar))
    records, fault = _records(text, delimiter)
    return sheet_of(Grid(records, fault, remarks=remarks), is_familiar)


def sheet_of(grid: Grid, is_familiar: Callable[[str], bool]) -> Sheet:
    """Headings and rows of a table. Raises UnreadableFileError where no row can be read."""
    if not grid.rows:
        if grid.end is not None:
            raise grid.end
        return Sheet((), 1, (), (), grid.remarks)
    place = grid.heading_place(is_familiar)
    number, cells = grid.rows[place]
    headings = tuple(_cell(cell) for cell in cells)
    if any(is_undecoded(heading) or _CONTROL.search(heading) for heading in headings):
        raise UnreadableFileError(
            'the header is not UTF-8 text; save the file as "CSV UTF-8"', row=number
        )
    if grid.in_columns:
        width = max(len(cells) for _, cells in grid.rows[place:])
        headings += ("",) * (width - len(headings))
        if width * len(grid.rows) > MOST_CELLS:
            raise UnreadableFileError(
                f"has more than the {MOST_CELLS:,} cells that are read; remove columns or rows"
            )
    remarks = (*grid.remarks, _not_read(grid.rows[:place])) if place else grid.remarks
    rows: list[CellRow] = []
    errors: list[RowError] = []
    titles: list[RowError] = []
    for number, cells in grid.rows[place + 1 :]:
        if number in grid.titles:
            titles.append(_title(number, cells))
            continue
        row = _row(number, cells, headings, grid)
        if isinstance(row, RowError):
            errors.append(row)
        else:
            rows.append(row)
    if grid.end is not None:
        errors.append(grid.end.fault)
    return Sheet(headings, grid.rows[place][0], tuple(rows), tuple(errors), (*remarks, *titles))


def folded(heading: str) -> str:
    """Heading by which columns are compared: without case, spaces as underscores."""
    return _cell(heading).casefold().replace(" ", "_")


def letters(place: int) -> str:
    """Column as a spreadsheet shows it: `column A` for 0, `column AA` for 26."""
    name = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        name = chr(ord("A") + rest) + name
        place -= 1
    return f"column {name}"


def decoded(data: bytes) -> tuple[str, tuple[RowError, ...]]:
    """Text of UTF-8, UTF-16 or, where that is certain, Windows-1252, with a remark on the latter.

    Raises UnreadableFileError: see `decode`.
    """
    text = decode(data)
    if not is_undecoded(text):
        return text, ()
    western = decode_western(data)
    if western is None:
        return text, ()
    foreign = next((word for word in western.split() if not word.isascii()), "")
    return western, (
        RowError(
            0,
            "file",
            "is not UTF-8 and was read as Windows-1252, the encoding of Western European and "
            f"American spreadsheets; look whether this word is right: {foreign[:60]}",
        ),
    )


def _not_read(above: Sequence[tuple[int, list[str]]]) -> RowError:
    number, cells = above[0]
    words = " ".join(cell.strip() for cell in cells if cell.strip())
    rows = "the row stands" if len(above) == 1 else f"{len(above)} rows, of which it is the first,"
    verb = "and was not read" if len(above) == 1 else "stand above the headings and were not read"
    place = " above the headings " if len(above) == 1 else " "
    return RowError(number, "row", f'{rows}{place}{verb}: "{words[:60]}"')


def _title(number: int, cells: list[str]) -> RowError:
    words = " ".join(" ".join(cells).split())
    return RowError(
        number,
        "row",
        f'"{words[:60]}" stretches over several columns like a title, and was left out',
    )


def _familiarity(text: str, delimiter: str, is_familiar: Callable[[str], bool]) -> tuple[int, int]:
    records, _ = _records(text, delimiter, ROWS_BEFORE_HEADINGS)
    if not records:
        return -1, 0
    _, cells = records[Grid(records).heading_place(is_familiar)]
    return sum(map(is_familiar, cells)), len(cells)


def _records(
    text: str, delimiter: str, most: int | None = None
) -> tuple[list[tuple[int, list[str]]], UnreadableFileError | None]:
    """Records that are not blank (`most` of them), numbered; and the fault that ended them."""
    found: list[tuple[int, list[str]]] = []
    try:
        for record in islice(_each_record(text, delimiter), most):
            found.append(record)  # noqa: PERF402 (what came before a fault is kept)
    except UnreadableFileError as error:
        return found, error
    return found, None


def _each_record(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise UnreadableFileError(
                    f"has a cell with more than {csv.field_size_limit():,} characters, the most is "
                    f"{LONGEST_CELL:,}, and the rows after it were not read; shorten it, or close "
                    "a quotation mark that runs on",
                    row=number,
                    column="row",
                ) from None
            raise UnreadableFileError(
                f"cannot be cut into cells ({error}), and the rows after it were not read; "
                "a cell with quotation marks is quoted as a whole, the marks inside it doubled",
                row=number,
                column="row",
            ) from None
        if number > MOST_ROWS + 1:
            raise too_many_rows(number)
        if len(cells) > MOST_COLUMNS:
            raise too_many_columns(number)
        if any(cell.strip() for cell in cells):
            yield number, cells


def _row(
    number: int, cells: list[str], headings: tuple[str, ...], grid: Grid
) -> CellRow | RowError:
    """Cells of a record, or why it cannot be used."""
    filled = max((place + 1 for place, cell in enumerate(cells) if cell.strip()), default=0)
    if filled > len(headings):
        return RowError(
            number,
            headings[-1] or letters(len(headings) - 1),
            f"the row has {filled} cells but the header only {len(headings)}; "
            "put quotation marks around a cell that holds the separator",
        )
    faults = {}
    for place, cell in enumerate(cells[: len(headings)]):
        message = cell and _cell_fault(cell)
        if message:
            faults[place] = message
    found = tuple(_cell(cell) for cell in cells[: len(headings)])
    if not grid.in_columns:
        return CellRow(number, found, faults)
    places = range(len(headings)) if grid.faults or grid.absent else ()
    faults |= {each: grid.faults[number, each] for each in places if (number, each) in grid.faults}
    absent = frozenset(each for each in places if (number, each) in grid.absent)
    return CellRow(number, found + ("",) * (len(headings) - len(found)), faults, absent)


def _cell_fault(cell: str) -> str:
    if not (cell.isascii() and cell.isprintable()):
        if is_undecoded(cell):
            return 'is not UTF-8; save the file as "CSV UTF-8"'
        if _CONTROL.search(_cell(cell)):
            return "holds control characters; type the cell again"
    if len(cell) > LONGEST_CELL:
        return f"has {len(cell):,} characters, the most is {LONGEST_CELL:,}"
    return ""


def _cell(cell: str) -> str:
    if cell.isascii() and cell.isprintable():  # the most, and nothing to take out of them
        text = cell.strip()
        return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text
    text = cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not (_CONTROL.search(text) or is_undecoded(text)):  # those are faults of the cell
        text = without_invisible(text).strip()
    return text[1:] if _GUARDED.match(text) else text
