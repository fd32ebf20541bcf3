"""`crosspromo db`: upgrade, check, back up, restore, look up, move."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json, local
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.plurals import plural
from crosspromo.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from crosspromo.services.look_for import Sought
    from crosspromo.services.restore import Restored

PASSPHRASE = "CROSSPROMO_PASSPHRASE"  # noqa: S105 (the name of a variable)


@click.group("db")
def command() -> None:
    """The database: upgrade, check, back up, restore, look up, move."""


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
@click.option(
    "--with-keys",
    is_flag=True,
    help=f"Add the session key, encrypted with a passphrase: ${PASSPHRASE}, else asked for.",
)
@click.pass_obj
def backup(session: Session, file: Path, with_keys: bool) -> None:
    """Back up the whole workspace into FILE.zip, or a SQLite database into FILE.db.

    The .zip has the database (PostgreSQL, too), crosspromo.toml, templates/ and media/. A daemon
    may run. It has no credentials, and no session key without --with-keys: without the key accounts
    sign in anew after a restore. Do not copy the database file itself while anything runs.

    \b
    Examples:
      crosspromo db backup /backups/crosspromo.zip
      crosspromo db backup /backups/crosspromo.zip --with-keys
      crosspromo db backup /backups/crosspromo.db
    """
    if with_keys and file.suffix.casefold() != ".zip":
        raise UsageError("--with-keys goes with a .zip file: a database holds no keys")
    passphrase = _new_passphrase() if with_keys else None
    made = session.workspace.services.backups.back_up(file, passphrase)
    for name in made.left_out:
        click.echo(f"left out, since it is a link, too large or oddly named: {name}", err=True)
    click.echo(f"backed up to {file}")


def _new_passphrase() -> str:
    given = os.environ.get(PASSPHRASE)
    asked: str = given or click.prompt(
        "Passphrase for the keys", hide_input=True, confirmation_prompt=True, err=True
    )
    return asked


def _passphrase() -> str | None:
    """Passphrase of a backup's keys; None where nobody can be asked, or the answer is empty."""
    given = os.environ.get(PASSPHRASE)
    if given or not sys.stdin.isatty():
        return given or None
    asked: str = click.prompt(
        "Passphrase for the keys (empty: leave them)",
        hide_input=True,
        default="",
        show_default=False,
        err=True,
    )
    return asked or None


@command.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a database with posts; it is kept aside.")
@as_option
@json_option
@click.pass_obj
def restore(session: Session, file: Path, force: bool, name: str, as_json: bool) -> None:
    """Bring a backup back, FILE.zip or FILE.db, and leave everything paused.

    What was due meanwhile is listed, with what the networks say about it: it may have been sent
    after the backup was made. Take out what is there before `crosspromo resume`. What is replaced
    is kept in a folder before-restore-…. No daemon may run. Into an empty folder: crosspromo -w DIR
    db restore FILE.zip.

    \b
    Examples:
      crosspromo db restore /backups/crosspromo.zip
      crosspromo -w new-home db restore /backups/crosspromo.zip
      crosspromo db restore /backups/crosspromo.db --force
    """
    from crosspromo.services.restore import lay_out_settings  # noqa: PLC0415 (rare)

    folder = session.named_folder
    if folder is not None and not (folder / FILE_NAME).is_file():
        lay_out_settings(file, folder)
    restored = session.workspace.services.restores.restore(
        file, force=force, passphrase=_passphrase, actor=name
    )
    sought = _looked_up(session, restored.made_at)
    if as_json:
        emit_json(documents.of_restore(restored, sought, session.zone))
    else:
        _say_restored(restored, sought, session.zone)


@command.command("look-up")
@json_option
@click.pass_obj
def look_up(session: Session, as_json: bool) -> None:
    """Ask the networks whether queued posts are there already.

    For a database that was restored, copied or put back: another one may have sent them. Nothing is
    changed. A post is known by its text.

    \b
    Examples:
      crosspromo db look-up
      crosspromo db look-up --json
    """
    sought = _looked_up(session)
    if as_json:
        emit_json(documents.of_search(sought, session.zone))
        return
    for line in _of_search(sought, session.zone):
        click.echo(line)
    if not sought:
        click.echo("nothing is queued")
    if session.workspace.services.search.is_needed():
        _say_how_to_go_on()


def _looked_up(session: Session, since: "datetime | None" = None) -> "Sequence[Sought]":
    found = []
    for sought in session.workspace.services.search.queued(since):
        found.append(sought)
        delivery = sought.view.delivery
        click.echo(f"looked for {delivery.id} on {delivery.account}", err=True)
    return found


def _of_search(found: "Sequence[Sought]", zone: ZoneInfo) -> list[str]:
    """Lines about all overdue deliveries, and about later ones that may be there."""
    from crosspromo.domain.outcomes import Absent  # noqa: PLC0415 (rare)

    told = [each for each in found if each.overdue or not isinstance(each.answer, Absent)]
    lines = [_of_sought(each, zone) for each in told]
    absent = len(found) - len(told)
    if absent:
        lines.append(f"{plural(absent, 'post')} due later: surely not there")
    return lines


def _of_sought(sought: "Sought", zone: ZoneInfo) -> str:
    from crosspromo.domain.outcomes import Absent, Found, Unclear  # noqa: PLC0415 (rare)

    delivery = sought.view.delivery
    cancel = f"crosspromo queue cancel {delivery.id}"
    match sought.answer:
        case Found(receipt):
            what = f"it is there: {receipt.url or receipt.remote_id}; take it out with: {cancel}"
        case Absent():
            what = "it is not there"
        case Unclear(detail):
            what = f"unclear ({detail}); look there yourself, and if you find it: {cancel}"
        case _:
            what = f"not looked for; look there yourself, and if you find it: {cancel}"
    due = local(delivery.due_at, zone)
    return f"{delivery.id} {delivery.kind} on {delivery.account}, due {due}: {what}"


def _say_restored(restored: "Restored", sought: "Sequence[Sought]", zone: ZoneInfo) -> None:
    when = "" if restored.made_at is None else f" of {local(restored.made_at, zone)}"
    click.echo(f"restored the backup{when}; everything is paused")
    if restored.aside is not None:
        click.echo(f"the replaced database and files are kept in {restored.aside}")
    if restored.settings_differ:
        click.echo(f"{FILE_NAME} was not replaced; the one in the backup differs")
    if sought:
        click.echo("these queued posts may be sent already, since the backup was made:")
    for line in _of_search(sought, zone):
        click.echo(f"  {line}")
    for number in restored.unsettled:
        click.echo(f"  {number} was being sent when the backup was made; it will be looked up")
    for account in restored.sign_in:
        click.echo(f"{account} must sign in again: crosspromo account verify {account}")
    _say_how_to_go_on()


def _say_how_to_go_on() -> None:
    click.echo("to count what was sent from elsewhere: crosspromo ledger import FILE")
    click.echo("then go on: crosspromo resume")


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
