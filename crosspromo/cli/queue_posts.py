"""`crosspromo queue spotlight|event|reshare|own|notice`: commands that queue posts."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.forecasts import foretold
from crosspromo.cli.output import emit_json
from crosspromo.cli.queue_views import reshared
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Image
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
from crosspromo.domain.timing import parse_when, wall_clock
from crosspromo.phrasing.forecasts import of_forecast
from crosspromo.phrasing.words import of_approval
from crosspromo.services.queue_post import Budget, QueuedDelivery

TO = click.option(
    "--to",
    "accounts",
    required=True,
    metavar="ACCOUNTS",
    help='A comma list of accounts, or "all".',
)
ALLOWED = "allowed"
"""Word for a self post that goes as soon as the gate allows it."""

AT = click.option(
    "--at",
    metavar="WHEN",
    help='2026-04-22T09:00, now, +2h, "tomorrow 9:00", "tue 9:00", or for a self post "allowed": '
    "as soon as the gate allows it; else the next free slot.",
)
VAR = click.option(
    "--var", "variables", multiple=True, metavar="K=V", help="A value for the template. Repeatable."
)
IMAGE = click.option(
    "--image", "images", multiple=True, type=click.Path(dir_okay=False), help="Repeatable."
)
ALT = click.option("--alt", "alts", multiple=True, help="One for each --image, in order.")
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
TEMPLATE = click.option("--template", metavar="NAME", help="Another template, such as own/thanks.")

Option = Callable[[Callable[..., None]], Callable[..., None]]
Asks = Callable[..., PostRequest]
Given = Mapping[str, Any]

EVERYWHERE: tuple[Option, ...] = (
    TITLE,
    ALLOW_DUPLICATE,
    as_option,
    dry_run_option,
    json_option,
)
"""Options of every command that queues a post, besides --to and --at."""


def queues(*options: Option) -> Callable[[Asks], Callable[..., None]]:
    """Decorator: a command that queues the post which the decorated function asks for.

    The function takes its own arguments, and `given`: the values of these `options` and of the
    options that all such commands have, as fields of a request.
    """

    def decorate(asks: Asks) -> Callable[..., None]:
        own = inspect.signature(asks).parameters.keys() - {"given"}

        @click.pass_obj
        @wraps(asks)
        def command(
            session: Session,
            /,
            *,
            accounts: str,
            at: str | None,
            name: str,
            dry_run: bool,
            as_json: bool,
            **typed: Any,
        ) -> None:
            now = session.workspace.clock.now()
            own_arguments = {key: typed.pop(key) for key in own & typed.keys()}
            given = {
                **_filled_in(session.workspace.folder, typed),
                "author": name,
                "when_allowed": at is not None and at.strip().lower() == ALLOWED,
            }
            given["at"] = (
                None if at is None or given["when_allowed"] else parse_when(at, now, session.zone)
            )
            _queue(session, asks(given=given, **own_arguments), accounts, dry_run, as_json)

        decorators: tuple[Option, ...] = (TO, AT, *options, *EVERYWHERE)
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def _queue(
    session: Session, request: PostRequest, accounts: str, dry_run: bool, as_json: bool
) -> None:
    services = session.workspace.services
    chosen = services.accounts.chosen(accounts)
    if session.asked is not None:
        session.asked.append((request, chosen))
        return
    queued = services.queue_post.queue(request, chosen, dry_run=dry_run)
    if not dry_run:
        queued = foretold(session.workspace, queued)
    if as_json:
        deliveries = [documents.of_queued(each, session.zone) for each in queued]
        emit_json({"deliveries": deliveries})
        return
    for each in queued:
        _say_queued(each, session.zone, dry_run=dry_run)


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
    if "variables" in typed:
        filled["variables"] = _variables(typed["variables"])
    if "images" in typed:
        images, alts = filled.pop("images"), filled.pop("alts")
        filled["images"] = _images(folder, images, alts)
    return filled


def _variables(pairs: tuple[str, ...]) -> MappingProxyType[str, str]:
    variables = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator:
            raise UsageError(f'--var "{pair}": write NAME=VALUE')
        variables[name] = value
    return MappingProxyType(variables)


def _images(folder: Path, paths: tuple[str, ...], alts: tuple[str, ...]) -> tuple[Image, ...]:
    """Images with their alt texts; UsageError where an alt text or a file is missing.

    Paths inside the workspace `folder` are kept relative to it, others absolute, so that they are
    found from any directory.
    """
    if len(paths) != len(alts):
        raise UsageError(
            f"{plural(len(paths), 'image')} and {plural(len(alts), 'alt text')}: every --image "
            "needs its --alt TEXT, so that everybody can know what it shows"
        )
    for path in paths:
        if not Path(path).is_file():
            raise UsageError(f"--image {path}: there is no such file")
    whole = [Path(path).resolve() for path in paths]
    kept = [path.relative_to(folder) if path.is_relative_to(folder) else path for path in whole]
    return tuple(Image(str(path), alt) for path, alt in zip(kept, alts, strict=True))


@click.command("spotlight")
@click.argument("partner")
@queues(VAR, IMAGE, ALT, LINK, TEMPLATE, THREAD, PAID)
def spotlight(partner: str, given: Given) -> PostRequest:
    """Queue a spotlight of a partner.

    \b
    Example:
      crosspromo queue spotlight river-keepers --to all --at "tue 9:00"
    """
    return Spotlight(partner=partner, **given)


@click.command("event")
@click.argument("event")
@queues(VAR, LINK, TEMPLATE, THREAD, PAID)
def event_(event: str, given: Given) -> PostRequest:
    """Queue a post about an event. It expires when the event starts.

    \b
    Example:
      crosspromo queue event river-cleanup-2030-04-22 --to bluesky-main,reddit-main
    """
    return EventPost(event=event, **given)


@click.command("reshare")
@click.argument("url")
@click.option("--partner", required=True, help="Whose post it is.")
@click.option("--quote", "text", help="What to say with it.")
@queues(PAID)
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
@click.option("--text", help="What to say.")
@queues(TEMPLATE, VAR, IMAGE, ALT, LINK, THREAD)
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
    raise UsageError("say what to post: either --text TEXT or --template NAME")


@click.command("notice")
@click.option("--text", required=True, help="What to say.")
@click.option("--reason", required=True, help="Why it does not count; kept in the audit log.")
@queues(LINK, THREAD)
def notice(text: str, reason: str, given: Given) -> PostRequest:
    """Queue a public-safety or holiday notice, which counts for neither side.

    \b
    Example:
      crosspromo queue notice --to all --text "Boil water today." --reason "county notice"
    """
    return Notice(text=text, reason=reason, **given)
