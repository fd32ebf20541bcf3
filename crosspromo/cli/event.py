"""`crosspromo event`: events of our own and of partners."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.output import emit_fields, emit_json, emit_table, local
from crosspromo.cli.session import Session, acting_name, as_option, dry_run_option, json_option
from crosspromo.cli.summary import say_import
from crosspromo.domain.errors import ImportFailedError
from crosspromo.domain.plurals import plural
from crosspromo.domain.timing import parse_duration, parse_when
from crosspromo.services.change_event import Hosts, ImportedEvents, Lead
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.imports import Imported


@click.group("event")
def command() -> None:
    """Events, ours and our partners'."""


HOSTS = click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="PARTNER",
    help="The partner who holds it. Repeatable.",
)
JOINT = click.option("--joint", is_flag=True, help="We hold it together with them.")
LEAD = click.option(
    "--lead", type=click.Choice([each.value for each in Lead]), help="Who leads a joint event."
)


@command.command("add")
@click.argument("title")
@click.option("--at", "at", required=True, metavar="WHEN", help="When it starts.")
@click.option("--for", "length", default="2h", show_default=True, help="How long it takes.")
@click.option("--location", default="")
@click.option("--url", default="")
@HOSTS
@JOINT
@LEAD
@json_option
@click.pass_obj
def add(
    session: Session,
    title: str,
    at: str,
    length: str,
    location: str,
    url: str,
    hosts: tuple[str, ...],
    joint: bool,
    lead: str | None,
    as_json: bool,
) -> None:
    """Add an event. Without --host it is ours.

    \b
    Example:
      crosspromo event add "River cleanup" --at 2030-04-22T09:00 --host river-keepers
    """
    workspace = session.workspace
    event = workspace.services.change_event(acting_name()).add(
        title,
        parse_when(at, workspace.clock.now(), session.zone),
        parse_duration(length),
        Hosts.given(hosts, joint=joint, lead=None if lead is None else Lead(lead)),
        location=location,
        url=url,
    )
    if as_json:
        emit_json(documents.of_event(event))
    else:
        click.echo(f"added {event.slug}")


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Past ones, too.")
@json_option
@click.pass_obj
def list_(session: Session, everything: bool, as_json: bool) -> None:
    """The events to come, soonest first.

    \b
    Example:
      crosspromo event list
    """
    events = session.workspace.services.events.list(past=everything)
    if as_json:
        emit_json({"events": [documents.of_event(event) for event in events]})
        return
    zone = session.zone
    emit_table(
        ["event", "starts", "title", "hosts", ""],
        [
            [
                e.slug,
                local(e.starts_at, zone),
                e.title,
                ", ".join(e.partners) or "us",
                "cancelled" if e.cancelled else "",
            ]
            for e in events
        ],
    )


@command.command("show")
@click.argument("slug")
@json_option
@click.pass_obj
def show(session: Session, slug: str, as_json: bool) -> None:
    """One event.

    \b
    Example:
      crosspromo event show river-cleanup-2030-04-22
    """
    event = session.workspace.services.events.get(slug)
    document = documents.of_event(event)
    if as_json:
        emit_json(document)
        return
    emit_fields(document, ZoneInfo(event.zone))


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="Import the good events although others are bad.")
@HOSTS
@JOINT
@LEAD
@as_option
@dry_run_option
@json_option
@click.pass_obj
def import_(
    session: Session,
    file: Path,
    partial: bool,
    hosts: tuple[str, ...],
    joint: bool,
    lead: str | None,
    name: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import events from an iCalendar (.ics) file.

    Without --host they are ours. Events there are brought up to date by their UID; what is queued
    for one that is cancelled or moved is cancelled, too.

    \b
    Example:
      crosspromo event import river-keepers.ics --host river-keepers
    """
    from crosspromo.intake.encoding import contents  # noqa: PLC0415 (lists do not need it)

    events = session.workspace.services.change_event(name)
    try:
        done = events.import_(
            contents(file),
            file.name,
            Hosts.given(hosts, joint=joint, lead=None if lead is None else Lead(lead)),
            partial=partial,
            dry_run=dry_run,
        )
    except ImportFailedError as error:
        if not as_json:
            raise
        done = ImportedEvents(Imported({}, error.errors), Consequences())
    if as_json:
        emit_json(documents.of_imported_events(done, session.zone))
    else:
        say_import(done.imported, session, dry_run=dry_run)
    _say(done.consequences, session.zone, dry_run=dry_run)
    return 1 if done.imported.errors else 0


@command.command("cancel")
@click.argument("slug")
@as_option
@click.pass_obj
def cancel(session: Session, slug: str, name: str) -> None:
    """Mark an event as cancelled; what is queued for it is cancelled, too.

    Where it was announced already, a correction is drafted for somebody to approve.

    \b
    Example:
      crosspromo event cancel river-cleanup-2030-04-22
    """
    consequences = session.workspace.services.change_event(name).cancel(slug)
    click.echo(f"{slug} is cancelled")
    _say(consequences, session.zone, dry_run=False)


def _say(consequences: Consequences, zone: ZoneInfo, *, dry_run: bool) -> None:
    """Print the consequences for the queue on stderr; stdout has the answer."""
    for delivery_id in consequences.cancelled:
        did = "would cancel" if dry_run else "cancelled"
        click.echo(f"{did} delivery {delivery_id}", err=True)
    if dry_run and consequences.drafted:
        drafts = plural(len(consequences.drafted), "correction")
        click.echo(f"would draft {drafts}, to be approved", err=True)
    for delivery_id in () if dry_run else consequences.drafted:
        click.echo(
            f"drafted the correction {delivery_id}; look at it and let it go with: "
            f"crosspromo queue approve {delivery_id}",
            err=True,
        )
    if consequences.uncorrected:
        _say_uncorrected(consequences, zone)


def _say_uncorrected(consequences: Consequences, zone: ZoneInfo) -> None:
    from crosspromo.phrasing.refusals import of_refusal  # noqa: PLC0415 (seldom needed)

    for each in consequences.uncorrected:
        reason = of_refusal(each.reason, zone)
        click.echo(f"no correction can be drafted on {each.account}: {reason}", err=True)
