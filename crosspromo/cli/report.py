"""`crosspromo report`: what we shared, and where we stand."""

import csv
from typing import Any

import click

from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.timing import parse_when
from crosspromo.reports.ratio import RatioReport, ratio_report


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
    now = workspace.clock.now()
    zone = workspace.settings.organisation.zone
    moment = now if as_of is None else parse_when(as_of, now, zone)
    with workspace.store.read() as unit:
        report = ratio_report(unit, workspace.rules.values(), workspace.organisation_rules, moment)
    document = of_ratio(report)
    if as_json:
        emit_json(document)
        return
    if as_csv is not None:
        with click.open_file(as_csv, "w", encoding="utf-8", atomic=as_csv != "-") as target:
            writer = csv.DictWriter(
                target, list(document["accounts"][0]) if document["accounts"] else []
            )
            writer.writeheader()
            writer.writerows(document["accounts"])
        return
    emit_table(
        ["account", "promise", "window", "others", "self", "room for us", "what opens the next"],
        [
            [
                a.account,
                a.target or "none",
                a.window,
                a.others,
                a.self_,
                "" if a.headroom is None else a.headroom,
                _opens(a.partner_posts_to_next, local(a.earliest_by_roll_off, zone)),
            ]
            for a in report.accounts
        ],
    )
    organisation, at_publish = report.organisation, report.at_publish
    click.echo(
        f"\nOrganisation: {organisation.others} others, {organisation.self_} self"
        + (f" (at least {organisation.target})" if organisation.target else "")
    )
    click.echo(
        f"Posts about us that went out: {at_publish.self_sent}; "
        f"allowed by the gate: {at_publish.allowed}, released by a person: {at_publish.overridden}"
    )


def _opens(posts: int | None, roll_off: str) -> str:
    if posts is None:
        return ""
    return f"{posts} more about others" + (f", or {roll_off}" if roll_off else "")


def of_ratio(report: RatioReport) -> dict[str, Any]:
    """The report as the JSON contract has it."""
    organisation, at_publish = report.organisation, report.at_publish
    return {
        "as_of": report.as_of,
        "accounts": [
            {
                "account": a.account,
                "network": a.network,
                "policy": a.policy,
                "target": a.target,
                "window": a.window,
                "others": a.others,
                "self": a.self_,
                "ratio": a.ratio,
                "ok": a.ok,
                "headroom": a.headroom,
                "partner_posts_to_next": a.partner_posts_to_next,
                "earliest_by_roll_off": a.earliest_by_roll_off,
            }
            for a in report.accounts
        ],
        "organisation": {
            "others": organisation.others,
            "self": organisation.self_,
            "target": organisation.target,
            "ratio": organisation.ratio,
            "ok": organisation.ok,
            "headroom": organisation.headroom,
        },
        "at_publish": {
            "self_sent": at_publish.self_sent,
            "allowed": at_publish.allowed,
            "overridden": at_publish.overridden,
        },
    }
