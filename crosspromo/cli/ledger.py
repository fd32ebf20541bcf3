"""`crosspromo ledger`: all that counts, ours and outside posts."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.cli.summary import ImportSummary
from crosspromo.domain.errors import ImportFailedError, RowError, UsageError
from crosspromo.domain.ledger import Origin
from crosspromo.domain.opening import OpeningBalance
from crosspromo.domain.outside import Objection, OutsidePost
from crosspromo.domain.timing import parse_when
from crosspromo.intake.outside_posts import Known, read_outside_posts
from crosspromo.intake.reading import Reading
from crosspromo.store.ledger import Row
from crosspromo.store.outside_posts import Recorded
from crosspromo.store.partners import Change
from crosspromo.store.unit import Unit
from crosspromo.workspace import Workspace


@click.group("ledger")
def command() -> None:
    """All that counts, ours and outside posts."""


@command.command("list")
@click.option("--account")
@click.option("--since", metavar="WHEN", help="Counting from this moment on.")
@json_option
@click.pass_obj
def list_(session: Session, account: str | None, since: str | None, as_json: bool) -> None:
    """Everything that counts, the latest first: what it counts as, why, and where it stands.

    \b
    Examples:
      crosspromo ledger list --account x-main
      crosspromo ledger list --since 2026-04-01T00:00 --json
    """
    workspace = session.workspace
    zone = workspace.settings.organisation.zone
    name = None if account is None else workspace.account(account).name
    moment = None if since is None else parse_when(since, workspace.clock.now(), zone)
    with workspace.store.read() as unit:
        rows = unit.ledger.entries(name, moment)
    if as_json:
        emit_json({"rows": [_document(row) for row in rows]})
        return
    emit_table(
        ["counts from", "account", "others", "self", "why", "about", "what"],
        [
            [local(r.at, zone), r.account, r.others, r.self_, r.why, r.partner, _what(r)]
            for r in rows
        ],
    )


def _document(row: Row) -> dict[str, Any]:
    return {
        "at": row.at,
        "account": row.account,
        "others": row.others,
        "self": row.self_,
        "origin": row.origin.value,
        "why": row.why,
        "delivery": row.delivery,
        "partner": row.partner,
        "text": row.text,
        "url": row.url,
        "remote_id": row.remote_id,
    }


def _what(row: Row) -> str:
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
    recognised, and nothing counts twice. A correction may lower the room for posts about us, never
    raise it. One bad row and nothing is written, unless --partial.

    \b
    Example:
      crosspromo ledger import history.csv --dry-run
    """
    workspace = session.workspace
    with workspace.store.read() as unit:
        reading = _read(workspace, unit, file)
    with workspace.store.write() as unit:
        outcomes = _record(workspace, unit, reading, name)
        errors = sorted([*reading.errors, *_refused(reading, outcomes)], key=lambda e: e.row)
        stopped = bool(errors) and not partial
        if stopped or dry_run:
            unit.undo()
    if stopped and not as_json:
        raise ImportFailedError(file.name, errors)
    summary = ImportSummary(errors=errors, dry_run=dry_run)
    for outcome in outcomes:
        if isinstance(outcome, Recorded) and not stopped:
            summary.count(outcome.change)
    summary.emit(as_json=as_json)
    return 1 if errors else 0


def _read(workspace: Workspace, unit: Unit, file: Path) -> Reading[OutsidePost]:
    organisation = workspace.settings.organisation
    known = Known(
        accounts=tuple(workspace.settings.accounts),
        partners=frozenset(partner.slug for partner in unit.partners.all()),
        own_group=organisation.own_group,
        zone=organisation.zone,
        now=workspace.clock.now(),
    )
    return read_outside_posts(file.read_bytes(), file.name, known)


def _record(
    workspace: Workspace, unit: Unit, reading: Reading[OutsidePost], name: str
) -> list[Recorded | Objection]:
    """Count the posts, log what changed, and look again at what waited for posts about others."""
    now = workspace.clock.now()
    accounts = sorted({post.account for post in reading.items})
    _prepare(unit, accounts)
    outcomes = unit.outside_posts.record(reading.items)
    taken = [
        (post, outcome)
        for post, outcome in zip(reading.items, outcomes, strict=True)
        if isinstance(outcome, Recorded)
    ]
    for post, outcome in taken:
        if outcome.was is not None:
            change = f"{outcome.was} to {post.credit}: {post.label}"
            unit.audit.add(now, name, "reclassify", f"outside post on {post.account}", change)
    for account in accounts:
        came = [post for post, o in taken if post.account == account and o.change is Change.NEW]
        if came:
            reason = f"{len(came)} new, from {reading.source}"
            unit.audit.add(now, name, "import outside posts", account, reason)
        if any(post.counts.others for post in came):
            unit.holds.wake_held(account)
    return outcomes


def _prepare(unit: Unit, accounts: Iterable[str]) -> None:
    """Nobody gates a delivery of these accounts until we are done."""
    unit.accounts.register(accounts)
    for account in accounts:
        unit.accounts.lock(account)


def _refused(
    reading: Reading[OutsidePost], outcomes: Iterable[Recorded | Objection]
) -> Iterator[RowError]:
    for row, outcome in zip(reading.rows, outcomes, strict=True):
        if isinstance(outcome, Objection):
            yield RowError(row, outcome.column, outcome.message)


@command.command("open")
@click.argument("account")
@click.option(
    "--others", required=True, type=click.IntRange(0, 100_000), help="Posts about others."
)
@click.option("--self", "self_", required=True, type=click.IntRange(0, 100_000), help="About us.")
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
    workspace = session.workspace
    zone = workspace.settings.organisation.zone
    now = workspace.clock.now()
    moment = now if at is None else _past(parse_when(at, now, zone), now)
    balance = OpeningBalance(workspace.account(account).name, moment, others, self_, reason)
    with workspace.store.write() as unit:
        _prepare(unit, [account])
        unit.opening_balances.add(balance)
        subject = f"{account}: {balance.in_words}"
        unit.audit.add(now, name, "open the ledger", subject, reason)
        if others:
            unit.holds.wake_held(account)
    click.echo(f"{account} opens with {balance.in_words}, counted from {local(moment, zone)}")


def _past(moment: datetime, now: datetime) -> datetime:
    if moment > now:
        raise UsageError(
            f"--at: {moment:%Y-%m-%d %H:%M} UTC lies ahead; a balance is of what has been posted"
        )
    return moment
