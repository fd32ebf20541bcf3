"""Workbooks (XLSX) from outside: the cells of their first sheets, as hostile input.

A workbook is an archive of XML files. What it unpacks to is bounded before it is read, and no
formula is calculated: a cell with one is told apart.
"""

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from crosspromo.intake.encoding import MOST_BYTES, UnreadableFileError

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

MOST_UNPACKED = 12_000_000
"""Bytes that all files of a workbook may unpack to."""

MOST_MARKS = 700_000
"""Tags and attributes of all files: the parser keeps some hundred bytes for each.

Pictures seem to have some, too, a few for each thousand bytes.
"""

MOST_OF_OTHERS = 300_000
"""Bytes of any other file that is parsed, such as styles."""

_CONTENT = ("xl/worksheets/", "xl/sharedStrings.xml")
_PARSED = (".xml", ".rels")

_CHUNK = 1 << 20

MOST_FILES = 1_000
MOST_SHEETS = 20
MOST_ROWS = 20_000
MOST_COLUMNS = 200
LONGEST_CELL = 50_000
"""Characters of a text; spreadsheet programs hold 32,767."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Cell with a formula, or with the fault of one, instead of a value."""

    text: str


Cell = str | int | float | bool | datetime | date | time | timedelta | Formula | None


@dataclass(frozen=True, slots=True)
class SheetOfBook:
    """Sheet of a workbook: rows with their numbers, which count from 1.

    Empty rows are left out, and so are empty cells at the end of a row.
    """

    name: str
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_workbook(data: bytes) -> tuple[SheetOfBook, ...]:
    """Sheets of a workbook, in order; UnreadableFileError for other files and for excess."""
    if len(data) > MOST_BYTES:
        raise UnreadableFileError(
            f"has more than the {MOST_BYTES:,} bytes that are read; split the file"
        )
    if not data.startswith(b"PK\x03\x04"):
        raise UnreadableFileError("is no workbook; save the sheet as XLSX (Excel workbook)")
    _check_size(data)
    try:
        return tuple(_sheets(data))
    except UnreadableFileError:
        raise
    except Exception as error:  # openpyxl fails in any way on a damaged file
        raise UnreadableFileError(
            "is a damaged workbook; open it and save it again as XLSX"
        ) from error


def _check_size(data: bytes) -> None:
    """UnreadableFileError for an archive that is none, or that unpacks to too much.

    No file in it unpacks to more than it declares: the unpacker stops there.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries)
            marks = sum(_marks_in(archive, each) for each in entries)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        ValueError,
        EOFError,
    ):
        raise UnreadableFileError("is a damaged workbook; save it again as XLSX") from None
    if marks > MOST_MARKS:
        raise UnreadableFileError("has more cells than are read; split the sheet")


def _check_entries(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES or sum(each.file_size for each in entries) > MOST_UNPACKED:
        raise UnreadableFileError(
            f"unpacks to more than the {MOST_UNPACKED:,} bytes that are read; split the sheet"
        )
    if "xl/workbook.xml" not in {each.filename for each in entries}:
        raise UnreadableFileError("is an archive, but no workbook; save the sheet as XLSX")
    for each in entries:
        is_other = each.filename.endswith(_PARSED) and not each.filename.startswith(_CONTENT)
        if is_other and each.file_size > MOST_OF_OTHERS:
            raise UnreadableFileError(
                f"has too much in {each.filename[:80]}; copy the table into a new workbook"
            )


def _marks_in(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> int:
    """Number of tags and attributes of a file."""
    found = 0
    with archive.open(entry) as file:
        while chunk := file.read(_CHUNK):
            found += chunk.count(b"<") + chunk.count(b"=")
    return found


def _sheets(data: bytes) -> Iterator[SheetOfBook]:
    from openpyxl import load_workbook  # noqa: PLC0415 (slow to import)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of things in the file that we do not read
        book = load_workbook(BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            yield from _read(book)
        finally:
            book.close()


def _read(book: "Workbook") -> Iterator[SheetOfBook]:
    if len(book.worksheets) > MOST_SHEETS:
        raise UnreadableFileError(f"has more than {MOST_SHEETS} sheets; delete the others")
    for sheet in book.worksheets:
        rows = []
        cells = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
        for number, row in enumerate(cells, start=1):
            values = [_value(cell.value, cell.data_type, number) for cell in row]
            while values and values[-1] in (None, ""):
                values.pop()
            if not values:
                continue
            if number > MOST_ROWS:
                raise UnreadableFileError(f"has more than {MOST_ROWS:,} rows; split the sheet")
            rows.append((number, tuple(values)))
        yield SheetOfBook(sheet.title, tuple(rows))


def _value(value: object, kind: str, row: int) -> Cell:
    if kind in {"f", "e"}:
        return Formula(str(value)[:LONGEST_CELL])
    if value is None or isinstance(value, int | float | datetime | date | time | timedelta):
        return value
    text = str(value)
    if len(text) > LONGEST_CELL:
        raise UnreadableFileError(
            f"has a cell with more than {LONGEST_CELL:,} characters", column="row", row=row
        )
    return text
