"""`crosspromo source discover`: feeds and calendars on the website of a partner."""

import click

from crosspromo import documents_sources
from crosspromo.cli.completion import PARTNERS
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.cli.source import came_of
from crosspromo.domain.plurals import plural
from crosspromo.intake.feeds.discovery import Found
from crosspromo.services.source_discovery import Discovered, FoundSource

HOW = {
    Found.NAMED: "their page names it",
    Found.LINKED: "their page links to it",
    Found.GUESSED: "it is where such sites have one",
}


@click.command("discover")
@click.argument("slug", metavar="PARTNER", shell_complete=PARTNERS)
@click.option("--add", "is_added", is_flag=True, help="Have all of them read from now on.")
@as_option
@json_option
@click.pass_obj
def discover(session: Session, slug: str, is_added: bool, name: str, as_json: bool) -> None:
    """Look for feeds and calendars on a partner's website. Each is read once, to be sure.

    \b
    Examples:
      crosspromo source discover river-keepers
      crosspromo source discover river-keepers --add
    """
    services = session.workspace.services
    discovered = services.source_discovery.discover(slug)
    new = [each for each in discovered.found if each.source is None] if is_added else []
    added = [services.sources.add(each.address, discovered.partner, name) for each in new]
    readings = services.sources.read([each.number for each in added]) if added else []
    if as_json:
        emit_json(documents_sources.of_discovered(discovered, readings))
        return
    _say(discovered)
    for each in readings:
        click.echo(f"added source {each.source.number}, {each.source.address}; {came_of(each)}")
    waiting = [each.address for each in discovered.found if each.source is None]
    if waiting and not is_added:
        click.echo(f"to read them all: crosspromo source discover {discovered.partner} --add")
        for address in waiting:
            click.echo(f"or one: crosspromo source add {address} --partner {discovered.partner}")


def _say(discovered: Discovered) -> None:
    emit_table(
        ["kind", "title", "has", "read as", "how", "address"],
        [
            [
                each.kind.value,
                each.title,
                _has(each),
                "" if each.source is None else f"source {each.source}",
                HOW[each.found],
                each.address,
            ]
            for each in discovered.found
        ],
        empty=f"nothing was found at {discovered.website}; "
        f"{plural(discovered.asked, 'address')} asked",
        spare=("address",),
    )
    if not discovered.complete:
        click.echo("not every address was asked: their server is slow; try again later")


def _has(found: FoundSource) -> str:
    return plural(found.items, "item" if found.kind == "feed" else "event")
