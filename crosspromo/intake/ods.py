"""Spreadsheets of LibreOffice and of programs that save like it (ODS, OpenDocument 1.3)."""

import re
from xml.sax.xmlreader import AttributesImpl

from crosspromo.intake.cell_values import (
    Formula,
    Value,
    number_in,
    number_of,
    value_of_iso,
    written_date,
)
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.grids import MOST_COLUMNS, MOST_ROWS, Wanted
from crosspromo.intake.workbook_files import Elements, WorkbookFile
from crosspromo.intake.worksheets import (
    MOST_MERGED,
    NO_RESULT,
    Budget,
    Gathering,
    Merged,
    Worksheet,
)

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
"""Content of the entry `mimetype` of every such file."""

CONTENT = "content.xml"
MOST_SHEETS = 200

_ASIDE = frozenset({"annotation", "shapes", "frame", "custom-shape", "forms", "tracked-changes"})
"""Elements whose texts are no part of a cell."""

_ERROR = re.compile(r"#[A-Z0-9/]{2,10}[!?]?|Err:[0-9]{3}")


def worksheets_of_ods(file: WorkbookFile, wanted: Wanted) -> list[Worksheet]:
    """Sheets in their order. Raises UnreadableFileError."""
    if CONTENT not in file:
        raise UnreadableFileError(
            "is no spreadsheet that can be read; open it, and save it as XLSX or ODS"
        )
    tables = _Tables(wanted)
    file.read(CONTENT, tables)
    return [Worksheet(name, hidden=False, read=gathered.grid) for name, gathered in tables.found]


class _Tables(Elements):
    """Tables of the document, cell by cell.

    A row or a cell that repeats is written once, with a number that may be anything: the bounds
    count what it stands for.
    """

    def __init__(self, wanted: Wanted) -> None:
        super().__init__()
        self._wanted = wanted
        self.found: list[tuple[str, Gathering]] = []
        self._budget = Budget()
        self._table: Gathering | None = None
        self._number = 0
        self._rows = 1
        self._column = 0
        self._hidden = False
        self._row: dict[int, str] = {}
        self._faults: dict[int, str] = {}
        self._values: dict[int, Value] = {}
        self._cells = 1
        self._place = 0
        self._attributes: AttributesImpl | None = None
        self._parts: list[str] = []
        self._length = 0
        self._in_text = 0
        self._aside = 0

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if self._aside or name in _ASIDE:
            self._aside += 1
        elif name in {"table-cell", "covered-table-cell"}:
            self._begin_cell(attributes)
        elif name == "p":
            if self._parts:
                self._add("\n")
            self._in_text += 1
        elif self._in_text and name in {"s", "tab", "line-break"}:
            spaces = min(_times(attributes.get("text:c", "")), self._wanted.longest)
            self._add({"s": " " * spaces, "tab": "\t"}.get(name, "\n"))
        elif name == "table-row":
            self._rows = _times(attributes.get("table:number-rows-repeated", ""))
            self._hidden = attributes.get("table:visibility", "") in {"collapse", "filter"}
            self._row, self._faults, self._values, self._place = {}, {}, {}, 0
        elif name == "table-column":
            self._begin_column(attributes)
        elif name == "table":
            self._begin_table(attributes.get("table:name", ""))

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name in {"table-cell", "covered-table-cell"}:
            self._end_cell()
        elif name == "p":
            self._in_text = max(0, self._in_text - 1)
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._table = None

    def characters(self, content: str) -> None:
        if self._in_text and not self._aside:
            self._add(content)

    def _add(self, content: str) -> None:
        if self._length <= self._wanted.longest:
            self._parts.append(content)
            self._length += len(content)

    def _begin_table(self, name: str) -> None:
        self._table = Gathering(self._budget, self._wanted)
        self._number = self._column = 0
        if len(self.found) < MOST_SHEETS:
            self.found.append((name, self._table))

    def _begin_column(self, attributes: AttributesImpl) -> None:
        times = _times(attributes.get("table:number-columns-repeated", ""))
        hidden = attributes.get("table:visibility", "") in {"collapse", "filter"}
        if hidden and self._table is not None:
            self._table.hidden_columns.append((self._column, self._column + times - 1))
        self._column += times

    def _begin_cell(self, attributes: AttributesImpl) -> None:
        self._cells = _times(attributes.get("table:number-columns-repeated", ""))
        self._attributes = attributes
        self._parts, self._length, self._in_text = [], 0, 0
        wide = _times(attributes.get("table:number-columns-spanned", ""))
        high = _times(attributes.get("table:number-rows-spanned", ""))
        table = self._table
        if (wide > 1 or high > 1) and table is not None and len(table.merged) < MOST_MERGED:
            top, left = self._number + 1, self._place
            table.merged.append(Merged(top, top + high - 1, left, left + wide - 1))

    def _end_cell(self) -> None:
        attributes = self._attributes
        if attributes is None:
            return
        self._attributes = None
        text = "".join(self._parts)
        fault = ""
        is_formula = bool(attributes.get("table:formula", ""))
        if attributes.get("calcext:value-type", "") == "error" or (
            is_formula and _ERROR.fullmatch(text)
        ):
            fault = f"holds the error {text[:20]}; mend the formula, or empty the cell"
        elif is_formula and not (text or attributes.get("office:value-type", "")):
            fault = NO_RESULT
        else:
            text = _shown(text, attributes, self._wanted.longest)
        value = _typed(attributes, is_formula=is_formula) if self._wanted.values else None
        if text.strip() or fault or value is not None:
            last = min(self._place + self._cells, MOST_COLUMNS + 1)
            for place in range(self._place, last):
                if value is not None:
                    self._values[place] = value
                if fault:
                    self._faults[place] = fault
                else:
                    self._row[place] = text
        self._place += self._cells

    def _end_row(self) -> None:
        if self._table is not None and (self._row or self._faults or self._values):
            last = min(self._number + self._rows, MOST_ROWS + 2)
            for number in range(self._number + 1, last + 1):
                self._table.add(number, self._row, self._faults, self._values, hidden=self._hidden)
        self._number += self._rows


def _typed(attributes: AttributesImpl, *, is_formula: bool) -> Value | None:
    """What a cell is, where it is no text."""
    if is_formula or attributes.get("calcext:value-type", "") == "error":
        return Formula()
    match attributes.get("office:value-type", ""):
        case "float" | "currency" | "percentage":
            return number_in(attributes.get("office:value", "")[:400])
        case "boolean":
            return attributes.get("office:boolean-value", "") == "true"
        case "date":
            return value_of_iso(attributes.get("office:date-value", "")[:40])
        case "time":
            return value_of_iso(attributes.get("office:time-value", "")[:40])
        case _:
            return None


def _shown(text: str, attributes: AttributesImpl, longest: int) -> str:
    """Value of a cell as text: a number in full, a date by ISO 8601, the rest as it is seen."""
    match attributes.get("office:value-type", ""):
        case "float" | "currency" | "percentage":
            number = number_of(attributes.get("office:value", "")[:400])
            return text if _same_number(text, number) else number
        case "boolean":
            return "TRUE" if attributes.get("office:boolean-value", "") == "true" else "FALSE"
        case "date":
            return written_date(attributes.get("office:date-value", "")[:40])
        case "string":
            return text or attributes.get("office:string-value", "")[: longest + 1]
        case _:
            return text


def _same_number(text: str, number: str) -> bool:
    """Whether a cell shows its number with zeros before it, as a postal code."""
    return text.isdecimal() and text.isascii() and len(text) < 20 and str(int(text)) == number


def _times(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 10 else 1
