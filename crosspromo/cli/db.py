"""`crosspromo db`: upgrade, check, back up, move."""

import sqlite3
from contextlib import closing
from pathlib import Path

import click

from crosspromo.cli.output import emit_json, plural
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.errors import DatabaseError, UsageError
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
    from crosspromo.store.versions import HEAD, current, require_current, upgrade  # noqa: PLC0415 (Alembic is slow)

    engine = session.workspace.bare_store.engine
    before = current(engine)
    if before is not None and before >= HEAD:
        require_current(engine)
    upgrade(engine)
    click.echo(f"the database is of version {HEAD}" + (f", was {before}" if before else ""))


@command.command("check")
@json_option
@click.pass_obj
def check(session: Session, as_json: bool) -> int:
    """Check the database itself, and that the ledger says what the deliveries say.

    \b
    Example:
      crosspromo db check
    """
    with session.workspace.store.read() as unit:
        faults = [*unit.faults_of_file(), *unit.ledger.faults(), *unit.deliveries.faults()]
    if as_json:
        emit_json({"faults": faults})
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
    engine = session.workspace.store.engine
    if engine.dialect.name != "sqlite" or engine.url.database is None:
        raise UsageError(
            "db backup is for SQLite; PostgreSQL has its own: pg_dump --format=custom "
            f"--file={file} {engine.url.database}"
        )
    if file.exists():
        raise UsageError(f"{file} exists; choose another name")
    try:
        with (
            closing(sqlite3.connect(engine.url.database)) as source,
            closing(sqlite3.connect(file)) as target,
        ):
            source.backup(target)
    except sqlite3.Error as error:
        file.unlink(missing_ok=True)
        raise DatabaseError(f"the copy could not be written: {error}") from error
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
    from crosspromo.store.copying import Mover, where  # noqa: PLC0415 (nothing else needs it)

    workspace = session.workspace
    mover = Mover(
        name,
        workspace.clock.now(),
        workspace.presence().is_dead,
        lambda table, rows: click.echo(f"{table}: {rows}", err=True),
    )
    with (
        closing(workspace.open_store(source, "SOURCE")) as old,
        closing(workspace.open_store(target, "TARGET")) as new,
    ):
        copied = mover.move(old.engine, new.engine)
        click.echo(
            f"copied {plural(copied, 'row')} to {where(new.engine)}; {where(old.engine)} is paused "
            f'now. Next, in {FILE_NAME}: [database] url = "{target}"'
        )
