"""`crosspromo queue event --series`: the ladder of an event, and how it is told."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from crosspromo import documents_ladders
from crosspromo.cli.completion import LADDERS
from crosspromo.cli.output import emit_json
from crosspromo.cli.queue_views import say_preview
from crosspromo.cli.session import Session
from crosspromo.cli.telling import say_notes
from crosspromo.domain.errors import UsageError
from crosspromo.domain.ladders import DEFAULT
from crosspromo.domain.plurals import plural
from crosspromo.domain.requests import EventPost
from crosspromo.domain.timing import DAYS, wall_clock
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.phrasing.ladders import of_missed, of_moved, of_unplaced
from crosspromo.phrasing.words import of_approval
from crosspromo.services.queue_ladder import QueuedLadder, QueuedStep

SERIES = click.option(
    "--series",
    metavar="[small|standard|big|NAME]",
    is_flag=False,
    flag_value=DEFAULT,
    default=None,
    shell_complete=LADDERS,
    help="The whole ladder of posts: before the event, on its day and after it. Alone: standard.",
)

_OF_ITS_OWN = {
    "at": "each step has a day of its own",
    "when_allowed": "each step has a day of its own",
    "template": "each step has a template of its own",
    "title": "each step has a title of its own",
}


@dataclass(frozen=True, slots=True)
class Series:
    """Ladder that somebody asks for, by its name; `given` are the values of a request's fields."""

    events: Sequence[str]
    name: str
    given: Mapping[str, Any]

    def queue(
        self, session: Session, accounts: str | None, *, dry_run: bool, as_json: bool
    ) -> None:
        """Queue it and print what came of it; UsageError for what no ladder can have."""
        if len(self.events) != 1:
            raise UsageError("--series is for one event; give one")
        for key, why in _OF_ITS_OWN.items():
            if self.given.get(key):
                option = "at" if key == "when_allowed" else key
                raise UsageError(f"--{option}: {why}; leave it out")
        if session.asked is not None:
            raise UsageError("a ladder cannot be rehearsed before it is queued; use --dry-run")
        services = session.workspace.services
        chosen = services.accounts.chosen(accounts)
        request = EventPost(event=self.events[0], **self.given)
        found = services.queue_ladder.queue_ladder(request, self.name, chosen, dry_run=dry_run)
        if as_json:
            emit_json(documents_ladders.of_ladder(found, session.zone))
            return
        for line in _lines(found, dry_run=dry_run):
            click.echo(line)
        for each in found.steps:
            _say_step(session, each, dry_run=dry_run)
        for line in _left_out(found, session):
            click.echo(line)


def _lines(found: QueuedLadder, *, dry_run: bool) -> Iterator[str]:
    act = "would queue" if dry_run else "queued"
    if found.steps:
        posts = plural(len(found.steps), "post")
        yield f"{act} the ladder {found.ladder.name} of {found.event}: {posts}"
    elif found.had:
        yield f"nothing to add: the accounts have every step of {found.event} that is to come"
    if found.steps and found.had:
        yield f"   {plural(found.had, 'post')} of it are there already"


def _say_step(session: Session, each: QueuedStep, *, dry_run: bool) -> None:
    view = each.queued.view
    delivery = view.delivery
    number = "" if dry_run else f"{delivery.id}: "
    pinned = ", pinned" if delivery.pinned else ""
    click.echo(
        f"{number}{each.step} on {delivery.account}, {wall_clock(delivery.due_at, session.zone)}"
        f"{pinned}, {delivery.state}, counts as {each.counts_as}"
    )
    if each.moved:
        day = f"{DAYS[each.day.weekday()].capitalize()} {each.day}"
        click.echo(f"   on {day} instead, {of_moved(each, session.zone)}")
    for part in each.queued.dropped:
        click.echo(f"   left out so that it fits: {' '.join(part.split())}")
    if each.queued.notes:
        say_notes(each.queued.notes, delivery.account, session.zone)
    if delivery.pinned is False and each.step.comes_after:
        click.echo("   a draft: it goes when somebody has read and approved it")
    elif view.approval.asked:
        click.echo(f"   {of_approval(view.approval)}")
    if view.forecast is not None:
        click.echo(f"   {of_forecast(view.forecast, delivery.account, session.zone)}")
    if dry_run:
        say_preview(session.workspace.services.deliveries.preview_of(delivery), indent="   ")


def _left_out(found: QueuedLadder, session: Session) -> Iterator[str]:
    """Yield what was not queued, and why."""
    for why in of_missed(found.missed):
        yield f"not queued, since {why}"
    for each in found.unplaced:
        yield f"not queued: {of_unplaced(each, session.zone)}"
