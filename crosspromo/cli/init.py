"""`crosspromo init`: creation of a workspace."""

import shutil
from pathlib import Path

import click

from crosspromo.domain.errors import InputError
from crosspromo.domain.reasons.inputs import WorkspaceExists
from crosspromo.resources import SHIPPED
from crosspromo.settings import FILE_NAME
from crosspromo.workspace import Workspace


@click.command("init")
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make a workspace: crosspromo.toml with comments, templates/ to edit, the database.

    \b
    Example:
      crosspromo init our-organisation
    """
    make(folder, (SHIPPED / "config" / FILE_NAME).read_text(encoding="utf-8"))
    click.echo(f"made a workspace in {folder}")
    click.echo(f"next: edit {folder / FILE_NAME}, then: crosspromo -w {folder} doctor")


def make(folder: Path, configuration: str) -> None:
    """Make a workspace with this crosspromo.toml; InputError where a workspace exists."""
    if (folder / FILE_NAME).exists():
        raise InputError(WorkspaceExists(str(folder / FILE_NAME)))
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "templates").exists():  # existing templates may have been edited
        shutil.copytree(SHIPPED / "templates", folder / "templates")
    (folder / FILE_NAME).write_text(configuration, encoding="utf-8")
    with Workspace.open(folder) as workspace:
        workspace.services.database.upgrade()
