"""An editorial calendar in a spreadsheet program, for tests: a workbook that somebody changes."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from crosspromo.domain.editorial import COLUMNS


class Book:
    """A workbook that is open in a spreadsheet program; rows are found by the id of their post."""

    def __init__(self, data: bytes) -> None:
        self._book = load_workbook(BytesIO(data))
        self.sheet: Worksheet = self._book["Calendar"]

    @property
    def ids(self) -> list[object]:
        """Ids from top to bottom; None where a row has none."""
        return [self.cell(row, "id").value for row in self._rows()]

    def rows(self) -> list[dict[str, Any]]:
        """Values by column, from top to bottom."""
        return [{name: self.cell(row, name).value for name in COLUMNS} for row in self._rows()]

    def cell(self, row: int, column: str) -> Any:
        """A cell by the number of its row."""
        return self.sheet.cell(row, COLUMNS.index(column) + 1)

    def row_of(self, number: int) -> int:
        """Number of the row of a post."""
        return 2 + self.ids.index(number)

    def write(self, number: int, column: str, value: object) -> None:
        """Type into a cell of a post's row."""
        cell = self.cell(self.row_of(number), column)
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"  # as a program keeps a text that begins with a sign

    def add(self, **values: object) -> int:
        """Add a row at the end; its number comes back."""
        row = self.sheet.max_row + 1
        for column, value in values.items():
            self.cell(row, column).value = value
        return row

    def delete(self, number: int) -> None:
        """Delete the row of a post."""
        self.sheet.delete_rows(self.row_of(number))

    def sort(self, key: Callable[[dict[str, Any]], Any]) -> None:
        """Sort the rows, as the program does: all cells of a row move together."""
        ordered = sorted(self.rows(), key=key)
        for row, values in enumerate(ordered, start=2):
            for column, value in values.items():
                self.cell(row, column).value = value
                if isinstance(value, str):
                    self.cell(row, column).data_type = "s"

    def saved(self) -> bytes:
        """The file, as it is saved."""
        target = BytesIO()
        self._book.save(target)
        return target.getvalue()

    def _rows(self) -> range:
        return range(2, self.sheet.max_row + 1)
