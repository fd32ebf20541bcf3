"""`crosspromo queue list|show|preview`: looking at the queue."""

import click

from crosspromo.cli import documents
from crosspromo.cli.output import emit_fields, emit_json, emit_table, local
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.states import State
from crosspromo.domain.timing import parse_when
from crosspromo.store.deliveries import Filter

STATES = [*(state.value for state in State), "held"]


@click.command("list")
@click.option("--state", type=click.Choice(STATES), help="held: queued, and waiting for a reason.")
@click.option("--account")
@click.option("--since", metavar="WHEN", help="Due from this moment on.")
@json_option
@click.pass_obj
def list_(
    session: Session, state: str | None, account: str | None, since: str | None, as_json: bool
) -> None:
    """Deliveries, in the order they were queued.

    \b
    Examples:
      crosspromo queue list --state held
      crosspromo queue list --account x-main --json
    """
    workspace = session.workspace
    zone = workspace.settings.organisation.zone
    wanted = Filter(
        states=None if state in {None, "held"} else frozenset({State(state)}),
        held=state == "held",
        account=None if account is None else workspace.account(account).name,
        since=None if since is None else parse_when(since, workspace.clock.now(), zone),
    )
    with workspace.store.read() as unit:
        deliveries = unit.deliveries.matching(wanted)
    if as_json:
        emit_json({"deliveries": [documents.of_delivery(delivery) for delivery in deliveries]})
        return
    emit_table(
        ["id", "state", "due", "account", "kind", "credit", "about", "cost", "note"],
        [
            [
                d.id,
                "held" if d.hold else d.state.value,
                local(d.due_at, zone),
                d.account,
                d.kind.value,
                d.credit.value,
                d.event or ", ".join(d.partners),
                "" if d.cost is None else f"${d.cost:.3f}",
                _note(d),
            ]
            for d in deliveries
        ],
    )


def _note(delivery: Delivery) -> str:
    if delivery.hold is not None:
        return delivery.hold.reason
    if delivery.fault is not None:
        return delivery.fault.message
    return delivery.url or ""


@click.command("show")
@click.argument("delivery_id", metavar="ID", type=int)
@json_option
@click.pass_obj
def show(session: Session, delivery_id: int, as_json: bool) -> None:
    """One delivery, whole.

    \b
    Example:
      crosspromo queue show 112
    """
    with session.workspace.store.read() as unit:
        document = documents.of_delivery(unit.deliveries.get(delivery_id))
    if as_json:
        emit_json(document)
        return
    text = document.pop("text")
    emit_fields(document)
    click.echo(f"\n{text}")


@click.command("preview")
@click.argument("delivery_id", metavar="ID", type=int)
@json_option
@click.pass_obj
def preview(session: Session, delivery_id: int, as_json: bool) -> None:
    """The text as it will stand on its network, with its length and the limit.

    \b
    Example:
      crosspromo queue preview 112
    """
    workspace = session.workspace
    with workspace.store.read() as unit:
        delivery = unit.deliveries.get(delivery_id)
    content = delivery.content
    rules = workspace.rules[workspace.account(delivery.account).name].capabilities.text
    length = rules.length(content.text)
    if as_json:
        emit_json(
            {
                "id": delivery.id,
                "account": delivery.account,
                "network": delivery.network,
                "title": content.title,
                "text": content.text,
                "length": length,
                "limit": rules.limit,
                "fits": rules.fits(content.text),
                "entities": [
                    {"type": e.type, "text": e.text, "start": e.start, "end": e.end}
                    for e in rules.entities(content.text)
                ],
                "cost": delivery.cost,
            }
        )
        return
    click.echo(f"{delivery.account} ({length} of {rules.limit})")
    if content.title is not None:
        click.echo(f"\n{content.title}\n{'-' * len(content.title)}")
    click.echo(f"\n{content.text}")
