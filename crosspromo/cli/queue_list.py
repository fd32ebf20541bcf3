"""`crosspromo queue list`: list of deliveries."""

from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.forecasts import forecast_cell, when_due
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.states import State
from crosspromo.domain.timing import parse_when
from crosspromo.services.delivery_view import Listing

STATES = [*(state.value for state in State), "held"]

ROOM = 200
"""Deliveries listed to people, unless --limit gives another number."""

ROOM_IN_JSON = 10_000
"""Deliveries listed with --json, unless --limit gives another number."""


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
    zone = session.zone
    room = limit or (ROOM_IN_JSON if as_json else ROOM)
    listing = workspace.services.deliveries.list(
        room=room,
        state=None if state in {None, "held"} else State(state),
        held=state == "held",
        account=account,
        since=None if since is None else parse_when(since, workspace.clock.now(), zone),
    )
    if listing.more:
        click.echo(
            f"There are more than these {room}: --state, --account, --since, --limit", err=True
        )
    if as_json:
        deliveries = [documents.of_delivery(view, zone) for view in listing.views]
        emit_json({"deliveries": deliveries, "more": listing.more})
        return
    emit_table(
        ["id", "state", "due", "account", "kind", "credit", "cost", "about", "forecast"],
        [
            [
                d.id,
                "held" if d.hold else d.state.value,
                when_due(d, zone),
                d.account,
                d.kind.value,
                d.credit.value,
                "" if d.cost is None else f"${d.cost:.3f}",
                d.event or ", ".join(d.partners),
                forecast_cell(view.forecast, d, zone),
            ]
            for view in listing.views
            for d in (view.delivery,)
        ],
    )
    if listing.pauses or any(_is_noted(view.delivery) for view in listing.views):
        _say_notes(listing, zone)


def _is_noted(delivery: Delivery) -> bool:
    is_explained = delivery.hold is not None or delivery.fault is not None
    return is_explained or delivery.state is State.DRAFT


def _say_notes(listing: Listing, zone: ZoneInfo) -> None:
    """Print pauses, missing approvals of drafts, and holds and faults of deliveries."""
    from crosspromo.cli import telling  # noqa: PLC0415 (most lists have no notes)

    notes = [telling.of_pause(pause, zone) for pause in listing.pauses]
    for view in listing.views:
        delivery = view.delivery
        if delivery.state is State.DRAFT:
            notes.append(
                f"{delivery.id} is a draft. {telling.of_approval(view.approval, delivery.id)}"
            )
        elif delivery.hold is not None:
            notes.append(f"{delivery.id} is held: {telling.of_hold(delivery, zone)}")
        elif delivery.fault is not None:
            fault = telling.of_fault(delivery, zone)
            notes.append(f"{delivery.id} is {delivery.state}: {fault}")
    click.echo("\n" + "\n".join(notes))
