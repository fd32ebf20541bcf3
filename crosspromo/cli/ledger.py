"""`crosspromo ledger`: all counted posts, our own and outside posts."""

from pathlib import Path

import click

from crosspromo import documents
from crosspromo.cli.completion import ACCOUNT
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.received import command as received
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.cli.summary import emit_failed, say_import
from crosspromo.domain.errors import ImportFailedError
from crosspromo.domain.ledger import LedgerRow, Origin
from crosspromo.domain.opening import MOST_POSTS
from crosspromo.domain.typed_times import Sense, parse_when

COUNT = click.IntRange(0, MOST_POSTS)


@click.group("ledger")
def command() -> None:
    """All that counts, ours and outside posts."""


command.add_command(received)


@command.command("list")
@click.option("--account", shell_complete=ACCOUNT)
@click.option("--since", metavar="WHEN", help="Counting from this moment on.")
@click.option("--all", "all_", is_flag=True, help="With the rows that were taken back.")
@json_option
@click.pass_obj
def list_(
    session: Session, account: str | None, since: str | None, all_: bool, as_json: bool
) -> None:
    """Everything that counts, the latest first: what it counts as, why, and where it stands.

    Nothing is ever deleted here. With --all, also what counted once and was taken back.

    \b
    Examples:
      crosspromo ledger list --account x-main
      crosspromo ledger list --since 2026-04-01T00:00 --json
    """
    workspace = session.workspace
    zone = session.zone
    moment = None if since is None else parse_when(since, workspace.clock.now(), zone, Sense.SINCE)
    rows = workspace.services.ledger.rows(account, moment, taken_back=all_)
    if as_json:
        emit_json({"rows": [documents.of_ledger_row(row) for row in rows]})
        return
    head = ["counts from", "account", "others", "self", "why", "about", "what"]
    cells: list[list[object]] = [
        [local(r.at, zone), r.account, r.others, r.self_, r.why, r.partner, _what(r)] for r in rows
    ]
    if all_:
        head.append("taken back")
        for row, line in zip(rows, cells, strict=True):
            line.append("" if row.taken_back_at is None else local(row.taken_back_at, zone))
    emit_table(head, cells, empty="nothing counts here yet", spare=("why",))


def _what(row: LedgerRow) -> str:
    if row.origin is Origin.DELIVERY:
        return f"delivery {row.delivery}"
    return row.url or " ".join((row.text or "").split())[:60] or row.remote_id or ""


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--partial", is_flag=True, help="Import the good rows although others are bad.")
@dry_run_option
@as_option
@json_option
@click.pass_obj
def import_(
    session: Session, file: Path, partial: bool, dry_run: bool, name: str, as_json: bool
) -> int:
    """Count posts that were made without crosspromo, from a CSV file.

    Its columns are account, published_at, credit (others, self, both or none), partner, text, url
    and remote_id. A post is known again by its remote_id, else by time, text and url; our own are
    recognised, and nothing counts twice. A correction never allows more self posts; it may allow
    fewer. One bad row and nothing is written, unless --partial.

    \b
    Example:
      crosspromo ledger import history.csv --dry-run
    """
    from crosspromo.intake.encoding import contents  # noqa: PLC0415 (lists do not need it)

    services = session.workspace.services
    try:
        imported = services.count_outside(name).import_(
            contents(file), file.name, partial=partial, dry_run=dry_run
        )
    except ImportFailedError as error:
        if not as_json:
            raise
        return emit_failed(error, session)
    if as_json:
        emit_json(documents.of_import(imported, session.zone))
    else:
        say_import(imported, session, dry_run=dry_run)
    return 1 if imported.errors else 0


@command.command("open")
@click.argument("account", shell_complete=ACCOUNT)
@click.option("--others", required=True, type=COUNT, help="Partner posts.")
@click.option("--self", "self_", required=True, type=COUNT, help="Self posts.")
@click.option("--reason", required=True, help="Where the numbers come from.")
@click.option("--at", metavar="WHEN", help="From when they count; else now. Not in the future.")
@as_option
@click.pass_obj
def open_(
    session: Session,
    account: str,
    others: int,
    self_: int,
    reason: str,
    at: str | None,
    name: str,
) -> None:
    """Enter what an account shared before crosspromo: once for each account, and logged.

    The numbers stand for all posts up to that moment, and leave the window together.

    \b
    Example:
      crosspromo ledger open x-main --others 12 --self 3 --reason "counted by hand, March"
    """
    workspace, zone = session.workspace, session.zone
    moment = None if at is None else parse_when(at, workspace.clock.now(), zone, Sense.AS_OF)
    balance = workspace.services.count_outside(name).open(account, others, self_, reason, moment)
    since = local(balance.at, zone)
    click.echo(f"{account} opens with {balance.in_words}, counted from {since}")
