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

    The workspace is the one that -w or $CROSSPROMO_WORKSPACE names, else the nearest parent folder
    with a crosspromo.toml. Where there is none, the unit has the folder of the docs, to be changed.

    \b
    Example:
      crosspromo -w /srv/posts service | sudo tee /etc/systemd/system/crosspromo.service
    """
    shipped = (SHIPPED / "config" / "crosspromo.service").read_text(encoding="utf-8")
    workspace = _workspace(session)
    click.echo(service_unit(shipped, _command(), workspace, user), nl=False)
    if workspace is None:
        click.echo(
            "note: there is no workspace here, so the unit names the one of the docs in "
            "CROSSPROMO_WORKSPACE and ReadWritePaths; name yours with -w DIR",
            err=True,
        )


def _workspace(session: Session) -> Path | None:
    """Folder that is named, a workspace or not, else the workspace here; None: there is none."""
    from crosspromo.domain.errors import InputError  # noqa: PLC0415 (slow to import)
    from crosspromo.workspace import find  # noqa: PLC0415 (as above)

    named = session.named_folder
    if named is not None:
        return named.resolve()
    try:
        return find(Path.cwd()).resolve()
    except InputError:
        return None


def _command() -> Path:
    """Script beside this Python; of a checkout that is not installed, the file that was started."""
    beside = Path(sys.executable).with_name("crosspromo")
    return beside if beside.exists() else Path(sys.argv[0]).resolve()
