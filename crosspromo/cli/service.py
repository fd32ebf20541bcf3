"""`crosspromo service`: the systemd unit of the daemon."""

import sys
from pathlib import Path

import click

from crosspromo.cli.session import Session
from crosspromo.resources import SHIPPED
from crosspromo.services.service_unit import service_unit


@click.command("service")
@click.option("--user", default="crosspromo", show_default=True, help="Who the daemon runs as.")
@click.pass_obj
def command(session: Session, user: str) -> None:
    """Print the systemd unit that runs the daemon, with the paths of this installation.

    The workspace is the one that -w or $CROSSPROMO_WORKSPACE names, else /var/lib/crosspromo.

    \b
    Example:
      crosspromo -w /srv/posts service | sudo tee /etc/systemd/system/crosspromo.service
    """
    shipped = (SHIPPED / "config" / "crosspromo.service").read_text(encoding="utf-8")
    named = session.named_folder
    workspace = None if named is None else named.resolve()
    click.echo(service_unit(shipped, _command(), workspace, user), nl=False)


def _command() -> Path:
    """Script beside this Python; of a checkout that is not installed, the file that was started."""
    beside = Path(sys.executable).with_name("crosspromo")
    return beside if beside.exists() else Path(sys.argv[0]).resolve()
