"""`crosspromo event asked`: partners whom somebody asked in person to help with an event."""

import click

from crosspromo.cli.completion import EVENTS, PARTNERS
from crosspromo.cli.session import Session, as_option


@click.command("asked")
@click.argument("slug", shell_complete=EVENTS)
@click.argument("partner", shell_complete=PARTNERS)
@as_option
@click.pass_obj
def asked(session: Session, slug: str, partner: str, name: str) -> None:
    """Note that you asked a partner in person to share an event, or that nobody has to.

    Nothing is mailed to them then for what was to be asked by now, and `status` says no more of it.

    \b
    Example:
      crosspromo event asked river-cleanup-2030-04-22 river-keepers
    """
    session.workspace.services.asked_in_person(name).settle(slug, partner)
    click.echo(f"noted: {partner} was asked about {slug}")
