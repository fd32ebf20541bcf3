"""Texts in workbooks that we write (XLSX), and workbooks of nothing but texts."""

import re
from collections.abc import Iterable, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from crosspromo.intake.xlsx import escaped

_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_FORMULA = re.compile(r"[=+\-@\t\r]")
_WIDEST = 40
"""Characters beyond which a column is not made wider."""


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
    write_sheets(file, [(name, columns, rows)])


def write_sheets(
    file: IO[bytes],
    sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[str]]]],
) -> None:
    """Write a workbook of worksheets, each of a name, headings and rows, as `write_texts` does."""
    workbook = Workbook(write_only=True)
    bold = Font(bold=True)
    for name, columns, rows in sheets:
        sheet = workbook.create_sheet(name)
        sheet.freeze_panes = "A2"
        for place, column in enumerate(columns, 1):
            letter = get_column_letter(place)
            sheet.column_dimensions[letter].width = min(_WIDEST, max(12, len(column) + 2))
        sheet.append([_cell(sheet, column, bold) for column in columns])
        for row in rows:
            sheet.append([_cell(sheet, text) if text else None for text in row])
    workbook.save(file)


def _cell(sheet: Any, text: str, font: Font | None = None) -> Cell:
    cell = WriteOnlyCell(sheet)
    fill_text(cell, f"'{text}" if _GUARDED.match(text) else text)
    if font is not None:
        cell.font = font
    return cell
