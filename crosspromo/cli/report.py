"""`crosspromo report`: figures of a window of time, on the terminal and as files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from crosspromo.cli.completion import PARTNERS
from crosspromo.cli.output import emit_json
from crosspromo.cli.report_acts import command_of
from crosspromo.cli.report_places import check_places
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.written_files import STDOUT, write_file
from crosspromo.domain.typed_times import Sense, parse_when

if TYPE_CHECKING:
    from crosspromo.reports.page import ReportPage
    from crosspromo.services.report_mails import ReportMails

FILE = click.Path(dir_okay=False, allow_dash=True)
NEW_FILE = click.Path(dir_okay=False)


@dataclass(frozen=True, slots=True)
class Faces:
    """What was asked for: JSON, or files; with none of them the report is printed."""

    as_json: bool
    csv: str | None
    xlsx: str | None
    html: str | None
    send: bool


def faces(command: Callable[..., None]) -> Callable[..., None]:
    """Options of every report: its moment, and how it is shown."""
    for option in (
        json_option,
        click.option("--send", is_flag=True, help="Mail it now to whom [reports] names."),
        click.option("--html", type=FILE, metavar="FILE", help="Write one page; - for stdout."),
        click.option("--xlsx", type=NEW_FILE, metavar="FILE", help="Write a workbook."),
        click.option("--csv", "as_csv", type=FILE, metavar="FILE", help="Write CSV; - for stdout."),
        click.option("--as-of", metavar="WHEN", help="What was known at that moment; else now."),
    ):
        command = option(command)
    return command


@click.group("report")
def command() -> None:
    """What we shared, and where we stand."""


@command.command("ratio")
@faces
@click.pass_obj
def ratio(session: Session, /, as_of: str | None, as_csv: str | None, **asked: Any) -> None:
    """Others to self on every account, as the gate counts them, and what may go out next.

    \b
    Examples:
      crosspromo report ratio
      crosspromo report ratio --csv ratio.csv
    """
    from crosspromo import documents_reports  # noqa: PLC0415 (--help needs none of it)
    from crosspromo.phrasing.reports import ratio as words  # noqa: PLC0415 (likewise)

    figures = session.workspace.services.reports.ratio(_moment(session, as_of))
    page = words.page(figures)
    document = documents_reports.of_ratio_page(page, figures.report, command_of)
    _show(session, page, _faces(as_csv, asked), document)


@command.command("month")
@click.argument("month", required=False, metavar="[YYYY-MM]")
@faces
@click.pass_obj
def month(
    session: Session, /, month: str | None, as_of: str | None, as_csv: str | None, **asked: Any
) -> None:
    """Whether the promise was kept in a month, what went wrong, and what to do next.

    Without a month it is the one that goes on.

    \b
    Examples:
      crosspromo report month
      crosspromo report month 2026-03 --html march.html
    """
    from crosspromo import documents_reports  # noqa: PLC0415 (--help needs none of it)
    from crosspromo.domain.months import Month  # noqa: PLC0415 (likewise)
    from crosspromo.phrasing.reports import month as words  # noqa: PLC0415 (likewise)

    reports = session.workspace.services.month_reports
    wanted = None if month is None else Month.parse(month)
    found = reports.of(wanted, _moment(session, as_of))
    page = words.page(found)
    document = documents_reports.of_month_page(page, found, command_of)
    _show(
        session, page, _faces(as_csv, asked), document, lambda mails: mails.send_month(page, found)
    )


@command.command("partner")
@click.argument("partner", shell_complete=PARTNERS)
@faces
@click.pass_obj
def partner(
    session: Session, /, partner: str, as_of: str | None, as_csv: str | None, **asked: Any
) -> None:
    """What we shared of a partner, what came of it and what is next: a page to send to them.

    Nothing in it is about anybody else, and nothing of our notes, lists or tiers.

    \b
    Examples:
      crosspromo report partner river-keepers
      crosspromo report partner river-keepers --html river-keepers.html
    """
    from crosspromo.phrasing.reports import partner as words  # noqa: PLC0415 (--help needs none)

    figures = session.workspace.services.reports.partner(partner, _moment(session, as_of))
    page = words.page(figures)
    _show(
        session,
        page,
        _faces(as_csv, asked),
        mail=lambda mails: mails.send_partner(page, figures),
    )


def _named(name: str, about: str) -> click.Command:
    """Command of a report that is asked for by a moment alone."""

    @faces
    @click.pass_obj
    def show(session: Session, /, as_of: str | None, as_csv: str | None, **asked: Any) -> None:
        from crosspromo.phrasing.reports.named import NAMED  # noqa: PLC0415 (--help needs none)

        page = NAMED[name](session.workspace.services.reports, _moment(session, as_of))
        _show(session, page, _faces(as_csv, asked))

    return click.command(
        name,
        help=f"{about}\n\n\b\nExamples:\n  crosspromo report {name}\n"
        f"  crosspromo report {name} --xlsx {name}.xlsx\n",
    )(show)


for _name, _about in (
    ("partners", "When each partner was last shared, who is due, and what was given by topic."),
    ("reciprocity", "What we gave each partner and what they gave us, in 90 days."),
    ("focus", "Posts about each partner on the focus list, week by week."),
    ("events", "Which posts about each event went out, wait, were missed or were not queued."),
    ("amplification", "What we gave, and how far our posts were carried; n/a is not known."),
    ("gate", "What became of self posts: passed, held and how long, released, not sent."),
):
    command.add_command(_named(_name, _about))


def _moment(session: Session, as_of: str | None) -> datetime | None:
    """Moment that was asked for; None: now, also where it was typed as `now` or as today."""
    if as_of is None:
        return None
    now = session.workspace.clock.now()
    moment = parse_when(as_of, now, session.zone, Sense.AS_OF)
    return None if moment == now else moment


def _faces(as_csv: str | None, asked: Mapping[str, Any]) -> Faces:
    check_places(asked["as_json"], as_csv, asked["xlsx"], asked["html"])
    return Faces(asked["as_json"], as_csv, asked["xlsx"], asked["html"], asked["send"])


def _write(file: str, content: str | bytes) -> None:
    write_file(file, content)
    if file != STDOUT:
        click.echo(f"wrote {file}", err=True)


def _show(
    session: Session,
    page: "ReportPage",
    asked: Faces,
    document: object | None = None,
    mail: "Callable[[ReportMails], Sequence[str]] | None" = None,
) -> None:
    """Show a report by the faces that were asked for; files are written whole or not at all.

    `mail` mails it to whom the settings name for it; None: as any report.
    """
    if asked.csv is not None:
        from crosspromo.report_faces.sheets import csv_of  # noqa: PLC0415 (seldom needed)

        _write(asked.csv, csv_of(page))
    if asked.xlsx is not None:
        from crosspromo.report_faces.sheets import workbook_of  # noqa: PLC0415 (likewise)

        _write(asked.xlsx, workbook_of(page, session.zone))
    if asked.html is not None:
        from crosspromo.report_faces.html import html_of  # noqa: PLC0415 (likewise)

        name = session.workspace.settings.organisation.name
        text = html_of(page, session.zone, organisation=name, command_of=command_of)
        _write(asked.html, text)
    if asked.as_json:  # before it is mailed: it is there where an address is refused, too
        from crosspromo.documents_reports import of_page  # noqa: PLC0415 (likewise)

        emit_json(of_page(page, command_of) if document is None else document)
    if asked.send:
        mails = session.workspace.services.report_mails("a person")
        to = mails.send_now(page) if mail is None else mail(mails)
        taken = asked.as_json or STDOUT in {asked.csv, asked.html}
        click.echo(f"mailed to {', '.join(to)}", err=taken)
    elif not (asked.as_json or asked.csv or asked.xlsx or asked.html):
        from crosspromo.cli.report_page import say  # noqa: PLC0415 (files need none of it)

        say(page, session.zone)
