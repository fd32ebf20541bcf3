"""`crosspromo status`: state of the daemon, the queue and the accounts."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json, local
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.telling import of_matter, of_pause
from crosspromo.domain.matters import AccountRests
from crosspromo.domain.plurals import plural
from crosspromo.domain.states import State
from crosspromo.domain.workers import Worker
from crosspromo.services.delivery_view import DeliveryView
from crosspromo.services.status import StatusReport


@click.command("status")
@click.option("--machine", is_flag=True, help="Daemon, database, disk and clock only.")
@json_option
@click.pass_obj
def command(session: Session, machine: bool, as_json: bool) -> int:
    """Is the daemon alive, what waits, and does anything need a person? 1 when it does.

    With --machine it speaks of daemon, database, disk and clock only, for monitoring, and ends with
    1 where one of them is not well.

    \b
    Examples:
      crosspromo status
      crosspromo status --json
      crosspromo status --machine --json
    """
    workspace = session.workspace_despite_faults
    report = workspace.services.status(workspace.worker_lock()).report()
    if machine:
        _say_machine(report, session.zone, as_json=as_json)
        return int(not report.machine_is_well)
    if as_json:
        emit_json(documents.of_status(report, session.zone))
    else:
        _say(report, session.zone)
    return int(report.needs_person)


def _say(report: StatusReport, zone: ZoneInfo) -> None:
    counts = report.counts
    _say_who_runs(report.daemons, zone)
    click.echo(
        f"queue: {counts.get(State.QUEUED, 0)} queued, {report.held} of them held; "
        f"{counts.get(State.PUBLISHED, 0)} published{_mishaps(counts)}"
    )
    for pause in report.pauses:
        if pause.is_ours:  # a matter says so
            continue
        click.echo(f"paused: {of_pause(pause, zone)}")
    told = {each.account for each in report.matters if isinstance(each.detail, AccountRests)}
    for name, until in report.resting.items():
        if name not in told:
            click.echo(f"{name} rests until {local(until, zone)}: its network takes no requests")
    for matter in report.matters:
        click.echo(of_matter(matter, zone))
    _say_what_waits(report)
    if report.next:
        _say_next(report.next, zone)
    if not report.needs_person:
        also = "; the console's page Today counts drafts to be approved" if report.drafts else ""
        click.echo(f"nothing needs a person{also}")


def _say_next(views: Sequence[DeliveryView], zone: ZoneInfo) -> None:
    from crosspromo.phrasing.forecasts import of_forecast  # noqa: PLC0415 (an idle queue has none)

    for view in views:
        delivery = view.delivery
        due = f"due {local(delivery.due_at, zone)}"
        said = due if view.forecast is None else of_forecast(view.forecast, delivery.account, zone)
        click.echo(f"next: {delivery.id} on {delivery.account}: {said}")


def _say_machine(report: StatusReport, zone: ZoneInfo, *, as_json: bool) -> None:
    if as_json:
        emit_json(documents.of_machine(report, zone))
        return
    _say_who_runs(report.daemons, zone)
    for matter in report.machine:
        click.echo(of_matter(matter, zone))


def _say_what_waits(report: StatusReport) -> None:
    if report.drafts:
        late = len(report.late_drafts)
        past = f", {late} of them past the due time" if late else ""
        click.echo(
            f"{plural(len(report.drafts), 'draft')} to be approved{past}; "
            "see: crosspromo queue list --state draft"
        )
    looked_up = len(report.unknown) - len(report.asking)
    if looked_up:
        click.echo(f"{plural(looked_up, 'send is', 'sends are')} in doubt and will be looked up")


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
