"""`crosspromo pause`: stop of all sends, on one account or on all."""

import click

from crosspromo import documents
from crosspromo.cli.completion import ACCOUNT
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, as_option, json_option


@click.command("pause")
@click.argument("account", required=False, shell_complete=ACCOUNT)
@click.option("--reason", help="Why; everybody who meets the pause reads it. It may follow later.")
@as_option
@json_option
@click.pass_obj
def command(
    session: Session, account: str | None, reason: str | None, name: str, as_json: bool
) -> None:
    """Let nothing more go out on ACCOUNT, or anywhere without one, until `crosspromo resume`.

    It takes effect before the next send. What is queued stays queued. Stop first: the reason may
    follow by the same command with --reason, and until then `status` asks for it. Where
    crosspromo.toml has a fault, the pause stands in the database that it names, if that can be
    read.

    \b
    Examples:
      crosspromo pause
      crosspromo pause --reason "the river has flooded; this is no day for us"
      crosspromo pause x-main --reason "we are being impersonated there"
    """
    from crosspromo.cli.mending import instruction  # noqa: PLC0415 (JSON needs none of it)
    from crosspromo.cli.telling import of_pause  # noqa: PLC0415
    from crosspromo.phrasing.mends import SayWhyPaused  # noqa: PLC0415

    workspace = session.workspace_despite_faults
    pause = workspace.services.pauses(name).pause(account, reason)
    if workspace.settings_fault is not None:
        click.echo(
            f"Paused in the database {workspace.settings.database_url}. The settings have a fault; "
            f"correct it before you go on: {workspace.settings_fault}",
            err=True,
        )
    if as_json:
        emit_json(documents.of_pause(pause))
        return
    click.echo(of_pause(pause, session.zone))
    if pause.reason is None:
        click.echo(f"When there is time, {instruction(SayWhyPaused(pause.account))}")
