"""`crosspromo resume`: end a pause."""

import click

from crosspromo.cli import documents
from crosspromo.cli.output import emit_json, local, plural
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.cli.standing import standing
from crosspromo.domain.deliveries import Delivery
from crosspromo.workspace import Workspace


@click.command("resume")
@click.argument("account", required=False)
@as_option
@json_option
@click.pass_obj
def command(session: Session, account: str | None, name: str, as_json: bool) -> None:
    """End the pause of ACCOUNT, or without one the pause over everything.

    What is overdue is listed. None of it bursts out: what was due at a moment of its own is missed
    where it is too late, and the rest goes one by one as the rules allow.

    \b
    Examples:
      crosspromo resume
      crosspromo resume x-main
    """
    workspace = session.workspace
    paused = None if account is None else workspace.account(account).name
    overdue = workspace.person(name).resume(paused)
    with workspace.store.read() as unit:
        still = unit.pauses.all()
        standings = standing(workspace, unit, overdue)
    if as_json:
        emit_json({"overdue": [documents.of_delivery(each) for each in standings]})
        return
    zone = workspace.settings.organisation.zone
    click.echo(f"{'everything' if paused is None else paused} goes on")
    for pause in still:
        click.echo(f"still paused: {pause.sentence(zone)}")
    click.echo(f"{plural(len(overdue), 'delivery', 'deliveries')} overdue")
    for delivery in overdue:
        click.echo(
            f"  {delivery.id} {delivery.kind} on {delivery.account}, "
            f"due {local(delivery.due_at, zone)}: {_what_now(workspace, delivery)}"
        )


def _what_now(workspace: Workspace, delivery: Delivery) -> str:
    rules = workspace.rules.get(delivery.account)
    if rules is None:
        return "its account is no longer in crosspromo.toml"
    late = workspace.clock.now() - delivery.due_at
    if delivery.candidate.held:
        return f"it waits for another reason: crosspromo explain {delivery.id}"
    if delivery.pinned and late > rules.policy.late_after:
        return f"too late, it will be missed; to send it: crosspromo queue move {delivery.id}"
    return "it goes as the rules allow"
