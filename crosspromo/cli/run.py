"""`crosspromo run`: the daemon in the foreground, or one round of it."""

import logging

import click

from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.states import State
from crosspromo.publishing.rounds import Step
from crosspromo.store.listing import Filter


@click.command("run")
@click.option("--once", is_flag=True, help="Publish and reconcile what is due, then exit.")
@json_option
@click.pass_obj
def command(session: Session, once: bool, as_json: bool) -> int:
    """Publish on schedule, in the foreground, until SIGTERM or Ctrl-C.

    It ends in order: what is being sent is sent and settled first. With --once, what is due now is
    published and reconciled; the counts of held and unknown are what waits at the end, and the
    exit status is 1 while an account needs attention.

    \b
    Examples:
      crosspromo run
      crosspromo run --once --json
    """
    if as_json and not once:
        raise UsageError("--json goes with --once: the daemon has no end to report")
    from crosspromo.daemon import Daemon, run_once  # noqa: PLC0415 (APScheduler is slow to import)

    workspace = session.workspace
    session.log_to_stderr(workspace.redactor, logging.WARNING if once else logging.INFO)
    if not once:
        with workspace.presence() as presence:
            Daemon(workspace, presence).run()
        return 0
    done = run_once(workspace)
    now = workspace.clock.now()
    with workspace.store.read() as unit:
        held = [d for d in unit.deliveries.matching(Filter(held=True)) if d.due_at <= now]
        unknown = unit.deliveries.counts().get(State.UNKNOWN, 0)
        faults = unit.accounts.faults()
    counts = {
        "published": done.steps[Step.PUBLISHED],
        "held": len(held),
        "failed": done.steps[Step.FAILED],
        "unknown": unknown,
        "missed": done.steps[Step.MISSED],
        "expired": done.steps[Step.EXPIRED],
        "reconciled": done.reconciled,
    }
    for account, fault in faults.items():
        click.echo(f"{account} needs attention: {fault}", err=True)
    if as_json:
        emit_json(counts)
        return int(bool(faults))
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
    for delivery in held:
        if delivery.hold is not None:
            click.echo(f"  {delivery.id} is held: {delivery.hold.reason}")
    return int(bool(faults))
