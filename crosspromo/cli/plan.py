"""`crosspromo plan`: a calendar for the coming weeks that keeps the promise."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from crosspromo.cli.completion import ACCOUNT
from crosspromo.cli.output import echo_styled, emit_json, emit_table, styled
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.plurals import plural
from crosspromo.domain.timing import DAYS
from crosspromo.plan_settings import DEFAULT_WEEKS, MOST_WEEKS

if TYPE_CHECKING:
    from crosspromo.services.delivery_view import DeliveryView
    from crosspromo.services.planning.proposals import Proposal, ProposedLine

MOST_LEFT_OUT = 20
"""Most items without a line that are named."""


@click.command("plan")
@click.option(
    "--weeks",
    metavar="N",
    type=click.IntRange(1, MOST_WEEKS),
    help=f"How far to plan; {DEFAULT_WEEKS} unless [plan] names another number.",
)
@click.option(
    "--account",
    "accounts",
    multiple=True,
    shell_complete=ACCOUNT,
    help="Plan this account alone. Repeatable.",
)
@click.option("--apply", "applies", is_flag=True, help="Make the posts of the plan, as drafts.")
@click.option("--queue", "queues", is_flag=True, help="With --apply: queue them.")
@as_option
@json_option
@click.pass_obj
def command(
    session: Session,
    weeks: int | None,
    accounts: tuple[str, ...],
    applies: bool,
    queues: bool,
    name: str,
    as_json: bool,
) -> None:
    """A calendar for the free slots of the coming weeks, with the reason of each line.

    Each line has an occasion, or a partner is due; there is no filler. Where a partner is due and
    nothing new is there to say, the line is pencilled: write its words, and it becomes a post. What
    is queued stands. The plan is rehearsed: what would not go in its slot is left out, with the
    reason. Without --apply nothing changes.

    \b
    Examples:
      crosspromo plan
      crosspromo plan --weeks 2 --account x-main
      crosspromo plan --apply --queue
    """
    if queues and not applies:
        raise UsageError("--queue goes with --apply: write both, or neither")
    plans = session.workspace.services.plans
    proposal = plans.propose(weeks, accounts)
    made = plans.apply(proposal, name, queue=queues) if applies else None
    if as_json:
        _emit(proposal, made, session.zone)
        return
    _say(proposal, session.zone)
    _say_drafts(proposal)
    if made is not None:
        _say_made(made)
    elif proposal.firm:
        click.echo("To make drafts of it: crosspromo plan --apply (or --apply --queue)")


def _emit(proposal: "Proposal", made: "Sequence[DeliveryView] | None", zone: ZoneInfo) -> None:
    from crosspromo import documents, documents_plan  # noqa: PLC0415 (slow to import)

    document = documents_plan.of_plan(proposal, zone)
    if made is not None:
        document["deliveries"] = [documents.of_delivery(each, zone) for each in made]
    emit_json(document)


def _say(proposal: "Proposal", zone: ZoneInfo) -> None:
    from crosspromo.phrasing import plan  # noqa: PLC0415 (slow to import)

    for sentence in [*plan.of_pauses(proposal, zone), *plan.of_nothing(proposal)]:
        click.echo(sentence)
    by_day = groupby(proposal.lines, key=lambda each: each.line.at.astimezone(zone).date())
    for day, lines in by_day:
        echo_styled(styled(f"{DAYS[day.weekday()].capitalize()} {day}", bold=True))
        for each in lines:
            click.echo(f"  {_line(each, zone)}")
    if proposal.weeks:
        click.echo()
        _say_weeks(proposal)
    for missing in proposal.missing:
        click.echo(plan.of_missing(missing))
    without: dict[tuple[str, str], list[str]] = {}
    for left_out in proposal.left_out:
        about = plan.what_of(left_out.item.candidate), plan.of_left_out(left_out, zone)
        without.setdefault(about, []).extend(left_out.accounts)
    for (what, reason), where in list(without.items())[:MOST_LEFT_OUT]:
        click.echo(f"No place for {what} ({', '.join(where)}): {reason}")
    more = len(without) - MOST_LEFT_OUT
    if more > 0:
        click.echo(f"… and {more} more; --json has all of them")
    if proposal.stopped:
        click.echo("The search was ended by the clock: another plan may be better.")


def _line(proposed: "ProposedLine", zone: ZoneInfo) -> str:
    from crosspromo.phrasing.plan import CREDITS, of_occasion  # noqa: PLC0415 (slow to import)

    line = proposed.line
    reasons = "; ".join(of_occasion(each, zone) for each in line.reasons)
    what = f"{line.at.astimezone(zone):%H:%M}  {line.account}: {line.candidate.kind}"
    asks = " (pencilled: write its words)" if proposed.is_pencilled else ""
    return f"{what}, {CREDITS[line.credit]}{asks}. {reasons}."


def _say_weeks(proposal: "Proposal") -> None:
    emit_table(
        ["account", "week from", "partner posts", "self posts", "self posts allowed"],
        [
            [
                each.account,
                str(each.week),
                each.others,
                each.self_,
                "-" if each.headroom is None else each.headroom,
            ]
            for each in sorted(proposal.weeks, key=lambda each: (each.account, each.week))
        ],
        empty="",
    )


def _say_drafts(proposal: "Proposal") -> None:
    from crosspromo.phrasing.plan import of_drafts  # noqa: PLC0415 (slow to import)

    for sentence in of_drafts(proposal):
        click.echo(f"{sentence} Look at them: crosspromo queue list --state draft")
        click.echo("To have one queued: crosspromo queue approve ID (--queue leaves drafts alone)")


def _say_made(made: "Sequence[DeliveryView]") -> None:
    if not made:
        click.echo("Nothing new was made.")
        return
    drafts = sum(each.delivery.state == "draft" for each in made)
    queued = len(made) - drafts
    if drafts:
        click.echo(
            f"{plural(drafts, 'draft')} made; look at them: crosspromo queue list --state draft"
        )
    if queued:
        click.echo(f"{plural(queued, 'post')} queued; look at them: crosspromo queue list")
