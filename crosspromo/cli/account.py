"""`crosspromo account`: accounts and whether their credentials work."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.account_figures import figures, mentions
from crosspromo.cli.completion import ACCOUNT
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.plurals import plural
from crosspromo.domain.policy import Policy
from crosspromo.domain.timing import written_duration
from crosspromo.services.accounts import ListedAccount

LIMITS = ("min_gap", "max_per_day")
"""Columns of limits, named as the keys of crosspromo.toml."""


@click.group("account")
def command() -> None:
    """Accounts and whether their credentials work."""


@command.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """The accounts of crosspromo.toml, with what they keep; "(preset)": by their network.

    \b
    Example:
      crosspromo account list
    """
    accounts = session.workspace.services.accounts.list()
    if as_json:
        emit_json({"accounts": [documents.of_account(each, session.zone) for each in accounts]})
        return
    emit_table(
        ["account", "network", "promise", "window", *LIMITS, ""],
        [_row(each, session.zone) for each in accounts],
        empty="crosspromo.toml has no accounts yet",
        spare=LIMITS[::-1],
    )


def _row(account: ListedAccount, zone: ZoneInfo) -> list[object]:
    rules, policy = account.rules, account.rules.policy
    imitating = "" if rules.text_network == rules.network else f" as {rules.text_network}"
    promise = policy.target or (f"{policy.quota} a week" if policy.quota else "none")
    limits = [_limit(policy, key) for key in LIMITS]
    notes = _notes(account, zone)
    return [rules.name, rules.network + imitating, promise, policy.window, *limits, notes]


def _limit(policy: Policy, key: str) -> str:
    """Value of a limit as in crosspromo.toml, marked where it is a preset of the network."""
    value = policy.max_per_day if key == "max_per_day" else policy.min_gap
    if value is None:
        return "none"
    written = written_duration(value) if isinstance(value, timedelta) else str(value)
    return f"{written} (preset)" if key in policy.presets else written


def _notes(account: ListedAccount, zone: ZoneInfo) -> str:
    """Pause and fault that keep the account from posting, as text."""
    notes = []
    if account.pause is not None:
        from crosspromo.cli.telling import of_pause  # noqa: PLC0415 (most are not paused)

        notes.append(of_pause(account.pause, zone))
    if account.fault is not None:
        notes.append(account.fault)
    return "; ".join(notes)


@command.command("verify")
@click.argument("account", required=False, shell_complete=ACCOUNT)
@as_option
@json_option
@click.pass_obj
def verify(session: Session, account: str | None, name: str, as_json: bool) -> int:
    """Sign in to an account, or to all of them, and say as whom. 1 when one is refused.

    An account that was set aside for a fault, or that rests, goes on when it works.

    \b
    Example:
      crosspromo account verify bluesky-main
    """
    results = session.workspace.services.accounts.verify(account or None, actor=name)
    if as_json:
        emit_json({"accounts": [documents.of_verified(result) for result in results]})
    else:
        for result in results:
            outcome = f"ok, as {result.known_as}" if result.works else result.fault
            click.echo(f"{result.account}: {outcome}")
    return int(not all(result.works for result in results))


@command.command("rename")
@click.argument("old")
@click.argument("new")
@as_option
@click.pass_obj
def rename(session: Session, old: str, new: str, name: str) -> None:
    """Move everything of an account to its new name: queue, history, ledger, pauses.

    First give the account its new name in crosspromo.toml.

    \b
    Example:
      crosspromo account rename x-main x-national
    """
    moved = session.workspace.services.accounts.rename(old, new, actor=name)
    click.echo(f"{old} is {new} now; {plural(moved, 'delivery', 'deliveries')} moved with it")


command.add_command(figures)
command.add_command(mentions)
