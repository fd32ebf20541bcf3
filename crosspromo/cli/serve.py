"""`crosspromo serve`: the console, in the foreground."""

import logging
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from crosspromo.cli.session import Session
from crosspromo.domain.errors import ConfigError
from crosspromo.mail.server import is_loopback
from crosspromo.settings import DEFAULT_PORT

if TYPE_CHECKING:
    from crosspromo.web.server import ConsoleServer
    from crosspromo.workspace import Workspace

DEFAULT_HOST = "127.0.0.1"
EXTRA = ("starlette", "uvicorn", "argon2", "pyotp", "python_multipart")
"""Packages of the extra `web`."""


@click.command("serve")
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=DEFAULT_PORT,
    show_default=True,
    help="Port to listen on; 0: any free one.",
)
@click.pass_obj
def command(session: Session, host: str, port: int) -> None:
    """Serve the console to browsers, until SIGTERM, SIGHUP or Ctrl-C.

    It needs the extra `web`: pip install 'crosspromo[web]'. Nothing is sent by it: `crosspromo run`
    does that, and `crosspromo run --serve` does both. People sign in; invite them with
    `crosspromo user add`.

    \b
    Examples:
      crosspromo serve
      crosspromo serve --host 0.0.0.0 --port 8080
    """
    from crosspromo.signals import ended_by_signal  # noqa: PLC0415 (--help needs none)

    workspace = session.workspace
    session.log_to_stderr(workspace.redactor, logging.INFO)
    stop = threading.Event()
    with ended_by_signal(stop), console(workspace, host, port) as server:
        say_where(workspace, server, host)
        stop.wait()


def console(workspace: "Workspace", host: str, port: int) -> "ConsoleServer":
    """Server of the console; ConfigError where the extra is not installed."""
    need_extra()
    from crosspromo.web.server import ConsoleServer  # noqa: PLC0415 (an extra)

    return ConsoleServer(workspace, host, port)


def need_extra() -> None:
    """Refuse by ConfigError where the extra is not installed."""
    missing = next((name for name in EXTRA if find_spec(name) is None), None)
    if missing is not None:
        raise ConfigError(
            f"the console needs {missing}, which comes with the extra web; install it with: "
            "pip install 'crosspromo[web]'"
        )


def say_whose_address(session: Session) -> None:
    """Note that a printed link is for a console on the usual port, where settings name no other."""
    if session.workspace.settings.serve.public_url is None:
        click.echo(
            "This is the address of crosspromo serve without --host and --port; for another one "
            "write public_url under [serve], or put the port in place of "
            f"{DEFAULT_PORT}",
            err=True,
        )


def say_where(workspace: "Workspace", server: "ConsoleServer", host: str) -> None:
    """Print the address of the console, and what is still missing."""
    public_url = workspace.settings.serve.public_url
    click.echo(f"The console is at {public_url or server.address}")
    if not workspace.services.people("nobody").any():
        click.echo(
            'Nobody may sign in yet; invite the first: crosspromo user add "NAME" --role admin'
        )
    if public_url is None and not is_loopback(host):
        click.echo(
            "Others reach it without encryption, and passwords travel in the clear: put it behind "
            "a proxy with https, and write its address as public_url under [serve]",
            err=True,
        )
