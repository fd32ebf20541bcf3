"""`crosspromo queue spotlight|event|reshare|own|notice`: commands that queue posts."""

import inspect
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.completion import ACCOUNTS, CAMPAIGNS, EVENTS, PARTNERS, TOPICS
from crosspromo.cli.given_image import ALT, IMAGE, given_images
from crosspromo.cli.given_text import read_text, text_option
from crosspromo.cli.given_time import time_or_allowed
from crosspromo.cli.output import emit_json
from crosspromo.cli.queue_series import SERIES, Series
from crosspromo.cli.queue_views import reshared, say_preview
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.permissions import Need, Scope
from crosspromo.domain.requests import (
    EventPost,
    FromTemplate,
    Notice,
    OwnPost,
    PostRequest,
    Reshare,
    Spotlight,
    Words,
)
from crosspromo.domain.timing import wall_clock
from crosspromo.domain.tones import Tone
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.phrasing.words import of_approval
from crosspromo.services.queue_post import Budget, QueuedDelivery

TO = click.option(
    "--to",
    "accounts",
    metavar="ACCOUNTS",
    shell_complete=ACCOUNTS,
    help='A comma list of accounts, or "all"; else `to` under [defaults] of crosspromo.toml.',
)
AT = click.option(
    "--at",
    metavar="WHEN",
    help='2026-04-22T09:00, now, +2h, "tue 9am", "dec 3 17:00", or for a self post "allowed": as '
    "soon as the gate allows it; else the next free slot.",
)
VAR = click.option(
    "--var", "variables", multiple=True, metavar="K=V", help="A value for the template. Repeatable."
)
LINK = click.option("--link", metavar="URL", help="The address to send people to.")
TITLE = click.option("--title", help="For networks that have titles (Reddit).")
THREAD = click.option(
    "--thread", is_flag=True, help="Where the text is too long for one post, make it several."
)
ALLOW_DUPLICATE = click.option(
    "--allow-duplicate",
    metavar="REASON",
    help="Say again what the account said within 30 days; the reason goes into the audit log.",
)
PAID = click.option(
    "--paid",
    is_flag=True,
    help="Somebody paid us for it: the text says so, and it counts as about ourselves.",
)
MARKDOWN = click.option(
    "--markdown",
    is_flag=True,
    help="The words are Markdown, where the network reads it (Reddit); else they stand as typed.",
)
CAMPAIGN = click.option(
    "--campaign",
    metavar="SLUG",
    shell_complete=CAMPAIGNS,
    help="The campaign that the post belongs to; else that of its event.",
)
TONE = click.option(
    "--tone",
    type=click.Choice([tone.value for tone in Tone]),
    help="Its tone; else that of its kind. A kept day of mourning holds what celebrates or asks.",
)
SHOWS = click.option(
    "--shows",
    metavar="logo:PARTNER|photo:PARTNER",
    multiple=True,
    help="An image shows their logo, or a photo of theirs: they have to have agreed. Repeatable.",
)
QUOTES = click.option(
    "--quotes",
    metavar="PARTNER",
    multiple=True,
    shell_complete=PARTNERS,
    help="The words are theirs: they have to have agreed. Repeatable.",
)
TEMPLATE = click.option("--template", metavar="NAME", help="Another template, such as own/thanks.")

Option = Callable[[Callable[..., None]], Callable[..., None]]
Asks = Callable[..., "PostRequest | Sequence[PostRequest] | Series"]
Given = Mapping[str, Any]

EVERYWHERE: tuple[Option, ...] = (
    TITLE,
    CAMPAIGN,
    TONE,
    ALLOW_DUPLICATE,
    SHOWS,
    QUOTES,
    as_option,
    dry_run_option,
    json_option,
)
"""Options of every command that queues a post, besides --to and --at."""


def queues(*options: Option) -> Callable[[Asks], Callable[..., None]]:
    """Decorator: a command that queues the post which the decorated function asks for.

    The function takes its own arguments, `session` if it wants it, and `given`: the values of these
    `options` and of the options that all such commands have, as fields of a request. It returns a
    request, or several, or the series of an event.
    """

    def decorate(asks: Asks) -> Callable[..., None]:
        own = inspect.signature(asks).parameters.keys() - {"given"}

        @click.pass_obj
        @wraps(asks)
        def command(
            session: Session,
            /,
            *,
            accounts: str | None,
            at: str | None,
            name: str,
            dry_run: bool,
            as_json: bool,
            **typed: Any,
        ) -> None:
            own_arguments = {key: typed.pop(key) for key in (own - {"session"}) & typed.keys()}
            if "session" in own:
                own_arguments["session"] = session
            given = {
                **_filled_in(session.workspace.folder, typed),
                "author": name,
                "at": None if at is None else time_or_allowed(session, at),
            }
            given["when_allowed"] = at is not None and given["at"] is None
            asked = asks(given=given, **own_arguments)
            if isinstance(asked, Series):
                asked.queue(session, accounts, dry_run=dry_run, as_json=as_json)
                return
            requests = asked if isinstance(asked, Sequence) else [asked]
            _queue(session, requests, accounts, dry_run, as_json)

        decorators: tuple[Option, ...] = (TO, AT, *options, *EVERYWHERE)
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def _queue(
    session: Session,
    requests: Sequence[PostRequest],
    accounts: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    services = session.workspace.services
    chosen = services.accounts.chosen(accounts)
    if session.asked is not None:
        session.asked += [(request, chosen) for request in requests]
        return
    queued = services.queue_post.queue_all(requests, chosen, dry_run=dry_run)
    if as_json:
        deliveries = [documents.of_queued(each, session.zone) for each in queued]
        emit_json({"deliveries": deliveries})
        return
    say_all_queued(session, queued, dry_run=dry_run)


def say_all_queued(session: Session, queued: Sequence[QueuedDelivery], *, dry_run: bool) -> None:
    """Print what was queued, or would be with its texts, and how to act on whole posts."""
    for each in queued:
        _say_queued(each, session.zone, dry_run=dry_run)
        if dry_run:
            views = session.workspace.services.deliveries
            say_preview(views.preview_of(each.view.delivery), indent="   ")
    if not dry_run:
        _say_posts(queued)


def _say_posts(queued: Sequence[QueuedDelivery]) -> None:
    """Print how to act on posts of several accounts as a whole."""
    posts = Counter(each.view.delivery.post for each in queued)
    whole = [f"--post {post}" for post, accounts in posts.items() if accounts > 1]
    if whole:
        click.echo(f"all accounts at once: {', '.join(whole)}")


def _say_queued(queued: QueuedDelivery, zone: ZoneInfo, *, dry_run: bool) -> None:
    delivery, approval = queued.view.delivery, queued.view.approval
    cost = "" if delivery.cost is None else f", costs ${delivery.cost:.3f}"
    what = "would queue" if dry_run else f"queued {delivery.id}:"
    at = "when allowed" if delivery.when_allowed else f"for {wall_clock(delivery.due_at, zone)}"
    click.echo(f"{what} {delivery.kind} on {delivery.account} {at} ({_length(queued)}{cost})")
    for part in queued.dropped:
        click.echo(f"   left out so that it fits: {' '.join(part.split())}")
    for notice in queued.notices:
        click.echo(f"   {notice}")
    if queued.budget is not None:
        click.echo(f"   {_left_of(queued.budget)}")
    if queued.notes:
        from crosspromo.cli.telling import say_notes  # noqa: PLC0415 (most posts have none)

        say_notes(queued.notes, delivery.account, zone)
    if approval.asked:
        click.echo(f"   {of_approval(approval)}")
    if queued.view.forecast is not None:
        click.echo(f"   {of_forecast(queued.view.forecast, delivery.account, zone)}")


def _length(queued: QueuedDelivery) -> str:
    content = queued.view.delivery.content
    length = f"{queued.length} of {queued.limit}"
    if content.parts:
        length = f"a thread of {len(content.parts)}"
    if content.reposts is None:
        return length
    shares = reshared(content.text, content.reposts)
    return f"{length}, {shares}" if content.text else shares


def _left_of(budget: Budget) -> str:
    month = f"the month's budget of ${budget.most:.2f}"
    if budget.left < 0:
        return f"${-budget.left:.3f} more than is left of {month}"
    return f"leaves ${budget.left:.3f} of {month}"


def _filled_in(folder: Path, typed: Given) -> dict[str, Any]:
    """Values of the shared options, as fields of a request."""
    filled = dict(typed)
    if filled["tone"] is not None:
        filled["tone"] = Tone(filled["tone"])
    filled["declared"] = declared(filled.pop("shows"), filled.pop("quotes"))
    if "variables" in typed:
        filled["variables"] = _variables(typed["variables"])
    if "images" in typed:
        images, alts = filled.pop("images"), filled.pop("alts")
        filled["images"] = given_images(folder, images, alts) if images or alts else ()
    return filled


def declared(shows: Sequence[str], quotes: Sequence[str]) -> tuple[Need, ...]:
    """Permissions that a person says a post needs; UsageError for other texts in `shows`."""
    needs = [Need(Scope.QUOTE, partner, declared=True) for partner in quotes]
    for text in shows:
        scope, colon, partner = text.partition(":")
        if scope not in {Scope.LOGO, Scope.PHOTO} or not colon or not partner:
            raise UsageError(f'--shows "{text}": write logo:PARTNER or photo:PARTNER')
        needs.append(Need(Scope(scope), partner, declared=True))
    return tuple(dict.fromkeys(needs))


def _variables(pairs: tuple[str, ...]) -> MappingProxyType[str, str]:
    variables = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise UsageError(f'--var "{pair}": write NAME=VALUE')
        variables[name] = value
    return MappingProxyType(variables)


@click.command("spotlight")
@click.argument("partners", metavar="PARTNER…", nargs=-1, shell_complete=PARTNERS)
@click.option(
    "--topic",
    "topics",
    metavar="TOPIC",
    multiple=True,
    shell_complete=TOPICS,
    help="All partners who have this topic. Repeatable.",
)
@click.option(
    "--from-file",
    "file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="The partners of a file: one slug a line; - reads stdin.",
)
@queues(VAR, IMAGE, ALT, LINK, TEMPLATE, THREAD, PAID)
def spotlight(
    session: Session,
    partners: tuple[str, ...],
    topics: tuple[str, ...],
    file: str | None,
    given: Given,
) -> Sequence[PostRequest]:
    """Queue spotlights of partners, one post for each: all of them, or none.

    \b
    Examples:
      crosspromo queue spotlight river-keepers --to all --at "tue 9:00"
      crosspromo queue spotlight river-keepers valley-food-bank food-pantry
      crosspromo queue spotlight --topic Water --dry-run
    """
    lines = () if file is None else read_text(file).split("\n")
    choice = session.workspace.services.partner_choice
    chosen = choice.chosen(partners, topics=topics, lines=lines)
    return [Spotlight(partner=partner, **given) for partner in chosen]


@click.command("event")
@click.argument("events", metavar="EVENT…", nargs=-1, required=True, shell_complete=EVENTS)
@click.option("--no-image", "without_image", is_flag=True, help="Do not show its flyer.")
@SERIES
@queues(VAR, IMAGE, ALT, LINK, TEMPLATE, THREAD, PAID)
def event_(
    events: tuple[str, ...], series: str | None, without_image: bool, given: Given
) -> Sequence[PostRequest] | Series:
    """Queue posts about events. Each expires when its event starts.

    Without --image a post shows the flyer of its event, where the account takes images.

    With --series it is the whole ladder of one event: posts over the weeks before it, one on its
    day at 08:00 there, and drafts of thanks and of a look back. What is there already is not queued
    again.

    \b
    Examples:
      crosspromo queue event river-cleanup-2030-04-22 --to bluesky-main,reddit-main
      crosspromo queue event river-cleanup-2030-04-22 --image river.jpg --alt "Gloves and bags."
      crosspromo queue event river-cleanup-2030-04-22 --to bluesky-main --series small --dry-run
    """
    if series is not None:
        return Series(events, series, {**given, "without_image": without_image})
    return [
        EventPost(event=event, without_image=without_image, **given)
        for event in dict.fromkeys(events)
    ]


@click.command("reshare")
@click.argument("url")
@click.option("--partner", required=True, shell_complete=PARTNERS, help="Whose post it is.")
@text_option("quote", "What to say with it; - reads it from stdin.")
@queues(PAID, MARKDOWN)
def reshare(url: str, partner: str, text: str | None, given: Given) -> PostRequest:
    """Queue a partner's post to be shared on.

    Where the post is on the account's own network it is reposted, or with --quote quoted, if that
    network has such a thing; anywhere else it is a post with a link to it.

    \b
    Examples:
      crosspromo queue reshare https://bsky.app/profile/… --partner river-keepers --to all
      crosspromo queue reshare https://x.com/… --partner river-keepers --to all --quote "So true."
    """
    return Reshare(url=url, partner=partner, quote=text, **given)


@click.command("own")
@text_option()
@queues(TEMPLATE, VAR, IMAGE, ALT, LINK, THREAD, MARKDOWN)
def own(text: str | None, template: str | None, given: Given) -> PostRequest:
    """Queue a post about ourselves. It goes when we have shared others enough.

    \b
    Example:
      crosspromo queue own --to all --text "Our annual report is out." --link https://us.example
    """
    if text is not None and template is None:
        return OwnPost(says=Words(text), **given)
    if template is not None and text is None:
        return OwnPost(says=FromTemplate(template), **given)
    raise UsageError(
        "say what to post: either --text TEXT (or --text-file FILE), or --template NAME"
    )


@click.command("notice")
@text_option()
@click.option("--reason", required=True, help="Why it does not count; kept in the audit log.")
@queues(LINK, THREAD, MARKDOWN)
def notice(text: str | None, reason: str, given: Given) -> PostRequest:
    """Queue a public-safety or holiday notice, which counts for neither side.

    \b
    Example:
      crosspromo queue notice --to all --text "Boil water today." --reason "county notice"
    """
    if text is None:
        raise UsageError("say what to post: --text TEXT, or --text-file FILE")
    return Notice(text=text, reason=reason, **given)
