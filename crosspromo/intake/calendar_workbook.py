"""Editorial calendars as workbooks (XLSX): real dates and times, and no cell that is a formula."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from io import BytesIO
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from crosspromo.domain.editorial import ALLOWED, CHANGEABLE, CLAIMS, COLUMNS
from crosspromo.intake.workbook_writing import fill_text

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SHEET, HELP = "Calendar", "Read me"

_WIDTHS: Mapping[str, int] = MappingProxyType(
    {"date": 12, "time": 9, "zone": 18, "account": 16, "kind": 11, "partner": 20, "text": 60}
    | {"media": 20, "alt": 30, "link": 30, "campaign": 18, "state": 11, "approver": 18}
    | {"note": 30, "id": 8, "version": 12}
)


def write_calendar(rows: Iterable[Mapping[str, str]], about: Sequence[str]) -> bytes:
    """Workbook of these rows, each a text by column; `about` are sentences for a second sheet.

    Cells that a sheet can change are white, the others grey.
    """
    from openpyxl import Workbook  # noqa: PLC0415 (slow to import)
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 (likewise)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (likewise)

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    sheet.append(list(COLUMNS))
    bold, grey = Font(bold=True), PatternFill("solid", fgColor="EEEEEE")
    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    for place, column in enumerate(COLUMNS, start=1):
        sheet.cell(1, place).font = bold
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS[column]
    for number, row in enumerate(rows, start=2):
        for place, column in enumerate(COLUMNS, start=1):
            cell = cast("Cell", sheet.cell(number, place))  # no cells are merged here
            _fill(cell, column, row[column])
            cell.alignment = wrapped if column in {"text", "alt", "note"} else top
            if column not in CHANGEABLE and column not in CLAIMS:
                cell.fill = grey
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _write_help(book.create_sheet(HELP), about)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _write_help(sheet: "Worksheet", about: Sequence[str]) -> None:
    from openpyxl.styles import Alignment  # noqa: PLC0415 (slow to import)

    sheet.column_dimensions["A"].width = 100
    for number, sentence in enumerate(about, start=1):
        cell = cast("Cell", sheet.cell(number, 1))
        fill_text(cell, sentence)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _fill(cell: "Cell", column: str, text: str) -> None:
    if column == "date" and text:
        cell.value = date.fromisoformat(text)
        cell.number_format = "yyyy-mm-dd"
    elif column == "time" and text and text != ALLOWED:
        cell.value = time.fromisoformat(text)
        cell.number_format = "hh:mm"
    elif column == "id" and text:
        cell.value = int(text)
    elif text:
        fill_text(cell, text)
