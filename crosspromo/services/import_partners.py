"""Import of partners from spreadsheets and address books, and its undoing.

An import changes the fields that the file names and no others. What it changed is recorded, and can
be taken back field by field.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING

from crosspromo.domain.approval import SIGN_OFF, name_key
from crosspromo.domain.changes import Change
from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import (
    ImportFailedError,
    InputError,
    NotFoundError,
    RowError,
    UnmappedError,
    UsageError,
)
from crosspromo.domain.likely_duplicates import LikelyDuplicate, likely_duplicates
from crosspromo.domain.partner_numbers import lacking_half
from crosspromo.domain.partner_people import named_in
from crosspromo.domain.partner_rows import (
    PartnerChange,
    PastImport,
    change_of,
    fields_of,
    with_fields,
)
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.inputs import (
    HeadingsProposed,
    ImportUndone,
    NameMissing,
    NoNameHeading,
    NoSuchColumn,
    NoSuchHeading,
    OlderImportStands,
)
from crosspromo.domain.reasons.not_found import NoSuchImport
from crosspromo.domain.reasons.partners import HalfALimit
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.foreign_files import foreign
from crosspromo.intake.partner_headings import (
    SKIP,
    TARGETS,
    Assigned,
    Origin,
    heading_key,
)
from crosspromo.intake.partners import PartnerRows, PartnerSheet, open_partners, read_rows
from crosspromo.services.imports import Imported
from crosspromo.services.kept_away import KeptAway
from crosspromo.services.outdated_posts import OutdatedPost, outdated_posts
from crosspromo.services.sign_off_cells import (
    partners_of_sheets,
    read_answer,
    save_from_sheet,
)

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

MEANINGS = TARGETS
"""What a heading of a spreadsheet may mean: our columns, a note, or nothing."""

_NO_MAPPING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PartnerImport:
    """Result of an import, real or dry.

    `columns` tell what each heading was taken for, `noted` the headings of which cells were kept as
    notes, `warnings` the cells that were left out. `number` is what undoes the import; None: it
    changed nothing, or was dry. `outdated` are posts that wait and say what was before.
    `duplicates` are new partners who are perhaps others under another slug.
    """

    imported: Imported
    changes: Sequence[PartnerChange]
    columns: Sequence[Assigned]
    noted: Sequence[str]
    warnings: Sequence[RowError]
    number: int | None = None
    outdated: Sequence[OutdatedPost] = ()
    duplicates: Sequence[LikelyDuplicate] = ()

    @property
    def taken_as(self) -> Mapping[str, str]:
        """Columns of the headings that are not written like them, without notes."""
        return {
            each.label: each.column
            for each in self.columns
            if each.origin in {Origin.PROPOSED, Origin.REMEMBERED, Origin.CHOSEN}
        }


@dataclass(frozen=True, slots=True)
class PartnerUndo:
    """Result of undoing an import, real or dry.

    `restored` are changes back to the values before. New partners were `removed`, or `archived`
    where posts, events, the ledger, notes, or what people added by hand name them. `kept` are
    changes of the import that somebody changed again since; they stay. `outdated` are posts
    that wait and say what was before.
    """

    undone: PastImport
    restored: Sequence[PartnerChange]
    removed: Sequence[str]
    archived: Sequence[str]
    kept: Sequence[tuple[str, str]]
    outdated: Sequence[OutdatedPost] = ()


@dataclass(frozen=True)
class PartnerImports:
    """Imports of partners by a person (`actor`).

    `kept_away` knows whom to leave alone; None: nobody.
    """

    store: "Store"
    clock: Clock
    actor: str
    kept_away: KeptAway | None = None

    def import_(
        self,
        data: bytes,
        source: str,
        *,
        mapping: Mapping[str, str] = _NO_MAPPING,
        accept: bool = False,
        partial: bool = False,
        dry_run: bool = False,
    ) -> PartnerImport:
        """Add and update partners from a file's bytes; `source` is the file's name.

        `mapping` gives columns (TARGETS) for headings of the file, and `accept` accepts the
        proposals for the others; both are remembered. UsageError if the file is none that
        is read; InputError for an unusable mapping; UnmappedError if proposals are to be
        accepted first; ImportFailedError if a row is unusable, unless `partial`. `dry_run`: write
        nothing, proposals taken as accepted.
        """
        opened = self._opened(data, source, mapping)
        if opened.proposed and not (accept or dry_run):
            raise UnmappedError(HeadingsProposed(source, _proposals(opened), opened.noted))
        rows = read_rows(opened)
        if rows.errors and not partial:
            raise ImportFailedError(source, rows.errors)
        with self.store.write() as unit:
            result = self._write(unit, opened, rows, source)
            if result.imported.errors and not partial:
                raise ImportFailedError(source, result.imported.errors)
            if dry_run:
                unit.roll_back()
                result = replace(result, number=None)
            else:
                accepted = {heading_key(each.heading): each.column for each in opened.proposed}
                unit.sheet_headings.remember({**accepted, **_keys(mapping)}, self.actor, self._now)
        return result

    def standing(self) -> Sequence[PastImport]:
        """Imports that can be undone, the newest first."""
        with self.store.read() as unit:
            return unit.partner_imports.standing()

    def undo(self, number: int | None = None, *, dry_run: bool = False) -> PartnerUndo:
        """Take back what an import changed; None: the last import.

        Fields that were changed since stay as they are. NotFoundError for an unknown number,
        InputError for an import that was undone already: an older one is undone by its number only.
        """
        with self.store.write() as unit:
            past = unit.partner_imports.find(number)
            if past is None:
                raise NotFoundError(NoSuchImport(number))
            if past.undone_at is not None:
                older = None if number is not None else unit.partner_imports.newest_not_undone()
                if older is not None:
                    raise InputError(OlderImportStands(past.number, past.undone_at, *older[:4]))
                raise InputError(ImportUndone(past.number, past.undone_at))
            undo = self._taken_back(unit, past)
            if dry_run:
                unit.roll_back()
            else:
                unit.partner_imports.mark_undone(past.number, self._now)
                subject = f"import {past.number}"
                unit.audit.add(self._now, self.actor, "undo import", subject, past.source)
        return undo

    @property
    def _now(self) -> datetime:
        return self.clock.now()

    def _opened(self, data: bytes, source: str, mapping: Mapping[str, str]) -> PartnerSheet:
        other = foreign(data, source)
        if other is not None:
            raise UsageError(f"{source} {other}")
        for column in mapping.values():
            if column not in TARGETS:
                raise InputError(NoSuchColumn(column, TARGETS))
        with self.store.read() as unit:
            remembered = unit.sheet_headings.all()
        try:
            opened = open_partners(data, chosen=_keys(mapping), remembered=remembered)
        except UnreadableFileError as error:
            raise ImportFailedError(source, (error.fault,)) from None
        headings = tuple(each.heading for each in opened.columns if each.heading)
        if not headings:
            raise ImportFailedError(source, (RowError(0, "file", "holds no rows"),))
        known = set(map(heading_key, headings))
        for heading in mapping:
            if heading_key(heading) not in known:
                raise InputError(NoSuchHeading(heading, headings))
        if not opened.names_partners:
            likeliest = _likeliest_name(opened)
            raise UnmappedError(NoNameHeading(source, headings, likeliest, _proposals(opened)))
        return opened

    def _write(
        self, unit: "Unit", opened: PartnerSheet, rows: PartnerRows, source: str
    ) -> PartnerImport:
        known = partners_of_sheets(unit)
        merged = unit.partner_merging.all()
        errors, warnings = [*rows.errors], [*rows.warnings]
        counts: Counter[Change] = Counter()
        changes: list[PartnerChange] = []
        new: list[Partner] = []
        changed: list[Partner] = []
        now = self._now
        for number, row in zip(rows.numbers, rows.items, strict=True):
            if row.slug in merged:  # whose record would take the place of another one
                message = f"{row.slug} is now part of {merged[row.slug]}; the row is left out"
                warnings.append(RowError(number, "slug", message))
                continue
            before = known.get(row.slug)
            if before is None and "name" not in row.texts:
                errors.append(RowError(number, "name", NameMissing("partner")))
                continue
            after = read_answer(row, before).applied_to(before, now)
            change = change_of(before, after)
            if self._is_kept_away(unit, after, change):
                message = f"{row.slug} names a person who is to be left alone; it is left out"
                warnings.append(RowError(number, "slug", message))
                continue
            lacking = _half_a_limit(after, change)
            if lacking is not None:
                errors.append(RowError(number, lacking, HalfALimit()))
                continue
            if before is None:
                new.append(after)
            elif change.fields:
                changed.append(after)
                warnings += _stays_archived(number, before, after)
            counts[_kind(before, change)] += 1
            if before is None or change.fields:
                changes.append(change)
        save_from_sheet(unit, new, changed, known, who=self.actor, now=now)
        recorded = None
        if changes:
            name = PurePath(source).name
            recorded = unit.partner_imports.add(now, self.actor, name, changes)
            summary = f"{counts[Change.NEW]} new, {counts[Change.UPDATED]} updated"
            unit.audit.add(now, self.actor, "import partners", name, summary)
        return PartnerImport(
            Imported(counts, tuple(sorted(errors, key=lambda error: error.row))),
            changes,
            tuple(each for each in opened.columns if each.column != SKIP),
            tuple(each for each in opened.noted if name_key(each) != SIGN_OFF),
            tuple(sorted(warnings, key=lambda warning: warning.row)),
            recorded,
            outdated_posts(unit, changes, known),
            likely_duplicates(new, known.values()),
        )

    def _is_kept_away(self, unit: "Unit", partner: Partner, change: PartnerChange) -> bool:
        """Whether a change would bring back a person who is to be left alone."""
        texts = [each.after for each in change.fields if isinstance(each.after, str)]
        names = [partner.name, *texts, *(name for text in texts for name, _ in named_in(text))]
        return self.kept_away is not None and self.kept_away.includes(unit, *names)

    def _taken_back(self, unit: "Unit", past: PastImport) -> PartnerUndo:
        changes = unit.partner_imports.changes(past.number)
        referred = unit.partners.references({each.partner for each in changes if each.is_new})
        present = partners_of_sheets(unit)
        merged = unit.partner_merging.all()
        restored: list[PartnerChange] = []
        removed: list[str] = []
        archived: list[str] = []
        kept: list[tuple[str, str]] = []
        saved: list[Partner] = []
        for change in changes:
            partner = present.get(change.partner)
            if partner is None:
                if change.partner in merged:
                    kept += [(change.partner, each.field) for each in change.fields]
                continue
            values = fields_of(partner)
            written = {each.field: each.after for each in change.fields}
            if change.is_new:
                later = sorted(
                    name for name in {*values, *written} if values.get(name) != written.get(name)
                )
                if later:
                    kept += [(partner.slug, name) for name in later]
                elif partner.slug in referred:
                    archived.append(partner.slug)
                    saved.append(replace(partner, archived_at=self._now))
                else:
                    removed.append(partner.slug)
                    unit.partners.remove(partner.slug)
                continue
            back = [each for each in change.fields if values.get(each.field) == each.after]
            kept += [(partner.slug, each.field) for each in change.fields if each not in back]
            after = with_fields(partner, {each.field: each.before for each in back})
            if back:
                saved.append(after)
                restored.append(change_of(partner, after))
        save_from_sheet(unit, (), saved, present, who=self.actor, now=self._now)
        outdated = outdated_posts(unit, restored, present)
        return PartnerUndo(past, restored, removed, archived, kept, outdated)


def _keys(mapping: Mapping[str, str]) -> dict[str, str]:
    return {heading_key(heading): column for heading, column in mapping.items()}


def _kind(before: Partner | None, change: PartnerChange) -> Change:
    if before is None:
        return Change.NEW
    return Change.UPDATED if change.fields else Change.UNCHANGED


def _stays_archived(number: int, before: Partner, after: Partner) -> list[RowError]:
    if before.archived_at is None or after.archived_at is None:
        return []
    return [RowError(number, "slug", f"{after.slug} is archived, and stays so")]


def _half_a_limit(after: Partner, change: PartnerChange) -> str | None:
    """Field that a limit on posts lacks after a row that changes the limit; else None."""
    is_touched = any(each.field in {"most_posts", "most_posts_days"} for each in change.fields)
    return lacking_half(after) if is_touched else None


def _proposals(opened: PartnerSheet) -> tuple[tuple[str, str], ...]:
    return tuple((each.label, each.column) for each in opened.proposed)


def _likeliest_name(opened: PartnerSheet) -> str:
    """Heading of the first column that nothing is known of and whose cells are words."""
    unknown = [each for each in opened.columns if each.heading and each.origin is Origin.UNKNOWN]
    for each in unknown:
        cells = [cell for cell in opened.sheet.column(each.place) if cell]
        if cells and all(any(map(str.isalpha, cell)) and "@" not in cell for cell in cells):
            return each.heading
    return (unknown or opened.columns)[0].heading
