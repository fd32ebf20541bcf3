"""`crosspromo run`: the daemon in the foreground, or a single round."""

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

import click

from crosspromo import documents
from crosspromo.cli.logs import LogFormat
from crosspromo.cli.output import emit_json, local
from crosspromo.cli.serve import DEFAULT_HOST, console, say_where
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.telling import of_fault, of_hold
from crosspromo.domain.errors import UsageError
from crosspromo.settings import DEFAULT_PORT

if TYPE_CHECKING:
    from crosspromo.workspace import Workspace


@click.command("run")
@click.option("--once", is_flag=True, help="Publish and reconcile what is due, then exit.")
@click.option(
    "--health",
    metavar="ADDRESS",
    help="Answer /healthz and /metrics there: 127.0.0.1:9090, [::1]:9090, or a socket's path.",
)
@click.option(
    "--serve",
    is_flag=True,
    help="Serve the console, too, at 127.0.0.1 or as --host and --port say.",
)
@click.option("--host", help="Address of the console.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port of the console.")
@click.option(
    "--log-format",
    type=click.Choice([each.value for each in LogFormat]),
    default=LogFormat.TEXT.value,
    help="The log as text (the default), or as one JSON document a line.",
)
@json_option
@click.pass_obj
def command(
    session: Session,
    once: bool,
    health: str | None,
    serve: bool,
    host: str | None,
    port: int | None,
    log_format: str,
    as_json: bool,
) -> int:
    """Publish on schedule, in the foreground, until SIGTERM, SIGHUP or Ctrl-C.

    It ends in order: what is being sent is sent and settled first. With --once, what is due now is
    published and reconciled; the counts of held, postponed and unknown are what waits at the end.
    The exit status is 1 where a post failed for good, and while an account needs attention.

    \b
    Examples:
      crosspromo run
      crosspromo run --health 127.0.0.1:9090 --log-format json
      crosspromo run --serve
      crosspromo run --once --json
    """
    if as_json and not once:
        raise UsageError("--json goes with --once: the daemon has no end to report")
    if health is not None and once:
        raise UsageError("--health is for the daemon: with --once nobody would have time to ask")
    if serve and once:
        raise UsageError("--serve is for the daemon: with --once nobody would have time to look")
    if (host is not None or port is not None) and not serve:
        raise UsageError("--host and --port are those of the console; write --serve, too")
    least = logging.WARNING if once else logging.INFO
    session.log_to_stderr(session.workspace.redactor, least, LogFormat(log_format))
    where = (host or DEFAULT_HOST, DEFAULT_PORT if port is None else port) if serve else None
    if once:
        return _once(session, as_json=as_json)
    return daemon(session, lambda workspace: _console(workspace, where), health)


def daemon(
    session: Session,
    face: "Callable[[Workspace], AbstractContextManager[object]]",
    health: str | None = None,
) -> int:
    """Run the daemon, with `face` of its workspace around it, until a signal ends it."""
    from crosspromo.cli.standing import (  # noqa: PLC0415 (--help needs none)
        forget_trouble,
        notifier,
        of_trouble,
        told_of_trouble,
    )
    from crosspromo.daemon import Daemon  # noqa: PLC0415 (APScheduler is slow to import)
    from crosspromo.services.health import Pulse  # noqa: PLC0415 (--help needs none)

    workspace = session.workspace
    with workspace.worker_lock() as worker_lock, told_of_trouble(workspace, worker_lock.worker):
        pulse = Pulse(workspace.clock)

        def tell(current: "Workspace") -> None:
            forget_trouble(current)  # the database works: the next trouble is another one
            notifier(current, worker_lock).tell()
            current.services.sign_off_mails(worker_lock.worker).send()
            current.services.event_asks(worker_lock.worker).send()

        def tell_trouble(current: "Workspace", words: str) -> bool:
            return notifier(current, worker_lock).tell_unclaimed(of_trouble(words, current.clock))

        running = Daemon(workspace, worker_lock, tell=tell, tell_trouble=tell_trouble, pulse=pulse)
        server: AbstractContextManager[object] = nullcontext()
        if health is not None:
            from crosspromo.health_server import HealthServer, ListenAddress  # noqa: PLC0415 (seldom asked for)

            answers = workspace.services.health(
                pulse, lambda: notifier(running.workspace, worker_lock)
            )
            server = HealthServer(ListenAddress.parse(health), answers)
        with server, face(workspace):
            running.run()
    return 0


@contextmanager
def _console(workspace: "Workspace", serve_at: tuple[str, int] | None) -> Iterator[None]:
    """Console at this host and port during the block; None: no console."""
    if serve_at is None:
        yield
        return
    with console(workspace, *serve_at) as server:
        say_where(workspace, server, serve_at[0])
        yield


def _once(session: Session, *, as_json: bool) -> int:
    from crosspromo.cli.standing import notifier, told_of_trouble  # noqa: PLC0415 (--help needs none)
    from crosspromo.daemon import run_once  # noqa: PLC0415 (APScheduler is slow to import)

    workspace = session.workspace
    worker_lock = workspace.worker_lock()
    with told_of_trouble(workspace, worker_lock.worker):
        done = run_once(workspace)
        with suppress(OSError):  # a view that cannot be written is no fault of the posts
            workspace.services.sandbox_pages.write()
    remaining = workspace.services.status(worker_lock).after_run()
    counts = documents.of_run(done.dispositions, done.reconciled, remaining)
    for account, fault in remaining.faults.items():
        click.echo(f"{account} needs attention: {fault}", err=True)
    status = int(bool(remaining.faults or counts["failed"]))
    if as_json:
        emit_json(counts)
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
        for delivery in remaining.held:
            why = of_hold(delivery, session.zone) or f"{delivery.account} is paused"
            click.echo(f"  {delivery.id} is held: {why}")
        for delivery in remaining.postponed.deliveries:
            again = f"; tried again {local(delivery.wake_at, session.zone)}"
            click.echo(f"  {delivery.id} is postponed: {of_fault(delivery, session.zone)}{again}")
        if remaining.postponed.earlier:
            click.echo(f"  {remaining.postponed.earlier} more are postponed")
    workspace.services.report_mails(worker_lock.worker).send()
    notifier(workspace, worker_lock).tell()
    workspace.services.sign_off_mails(worker_lock.worker).send()
    workspace.services.event_asks(worker_lock.worker).send()
    return status
