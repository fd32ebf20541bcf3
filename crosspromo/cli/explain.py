"""`crosspromo explain`: reasons why a delivery is held, or why it was allowed."""

from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.mending import with_mend
from crosspromo.cli.output import emit_json, local
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.telling import say_holds
from crosspromo.domain.plurals import plural
from crosspromo.phrasing import mends
from crosspromo.phrasing.explanations import of_check, of_explanation, of_numbers
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.services.explanation import Explanation, Release


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
    explanation = session.workspace.services.explanation.explain(delivery_id)
    if as_json:
        emit_json(documents.of_explanation(explanation, session.zone))
        return
    _say(explanation, session.zone)


def _say(explanation: Explanation, zone: ZoneInfo) -> None:
    delivery = explanation.delivery
    mend = None if explanation.release else mends.of_explanation(explanation)
    click.echo(with_mend(of_explanation(explanation, zone), mend))
    if explanation.forecast is not None:
        click.echo(f"Forecast: {of_forecast(explanation.forecast, delivery.account, zone)}")
        click.echo("If it were to go now:")
    for check in explanation.checks:
        verdict, sentence = of_check(check, delivery.account, zone)
        click.echo(f"  {verdict:6} {check.name}: {sentence}")
    if explanation.numbers is not None:
        click.echo(f"{of_numbers(delivery.account, explanation.numbers['account'])};")
        click.echo(f"{of_numbers('the organisation', explanation.numbers['organisation'])}.")
    if explanation.rows:
        click.echo("Counted:")
    for row in explanation.rows:
        what = f"delivery {row.delivery}" if row.delivery else row.text or row.why
        click.echo(
            f"  {local(row.at, zone)}  {row.account}  others {row.others}  self {row.self_}  {what}"
        )
    say_holds(explanation.holds, delivery.account, zone)
    if explanation.release is not None:
        _say_release(delivery.account, explanation.release, zone)


def _say_release(account: str, release: Release, zone: ZoneInfo) -> None:
    posts = plural(release.posts_needed, "more partner post")
    waits = "" if release.at is None else f", or {local(release.at, zone)}"
    click.echo(f"What would release it: {posts}{waits}.")
    if release.ready:
        click.echo("Ready to be shared:")
    for partner, last in release.ready:
        since = "never shared here" if last is None else f"last shared {local(last, zone)}"
        click.echo(f"  {partner}, {since}: crosspromo queue spotlight {partner} --to {account}")
