"""`crosspromo status`: is all well?"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import click

from crosspromo.cli import documents
from crosspromo.cli.output import emit_json, local, plural
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.states import State
from crosspromo.store.listing import Filter
from crosspromo.store.workers import Worker

OVERDUE = timedelta(minutes=5)
"""A due delivery that nobody looks at for so long means that no daemon runs."""


@click.command("status")
@json_option
@click.pass_obj
def command(session: Session, as_json: bool) -> int:
    """Is the daemon alive, what waits, and does anything need a person? 1 when it does.

    \b
    Examples:
      crosspromo status
      crosspromo status --json
    """
    workspace = session.workspace
    now = workspace.clock.now()
    presence = workspace.presence()
    with workspace.store.read() as unit:
        counts = unit.deliveries.counts()
        held = unit.deliveries.held()
        unknown = unit.deliveries.matching(Filter(states=frozenset({State.UNKNOWN})))
        overdue = unit.deliveries.oldest_overdue(now - OVERDUE)
        drafts = unit.deliveries.matching(Filter(states=frozenset({State.DRAFT})))
        faults = unit.accounts.faults()
        resting = unit.accounts.resting(now)
        pauses = unit.pauses.all()
        daemons = unit.workers.alive(now, presence.is_dead)
    asks = [d for d in unknown if d.needs_person]
    late_drafts = [d for d in drafts if d.due_at <= now]
    needs_person = bool(asks or faults or overdue or late_drafts)
    if as_json:
        emit_json(
            {
                "daemon": {
                    "alive": bool(daemons),
                    "seen_at": daemons[0].seen_at if daemons else None,
                    "running": [
                        {
                            "name": daemon.name,
                            "host": daemon.host,
                            "started_at": daemon.started_at,
                            "seen_at": daemon.seen_at,
                        }
                        for daemon in daemons
                    ],
                },
                "states": {state.value: counts.get(state, 0) for state in State},
                "held": held,
                "unknown": [d.id for d in unknown],
                "needs_person": [d.id for d in [*asks, *late_drafts]],
                "accounts": faults,
                "resting": resting,
                "paused": [documents.of_pause(pause) for pause in pauses],
                "oldest_overdue": overdue,
                "ok": not needs_person,
            }
        )
        return int(needs_person)
    zone = workspace.settings.organisation.zone
    _say_who_runs(daemons, zone)
    click.echo(
        f"queue: {counts.get(State.QUEUED, 0)} queued, {held} of them held; "
        f"{counts.get(State.PUBLISHED, 0)} published{_mishaps(counts)}"
    )
    for pause in pauses:
        click.echo(f"paused: {pause.sentence(zone)}")
    for name, until in resting.items():
        click.echo(f"{name} rests until {local(until, zone)}: its network takes no more before")
    for name, fault in faults.items():
        click.echo(f"{name} needs attention: {fault}; then: crosspromo account verify {name}")
    for delivery in asks:
        message = "" if delivery.fault is None else delivery.fault.message
        click.echo(f"{delivery.id} on {delivery.account} needs you: {message}")
    if drafts:
        late = f", {len(late_drafts)} of them past their time" if late_drafts else ""
        click.echo(
            f"{plural(len(drafts), 'draft')} to be approved{late}; "
            "see: crosspromo queue list --state draft"
        )
    if len(unknown) > len(asks):
        click.echo(f"{plural(len(unknown) - len(asks), 'send')} in doubt, being looked up")
    if overdue is not None:
        click.echo(f"overdue since {local(overdue, zone)}: nothing has looked at it")
    if not needs_person:
        click.echo("nothing needs a person")
    return int(needs_person)


def _say_who_runs(daemons: Sequence[Worker], zone: ZoneInfo) -> None:
    if not daemons:
        click.echo("daemon: not running; start it with: crosspromo run")
        return
    click.echo("daemon: alive" + (f", {len(daemons)} of them" if len(daemons) > 1 else ""))
    for daemon in daemons if len(daemons) > 1 else ():
        click.echo(
            f"  {daemon.name}: since {local(daemon.started_at, zone)}, "
            f"last heard of {local(daemon.seen_at, zone)}"
        )


def _mishaps(counts: Mapping[State, int]) -> str:
    ended = (State.FAILED, State.MISSED, State.EXPIRED)
    return "".join(f", {counts[state]} {state.value}" for state in ended if counts.get(state))
