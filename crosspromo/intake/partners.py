"""Reader and writer of partner spreadsheets."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from crosspromo.domain.approval import SIGN_OFF, name_key
from crosspromo.domain.errors import RowError
from crosspromo.domain.naming import slugify
from crosspromo.domain.partner_rows import PartnerRow
from crosspromo.domain.partners import Partner
from crosspromo.intake import partner_cells
from crosspromo.intake.handles import HANDLE_NETWORKS
from crosspromo.intake.not_partners import why_no_partner
from crosspromo.intake.partner_cells import (
    LENIENT,
    has_sign,
    is_nothing,
    with_references,
    without_references,
)
from crosspromo.intake.partner_headings import (
    COLUMNS,
    NOTES,
    OPTIONAL_COLUMNS,
    Assigned,
    Origin,
    assign,
    is_familiar,
    is_our_export,
)
from crosspromo.intake.sheet import CellRow, Sheet, read_sheet
from crosspromo.intake.spreadsheet import CellError, write_table

T = TypeVar("T")

FREE_TEXTS = ("kind", "list", "closeness", "tier", "why")

IDENTITY = frozenset({"slug", "name"})
"""Columns that tell who it is, and in which every word is a name."""

ANSWERS = ("tag_ok", "archived")
"""Columns whose cells say yes or no."""

COSTS_THE_ROW = frozenset({"slug", "name", "tag_ok", "status", "archived"})
"""Columns whose unusable cell costs the row: who it is, who may be tagged, whom the law bars."""

SIGN_OFF_HEADING = re.compile(r"sign[\s_-]*off\s*[?:]?", re.IGNORECASE)
SAYS_SIGN_OFF = re.compile(r"\bsign[ _-]?off\s*[:=]", re.IGNORECASE)
"""Notes that people write where they want `sign_off`; they are never guessed to be that."""

_NOTHING_CHOSEN: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PartnerRows:
    """Rows of a partner spreadsheet.

    `numbers` runs parallel to `items`. `errors` are rows that cannot be used, `warnings` cells that
    were left out and other remarks; both in the order of the file.
    """

    items: tuple[PartnerRow, ...]
    numbers: tuple[int, ...]
    errors: tuple[RowError, ...]
    warnings: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class PartnerSheet:
    """Partner spreadsheet whose headings have columns, before its rows are read."""

    sheet: Sheet
    columns: tuple[Assigned, ...]

    @property
    def proposed(self) -> tuple[Assigned, ...]:
        """Headings that a person has not accepted yet."""
        return tuple(each for each in self.columns if each.origin is Origin.PROPOSED)

    @property
    def names_partners(self) -> bool:
        """Whether a column tells which partner a row is about."""
        return any(each.column in {"name", "slug"} for each in self.columns)

    @property
    def noted(self) -> tuple[str, ...]:
        """Labels of the columns that are kept as notes, where any row has a cell in them."""
        return tuple(
            each.label
            for each in self.columns
            if each.column == NOTES
            and not all(is_nothing(cell) for cell in self.sheet.column(each.place))
        )


def open_partners(
    data: bytes,
    *,
    chosen: Mapping[str, str] = _NOTHING_CHOSEN,
    remembered: Mapping[str, str] = _NOTHING_CHOSEN,
) -> PartnerSheet:
    """Headings of a CSV file with the columns that they mean: see `assign`.

    Raises UnreadableFileError where no row can be read.
    """
    sheet = read_sheet(data, is_familiar)
    columns = assign(
        sheet.headings,
        sheet.column,
        partner_cells.is_status,
        chosen=chosen,
        remembered=remembered,
    )
    return PartnerSheet(sheet, columns)


def read_rows(opened: PartnerSheet) -> PartnerRows:
    """Partners of the sheet; proposals are taken as accepted.

    A column that is not there, or a cell that the row does not have, leaves its field unnamed. An
    unusable cell of an optional column is left out, with a warning.
    """
    errors = [*opened.sheet.errors]
    warnings = [*opened.sheet.remarks]
    found: dict[str, tuple[int, PartnerRow]] = {}
    is_ours = is_our_export(opened.sheet.headings)
    columns: dict[str, list[Assigned]] = {}
    for each in opened.columns:
        columns.setdefault(each.column, []).append(each)
    signs = frozenset(
        column
        for column in ANSWERS
        if any(
            has_sign(cell)
            for each in columns.get(column, ())
            for cell in opened.sheet.column(each.place)
        )
    )
    for cells in opened.sheet.rows:
        reader = _RowReader(cells, columns, is_ours, signs)
        row = reader.read()
        warnings += reader.warnings
        errors += reader.errors
        if row is None:
            continue
        first, same = found.setdefault(row.slug, (cells.number, row))
        if first != cells.number:
            if row == same:
                warnings.append(_repeated(row.slug, first, cells.number))
            else:
                errors.append(_duplicate(row.slug, first, cells.number))
    return PartnerRows(
        tuple(row for _, row in found.values()),
        tuple(number for number, _ in found.values()),
        tuple(sorted(errors, key=lambda error: error.row)),
        tuple(sorted(warnings, key=lambda warning: warning.row)),
    )


def write_partners(partners: Iterable[Partner]) -> str:
    """CSV from which `read_rows` reads the same partners.

    The columns are COLUMNS, then those of OPTIONAL_COLUMNS and one for each note, where a partner
    has it. Cells that a spreadsheet would run as a formula are guarded: see `write_table`.
    """
    known = [(partner, _cells(partner)) for partner in partners]
    columns = [*COLUMNS]
    columns += [column for column in OPTIONAL_COLUMNS if any(cells[column] for _, cells in known)]
    columns += dict.fromkeys(note for partner, _ in known for note in partner.notes)
    rows = ([with_references(cells.get(column, "")) for column in columns] for _, cells in known)
    return write_table(columns, rows)


@dataclass(slots=True)
class _RowReader:
    """Reader of one row; faults are collected, so that all of a row are told at once.

    `signs`: columns of ANSWERS that have ticks, boxes or crosses in some row.
    """

    row: CellRow
    columns: Mapping[str, Sequence[Assigned]]
    is_ours: bool
    signs: frozenset[str]
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def read(self) -> PartnerRow | None:
        """Partner of the row; None where the row cannot be used, or is none of a partner."""
        if not self._written("slug"):
            why = why_no_partner(self._written("name"), self.row.cells)
            if why is not None:
                message = f"{why}, and was left out; a partner of that name needs a slug"
                self.warnings.append(RowError(self.row.number, "row", message))
                return None
        for each, cell in self._cells(NOTES):
            if cell or each.heading:  # an empty cell without a heading names nothing
                self.notes[each.label] = "" if self._says_nothing(cell) else cell
                self._remark_on_sign_off(each, cell)
        texts = {
            column: "" if self._says_nothing(cell) else cell
            for column in FREE_TEXTS
            for _, cell in self._cells(column)
        }
        handles = {network: self._lenient(network) for network in HANDLE_NETWORKS}
        website = self._lenient("website")
        status = self._strict("status", partner_cells.status)
        name = self._strict("name", partner_cells.name_of)
        strict = {"website": website, "status": status, "name": name}
        texts |= {column: text for column, text in strict.items() if text is not None}
        topics = self._topics()
        tag_ok, archived = self._answer("tag_ok"), self._answer("archived")
        slug = self._slug(name)
        if self.errors or slug is None:
            return None
        return PartnerRow(
            slug,
            MappingProxyType(texts),
            MappingProxyType({key: each for key, each in handles.items() if each is not None}),
            MappingProxyType(self.notes),
            topics,
            tag_ok,
            archived,
        )

    def _remark_on_sign_off(self, each: Assigned, cell: str) -> None:
        """Warn where a note seems to ask for sign-off outside the column that does."""
        if name_key(each.label) == SIGN_OFF or self._says_nothing(cell):
            return
        if SIGN_OFF_HEADING.fullmatch(each.label.strip()) or SAYS_SIGN_OFF.search(cell):
            message = (
                "seems to say whether they sign off, and was kept as a note only; a column called "
                f"{SIGN_OFF} says it"
            )
            self._warn(each, message)

    def _written(self, column: str) -> str:
        """First filled cell of the row that means the column; empty where there is none."""
        places = (each.place for each in self.columns.get(column, ()))
        cells = (self.row.cells[place] for place in places if place < len(self.row.cells))
        return next(filter(None, cells), "")

    def _cells(self, column: str) -> Iterator[tuple[Assigned, str]]:
        """Usable cells of the row in places that mean the column, references resolved."""
        for each in self.columns.get(column, ()):
            if each.place >= len(self.row.cells):
                continue
            fault = self.row.faults.get(each.place)
            if fault is None:
                yield each, without_references(self.row.cells[each.place])
            elif column in COSTS_THE_ROW:
                self.errors.append(RowError(self.row.number, each.label, fault))
            else:
                self._warn(each, f"{fault}; the cell was left out")

    def _says_nothing(self, cell: str) -> bool:
        """Whether a free text means nothing; in our own export it is taken by its letters."""
        return not cell if self.is_ours else is_nothing(cell)

    def _lenient(self, column: str) -> str | None:
        """First value of the column; None where no cell names one. Others become notes."""
        values: list[str] = []
        for each, cell in self._cells(column):
            try:
                value = "" if is_nothing(cell) else LENIENT[column](cell)
            except CellError as error:
                self._warn(each, f"{error.problem}; the cell was left out")
                continue
            first = next(filter(None, values), "")
            if value and first and value != first:
                self.notes[each.label] = cell
                self._warn(each, f'"{value}" is another than "{first}"; it was kept as a note')
            values.append(value)
        return next(filter(None, values), "") if values else None

    def _strict(self, column: str, read: Callable[[str], T]) -> T | None:
        """Value of the column in the row; None for a missing or unusable cell."""
        for each, cell in self._cells(column):
            try:
                return read("" if is_nothing(cell) and column not in IDENTITY else cell)
            except CellError as error:
                self.errors.append(RowError(self.row.number, each.label, error.problem))
        return None

    def _answer(self, column: str) -> bool | None:
        """Answer of the column; None where no cell gives one.

        No where several cells answer and do not agree: doubt never makes consent (0036).
        """
        said: dict[bool, Assigned] = {}
        for each, cell in self._cells(column):
            try:
                answer = partner_cells.yes_or_no(
                    column, "" if is_nothing(cell) else cell, signs=column in self.signs
                )
            except CellError as error:
                self.errors.append(RowError(self.row.number, each.label, error.problem))
            else:
                said.setdefault(answer, each)
        if len(said) == 2:
            self._warn(said[True], f'says yes, and "{said[False].label}" does not; no was taken')
        return min(said) if said else None

    def _topics(self) -> tuple[str, ...] | None:
        found = [
            ()
            if self._says_nothing(cell)
            else partner_cells.topics(cell, ours=each.origin is Origin.NAMED)
            for each, cell in self._cells("topics")
        ]
        return (
            tuple(dict.fromkeys(topic for topics in found for topic in topics)) if found else None
        )

    def _slug(self, name: str | None) -> str | None:
        """Slug as written, else made from the name; None after a fault."""
        written = self._strict("slug", lambda cell: partner_cells.slug_of(cell) if cell else "")
        if written or self.errors:
            return written or None
        if name is None:
            self.errors.append(RowError(self.row.number, "slug", "is empty, and there is no name"))
            return None
        slug = slugify(name)
        if not slug:
            message = f'"{name}" makes no slug; write one under "slug", such as "river-keepers"'
            self.errors.append(RowError(self.row.number, "slug", message))
        return slug or None

    def _warn(self, each: Assigned, message: str) -> None:
        self.warnings.append(RowError(self.row.number, each.label, message))


def _repeated(slug: str, first: int, second: int) -> RowError:
    return RowError(second, "row", f'says of "{slug}" what row {first} says, and was left out')


def _duplicate(slug: str, first: int, second: int) -> RowError:
    return RowError(
        second,
        "slug",
        f'"{slug}" is the slug of row {first} and of row {second}; remove one row, '
        "or give each its own slug",
    )


def _handle(handle: str) -> str:
    """Handle as a cell; one like `none` keeps its `@`, or else it would mean nothing."""
    return f"@{handle}" if handle and is_nothing(handle) else handle


def _cells(partner: Partner) -> dict[str, str]:
    return {
        **partner.notes,
        **{network: _handle(partner.handles.get(network, "")) for network in HANDLE_NETWORKS},
        "slug": partner.slug,
        "name": partner.name,
        "kind": partner.kind,
        "list": partner.list,
        "closeness": partner.closeness,
        "tier": partner.tier,
        "why": partner.why,
        "website": partner.website,
        "topics": ";".join(partner.topics),
        "tag_ok": "yes" if partner.tag_ok else "",
        "status": partner.status,
        "archived": "yes" if partner.archived_at else "",
    }
