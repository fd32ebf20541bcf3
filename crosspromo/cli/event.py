"""`crosspromo event`: events, ours and our partners'."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import click

from crosspromo.cli import documents
from crosspromo.cli.output import emit_fields, emit_json, emit_table, local
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.cli.summary import ImportSummary
from crosspromo.domain.errors import ImportFailedError, UsageError
from crosspromo.domain.events import Event
from crosspromo.domain.naming import slugify
from crosspromo.domain.posts import Hosting
from crosspromo.domain.timing import parse_duration, parse_when
from crosspromo.intake.calendar import read_events
from crosspromo.publishing.correct import correct
from crosspromo.publishing.enqueue import draft
from crosspromo.publishing.withdraw import withdraw
from crosspromo.store.unit import Unit


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
LEAD = click.option("--lead", type=click.Choice(["us", "partner"]), help="Who leads a joint event.")


def hosting_of(hosts: tuple[str, ...], *, joint: bool, lead: str | None) -> Hosting:
    """Who holds it, from what was typed; UsageError where that makes no sense."""
    if joint and not hosts:
        raise UsageError("--joint needs --host PARTNER: whom do we hold it with?")
    if lead and not joint:
        raise UsageError("--lead is for joint events; add --joint")
    if not hosts:
        return Hosting.OURS
    if not joint:
        return Hosting.PARTNER
    leads = {"us": Hosting.JOINT_WE_LEAD, "partner": Hosting.JOINT_PARTNER_LEADS}
    return Hosting.JOINT if lead is None else leads[lead]


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
    zone = workspace.settings.organisation.zone
    starts_at = parse_when(at, workspace.clock.now(), zone)
    event = Event(
        slug=_slug(title, starts_at.astimezone(zone)),
        title=title,
        starts_at=starts_at,
        ends_at=starts_at + parse_duration(length),
        zone=zone.key,
        uid=f"{uuid4()}@crosspromo",
        location=location,
        url=url,
        hosting=hosting_of(hosts, joint=joint, lead=lead),
        partners=tuple(sorted(set(hosts))),
    )
    with workspace.store.write() as unit:
        unit.partners.ids(hosts)
        unit.events.save(event)
        saved = unit.events.by_uid(event.uid)
    if as_json:
        emit_json(documents.of_event(saved))
    else:
        click.echo(f"added {saved.slug}")


def _slug(title: str, day: datetime) -> str:
    return f"{slugify(title) or 'event'}-{day:%Y-%m-%d}"


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
    workspace = session.workspace
    with workspace.store.read() as unit:
        events = unit.events.all(after=None if everything else workspace.clock.now())
    if as_json:
        emit_json({"events": [documents.of_event(event) for event in events]})
        return
    zone = workspace.settings.organisation.zone
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
    with session.workspace.store.read() as unit:
        event = unit.events.get(slug)
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
    workspace = session.workspace
    hosting = hosting_of(hosts, joint=joint, lead=lead)
    reading = read_events(
        file.read_bytes(),
        file.name,
        zone=workspace.settings.organisation.zone,
        now=workspace.clock.now(),
    )
    summary = ImportSummary(errors=reading.errors, dry_run=dry_run)
    if reading.errors and not partial:
        if not as_json:
            raise ImportFailedError(file.name, reading.errors)
        summary.emit(as_json=True)
        return 1
    consequences = _Consequences()
    with workspace.store.write() as unit:
        unit.partners.ids(hosts)
        for event in reading.items:
            hosted = replace(event, hosting=hosting, partners=tuple(sorted(set(hosts))))
            before = unit.events.find(event.uid, event.recurrence)
            summary.count(unit.events.save(hosted))
            if before is not None:
                _follow(session, unit, before, name, consequences)
        if dry_run:
            unit.undo()
    summary.emit(as_json=as_json)
    consequences.say()
    return 1 if reading.errors else 0


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
    consequences = _Consequences()
    with session.workspace.store.write() as unit:
        event = unit.events.get(slug)
        unit.events.save(replace(event, cancelled=True))
        unit.audit.add(session.workspace.clock.now(), name, "cancel", f"event {slug}", None)
        _follow(session, unit, event, name, consequences)
    click.echo(f"{slug} is cancelled")
    consequences.say()


@dataclass
class _Consequences:
    """What a changed event did to the queue."""

    withdrawn: list[int] = field(default_factory=list)
    drafted: list[int] = field(default_factory=list)
    uncorrected: list[str] = field(default_factory=list)

    def say(self) -> None:
        """One line each, on stderr: stdout has the answer."""
        for delivery_id in self.withdrawn:
            click.echo(f"cancelled delivery {delivery_id}", err=True)
        for delivery_id in self.drafted:
            click.echo(
                f"drafted the correction {delivery_id}; look at it and let it go with: "
                f"crosspromo queue approve {delivery_id}",
                err=True,
            )
        for sentence in self.uncorrected:
            click.echo(sentence, err=True)


def _follow(
    session: Session, unit: Unit, before: Event, name: str, consequences: _Consequences
) -> None:
    """Cancel what the event's new edition makes wrong, and draft corrections of what went out."""
    workspace = session.workspace
    after = unit.events.by_uid(before.uid, before.recurrence)
    organisation = workspace.settings.organisation
    now = workspace.clock.now()
    consequences.withdrawn += withdraw(
        unit, before, after, zone=organisation.zone, who=name, now=now
    )
    if before.cancelled or not after.cancelled or after.ends_at <= now:
        return
    drafted, uncorrected = correct(
        unit,
        after,
        accounts=workspace.rules,
        draft=partial(
            draft,
            unit,
            renderer=workspace.templates,
            own_group=organisation.own_group,
            zone=organisation.zone,
            now=now,
            status=organisation.status,
        ),
        zone=organisation.zone,
        now=now,
    )
    consequences.drafted += drafted
    consequences.uncorrected += uncorrected
