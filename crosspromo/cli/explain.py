"""`crosspromo explain`: reasons why a delivery is held, or why it was allowed."""

from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.completion import delivery_ids
from crosspromo.cli.mending import with_mend
from crosspromo.cli.output import emit_json, local
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.targets import ID
from crosspromo.cli.telling import say_holds
from crosspromo.domain.plurals import plural
from crosspromo.phrasing import mends
from crosspromo.phrasing.explanations import of_check, of_explanation, of_numbers
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.services.explanation import Explanation, Release

MOST_HELD = 10
"""Most held deliveries that are explained at once; `queue list --state held` lists all."""


@click.command("explain")
@click.argument("delivery_ids", metavar="[ID]…", type=ID, nargs=-1, shell_complete=delivery_ids())
@json_option
@click.pass_obj
def command(session: Session, delivery_ids: tuple[int, ...], as_json: bool) -> None:
    """Why a delivery is held, or why it was allowed: each check, the arithmetic, the rows counted.

    Where the ratio holds it, also what would release it and when, and whom to share next. Without
    ID: everything that is held now.

    \b
    Examples:
      crosspromo explain
      crosspromo explain 112
    """
    services = session.workspace.services
    chosen = delivery_ids or services.deliveries.held(MOST_HELD)
    explained = services.explanation.explain_all(chosen)
    if as_json:
        found = [documents.of_explanation(each, session.zone) for each in explained]
        emit_json(found[0] if len(delivery_ids) == 1 else {"explanations": found})
        return
    if not explained:
        click.echo("nothing is held")
    for place, explanation in enumerate(explained):
        if len(explained) > 1:
            click.echo("\n" * bool(place) + f"delivery {explanation.delivery.id}:")
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
