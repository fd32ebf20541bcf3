"""`crosspromo report`: ratio of posts about others to posts about us."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.plurals import plural
from crosspromo.domain.typed_times import Sense, parse_when
from crosspromo.reports.ratio import AccountStanding, RatioReport


@click.group("report")
def command() -> None:
    """What we shared, and where we stand."""


@command.command("ratio")
@click.option("--as-of", metavar="WHEN", help="The end of the window; else now.")
@click.option(
    "--csv",
    "as_csv",
    type=click.Path(dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write the accounts as CSV; - for stdout.",
)
@json_option
@click.pass_obj
def ratio(session: Session, as_of: str | None, as_csv: str | None, as_json: bool) -> None:
    """Others to self on every account, as the gate counts them, and what may go out next.

    \b
    Examples:
      crosspromo report ratio
      crosspromo report ratio --csv ratio.csv
    """
    workspace = session.workspace
    moment = (
        None
        if as_of is None
        else parse_when(as_of, workspace.clock.now(), session.zone, Sense.AS_OF)
    )
    report = workspace.services.ratio_reports.as_of(moment)
    if as_json:
        emit_json(documents.of_ratio(report))
    elif as_csv is not None:
        _write_csv(documents.of_ratio(report)["accounts"], as_csv)
    else:
        _say(report, session.zone)


def _write_csv(accounts: Sequence[Mapping[str, Any]], file: str) -> None:
    """Write the accounts as CSV, in the columns of their documents."""
    with click.open_file(file, "w", encoding="utf-8", atomic=file != "-") as target:
        writer = csv.DictWriter(target, list(accounts[0]) if accounts else [])
        writer.writeheader()
        writer.writerows(accounts)


def _say(report: RatioReport, zone: ZoneInfo) -> None:
    emit_table(
        [
            "account",
            "promise",
            "window",
            "partner posts",
            "self posts",
            "verdict",
            "self posts allowed now",
            "to allow one more",
        ],
        [
            [
                a.account,
                a.target or "none",
                a.window,
                a.others,
                a.self_,
                _verdict(a, zone),
                "" if a.headroom is None else a.headroom,
                _opens(a.partner_posts_to_next, local(a.earliest_by_roll_off, zone)),
            ]
            for a in report.accounts
        ],
        empty="crosspromo.toml has no accounts yet",
        spare=("window",),
    )
    organisation, at_publish = report.organisation, report.at_publish
    click.echo(
        f"\nOrganisation: {organisation.others} others, {organisation.self_} self"
        + (f" (at least {organisation.target})" if organisation.target else "")
        + (f"; {_below(organisation.below_since, zone)}" if not organisation.ok else "")
    )
    click.echo(
        f"Self posts sent: {at_publish.self_sent}; "
        f"allowed by the gate: {at_publish.allowed}, released by a person: {at_publish.overridden}"
    )


def _verdict(account: AccountStanding, zone: ZoneInfo) -> str:
    if account.target is None:
        return "no promise"
    return "kept" if account.ok else _below(account.below_since, zone)


def _below(since: datetime | None, zone: ZoneInfo) -> str:
    return "below for a whole window" if since is None else f"below since {local(since, zone)}"


def _opens(posts: int | None, roll_off: str) -> str:
    if posts is None:
        return ""
    return plural(posts, "partner post") + (f", or {roll_off}" if roll_off else "")
