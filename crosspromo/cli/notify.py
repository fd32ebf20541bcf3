"""`crosspromo notify`: the channels by which people are told what needs them."""

import logging

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.errors import ConfigError

NO_CHANNEL = (
    "nobody is told of anything: crosspromo.toml has neither [notify] mail nor [notify] webhook; "
    "write one of them"
)


@click.group("notify")
def command() -> None:
    """The channels by which people are told what needs them."""


@command.command("tell")
@click.pass_obj
def tell(session: Session) -> int:
    """Tell by mail and webhook what newly needs a person, as the daemon does. 1 on any failure.

    For a timer beside the daemon: who hears of a daemon that has ended, if only the daemon tells?
    Nothing is published. What was told is not told again.

    \b
    Example:
      crosspromo notify tell
    """
    from crosspromo.cli.standing import notifier, told_of_trouble  # noqa: PLC0415 (--help needs none)

    workspace = session.workspace
    session.log_to_stderr(workspace.redactor, logging.WARNING)
    with workspace.worker_lock() as worker_lock, told_of_trouble(workspace, worker_lock.worker):
        telling = notifier(workspace, worker_lock)
        telling.tell()
        if not telling.channels:
            raise ConfigError(NO_CHANNEL)
        return int(bool(telling.undelivered()))


@command.command("test")
@json_option
@click.pass_obj
def test(session: Session, as_json: bool) -> int:
    """Send a test by mail and webhook, as [notify] says, and say what came of it. 1 on any failure.

    Quiet hours do not matter to a test.

    \b
    Examples:
      crosspromo notify test
      crosspromo notify test --json
    """
    from crosspromo.phrasing.digests import of_trial  # noqa: PLC0415 (--help needs none)

    workspace = session.workspace
    session.log_to_stderr(workspace.redactor, logging.ERROR)  # the answer names what failed
    notifier = workspace.services.notifier(list, "a test")
    if not notifier.channels:
        raise ConfigError(NO_CHANNEL)
    trials = notifier.try_out(of_trial(workspace.settings.organisation.name))
    if as_json:
        emit_json(documents.of_trials(trials))
    else:
        for trial in trials:
            if trial.error is None:
                click.echo(f"ok   {trial.channel} to {trial.target}")
            else:
                click.echo(f"FAIL {trial.channel} to {trial.target}: {trial.error}")
    return int(any(trial.error is not None for trial in trials))
