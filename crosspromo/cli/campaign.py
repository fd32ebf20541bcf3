"""`crosspromo campaign`: groups of posts and events with one purpose."""

from datetime import date

import click

from crosspromo import documents_campaigns as documents
from crosspromo.cli.completion import CAMPAIGNS
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.typed_times import parse_day
from crosspromo.phrasing.words import first_words

LONGEST_TEXT = 60
"""Characters of a text in a list."""


@click.group("campaign")
def command() -> None:
    """Groups of posts and events with one purpose."""


@command.command("add")
@click.argument("campaign", metavar="NAME")
@click.option("--from", "first", metavar="DAY", help="Its first day.")
@click.option("--until", "last", metavar="DAY", help="Its last day.")
@click.option("--why", default="", help="What it is for.")
@as_option
@json_option
@click.pass_obj
def add(
    session: Session,
    campaign: str,
    first: str | None,
    last: str | None,
    why: str,
    name: str,
    as_json: bool,
) -> None:
    """Add a campaign. Posts and events are put into it with --campaign.

    The days are for people to read: nothing is sent or held by them.

    \b
    Example:
      crosspromo campaign add "Giving Day 2030" --from 2030-11-25 --until 2030-12-03
    """
    added = session.workspace.services.change_campaigns(name).add(
        campaign,
        first_day=None if first is None else _given_day(session, first),
        last_day=None if last is None else _given_day(session, last),
        why=why,
    )
    if as_json:
        emit_json(documents.of_campaign(added))
        return
    click.echo(f"added {added.slug}")


@command.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """All campaigns, the latest first.

    \b
    Example:
      crosspromo campaign list
    """
    found = session.workspace.services.campaigns.list()
    if as_json:
        emit_json({"campaigns": [documents.of_listed_campaign(each) for each in found]})
        return
    emit_table(
        ["campaign", "name", "from", "until", "posts", "events"],
        [
            [
                each.campaign.slug,
                each.campaign.name,
                _day(each.campaign.first_day),
                _day(each.campaign.last_day),
                each.posts,
                each.events,
            ]
            for each in found
        ],
        empty="there are no campaigns yet; add one with: crosspromo campaign add",
    )


@command.command("show")
@click.argument("slug", shell_complete=CAMPAIGNS)
@json_option
@click.pass_obj
def show(session: Session, slug: str, as_json: bool) -> None:
    """One campaign: its posts, its events, and the addresses they send people to.

    \b
    Example:
      crosspromo campaign show giving-day-2030
    """
    shown = session.workspace.services.campaigns.get(slug)
    if as_json:
        emit_json(documents.of_shown_campaign(shown))
        return
    campaign, zone = shown.campaign, session.zone
    days = [f"{word} {_day(day)}" for word, day in _days(campaign.first_day, campaign.last_day)]
    click.echo(", ".join([campaign.name, *days]))
    if campaign.why:
        click.echo(campaign.why)
    emit_table(
        ["id", "account", "state", "when", "text"],
        [
            [
                each.id,
                each.account,
                each.state,
                local(each.published_at or each.due_at, zone),
                first_words(each.content.text, LONGEST_TEXT),
            ]
            for each in shown.deliveries
        ],
        empty="no post belongs to it yet; put one in with: crosspromo queue edit ID --campaign",
    )
    if shown.earlier:
        click.echo(f"{shown.earlier} earlier deliveries are left out")
    for event in shown.events:
        click.echo(f"event {event.slug}: {event.title}, {local(event.starts_at, zone)}")
    for link in shown.links:
        click.echo(f"link {link}")


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _days(first: date | None, last: date | None) -> list[tuple[str, date]]:
    return [(word, day) for word, day in (("from", first), ("until", last)) if day is not None]


def _given_day(session: Session, text: str) -> date:
    return parse_day(text, session.workspace.clock.now(), session.zone)
