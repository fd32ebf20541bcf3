"""`crosspromo partner import`, `undo-import`, `export`: partners in files of other programs."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosspromo import documents
from crosspromo.cli.completion import IMPORTS
from crosspromo.cli.outdated import say_outdated
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.cli.summary import say_import
from crosspromo.cli.targets import ID
from crosspromo.cli.written_files import write_file
from crosspromo.domain.errors import ImportFailedError, RowError, UnmappedError, UsageError

if TYPE_CHECKING:
    from crosspromo.domain.likely_duplicates import LikelyDuplicate
    from crosspromo.domain.partner_rows import FieldChange, PartnerChange
    from crosspromo.services.import_partners import PartnerImport

OTHER_KINDS = frozenset({".ods", ".xls", ".xlsm", ".xlsb", ".vcf", ".vcard", ".pdf", ".json"})
"""Suffixes of files that an export does not write."""

MARKS = ("name", "website")
"""Marks of a likely duplicate that are no handles."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="HEADING=COLUMN",
    help="What a heading means; also =notes, to keep its cells, or =skip. Repeatable.",
)
@click.option(
    "--accept-mapping", "accept", is_flag=True, help="Take headings for what is proposed."
)
@click.option("--partial", is_flag=True, help="Import the good rows although others are bad.")
@dry_run_option
@as_option
@json_option
@click.pass_obj
def import_(
    session: Session,
    file: Path,
    mapping: tuple[str, ...],
    accept: bool,
    partial: bool,
    dry_run: bool,
    name: str,
    as_json: bool,
) -> int:
    """Import partners from CSV, XLSX, ODS or vCards, in the columns of the export or in others.

    A partner is known by its slug, or by the slug that its name makes. A column that is not in the
    file stays as it is, an empty cell clears. Headings that are not ours are proposed for our
    columns; what you accept or map is remembered. One bad row and nothing is written, unless
    --partial; a bad handle or website is left out and told. What was imported can be undone.

    \b
    Examples:
      crosspromo partner import partners.csv --dry-run
      crosspromo partner import contacts.xlsx --accept-mapping --map "Org=name"
    """
    from crosspromo.intake.encoding import contents  # noqa: PLC0415 (lists do not need it)

    try:
        imported = session.workspace.services.partner_imports(name).import_(
            contents(file),
            str(file),
            mapping=_mapping(mapping),
            accept=accept,
            partial=partial,
            dry_run=dry_run,
        )
    except (ImportFailedError, UnmappedError) as error:
        if not as_json:
            raise
        emit_json(documents.of_failed_partner_import(error, session.zone))
        return 1
    if as_json:
        emit_json(documents.of_partner_import(imported, session.zone))
    else:
        say_import(imported.imported, session, dry_run=dry_run)
        if dry_run:
            _say_changes(imported.changes)
        _say_headings(imported)
        _say_warnings(imported.warnings, session)
        _say_duplicates(imported.duplicates, dry_run=dry_run)
        if imported.number is not None and any(not each.is_new for each in imported.changes):
            click.echo(
                f"to take it back: crosspromo partner undo-import {imported.number}", err=True
            )
        say_outdated(imported.outdated)
    return 1 if imported.imported.errors else 0


@click.command("undo-import")
@click.argument("number", type=ID, required=False, shell_complete=IMPORTS)
@dry_run_option
@as_option
@json_option
@click.pass_obj
def undo_import(
    session: Session, number: int | None, dry_run: bool, name: str, as_json: bool
) -> None:
    """Take back what an import of partners changed: the last one, or the one with this number.

    Once the last one is undone, an older one is undone by its number only.

    Fields get their values of before, new partners are removed, or archived where posts name them.
    What somebody changed since stays.

    \b
    Examples:
      crosspromo partner undo-import --dry-run
      crosspromo partner undo-import 3
    """
    undo = session.workspace.services.partner_imports(name).undo(number, dry_run=dry_run)
    if as_json:
        emit_json(documents.of_partner_undo(undo))
        return
    counts = f"{len(undo.restored)} restored, {len(undo.removed)} removed"
    if undo.archived:
        counts += f", {len(undo.archived)} archived"
    would = "would be: " if dry_run else ""
    click.echo(f"import {undo.undone.number} of {undo.undone.source}: {would}{counts}")
    if dry_run:
        _say_changes(undo.restored)
    for partner in undo.archived:
        why = "since posts, events, the ledger or notes name it"
        click.echo(f"{partner} is archived, {why}", err=True)
    for partner, field in undo.kept:
        click.echo(f"{partner}: {field} was changed since and stays", err=True)
    say_outdated(undo.outdated)


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, allow_dash=True))
@click.pass_obj
def export(session: Session, file: str) -> None:
    """Write all partners to a file, as XLSX where its name ends so, else as CSV; - is stdout.

    The file has all that is known of partners, with support, tier and notes: it is for us, and
    nothing to send to partners.

    \b
    Examples:
      crosspromo partner export partners.csv
      crosspromo partner export partners.xlsx
    """
    suffix = Path(file).suffix.lower()
    if suffix in OTHER_KINDS:
        raise UsageError(f"{file}: partners are written as .csv or .xlsx; name such a file")
    partners = session.workspace.services.partners
    write_file(file, partners.export_workbook() if suffix == ".xlsx" else partners.export())


def _mapping(texts: tuple[str, ...]) -> dict[str, str]:
    """Column by heading, from HEADING=COLUMN texts; UsageError for other texts."""
    mapping = {}
    for text in texts:
        heading, separator, column = text.rpartition("=")
        if not (separator and heading.strip()):
            raise UsageError(f'--map "{text}": write HEADING=COLUMN, as in "Twitter=x"')
        mapping[heading.strip()] = column.strip().lower()
    return mapping


def _say_changes(changes: "Sequence[PartnerChange]") -> None:
    """Print each change, field by field; a new partner is one line."""
    for change in changes:
        if change.is_new:
            click.echo(f"{change.partner} is new")
            continue
        say_fields(change)


def say_fields(change: "PartnerChange") -> None:
    """Print each changed field of a partner."""
    for field in change.fields:
        click.echo(f"{change.partner}: {_difference(field)}")


def _difference(change: "FieldChange") -> str:
    return f"{change.field}: {_value(change.before)} -> {_value(change.after)}"


def _value(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case list():
            return f'"{"; ".join(map(str, value))}"'
        case _:
            return f'"{value}"'


def _say_headings(imported: "PartnerImport") -> None:
    """Print what headings were taken for, and which were kept as notes."""
    taken = [f'"{heading}" as {column}' for heading, column in imported.taken_as.items()]
    if taken:
        click.echo(f"headings: {', '.join(taken)}")
    if imported.noted:
        click.echo(f"kept as notes: {', '.join(imported.noted)}")


def _say_warnings(warnings: Iterable[RowError], session: Session) -> None:
    from crosspromo.cli.telling import of_row  # noqa: PLC0415 (seldom needed)

    for warning in warnings:
        click.echo(f"note: {of_row(warning, session.zone)}", err=True)


def _say_duplicates(duplicates: "Sequence[LikelyDuplicate]", *, dry_run: bool) -> None:
    """Print new partners who are perhaps others, and what to do about each."""
    for each in duplicates:
        marks = " and ".join(mark if mark in MARKS else f"{mark} handle" for mark in each.by)
        click.echo(
            f"perhaps the same: {each.partner} (new) and {each.other} have one {marks}; "
            + (
                f"to update {each.other} instead, write its slug under slug in the row"
                if dry_run
                else f"if they are: crosspromo partner merge {each.partner} {each.other}"
            ),
            err=True,
        )
