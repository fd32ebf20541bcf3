"""`crosspromo pause`: let nothing go out, on one account or on all."""

import click

from crosspromo.cli import documents
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.errors import UsageError


@click.command("pause")
@click.argument("account", required=False)
@click.option("--reason", required=True, help="Why; everybody who meets the pause reads it.")
@as_option
@json_option
@click.pass_obj
def command(session: Session, account: str | None, reason: str, name: str, as_json: bool) -> None:
    """Let nothing more go out on ACCOUNT, or anywhere without one, until `crosspromo resume`.

    It takes effect before the next send. What is queued stays queued.

    \b
    Examples:
      crosspromo pause --reason "the river has flooded; this is no day for us"
      crosspromo pause x-main --reason "we are being impersonated there"
    """
    if not reason.strip():
        raise UsageError("--reason: say why, for those who find nothing going out")
    workspace = session.workspace
    paused = None if account is None else workspace.account(account).name
    pause = workspace.person(name).pause(paused, reason)
    if as_json:
        emit_json(documents.of_pause(pause))
        return
    click.echo(pause.sentence(workspace.settings.organisation.zone))
