"""Reader of partner spreadsheets."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from crosspromo.domain.approval import SIGN_OFF, name_key
from crosspromo.domain.errors import RowError
from crosspromo.domain.likely_duplicates import domain_of
from crosspromo.domain.naming import slugify
from crosspromo.domain.partner_rows import NUMBERS, PartnerRow
from crosspromo.intake import partner_cells, partner_record_cells
from crosspromo.intake.crm_exports import adapted, is_scale, remarks_on
from crosspromo.intake.handles import HANDLE_NETWORKS
from crosspromo.intake.not_partners import why_no_partner
from crosspromo.intake.partner_cells import (
    LENIENT,
    has_sign,
    is_nothing,
    without_references,
)
from crosspromo.intake.partner_files import read_partner_file
from crosspromo.intake.partner_headings import (
    LISTED,
    NOTES,
    Assigned,
    Origin,
    assign,
    is_familiar,
    is_our_export,
)
from crosspromo.intake.repeated_rows import combined, contradictory, repeated
from crosspromo.intake.sheet import CellRow, Sheet
from crosspromo.intake.spreadsheet import CellError

T = TypeVar("T")

FREE_TEXTS = ("kind", "list", "closeness", "tier", "why", "owner")

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
    """Headings of a file with the columns that they mean: see `assign`.

    Raises UnreadableFileError where no row can be read.
    """
    sheet = adapted(read_partner_file(data, is_familiar))
    columns = assign(
        sheet.headings,
        sheet.column,
        {"status": partner_cells.is_status, "support": partner_record_cells.is_support},
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
    tagged: Counter[str] = Counter()
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
        tagged.update(reader.tagged)
        if row is None:
            continue
        first, same = found.setdefault(row.slug, (cells.number, row))
        if same is row:
            continue
        both = combined(same, row)
        if both is None:
            errors.append(contradictory(row.slug, first, cells.number))
            continue
        found[row.slug] = (first, both)
        warnings.append(repeated(row.slug, first, cells.number, adds=both != same))
    warnings += remarks_on(opened.columns, tagged)
    return PartnerRows(
        tuple(row for _, row in found.values()),
        tuple(number for number, _ in found.values()),
        tuple(sorted(errors, key=lambda error: error.row)),
        tuple(sorted(warnings, key=lambda warning: warning.row)),
    )


@dataclass(slots=True)
class _RowReader:
    """Reader of one row; faults are collected, so that all of a row are told at once.

    `signs`: columns of ANSWERS that have ticks, boxes or crosses in some row. `tagged`: tags of the
    row that are legal statuses.
    """

    row: CellRow
    columns: Mapping[str, Sequence[Assigned]]
    is_ours: bool
    signs: frozenset[str]
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    tagged: set[str] = field(default_factory=set)

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
        if "kind" in texts and not self.is_ours:
            texts["kind"] = partner_record_cells.kind(texts["kind"])
        handles = {network: self._lenient(network) for network in HANDLE_NETWORKS}
        lists, tagged = self._lists()
        website = self._lenient("website")
        status = self._status(tagged)
        name = self._strict("name", partner_cells.name_of)
        strict = {"website": website, "status": status, "name": name, "support": self._support()}
        texts |= {column: text for column, text in strict.items() if text is not None}
        tag_ok, archived = self._answer("tag_ok"), self._answer("archived")
        slug = self._slug(name)
        if self.errors or slug is None:
            return None
        return PartnerRow(
            slug,
            MappingProxyType(texts),
            MappingProxyType({key: each for key, each in handles.items() if each is not None}),
            MappingProxyType(self.notes),
            MappingProxyType(lists),
            MappingProxyType(self._numbers()),
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
        places = (each.place for each in self.columns.get(column, ()) if self._has(each.place))
        return next(filter(None, (self.row.cells[place] for place in places)), "")

    def _has(self, place: int) -> bool:
        """Whether the row says anything at the place."""
        return place < len(self.row.cells) and place not in self.row.absent

    def _cells(self, column: str) -> Iterator[tuple[Assigned, str]]:
        """Usable cells of the row in places that mean the column, references resolved."""
        for each in self.columns.get(column, ()):
            if not self._has(each.place):
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
            if value and first and not _are_same(column, first, value):
                self.notes[each.label] = cell
                self._warn(each, f'"{value}" is another than "{first}"; it was kept as a note')
            values.append(value)
        first = next(filter(None, values), "")
        alike = [each for each in values if _are_same(column, first, each)]
        return max(alike, key=len) if values else None  # of one website, the whole address

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

    def _lists(self) -> tuple[dict[str, tuple[str, ...]], set[str]]:
        """Lists by column, and legal statuses that stand among tags of other programs."""
        lists: dict[str, tuple[str, ...]] = {}
        statuses: set[str] = set()
        for column in ("topics", *LISTED):
            for each, cell in self._cells(column):
                parts: tuple[str, ...] = ()
                if self._says_nothing(cell):
                    pass
                elif column == "topics":
                    parts = partner_cells.topics(cell, ours=each.origin is Origin.NAMED)
                else:
                    parts = partner_record_cells.parts(cell)
                if column == "topics" and not self.is_ours:
                    found = {part for part in parts if partner_cells.is_status_tag(part)}
                    self.tagged |= found
                    statuses |= {partner_cells.status(part) for part in found}
                    parts = tuple(part for part in parts if part not in found)
                lists[column] = tuple(dict.fromkeys((*lists.get(column, ()), *parts)))
        return lists, statuses

    def _status(self, tagged: set[str]) -> str | None:
        """Legal status of its column, else of a tag; None where neither names one."""
        status = self._strict("status", partner_cells.status)
        if tagged and tagged != {status}:
            named = " and ".join(sorted(tagged))
            if status:
                message = f"the tags say {named}; {status} was taken from its column"
                self.warnings.append(RowError(self.row.number, "status", message))
            elif len(tagged) > 1:
                message = f"the tags say {named}; write which one it is under status"
                self.errors.append(RowError(self.row.number, "status", message))
        return status or next(iter(tagged), status)

    def _support(self) -> str | None:
        """Support of the row; a minus alone is an answer here, and not a word for nothing."""
        for each, cell in self._cells("support"):
            try:
                return partner_record_cells.support(cell, scale=is_scale(each.heading))
            except CellError as error:
                self._warn(each, f"{error.problem}; the cell was left out")
        return None

    def _numbers(self) -> dict[str, int | None]:
        numbers: dict[str, int | None] = {}
        for column in NUMBERS:
            for each, cell in self._cells(column):
                try:
                    text = "" if is_nothing(cell) else cell
                    numbers[column] = partner_record_cells.number(column, text)
                except CellError as error:
                    self._warn(each, f"{error.problem}; the cell was left out")
        return numbers

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


def _are_same(column: str, first: str, second: str) -> bool:
    """Whether two values mean one thing: a website may be given as its domain alone."""
    if column != "website" or first == second:
        return first == second
    is_bare = any(address.count("/") == 2 for address in (first.strip("/"), second.strip("/")))
    return is_bare and domain_of(first) == domain_of(second)
