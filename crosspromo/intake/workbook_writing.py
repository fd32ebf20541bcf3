"""Texts in workbooks that we write (XLSX), and workbooks of texts, numbers, days and times."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from crosspromo.intake.xlsx import escaped

_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_NARROWEST = 12
_WIDEST = 40
"""Characters beyond which a column is not made wider."""

_DAY = "yyyy-mm-dd"
_TIME = "yyyy-mm-dd hh:mm"
"""Formats that show a day or time alike in every language."""

Value = str | int | float | date | datetime
"""Cell that is written; an empty text is an empty cell, and a time has no zone."""

Sheet = tuple[str, Sequence[str], Sequence[Sequence[Value]]]
"""Worksheet that is written: its name, headings and rows."""


def fill_text(cell: Cell, text: str) -> None:
    """Fill a cell with a text that stays one, whatever sign it begins with."""
    cell.value = escaped(text)
    cell.data_type = "s"  # else a text that begins with = is written as a formula
    if _FORMULA.match(text):
        cell.quotePrefix = True


def write_texts(
    file: IO[bytes], name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    """Write a workbook of one worksheet, its headings in bold and in sight.

    Every cell is a text, and one that begins like a formula is marked as such, so that it stays a
    text where a person edits it. An apostrophe before such a beginning is doubled, since
    `read_sheet` takes one away.
    """
    write_sheets(file, [(name, columns, list(rows))])


def write_sheets(file: IO[bytes], sheets: Iterable[Sheet]) -> None:
    """Write a workbook of worksheets, as `write_texts` does; what is no text can be summed."""
    workbook = Workbook(write_only=True)
    bold = Font(bold=True)
    for name, columns, rows in sheets:
        sheet = workbook.create_sheet(name)
        sheet.freeze_panes = "A2"
        for place, column in enumerate(columns, 1):
            letter = get_column_letter(place)
            times = any(isinstance(row[place - 1], datetime) for row in rows)
            needed = max(_NARROWEST, len(column) + 2, len(_TIME) + 2 if times else 0)
            sheet.column_dimensions[letter].width = min(_WIDEST, needed)
        sheet.append([_cell(sheet, column, bold) for column in columns])
        for row in rows:
            sheet.append([None if value == "" else _cell(sheet, value) for value in row])
    workbook.save(file)


def _cell(sheet: Any, value: Value, font: Font | None = None) -> Cell:
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        fill_text(cell, f"'{value}" if _GUARDED.match(value) else value)
    else:
        cell.value = value
    if isinstance(value, date):
        cell.number_format = _TIME if isinstance(value, datetime) else _DAY
    if font is not None:
        cell.font = font
    return cell
