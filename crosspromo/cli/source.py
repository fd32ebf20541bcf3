"""`crosspromo source add`, `list`, `sync`, `remove`: feeds and calendars that are read."""

import click

from crosspromo import documents_sources as documents
from crosspromo.cli.completion import PARTNERS
from crosspromo.cli.main import LazyGroup
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.sources import Source, silent_since
from crosspromo.phrasing.calendar_sources import came_of_calendar
from crosspromo.services.sources import Reading

VERBS = {
    "add": "source:add",
    "discover": "source_discover:discover",
    "list": "source:list_",
    "remove": "source:remove",
    "sync": "source:sync",
}


@click.group("source", cls=LazyGroup, places=VERBS)
def command() -> None:
    """Feeds and calendars of partners, read on a schedule; what is new in them is suggested."""


@click.command("add")
@click.argument("address", metavar="URL")
@click.option("--partner", shell_complete=PARTNERS, help="The partner whose it is.")
@as_option
@json_option
@click.pass_obj
def add(session: Session, address: str, partner: str | None, name: str, as_json: bool) -> None:
    """Have a feed read from now on: RSS, Atom, JSON Feed, or Google Alerts; or a calendar.

    What is new in a calendar waits in `event review`. Of alerts leave --partner out: what names a
    partner is suggested for them, and what names us is marked for a person. What answers and is
    neither feed nor calendar is refused; what does not answer now is added, and tried again.

    \b
    Examples:
      crosspromo source add https://river.example/feed --partner river-keepers
      crosspromo source add https://www.google.com/alerts/feeds/1/2
      crosspromo source add webcal://river.example/events.ics --partner river-keepers
    """
    reading = session.workspace.services.source_adding.add(address, partner, name)
    if as_json:
        emit_json(documents.of_reading(reading))
        return
    number = reading.source.number
    if reading.fault is None:
        click.echo(f"added source {number}; {came_of(reading)}")
        return
    click.echo(
        f"added source {number}, although {came_of(reading)}; it goes on being tried, later and "
        f"later; to give it up: crosspromo source remove {number}"
    )


@click.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """All sources, with what the last reading brought.

    \b
    Example:
      crosspromo source list
    """
    found = session.workspace.services.sources.list()
    if as_json:
        emit_json({"sources": [documents.of_source(each) for each in found]})
        return
    now = session.workspace.clock.now()
    emit_table(
        ["source", "partner", "title", "address", "last read", "latest item", "remark"],
        [
            [
                each.number,
                each.partner or "",
                each.title,
                each.address,
                local(each.read_at, session.zone),
                local(max(each.latest, default=None), session.zone),
                _remark(each, silent=silent_since(each, now) is not None),
            ]
            for each in found
        ],
        empty="there are no sources yet; add one with: crosspromo source add",
        spare=("address",),
    )


@click.command("sync")
@click.argument("numbers", nargs=-1, type=int, metavar="[SOURCE]...")
@click.option("--accept", is_flag=True, help="It is right that so many events are gone from it.")
@json_option
@click.pass_obj
def sync(session: Session, numbers: tuple[int, ...], accept: bool, as_json: bool) -> int:
    """Read these sources now, or all of them. The daemon does so by itself.

    The status is 1 where one of them cannot be read. Where more than a third of the coming events
    is gone from a calendar at once, nothing is changed before somebody says --accept.

    \b
    Examples:
      crosspromo source sync
      crosspromo source sync 3
      crosspromo source sync 3 --accept
    """
    readings = session.workspace.services.sources.read(numbers, accept=accept)
    if as_json:
        emit_json({"sources": [documents.of_reading(each) for each in readings]})
    else:
        for each in readings:
            click.echo(f"source {each.source.number}: {came_of(each)}")
        if not readings:
            click.echo("there is nothing to read")
    return int(any(each.fault is not None for each in readings))


@click.command("remove")
@click.argument("number", type=int, metavar="SOURCE")
@as_option
@json_option
@click.pass_obj
def remove(session: Session, number: int, name: str, as_json: bool) -> None:
    """Remove a source and what it suggests; posts stay.

    \b
    Example:
      crosspromo source remove 3
    """
    source = session.workspace.services.sources.remove(number, name)
    if as_json:
        emit_json(documents.of_source(source))
        return
    click.echo(f"removed source {number}, {source.address}")


def came_of(reading: Reading) -> str:
    """What a reading brought, in a clause."""
    if reading.fault is not None:
        return f"it cannot be read: {reading.fault}"
    if reading.unchanged:
        return "nothing has changed"
    if reading.kept is not None:
        return came_of_calendar(reading.kept)
    what = "1 new suggestion" if reading.new == 1 else f"{reading.new} new suggestions"
    remarks = "".join(f"; {each}" for each in reading.remarks)
    return f"{what}{remarks}"


def _remark(source: Source, *, silent: bool) -> str:
    if source.fault is not None:
        return source.fault
    if source.held_back is not None:
        return f"{source.held_back.gone} of {source.held_back.known} events are gone at once"
    return "silent for longer than usual" if silent else ""
