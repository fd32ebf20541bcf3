"""`crosspromo demo`: the whole story, through commands that anybody would type."""

import os
import shlex
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_urlsafe
from shutil import copytree, which
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING

import click

from crosspromo.cli.init import make
from crosspromo.cli.output import echo_styled, styled
from crosspromo.cli.run import daemon
from crosspromo.cli.serve import need_extra
from crosspromo.cli.session import Session
from crosspromo.connectors.sandbox import FOLDER
from crosspromo.connectors.sandbox_page import INDEX
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.people import Role
from crosspromo.resources import SHIPPED
from crosspromo.settings import FILE_NAME

if TYPE_CHECKING:
    from crosspromo.workspace import Workspace

CONFIGURATION = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[accounts.x]
network = "sandbox"
imitates = "x"

[accounts.bluesky]
network = "sandbox"
imitates = "bluesky"

[accounts.reddit]
network = "sandbox"
imitates = "reddit"
"""

EVENT = "spring-river-cleanup-2030-04-20"
REPORT = "Our annual report is out: what 40 neighbours did for one river."

STORY: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Partners and their events come in.",
        (
            "partner import {data}/partners.csv",
            "event import {data}/events.ics --host river-keepers",
        ),
    ),
    (
        "We would like to talk about ourselves. The gate counts first: nobody was lifted up yet.",
        (
            f'queue own --to all --title "Our annual report" --text "{REPORT}"',
            "run --once",
        ),
    ),
    (
        "So we share others: an event and three spotlights, each shaped for its network.",
        (
            "queue event {event} --to all",
            "queue spotlight river-keepers --to all",
            "queue spotlight valley-food-bank --to all",
            "queue spotlight millside-tenants --to all",
            "queue preview 7",
            "queue preview 8",
            "queue preview 9",
        ),
    ),
    (
        "They go out, and make room: our own post follows on X (3:1) and Bluesky (1:1).",
        ("run --once", "queue list --state published"),
    ),
    (
        "Reddit asks for 9:1, so there it still waits, and can say why.",
        ("explain 3",),
    ),
    ("Where we stand.", ("report ratio",)),
)

BY_HAND = """
[accounts.facebook]
network = "manual"
approval = "one"
"""
"""Account that joins for the console: its posts are approved, and posted by hand."""

EVENING = "Volunteer evening on Thursday at 18:30. Soup is on us."
AHEAD = (
    'queue spotlight bluff-land-trust --to x,bluesky --at "tomorrow 10:00"',
    f'queue own --to x,bluesky,reddit --at "tomorrow 18:00" --title Volunteers --text "{EVENING}"',
    'queue spotlight spokes-coalition --to facebook --at "tomorrow 12:00"',
)
"""Posts that are still to come when the console opens."""

AUTHOR, VISITOR = "Amira Haddad", "Maria Alvarez"
HOST = "127.0.0.1"


@click.command("demo")
@click.option(
    "--serve",
    is_flag=True,
    help="Then serve the console over it, and open it in the browser, until Ctrl-C.",
)
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Make the workspace here and keep it.",
)
@click.pass_context
def command(ctx: click.Context, keep: Path | None, *, serve: bool) -> None:
    """See the whole story in a minute: no credentials, no network.

    Partners and events come in, posts take shape for each network, a post about ourselves waits
    with its arithmetic and goes, and the report says where we stand.

    \b
    Examples:
      crosspromo demo --serve
      crosspromo demo --keep demo
    """
    if serve:
        need_extra()
    with _folder(keep) as folder:
        make(folder, CONFIGURATION)
        for heading, commands in STORY:
            echo_styled(styled(f"\n# {heading}", bold=True))
            for line in commands:
                _run_line(ctx, folder, line)
        if serve:
            _serve(ctx, folder)
            return
        pages = folder / FOLDER if keep is not None else _kept_pages(folder)
        click.echo(f"\nThe posts, a page for each account: {(pages / INDEX).resolve().as_uri()}")
        if keep is None:
            click.echo("Keep the whole workspace with: crosspromo demo --keep DIR")
        click.echo(f"See it in the browser with: {_typed()} demo --serve")


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with TemporaryDirectory(prefix="crosspromo-demo-") as folder:
        yield Path(folder)


def _kept_pages(folder: Path) -> Path:
    """Copy of the workspace's pages that outlasts the demo."""
    pages = Path(mkdtemp(prefix="crosspromo-demo-pages-"))
    copytree(folder / FOLDER, pages, dirs_exist_ok=True)
    return pages


def _typed() -> str:
    """What to type for this program: its name where that is on the PATH, else how it was called."""
    return "crosspromo" if which("crosspromo") else sys.argv[0]


def _serve(ctx: click.Context, folder: Path) -> None:
    """Queue what is still to come; then the daemon sends it, and the console shows it."""
    file = folder / FILE_NAME
    file.write_text(file.read_text(encoding="utf-8") + BY_HAND, encoding="utf-8")
    echo_styled(styled("\n# More is to come, and one post waits for a second reader.", bold=True))
    for line in AHEAD:
        _run_line(ctx, folder, f'{line} --as "{AUTHOR}"')
    with Session(str(folder), 0) as session:
        daemon(session, _open_console)


@contextmanager
def _open_console(workspace: "Workspace") -> "Iterator[None]":
    """Console during the block, with a link that signs a browser in as an admin."""
    from crosspromo.services.sign_in import Place  # noqa: PLC0415 (--help needs none)
    from crosspromo.services.tries import Tries  # noqa: PLC0415 (--help needs none)
    from crosspromo.web.door import Door  # noqa: PLC0415 (an extra)
    from crosspromo.web.guard import Cookie  # noqa: PLC0415 (an extra)
    from crosspromo.web.server import ConsoleServer  # noqa: PLC0415 (an extra)

    services = workspace.services
    invitation = services.people(AUTHOR).add(VISITOR, Role.ADMIN)
    begun = services.sign_in(Tries()).accept(invitation.token, token_urlsafe(), Place("demo"))
    door = Door(begun.token, Cookie.of(workspace.settings.serve))
    with ConsoleServer(workspace, HOST, 0, door) as server:
        link = f"{server.address}{door.path}"
        click.echo(f"\nThe console is at {server.address}")
        click.echo(f"This link works once; it signs you in as {VISITOR}, an admin:\n{link}")
        click.echo("Ctrl-C ends it.")
        if has_screen():
            with suppress(webbrowser.Error, OSError):
                webbrowser.open(link)
        yield


def has_screen() -> bool:
    """Whether a browser can have a window here."""
    if sys.platform in {"darwin", "win32"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _run_line(ctx: click.Context, folder: Path, line: str) -> None:
    """Print a command as typed, and run it; CrosspromoError where it fails."""
    line = line.format(data=SHIPPED / "config" / "demo", event=EVENT)
    echo_styled(styled(f"\n$ crosspromo {_shortened(line)}", fg="cyan"))
    root = ctx.find_root().command
    status = root.main(
        ["-w", str(folder), *shlex.split(line)], prog_name="crosspromo", standalone_mode=False
    )
    if status:
        raise CrosspromoError(f"the demo broke at: crosspromo {line}")


def _shortened(line: str) -> str:
    """Command line without the folder of the sample files."""
    return line.replace(f"{SHIPPED / 'config' / 'demo'}/", "")
