"""`crosspromo run`: the daemon in the foreground, or a single round."""

import logging

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json, local
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.telling import of_fault, of_hold
from crosspromo.domain.errors import UsageError


@click.command("run")
@click.option("--once", is_flag=True, help="Publish and reconcile what is due, then exit.")
@json_option
@click.pass_obj
def command(session: Session, once: bool, as_json: bool) -> int:
    """Publish on schedule, in the foreground, until SIGTERM or Ctrl-C.

    It ends in order: what is being sent is sent and settled first. With --once, what is due now is
    published and reconciled; the counts of held, postponed and unknown are what waits at the end.
    The exit status is 1 where a post failed for good, and while an account needs attention.

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
        with workspace.worker_lock() as worker_lock:
            Daemon(workspace, worker_lock).run()
        return 0
    done = run_once(workspace)
    remaining = workspace.services.status(workspace.worker_lock()).after_run()
    counts = documents.of_run(done.dispositions, done.reconciled, remaining)
    for account, fault in remaining.faults.items():
        click.echo(f"{account} needs attention: {fault}", err=True)
    status = int(bool(remaining.faults or counts["failed"]))
    if as_json:
        emit_json(counts)
        return status
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
    for delivery in remaining.held:
        click.echo(f"  {delivery.id} is held: {of_hold(delivery, session.zone)}")
    for delivery in remaining.postponed:
        again = f"; tried again {local(delivery.wake_at, session.zone)}"
        click.echo(f"  {delivery.id} is postponed: {of_fault(delivery, session.zone)}{again}")
    return status
