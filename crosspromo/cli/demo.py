"""`crosspromo demo`: the whole story, through commands that anybody would type."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory, mkdtemp

import click

from crosspromo.cli.init import make
from crosspromo.cli.output import echo_styled, styled
from crosspromo.connectors.sandbox import FOLDER
from crosspromo.connectors.sandbox_page import INDEX
from crosspromo.domain.errors import CrosspromoError
from crosspromo.resources import SHIPPED

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


@click.command("demo")
@click.option(
    "--keep",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Make the workspace here and keep it.",
)
@click.pass_context
def command(ctx: click.Context, keep: Path | None) -> None:
    """See the whole story in a minute: no credentials, no network.

    Partners and events come in, posts take shape for each network, a post about ourselves waits
    with its arithmetic and goes, and the report says where we stand.

    \b
    Example:
      crosspromo demo --keep demo
    """
    with _folder(keep) as folder:
        make(folder, CONFIGURATION)
        for heading, commands in STORY:
            echo_styled(styled(f"\n# {heading}", bold=True))
            for line in commands:
                _run_line(ctx, folder, line)
        pages = folder / FOLDER if keep is not None else _kept_pages(folder)
        click.echo(f"\nThe posts, a page for each account: {(pages / INDEX).resolve().as_uri()}")
        if keep is None:
            click.echo("Keep the whole workspace with: crosspromo demo --keep DIR")


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
