"""`crosspromo queue list`: looking at the queue."""

import click

from crosspromo.cli import documents
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.standing import Standing, standing
from crosspromo.domain.states import State
from crosspromo.domain.timing import parse_when
from crosspromo.store.listing import Filter

STATES = [*(state.value for state in State), "held"]

ROOM = 200
"""How many lines a person is shown, and how many deliveries a program is handed."""

ROOM_IN_JSON = 10_000


@click.command("list")
@click.option("--state", type=click.Choice(STATES), help="held: queued, and waiting for a reason.")
@click.option("--account")
@click.option("--since", metavar="WHEN", help="Due from this moment on.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    help=f"Show at most this many; else {ROOM}, and with --json {ROOM_IN_JSON}.",
)
@json_option
@click.pass_obj
def list_(
    session: Session,
    state: str | None,
    account: str | None,
    since: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """Deliveries, in the order they were queued: all that wait, and of those that ended the latest.

    Where there are more than it shows, it says so on stderr, and with --json as `"more": true`.

    \b
    Examples:
      crosspromo queue list --state held
      crosspromo queue list --account x-main --json
    """
    workspace = session.workspace
    zone = workspace.settings.organisation.zone
    room = limit or (ROOM_IN_JSON if as_json else ROOM)
    wanted = Filter(
        states=None if state in {None, "held"} else frozenset({State(state)}),
        held=state == "held",
        account=None if account is None else workspace.account(account).name,
        since=None if since is None else parse_when(since, workspace.clock.now(), zone),
    )
    with workspace.store.read() as unit:
        found, more = unit.deliveries.listed(wanted, room)
        standings = standing(workspace, unit, found)
        pauses = unit.pauses.all()
    if more:
        click.echo(
            f"There are more than these {room}: --state, --account, --since, --limit", err=True
        )
    if as_json:
        deliveries = [documents.of_delivery(each) for each in standings]
        emit_json({"deliveries": deliveries, "more": more})
        return
    emit_table(
        ["id", "state", "due", "account", "kind", "credit", "cost", "about"],
        [
            [
                d.id,
                "held" if d.hold else d.state.value,
                local(d.due_at, zone),
                d.account,
                d.kind.value,
                d.credit.value,
                "" if d.cost is None else f"${d.cost:.3f}",
                d.event or ", ".join(d.partners),
            ]
            for d in (each.delivery for each in standings)
        ],
    )
    notes = [pause.sentence(zone) for pause in pauses]
    notes += [note for each in standings if (note := _note(each))]
    if notes:
        click.echo("\n" + "\n".join(notes))


def _note(standing: Standing) -> str:
    delivery = standing.delivery
    if delivery.state is State.DRAFT:
        return f"{delivery.id} is a draft. {standing.approval.sentence}"
    if delivery.hold is not None:
        return f"{delivery.id} is held: {delivery.hold.reason}"
    if delivery.fault is not None:
        return f"{delivery.id} is {delivery.state}: {delivery.fault.message}"
    return ""
