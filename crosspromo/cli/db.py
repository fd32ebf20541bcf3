"""`crosspromo db`: upgrade, check, back up, move."""

from pathlib import Path

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.plurals import plural
from crosspromo.settings import FILE_NAME


@click.group("db")
def command() -> None:
    """The database: upgrade, check, back up, move."""


@command.command("upgrade")
@click.pass_obj
def upgrade(session: Session) -> None:
    """Build the database, or bring it up to this version.

    \b
    Example:
      crosspromo db upgrade
    """
    done = session.workspace.services.database.upgrade()
    was = "" if done.before is None else f", was {done.before}"
    click.echo(f"the database is of version {done.version}{was}")


@command.command("check")
@json_option
@click.pass_obj
def check(session: Session, as_json: bool) -> int:
    """Check the database itself, and that the ledger says what the deliveries say.

    \b
    Example:
      crosspromo db check
    """
    faults = session.workspace.services.database.check()
    if as_json:
        emit_json(documents.of_database_check(faults))
    else:
        for fault in faults:
            click.echo(fault)
        if not faults:
            click.echo("the database is sound")
    return int(bool(faults))


@command.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def backup(session: Session, file: Path) -> None:
    """Write a consistent copy of a SQLite database, also while a daemon runs.

    \b
    Example:
      crosspromo db backup /backups/crosspromo.db
    """
    session.workspace.services.database.backup(file)
    click.echo(f"backed up to {file}")


@command.command("copy")
@click.argument("source")
@click.argument("target")
@as_option
@click.pass_obj
def copy(session: Session, source: str, target: str, name: str) -> None:
    """Move everything from the database SOURCE to an empty TARGET: to PostgreSQL, or back.

    Both are URLs as in [database] url; one with a password is named, as in env:DATABASE_URL. No
    daemon may run. All is copied or nothing, and SOURCE is left paused, so that nothing is sent
    from both. Then write TARGET into crosspromo.toml.

    \b
    Example:
      crosspromo db copy sqlite:///crosspromo.db env:DATABASE_URL
    """
    copied = session.workspace.services.database.copy(
        source, target, lambda table, rows: click.echo(f"{table}: {rows}", err=True), name
    )
    click.echo(
        f"copied {plural(copied.rows, 'row')} to {copied.target}; {copied.source} is paused now. "
        f'Next, in {FILE_NAME}: [database] url = "{target}"'
    )
