"""`crosspromo event cancel` and `event restore`: events that do not take place, or do after all."""

import click

from crosspromo.cli.completion import EVENTS, EVERY_EVENT
from crosspromo.cli.event_consequences import say_consequences
from crosspromo.cli.session import Session, as_option


@click.command("cancel")
@click.argument("slug", shell_complete=EVENTS)
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
    say_consequences(consequences, session.zone, dry_run=False)


@click.command("restore")
@click.argument("slug", shell_complete=EVERY_EVENT)
@as_option
@click.pass_obj
def restore(session: Session, slug: str, name: str) -> None:
    """Take the cancellation of an event back: it takes place after all.

    A correction that says it is cancelled is withdrawn; where it went out, a new one is drafted
    for somebody to approve. What was cancelled with the event does not come back.

    \b
    Example:
      crosspromo event restore river-cleanup-2030-04-22
    """
    done = session.workspace.services.change_event(name).restore(slug)
    click.echo(f"{slug} takes place")
    if done.from_calendar:
        click.echo("its calendar changes it back when it is imported again", err=True)
    say_consequences(done.consequences, session.zone, dry_run=False)
