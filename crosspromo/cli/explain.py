"""`crosspromo explain`: why a delivery is held, or why it was allowed."""

from typing import Any
from zoneinfo import ZoneInfo

import click

from crosspromo.cli.explanation import Explanation, Release, counted, explain
from crosspromo.cli.output import emit_json, local, plural
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.deliveries import Delivery


@click.command("explain")
@click.argument("delivery_id", metavar="ID", type=int)
@json_option
@click.pass_obj
def command(session: Session, delivery_id: int, as_json: bool) -> None:
    """Why a delivery is held, or why it was allowed: each check, the arithmetic, the rows counted.

    Where the ratio holds it, also what would release it and when, and whom to share next.

    \b
    Example:
      crosspromo explain 112
    """
    workspace = session.workspace
    with workspace.store.read() as unit:
        delivery = unit.deliveries.get(delivery_id)
        explanation = explain(workspace, unit, delivery)
    if as_json:
        emit_json(_document(delivery, explanation))
        return
    _say(delivery, explanation, workspace.settings.organisation.zone)


def _say(delivery: Delivery, explanation: Explanation, zone: ZoneInfo) -> None:
    click.echo(explanation.sentence)
    for check in explanation.checks:
        click.echo(f"  {check.verdict:6} {check.check}: {check.sentence}")
    if explanation.numbers is not None:
        click.echo(f"{counted(delivery.account, explanation.numbers['account'])};")
        click.echo(f"{counted('the organisation', explanation.numbers['organisation'])}.")
    if explanation.rows:
        click.echo("Counted:")
    for row in explanation.rows:
        what = f"delivery {row.delivery}" if row.delivery else row.text or row.why
        click.echo(
            f"  {local(row.at, zone)}  {row.account}  others {row.others}  self {row.self_}  {what}"
        )
    if explanation.release is not None:
        _say_release(delivery, explanation.release, zone)


def _say_release(delivery: Delivery, release: Release, zone: ZoneInfo) -> None:
    posts = plural(release.posts_needed, "more post about others", "more posts about others")
    waits = "" if release.at is None else f", or {local(release.at, zone)}"
    click.echo(f"What would release it: {posts}{waits}.")
    if release.ready:
        click.echo("Ready to be shared:")
    for partner, last in release.ready:
        since = "never shared here" if last is None else f"last shared {local(last, zone)}"
        click.echo(
            f"  {partner}, {since}: crosspromo queue spotlight {partner} --to {delivery.account}"
        )


def _document(delivery: Delivery, explanation: Explanation) -> dict[str, Any]:
    release = explanation.release
    return {
        "id": delivery.id,
        "state": delivery.state.value,
        "sentence": explanation.sentence,
        "checks": [
            {"check": each.check, "verdict": each.verdict, "sentence": each.sentence}
            for each in explanation.checks
        ],
        "numbers": explanation.numbers,
        "rows": [
            {
                "account": row.account,
                "at": row.at,
                "others": row.others,
                "self": row.self_,
                "why": row.why,
                "delivery": row.delivery,
                "text": row.text,
            }
            for row in explanation.rows
        ],
        "release": None
        if release is None
        else {
            "posts_needed": release.posts_needed,
            "at": release.at,
            "ready": [{"partner": partner, "last": last} for partner, last in release.ready],
        },
    }
