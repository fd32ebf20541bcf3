"""`crosspromo event`: events of our own and of partners."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from shlex import quote
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.completion import CAMPAIGNS, EVENTS, EVERY_EVENT
from crosspromo.cli.event_asked import asked
from crosspromo.cli.event_cancelling import cancel, restore
from crosspromo.cli.event_consequences import say_consequences
from crosspromo.cli.event_details import ALL_DAY, DESCRIPTION, FLYER, FLYER_ALT, given_details
from crosspromo.cli.event_review import review
from crosspromo.cli.given_hosts import HOSTS, JOINT, LEAD, given_hosts
from crosspromo.cli.given_time import given_time
from crosspromo.cli.output import emit_fields, emit_json, emit_table, local
from crosspromo.cli.session import Session, acting_name, as_option, dry_run_option, json_option
from crosspromo.cli.summary import say_import
from crosspromo.domain.campaigns import chosen_campaign
from crosspromo.domain.errors import ImportFailedError, UsageError
from crosspromo.domain.events import Event
from crosspromo.domain.left_out import LeftOut
from crosspromo.domain.timing import parse_duration
from crosspromo.domain.typed_times import Sense
from crosspromo.phrasing.words import first_words
from crosspromo.services.change_event import ImportedEvents
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.imports import Imported

LONGEST_TITLE = 60
"""Characters of a title in a list."""


@click.group("event")
def command() -> None:
    """Events, ours and our partners'."""


command.add_command(review)
command.add_command(asked)
command.add_command(cancel)
command.add_command(restore)


CAMPAIGN = click.option(
    "--campaign", metavar="SLUG", shell_complete=CAMPAIGNS, help="The campaign that it belongs to."
)


def _start(session: Session, at: str) -> datetime:
    """Start of an event from a person's text; a day alone is its first moment."""
    return given_time(session, at, Sense.STARTS)


@command.command("add")
@click.argument("title")
@click.option("--at", "at", required=True, metavar="WHEN", help="When it starts.")
@click.option("--for", "length", default="2h", show_default=True, help="How long it takes.")
@click.option("--location", default="")
@click.option("--url", default="")
@DESCRIPTION
@ALL_DAY
@FLYER
@FLYER_ALT
@HOSTS
@JOINT
@LEAD
@CAMPAIGN
@json_option
@click.pass_obj
def add(
    session: Session,
    title: str,
    at: str,
    length: str,
    location: str,
    url: str,
    description: str | None,
    all_day: bool,
    image: str | None,
    alt: str | None,
    hosts: tuple[str, ...],
    joint: bool,
    lead: str | None,
    campaign: str | None,
    as_json: bool,
) -> None:
    """Add an event. Without --host it is ours.

    \b
    Examples:
      crosspromo event add "River cleanup" --at 2030-04-22T09:00 --host river-keepers
      crosspromo event add "Open day" --at 2030-05-01 --image day.jpg --alt "Open day, 1 May"
    """
    workspace = session.workspace
    event = workspace.services.change_event(acting_name()).add(
        title,
        _start(session, at),
        parse_duration(length),
        given_hosts(hosts, joint=joint, lead=lead),
        location=location,
        url=url,
        campaign=chosen_campaign(campaign),
        more=given_details(
            workspace.folder, description=description, all_day=all_day, image=image, alt=alt
        ),
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
                _when(e, zone),
                first_words(e.title, LONGEST_TITLE),
                ", ".join(e.partners) or "us",
                "cancelled" if e.cancelled else "",
            ]
            for e in events
        ],
        empty="there are no events yet; add one with: crosspromo event add, or event import",
    )


def _when(event: Event, zone: ZoneInfo) -> str:
    """Start in the organisation's zone, and beside it the clocks of the event if they differ."""
    there = event.starts_at.astimezone(ZoneInfo(event.zone))
    if event.all_day:
        return f"{there:%a %Y-%m-%d} all day"
    here = local(event.starts_at, zone)
    if there.utcoffset() == event.starts_at.astimezone(zone).utcoffset():
        return here
    return f"{here} ({there:%H:%M} {event.zone})"


@command.command("show")
@click.argument("slug", shell_complete=EVERY_EVENT)
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
    if event.zone != session.zone.key:
        ours = local(event.starts_at, session.zone)
        click.echo(f"these times are of {event.zone}; ours show {ours} when it starts")


@command.command("import")
@click.argument("place", metavar="FILE|URL")
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
    place: str,
    partial: bool,
    hosts: tuple[str, ...],
    joint: bool,
    lead: str | None,
    name: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Import events from an iCalendar (.ics) file, or from a calendar at an address.

    An address is read once; `source add` has it read from now on. Without --host they are ours.
    Events there are brought up to date by their UID. What is queued for a cancelled one is
    cancelled; what is queued for one that moved or changed is made anew.

    \b
    Example:
      crosspromo event import river-keepers.ics --host river-keepers
    """
    events = session.workspace.services.change_event(name)
    try:
        done = events.import_(
            _contents(session, place),
            Path(place).name if "://" not in place else place,
            given_hosts(hosts, joint=joint, lead=lead),
            partial=partial,
            dry_run=dry_run,
        )
    except ImportFailedError as error:
        if not as_json:
            raise _with_partial(error, session, place) from error
        done = ImportedEvents(Imported({}, error.errors), Consequences())
    if as_json:
        emit_json(documents.of_imported_events(done, session.zone, dry_run=dry_run))
    else:
        say_import(done.imported, session, dry_run=dry_run)
        _say_left_out(done.left_out)
    say_consequences(done.consequences, session.zone, dry_run=dry_run)
    return 1 if done.imported.errors else 0


def _contents(session: Session, place: str) -> bytes:
    """Calendar in a file, or at an address; UsageError where there is no such file."""
    if "://" in place:
        return session.workspace.services.calendar_addresses.contents(place)
    from crosspromo.intake.encoding import contents  # noqa: PLC0415 (lists do not need it)

    if not Path(place).exists():
        raise UsageError(f"{place}: there is no such file, and it is no address with https://")
    return contents(Path(place))


def _with_partial(
    error: ImportFailedError, session: Session, place: str
) -> click.ClickException | ImportFailedError:
    """The error with the command that imports the other events; itself where there are none."""
    if not all(fault.row for fault in error.errors):
        return error
    from crosspromo.cli.main import Told  # noqa: PLC0415 (it imports this module)
    from crosspromo.cli.telling import of_error  # noqa: PLC0415 (faults are rare)

    given = click.get_current_context().params
    options = [f"--host {quote(host)}" for host in given["hosts"]]
    options += ["--joint"] if given["joint"] else []
    options += [f"--lead {given['lead']}"] if given["lead"] else []
    line = " ".join(["crosspromo event import", quote(place), *options, "--partial"])
    return Told(f"{of_error(error, session.zone)}\nto import the others: {line}", error.exit_status)


def _say_left_out(left_out: Sequence[LeftOut]) -> None:
    """Print on stderr what of the file is left out, and why."""
    if not left_out:
        return
    from crosspromo.phrasing.left_out import of_left_out  # noqa: PLC0415 (seldom needed)

    for sentence in of_left_out(left_out):
        click.echo(f"left out: {sentence}", err=True)


@command.command("edit")
@click.argument("slug", shell_complete=EVENTS)
@click.option("--title", metavar="TITLE")
@click.option("--at", "at", metavar="WHEN", help="When it starts; its length stays.")
@click.option("--for", "length", metavar="LENGTH", help="How long it takes.")
@click.option("--location", metavar="PLACE", help='Where it is; "" for none.')
@click.option("--url", metavar="URL", help='Its page; "" for none.')
@DESCRIPTION
@ALL_DAY
@FLYER
@FLYER_ALT
@click.option("--no-image", is_flag=True, help="It has no flyer any more.")
@HOSTS
@click.option("--ours", is_flag=True, help="We hold it, and no partner.")
@JOINT
@LEAD
@click.option(
    "--campaign",
    metavar="SLUG",
    shell_complete=CAMPAIGNS,
    help="The campaign that it belongs to; none for no campaign. Its posts keep theirs.",
)
@as_option
@dry_run_option
@json_option
@click.pass_obj
def edit(
    session: Session,
    slug: str,
    title: str | None,
    at: str | None,
    length: str | None,
    location: str | None,
    url: str | None,
    description: str | None,
    all_day: bool,
    image: str | None,
    alt: str | None,
    no_image: bool,
    hosts: tuple[str, ...],
    ours: bool,
    joint: bool,
    lead: str | None,
    campaign: str | None,
    name: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Change an event. What is not given stays, and so does its name.

    What is queued for it is made anew. A post at a time that a person chose, or with a text that a
    person wrote, becomes a draft for somebody to look at.

    \b
    Example:
      crosspromo event edit river-cleanup-2030-04-22 --location "New Park, 9 Ninth Ave"
    """
    if ours and (hosts or joint or lead):
        raise click.UsageError("--ours goes without --host, --joint and --lead")
    if no_image and image is not None:
        raise click.UsageError("--no-image goes without --image")
    workspace = session.workspace
    details = given_details(
        workspace.folder, description=description, all_day=all_day, image=image, alt=alt
    )
    is_held_by_others = bool(hosts or joint or lead)
    done = workspace.services.change_event(name).edit(
        slug,
        replace(
            details,
            without_image=no_image,
            title=title,
            starts_at=None if at is None else _start(session, at),
            length=None if length is None else parse_duration(length),
            location=location,
            url=url,
            hosts=given_hosts(hosts, joint=joint, lead=lead) if ours or is_held_by_others else None,
            campaign=None if campaign is None else chosen_campaign(campaign) or "",
        ),
        dry_run=dry_run,
    )
    if as_json:
        emit_json(documents.of_edited_event(done, session.zone, dry_run=dry_run))
    else:
        click.echo(f"{'would change' if dry_run else 'changed'} {slug}")
    if done.event.cancelled:
        click.echo(
            f"{slug} is cancelled; if it takes place after all: crosspromo event restore {slug}",
            err=True,
        )
    if done.from_calendar:
        click.echo("its calendar changes it back when it is imported again", err=True)
    say_consequences(done.consequences, session.zone, dry_run=dry_run)
