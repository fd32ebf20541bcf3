"""`crosspromo calendar`: the queue as a spreadsheet that comes back, and as a calendar."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crosspromo import documents_campaigns as documents
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.cli.summary import say_import
from crosspromo.cli.written_files import write_file
from crosspromo.domain.errors import ImportFailedError, UsageError
from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.sheets import ApprovalClaimed, SheetRemark
from crosspromo.domain.typed_times import parse_day
from crosspromo.phrasing.editorial import ABOUT
from crosspromo.phrasing.sheets import of_remark, quoted

if TYPE_CHECKING:
    from crosspromo.services.calendar_rows import RowRemark
    from crosspromo.services.import_calendar import RowChange

FILE = click.Path(dir_okay=False, writable=True, path_type=Path)


@click.group("calendar")
def command() -> None:
    """Workbook and calendar files of the queue."""


@command.command("export")
@click.option(
    "--xlsx", metavar="FILE", type=FILE, help="A workbook that people change and bring back."
)
@click.option(
    "--ics",
    metavar="FILE",
    type=FILE,
    help="For our own calendar: posts, follow-ups. Keep it private.",
)
@click.option(
    "--public-ics",
    "public",
    metavar="FILE",
    type=FILE,
    help="For anybody: our coming events, only.",
)
@click.option("--from", "first", metavar="DAY", help="With --xlsx: due or sent from this day on.")
@click.option("--until", "last", metavar="DAY", help="With --xlsx: due or sent up to this day.")
@click.pass_obj
def export(
    session: Session,
    xlsx: Path | None,
    ics: Path | None,
    public: Path | None,
    first: str | None,
    last: str | None,
) -> None:
    """Write the queue to a file: as a workbook, or as a calendar.

    The workbook has every post that waits, and what was published in the last 28 days. Change it,
    and bring it back with: crosspromo calendar import. The calendars are iCalendar files.

    \b
    Examples:
      crosspromo calendar export --xlsx calendar.xlsx
      crosspromo calendar export --xlsx december.xlsx --from 2030-12-01 --until 2030-12-31
      crosspromo calendar export --public-ics events.ics
    """
    if sum(each is not None for each in (xlsx, ics, public)) != 1:
        raise UsageError("name one file: --xlsx FILE, --ics FILE or --public-ics FILE")
    if xlsx is None and (first or last):
        raise UsageError("--from and --until go with --xlsx")
    services = session.workspace.services
    if xlsx is not None:
        exported = services.editorial_calendar.export(
            ABOUT, first=_day(session, first), last=_day(session, last)
        )
        write_file(str(xlsx), exported.content)
        click.echo(f"wrote {plural(exported.rows, 'row')} to {xlsx}", err=True)
        if exported.more:
            click.echo("there are more; narrow them by --from and --until", err=True)
        return
    calendars = services.calendar_files
    content = calendars.private() if ics is not None else calendars.public()
    target = ics or public
    assert target is not None  # one of three was named
    write_file(str(target), content.decode())
    click.echo(f"wrote {target}", err=True)


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@dry_run_option
@as_option
@json_option
@click.pass_obj
def import_(session: Session, file: Path, dry_run: bool, name: str, as_json: bool) -> int:
    """Do what was changed in a workbook of `calendar export --xlsx`.

    Rows with an id are edits and moves; what was changed here since is refused, with both values. A
    row that is gone changes nothing. A row without an id is a new post: with a partner it is about
    the partner, else about ourselves. A sheet approves nothing. One bad row and nothing is written.

    \b
    Examples:
      crosspromo calendar import calendar.xlsx --dry-run
      crosspromo calendar import calendar.xlsx
    """
    from crosspromo.intake.encoding import contents  # noqa: PLC0415 (exports do not need it)

    imports = session.workspace.services.calendar_imports(name)
    try:
        done = imports.import_(contents(file), str(file), dry_run=dry_run)
    except ImportFailedError as error:
        if not as_json:
            raise
        from crosspromo.cli.summary import emit_failed  # noqa: PLC0415 (faults are rare)

        return emit_failed(error, session)
    if as_json:
        emit_json(documents.of_calendar_import(done, session.zone, dry_run=dry_run))
        return 1 if done.imported.errors else 0
    if done.imported.errors and not dry_run:
        click.echo("nothing was written: some rows are refused", err=True)
    say_import(done.imported, session, dry_run=dry_run or bool(done.imported.errors))
    for change in done.changes:
        _say(change, dry_run=dry_run or bool(done.imported.errors))
    _say_remarks(done.remarks)
    return 1 if done.imported.errors else 0


def _day(session: Session, text: str | None) -> date | None:
    if text is None:
        return None
    return parse_day(text, session.workspace.clock.now(), session.zone)


def _say(change: "RowChange", *, dry_run: bool) -> None:
    """Print what a row changes, a line for each cell; of a new post what it says."""
    place = "" if change.row is None else f"row {change.row}, "
    if change.is_new:
        number = "" if dry_run else f" {change.delivery}"
        text = next((after for column, _, after in change.cells if column == "text"), "")
        click.echo(f"{place}new delivery{number} on {change.account}: {quoted(text)}")
        return
    for column, before, after in change.cells:
        what = f"{place}delivery {change.delivery}, {column}"
        click.echo(f"{what}: {quoted(before)} -> {quoted(after)}")


def _say_remarks(remarks: "Sequence[RowRemark]") -> None:
    for each in remarks:
        place = f"row {each.row}: " if each.row else ""
        click.echo(f"note: {place}{of_remark(each.remark)}{_command_for(each.remark)}", err=True)


def _command_for(remark: SheetRemark) -> str:
    """Command by which the person whom a sheet names approves the delivery."""
    if isinstance(remark, ApprovalClaimed) and remark.asked:
        from shlex import quote  # noqa: PLC0415 (seldom needed)

        name = quote(remark.name) if remark.name else "NAME"
        return f", with: crosspromo queue approve {remark.delivery} --as {name}"
    return ""
