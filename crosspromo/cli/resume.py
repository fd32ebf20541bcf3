"""`crosspromo resume`: end of a pause, with the overdue deliveries."""

import click

from crosspromo import documents
from crosspromo.cli.completion import ACCOUNT
from crosspromo.cli.output import emit_json, local
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.cli.telling import of_pause
from crosspromo.domain.plurals import plural
from crosspromo.services.pauses import Overdue, Prospect


@click.command("resume")
@click.argument("account", required=False, shell_complete=ACCOUNT)
@as_option
@json_option
@click.pass_obj
def command(session: Session, account: str | None, name: str, as_json: bool) -> None:
    """End the pause of ACCOUNT, or without one the pause over everything.

    A rest that the network asked for ends as well.

    What is overdue is listed. None of it bursts out: what was due at a moment of its own is missed
    where it is too late, and the rest goes one by one as the rules allow.

    \b
    Examples:
      crosspromo resume
      crosspromo resume x-main
    """
    resumed = session.workspace.services.pauses(name).resume(account)
    zone = session.zone
    if as_json:
        overdue = [documents.of_delivery(each.view, zone) for each in resumed.overdue]
        emit_json({"overdue": overdue})
        return
    click.echo(f"{account or 'everything'} goes on")
    for pause in resumed.still:
        click.echo(f"still paused: {of_pause(pause, zone)}")
    click.echo(f"{plural(len(resumed.overdue), 'delivery', 'deliveries')} overdue")
    for each in resumed.overdue:
        delivery = each.view.delivery
        click.echo(
            f"  {delivery.id} {delivery.kind} on {delivery.account}, "
            f"due {local(delivery.due_at, zone)}: {_what_now(each)}"
        )


def _what_now(overdue: Overdue) -> str:
    delivery = overdue.view.delivery
    match overdue.prospect:
        case Prospect.NO_ACCOUNT:
            return "its account is no longer in crosspromo.toml"
        case Prospect.HELD:
            return f"it waits for another reason: crosspromo explain {delivery.id}"
        case Prospect.MISSED:
            move = f"crosspromo queue move {delivery.id} --at WHEN"
            return f"too late, it will be missed; to send it: {move}"
        case Prospect.GOES:
            return "it goes as the rules allow"
