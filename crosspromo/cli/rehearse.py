"""`crosspromo rehearse`: the coming weeks day by day, as they will go."""

import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.output import echo_styled, emit_json, styled
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.forecasts import MOST_WEEKS, Outcome
from crosspromo.domain.timing import DAYS
from crosspromo.phrasing.rehearsals import of_new, of_step

if TYPE_CHECKING:
    from crosspromo.services.play.rehearsal import AccountDay, AlsoQueued, Rehearsal

HELP = frozenset({"-h", "--help"})
POSTING = ("spotlight", "event", "reshare", "own", "notice")


@click.command("rehearse")
@click.option(
    "--weeks",
    metavar="N",
    type=click.IntRange(1, MOST_WEEKS),
    default=2,
    show_default=True,
    help="How far to play.",
)
@click.option(
    "--also",
    multiple=True,
    metavar='"queue …"',
    help="Play this post, too, as if it were queued. Repeatable.",
)
@json_option
@click.pass_obj
def command(session: Session, weeks: int, also: tuple[str, ...], as_json: bool) -> None:
    """The coming weeks, day by day: what would go, what would be held and why, what would be lost.

    The real rules play the queue forward on a copy; nothing changes. Drafts are taken as approved
    in time, and posts by hand as posted when they are due. Pauses and faults of accounts stay.
    Lines that hang on a person or on a network say so.

    \b
    Examples:
      crosspromo rehearse --weeks 4
      crosspromo rehearse --also "queue own --to x-main --text 'Our report is out.'"
    """
    tried = _asked(session, also)
    rehearsal = session.workspace.services.rehearsals.rehearse(weeks, tried)
    if as_json:
        emit_json(documents.of_rehearsal(rehearsal, session.zone))
        return
    _say(rehearsal, session.zone)


def _asked(session: Session, lines: Sequence[str]) -> "list[AlsoQueued]":
    """Posts for which the lines ask; UsageError for a line that queues none."""
    from crosspromo.cli.main import queue  # noqa: PLC0415 (main loads this module on use)
    from crosspromo.services.play.rehearsal import AlsoQueued  # noqa: PLC0415 (slow to import)

    session.asked = []
    for line in lines:
        try:
            words = shlex.split(line)
        except ValueError:
            raise UsageError(
                f'--also "{line}": it ends within quotation marks, or with a backslash; close them'
            ) from None
        if words[:1] == ["crosspromo"]:
            del words[0]
        if words[:1] != ["queue"] or words[1:2] == [] or words[1] not in POSTING:
            verbs = ", ".join(POSTING)
            raise UsageError(f'--also "{line}": write "queue …" with one of {verbs}')
        if HELP.intersection(words):
            raise UsageError(f'--also "{line}": it asks for help, and queues no post')
        try:
            queue.main(words[1:], prog_name="queue", obj=session, standalone_mode=False)
        except click.UsageError as error:
            raise UsageError(f'--also "{line}": {error.format_message()}') from None
    asked, session.asked = session.asked, None
    return [AlsoQueued(request, accounts) for request, accounts in asked]


def _say(rehearsal: "Rehearsal", zone: ZoneInfo) -> None:
    by_day = {
        day: list(steps)
        for day, steps in groupby(
            rehearsal.steps, key=lambda each: each.step.at.astimezone(zone).date()
        )
    }
    if not by_day:
        click.echo("Nothing goes in these weeks, and nothing is held.")
    for new in rehearsal.not_reached:
        click.echo(of_new(new, zone))
    allowed = ""
    for day, rows in groupby(rehearsal.days, key=lambda row: row.day):
        before, allowed = allowed, _allowed(rows)
        if day in by_day or allowed != before:
            echo_styled(styled(f"{DAYS[day.weekday()].capitalize()} {day}", bold=True))
            for each in by_day.get(day, ()):
                click.echo(f"  {each.step.at.astimezone(zone):%H:%M}  {of_step(each, zone)}")
            if allowed:
                click.echo(f"  Self posts allowed at the end of the day: {allowed}.")
    cost = f", and costs ${rehearsal.cost:.3f}" if rehearsal.cost else ""
    last = rehearsal.ends.astimezone(zone)
    click.echo(f"Until {last:%a %Y-%m-%d}: {_became(rehearsal)}{cost}.")


def _allowed(rows: "Iterable[AccountDay]") -> str:
    return ", ".join(f"{row.account} {row.headroom}" for row in rows if row.headroom is not None)


def _became(rehearsal: "Rehearsal") -> str:
    """What the last steps make of all deliveries, such as "3 sent, 1 still held"."""
    last = {each.delivery.id: each.step.outcome for each in rehearsal.steps}
    counts = Counter(last.values())
    words = {outcome: outcome.value for outcome in Outcome} | {Outcome.HELD: "still held"}
    shown = (each for each in Outcome if counts[each] or each is Outcome.SENT)
    return ", ".join(f"{counts[each]} {words[each]}" for each in shown)
