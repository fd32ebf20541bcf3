"""`crosspromo queue spotlight|event|reshare|own|notice`: from what was typed to the queue."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import click

from crosspromo.cli import documents
from crosspromo.cli.output import emit_json, local, plural
from crosspromo.cli.queue_views import reshared
from crosspromo.cli.session import Session, ahead, as_option, dry_run_option, json_option
from crosspromo.cli.standing import standing
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import UsageError
from crosspromo.domain.pacing import left
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Image, Kind
from crosspromo.domain.timing import parse_when
from crosspromo.publishing.compose import PostRequest
from crosspromo.publishing.enqueue import Draft, draft, enqueue
from crosspromo.publishing.illustrate import illustrate
from crosspromo.publishing.rules import spent
from crosspromo.store.unit import Unit
from crosspromo.workspace import Workspace

TO = click.option(
    "--to",
    "accounts",
    required=True,
    metavar="ACCOUNTS",
    help='A comma list of accounts, or "all".',
)
AT = click.option(
    "--at",
    metavar="WHEN",
    help='2026-04-22T09:00, now, +2h, "tomorrow 9:00", "tue 9:00"; else the next free slot.',
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


class _Wanted:
    """Turns what was typed into a queued post and says what came of it."""

    def __init__(self, session: Session, accounts: str, at: str | None, name: str) -> None:
        self.workspace = session.workspace
        self.accounts = self.workspace.chosen(accounts)
        self.now = self.workspace.clock.now()
        zone = self.workspace.settings.organisation.zone
        self.at = None if at is None else ahead(parse_when(at, self.now, zone), self.now)
        self.name = name

    def partner(self, slug: str) -> Partner:
        """The partner with this slug; NotFoundError names the nearest slugs."""
        with self.workspace.store.read() as unit:
            return unit.partners.get(slug)

    def queue(self, request: PostRequest, *, dry_run: bool, as_json: bool) -> None:
        """Draft for every account, write all or nothing, and show it."""
        workspace = self.workspace
        organisation = workspace.settings.organisation
        pictures = workspace.pictures(keep=not dry_run)  # slow, so before the transaction
        fitted = [illustrate(request.images, account, pictures) for account in self.accounts]
        with workspace.store.write() as unit:
            drafts = [
                draft(
                    unit,
                    replace(request, images=tuple(each.image for each in images)),
                    account,
                    renderer=workspace.templates,
                    own_group=organisation.own_group,
                    zone=organisation.zone,
                    now=self.now,
                    status=organisation.status,
                )
                for account, images in zip(self.accounts, fitted, strict=True)
            ]
            ids = enqueue(unit, request, drafts, self.now)
            deliveries = [unit.deliveries.get(delivery_id) for delivery_id in ids]
            standings = standing(workspace, unit, deliveries)
            budgets = [_budget(unit, each, organisation.zone, self.now) for each in drafts]
            if dry_run:
                unit.undo()
        if as_json:
            emit_json({"deliveries": [documents.of_delivery(each) for each in standings]})
            return
        for each, drafted, images, budget in zip(standings, drafts, fitted, budgets, strict=True):
            _say_queued(workspace, each.delivery, drafted, dry_run=dry_run)
            for notice in (image.notice for image in images if image.notice):
                click.echo(f"   {notice}")
            if budget:
                click.echo(f"   {budget}")
            if each.approval.asked:
                click.echo(f"   {each.approval.sentence}")


def _budget(unit: Unit, drafted: Draft, zone: ZoneInfo, now: datetime) -> str:
    """What this leaves of the month's budget; empty where there is none, or it costs nothing.

    It speaks of what went out: what else is queued may go in another month, or never.
    """
    most = drafted.account.policy.monthly_budget
    if most is None or not drafted.cost:
        return ""
    rest = left(most, spent(unit, drafted.account, zone, now) + drafted.cost)
    if rest < 0:
        return f"${-rest:.3f} more than is left of the month's budget of ${most:.2f}"
    return f"leaves ${rest:.3f} of the month's budget of ${most:.2f}"


def _say_queued(workspace: Workspace, delivery: Delivery, drafted: Draft, *, dry_run: bool) -> None:
    zone = workspace.settings.organisation.zone
    rules = drafted.account.capabilities.text
    parts = delivery.content.parts
    length = f"{rules.length(delivery.content.text)} of {rules.limit}"
    if parts:
        length = f"a thread of {len(parts)}"
    if delivery.content.reposts is not None:
        shares = reshared(delivery.content.text, delivery.content.reposts)
        length = f"{length}, {shares}" if delivery.content.text else shares
    cost = "" if delivery.cost is None else f", costs ${delivery.cost:.3f}"
    what = "would queue" if dry_run else f"queued {delivery.id}:"
    click.echo(
        f"{what} {delivery.kind} on {delivery.account} for {local(delivery.due_at, zone)} "
        f"({length}{cost})"
    )
    for part in drafted.dropped:
        click.echo(f"   left out so that it fits: {' '.join(part.split())}")


Option = Callable[[Callable[..., None]], Callable[..., None]]
Asks = Callable[..., PostRequest]

EVERYWHERE: tuple[Option, ...] = (
    TITLE,
    ALLOW_DUPLICATE,
    as_option,
    dry_run_option,
    json_option,
)
"""What every command takes that queues a post, besides --to and --at."""


def queues(*options: Option) -> Callable[[Asks], Callable[..., None]]:
    """A command that queues the post which the function below it asks for.

    The function takes its own arguments and says what the post is about. What was given with these
    `options`, and with those that all such commands have, is filled in here.
    """

    def decorate(asks: Asks) -> Callable[..., None]:
        own = inspect.signature(asks).parameters.keys()

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
            **given: Any,
        ) -> None:
            wanted = _Wanted(session, accounts, at, name)
            request = asks(wanted, **{key: given.pop(key) for key in own & given.keys()})
            request = replace(request, at=wanted.at, **_filled_in(wanted, given))
            wanted.queue(request, dry_run=dry_run, as_json=as_json)

        decorators: tuple[Option, ...] = (TO, AT, *options, *EVERYWHERE)
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def _filled_in(wanted: _Wanted, given: dict[str, Any]) -> dict[str, Any]:
    """What was given with the shared options, as fields of a PostRequest."""
    filled = dict(given)
    if "variables" in given:
        filled["variables"] = _variables(given["variables"])
    if "images" in given:
        images, alts = filled.pop("images"), filled.pop("alts")
        filled["images"] = _images(wanted.workspace.folder, images, alts)
    return filled


def _variables(pairs: tuple[str, ...]) -> MappingProxyType[str, str]:
    variables = {}
    for pair in pairs:
        name, separator, value = pair.partition("=")
        if not separator or not name.isidentifier():
            raise UsageError(f'--var "{pair}": write NAME=VALUE')
        variables[name] = value
    return MappingProxyType(variables)


def _images(folder: Path, paths: tuple[str, ...], alts: tuple[str, ...]) -> tuple[Image, ...]:
    """The images, as they are found from the workspace in `folder` whoever runs where."""
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
def spotlight(wanted: _Wanted, partner: str) -> PostRequest:
    """Queue a spotlight of a partner.

    \b
    Example:
      crosspromo queue spotlight river-keepers --to all --at "tue 9:00"
    """
    return PostRequest(kind=Kind.SPOTLIGHT, author=wanted.name, partners=(wanted.partner(partner),))


@click.command("event")
@click.argument("event")
@queues(VAR, LINK, TEMPLATE, THREAD, PAID)
def event_(wanted: _Wanted, event: str) -> PostRequest:
    """Queue a post about an event. It expires when the event starts.

    \b
    Example:
      crosspromo queue event river-cleanup-2030-04-22 --to bluesky-main,reddit-main
    """
    with wanted.workspace.store.read() as unit:
        about = unit.events.get(event)
        hosts = tuple(unit.partners.get(slug) for slug in about.partners)
    return PostRequest(kind=Kind.EVENT, author=wanted.name, partners=hosts, event=about)


@click.command("reshare")
@click.argument("url")
@click.option("--partner", required=True, help="Whose post it is.")
@click.option("--quote", "text", help="What to say with it.")
@queues(PAID)
def reshare(wanted: _Wanted, url: str, partner: str, text: str | None) -> PostRequest:
    """Queue a partner's post to be shared on.

    Where the post is on the account's own network it is reposted, or with --quote quoted, if that
    network has such a thing; anywhere else it is a post with a link to it.

    \b
    Examples:
      crosspromo queue reshare https://bsky.app/profile/… --partner river-keepers --to all
      crosspromo queue reshare https://x.com/… --partner river-keepers --to all --quote "So true."
    """
    if not url.startswith(("https://", "http://")):
        raise UsageError(f'"{url}" is not an address; give the https:// address of the post')
    return PostRequest(
        kind=Kind.RESHARE,
        author=wanted.name,
        partners=(wanted.partner(partner),),
        text=text,
        reshare_of=url,
    )


@click.command("own")
@click.option("--text", help="What to say.")
@queues(TEMPLATE, VAR, IMAGE, ALT, LINK, THREAD)
def own(wanted: _Wanted, text: str | None, template: str | None) -> PostRequest:
    """Queue a post about ourselves. It goes when we have shared others enough.

    \b
    Example:
      crosspromo queue own --to all --text "Our annual report is out." --link https://us.example
    """
    if (text is None) == (template is None):
        raise UsageError("say what to post: either --text TEXT or --template NAME")
    return PostRequest(kind=Kind.OWN, author=wanted.name, text=text, template=template)


@click.command("notice")
@click.option("--text", required=True, help="What to say.")
@click.option("--reason", required=True, help="Why it does not count; kept in the audit log.")
@queues(LINK, THREAD)
def notice(wanted: _Wanted, text: str, reason: str) -> PostRequest:
    """Queue a public-safety or holiday notice, which counts for neither side.

    \b
    Example:
      crosspromo queue notice --to all --text "Boil water today." --reason "county notice"
    """
    return PostRequest(kind=Kind.NOTICE, author=wanted.name, text=text, reason=reason)
