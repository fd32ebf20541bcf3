"""Workbooks of Excel and of programs that save like it (XLSX, ECMA-376)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from posixpath import dirname, join, normpath
from xml.sax.xmlreader import AttributesImpl

from crosspromo.intake.cell_values import (
    Formula,
    Value,
    date_of,
    is_date_format,
    is_elapsed_format,
    number_of,
    value_of_iso,
    value_of_number,
    written_date,
)
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.grids import MOST_COLUMNS, Grid, Wanted
from crosspromo.intake.workbook_files import Elements, WorkbookFile
from crosspromo.intake.worksheets import (
    MOST_MERGED,
    NO_RESULT,
    Budget,
    Gathering,
    Merged,
    Worksheet,
)

TYPES = "[Content_Types].xml"
"""Entry that every workbook of this kind has."""

MOST_SHEETS = 200

_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
"""Numbers of built-in formats that show dates or times."""

_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no XML document can hold, and the CR that its readers take away."""


_ELAPSED_FORMAT = 46
"""Number of the built-in format of times that may have more than 24 hours."""


def worksheets_of_xlsx(file: WorkbookFile, wanted: Wanted) -> list[Worksheet]:
    """Worksheets in their order, each read when it is asked for. Raises UnreadableFileError."""
    start = _relations(file, "")
    main = next((target for kind, target in start.values() if kind == "officeDocument"), None)
    main = main or "xl/workbook.xml"
    if main not in file:
        raise UnreadableFileError(
            "is no workbook that can be read; open it, and save it as XLSX or ODS"
        )
    workbook = _Workbook()
    file.read(main, workbook)
    relations = _relations(file, main)
    targets = dict(relations.values())
    strings = _Strings(wanted)
    file.read(targets.get("sharedStrings", ""), strings)
    styles = _Styles()
    file.read(targets.get("styles", ""), styles)
    budget = Budget()
    formats = [styles.codes.get(number, "") for number in styles.used]
    dates = frozenset(
        place
        for place, number in enumerate(styles.used)
        if number in _DATE_FORMATS or is_date_format(formats[place])
    )
    elapsed = frozenset(
        place
        for place, number in enumerate(styles.used)
        if number == _ELAPSED_FORMAT or is_elapsed_format(formats[place])
    )
    known = _Known(strings.found, formats, dates, elapsed, since_1904=workbook.since_1904)

    def read(target: str) -> Grid:
        cells = _Cells(known, Gathering(budget, wanted))
        file.read(target, cells)
        return cells.gathered.grid()

    return [
        Worksheet(name, hidden, lambda target=relations[id_][1]: read(target))  # type: ignore[misc] # mypy infers no type for the default
        for name, id_, hidden in workbook.sheets
        if relations.get(id_, ("", ""))[0] == "worksheet"
    ]


@cache
def _position(column: str) -> int:
    """Position of a column by its letters, from 0."""
    place = 0
    for letter in column:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def unescaped(text: str) -> str:
    """Text of which characters are written as `_x000D_`."""
    if "_x" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def escaped(text: str) -> str:
    """Text that a document can hold, from which `unescaped` makes this text again."""
    if text.isascii() and text.isprintable() and "_x" not in text:
        return text
    kept = _ESCAPE.sub(lambda found: f"_x005F{found[0]}", text)
    return _UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", kept)


def _relations(file: WorkbookFile, name: str) -> Mapping[str, tuple[str, str]]:
    """Kind and target of each relation of the document, by its id."""
    folder = dirname(name)
    relations = _Relations()
    file.read(join(folder, "_rels", f"{name.rpartition('/')[2]}.rels"), relations)
    return {
        id_: (kind, target[1:] if target.startswith("/") else normpath(join(folder, target)))
        for id_, kind, target in relations.found
    }


class _Relations(Elements):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name == "Relationship":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found.append((attributes.get("Id", ""), kind, attributes.get("Target", "")))


class _Workbook(Elements):
    """Names, relation ids and visibility of sheets."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []
        self.since_1904 = False

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904", "") in {"1", "true"}
        elif name == "sheet" and len(self.sheets) < MOST_SHEETS:
            id_ = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), id_, hidden))


class _Texts(Elements):
    """Reader of texts, cut at the longest that a cell may have; pronunciations are left out."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__()
        self.wanted = wanted
        self._parts: list[str] | None = None
        self._length = 0
        self._aside = 0

    def open_text(self) -> None:
        self._parts, self._length = [], 0

    def close_text(self) -> str:
        text = "".join(self._parts or ())
        self._parts = None
        return unescaped(text)

    def characters(self, content: str) -> None:
        if self._parts is not None and self._length <= self.wanted.longest:
            self._parts.append(content)
            self._length += len(content)


class _Strings(_Texts):
    """Texts that cells share."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(wanted)
        self.found: list[str] = []
        self._whole: list[str] = []

    def begin(self, name: str, attributes: AttributesImpl) -> None:  # noqa: ARG002 (no attribute tells)
        if name == "si":
            self._whole = []
        elif name == "rPh":
            self._aside += 1
        elif name == "t" and not self._aside:
            self.open_text()

    def end(self, name: str) -> None:
        if name == "rPh":
            self._aside -= 1
        elif name == "t" and self._parts is not None:
            self._whole.append(self.close_text())
        elif name == "si":
            self.found.append("".join(self._whole)[: self.wanted.longest + 1])


class _Styles(Elements):
    """Number formats: their codes, and the number of that which each style uses."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, str] = {}
        self.used: list[int] = []
        self._in_cells = False

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name == "numFmt":
            self.codes[_int(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")[:99]
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self.used.append(_int(attributes.get("numFmtId", "")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False


@dataclass(frozen=True, slots=True)
class _Known:
    """Shared texts, number format by style, and the styles of dates and of elapsed times."""

    strings: list[str]
    formats: list[str]
    dates: frozenset[int]
    elapsed: frozenset[int]
    since_1904: bool = field(kw_only=True)


class _Cells(_Texts):
    """Cells of a worksheet."""

    def __init__(self, known: _Known, gathered: Gathering) -> None:
        super().__init__(gathered.wanted)
        self.gathered = gathered
        self._known = known
        self._number = 0
        self._hidden = False
        self._row: dict[int, str] = {}
        self._faults: dict[int, str] = {}
        self._values: dict[int, Value] = {}
        self._place = -1
        self._kind = ""
        self._style = 0
        self._value = ""
        self._is_formula = False

    def begin(self, name: str, attributes: AttributesImpl) -> None:
        if name == "c":
            self._cell(attributes)
        elif name == "v" or (name == "t" and not self._aside):
            self.open_text()
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._number = _int(attributes.get("r", "")) or self._number + 1
            self._hidden = attributes.get("hidden", "") in {"1", "true"}
            self._row, self._faults, self._values, self._place = {}, {}, {}, -1
        elif name == "rPh":
            self._aside += 1
        elif name == "col" and attributes.get("hidden", "") in {"1", "true"}:
            span = (_int(attributes.get("min", "")) - 1, _int(attributes.get("max", "")) - 1)
            self.gathered.hidden_columns.append(span)
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        if name in {"v", "t"} and self._parts is not None:
            self._value += self.close_text()
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self.gathered.add(
                self._number, self._row, self._faults, self._values, hidden=self._hidden
            )
        elif name == "rPh":
            self._aside -= 1

    def _cell(self, attributes: AttributesImpl) -> None:
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._place = self._place + 1 if place is None else _position(place[1])
        self._kind = attributes.get("t", "n")
        self._style = _int(attributes.get("s", ""))
        self._value, self._is_formula = "", False

    def _end_cell(self) -> None:
        if self._place > MOST_COLUMNS and not self._value:
            return
        value = self._typed() if self.wanted.values else None
        if value is not None:
            self._values[self._place] = value
        if self._kind == "e":
            error = self._value[:20]
            message = f"holds the error {error}; mend the formula, or empty the cell"
            self._faults[self._place] = message
        elif self._is_formula and not self._value and self._kind != "str":
            self._faults[self._place] = NO_RESULT
        elif self._value:
            self._row[self._place] = self._text()

    def _typed(self) -> Value | None:
        """What the cell is, where it is no text."""
        if self._is_formula or self._kind == "e":
            return Formula()
        known = self._known
        match self._kind:
            case "b" if self._value:
                return self._value == "1"
            case "d":
                return value_of_iso(self._value[:40])
            case "n":
                return value_of_number(
                    self._value,
                    is_date=self._style in known.dates,
                    is_elapsed=self._style in known.elapsed,
                    since_1904=known.since_1904,
                )
            case _:
                return None

    def _text(self) -> str:
        known = self._known
        match self._kind:
            case "s":
                return known.strings[_int(self._value)]  # one that is not there is damage
            case "d":
                return written_date(self._value[:40])
            case "b":
                return "TRUE" if self._value == "1" else "FALSE"
            case "n" if self._style in known.dates:
                return date_of(self._value, since_1904=known.since_1904)
            case "n":
                style = self._style
                return number_of(
                    self._value, known.formats[style] if style < len(known.formats) else ""
                )
            case _:
                return self._value

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        ends = (_PLACE.fullmatch(first), _PLACE.fullmatch(last))
        if ends[0] is None or ends[1] is None or len(self.gathered.merged) >= MOST_MERGED:
            return
        self.gathered.merged.append(
            Merged(int(ends[0][2]), int(ends[1][2]), _position(ends[0][1]), _position(ends[1][1]))
        )


def _int(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
