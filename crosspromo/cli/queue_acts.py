"""`crosspromo queue cancel|move|edit|…`: what people do to deliveries."""

from difflib import unified_diff

import click

from crosspromo.cli.output import local, plural
from crosspromo.cli.session import Session, ahead, as_option
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import QueueingError, StateError, UsageError
from crosspromo.domain.posts import Content
from crosspromo.domain.timing import parse_when
from crosspromo.publishing.intervene import Edit
from crosspromo.publishing.networks import Capabilities, Deletes
from crosspromo.text.rules import TextRules
from crosspromo.workspace import Workspace


@click.command("cancel")
@click.argument("delivery_ids", metavar="ID…", type=int, nargs=-1, required=True)
@as_option
@click.pass_obj
def cancel(session: Session, delivery_ids: tuple[int, ...], name: str) -> None:
    """Take deliveries out of the queue.

    \b
    Example:
      crosspromo queue cancel 112 113
    """
    person = session.workspace.person(name)
    for delivery_id in delivery_ids:
        person.cancel(delivery_id)
        click.echo(f"cancelled {delivery_id}")


@click.command("move")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--at", required=True, metavar="WHEN", help="Its new time; now, +2h and so on.")
@as_option
@click.pass_obj
def move(session: Session, delivery_id: int, at: str, name: str) -> None:
    """Give a queued or missed delivery another time.

    \b
    Example:
      crosspromo queue move 112 --at "tomorrow 9:00"
    """
    workspace = session.workspace
    zone = workspace.settings.organisation.zone
    now = workspace.clock.now()
    due_at = ahead(parse_when(at, now, zone), now)
    workspace.person(name).move(delivery_id, due_at)
    click.echo(f"moved {delivery_id} to {local(due_at, zone)}")


@click.command("approve")
@click.argument("delivery_ids", metavar="ID…", type=int, nargs=-1, required=True)
@as_option
@click.pass_obj
def approve(session: Session, delivery_ids: tuple[int, ...], name: str) -> None:
    """Agree that these go out exactly as they are; look at them first with queue preview.

    Nobody approves what they wrote. A partner who signs off is --as partner:SLUG.

    \b
    Examples:
      crosspromo queue approve 112 113
      crosspromo queue approve 112 --as partner:river-keepers
    """
    person = session.workspace.person(name)
    for delivery_id in delivery_ids:
        approval = person.approve(delivery_id)
        click.echo(f"approved {delivery_id} as {name}. {approval.sentence}")


@click.command("edit")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--text")
@click.option("--title")
@as_option
@click.pass_obj
def edit(
    session: Session, delivery_id: int, text: str | None, title: str | None, name: str
) -> None:
    """Change what a draft or a queued delivery will say. That voids its approvals.

    \b
    Example:
      crosspromo queue edit 112 --text "Meet the River Keepers."
    """
    if text is None and title is None:
        raise UsageError("say what to change: --text or --title")
    workspace = session.workspace
    with workspace.store.read() as unit:
        delivery = unit.deliveries.get(delivery_id)
    capabilities = workspace.rules[workspace.account(delivery.account).name].capabilities
    if text is not None:
        text = text if text.strip() else ""
        _check_text(text, delivery, capabilities)
    if title is not None:
        _check_title(title, delivery.account, capabilities.text)
    edit = workspace.person(name).edit(delivery_id, text=text, title=title)
    if edit.before == edit.after:
        click.echo(f"{delivery_id} says this already; nothing was changed")
        return
    click.echo(f"edited {delivery_id}\n{_difference(edit)}")
    if edit.void:
        click.echo(f"{plural(edit.void, 'approval')} void: it has to be approved again")


def _difference(edit: Edit) -> str:
    """What was and what is, as a unified diff of the title and the text."""
    return "\n".join(
        unified_diff(_lines(edit.before), _lines(edit.after), "before", "after", lineterm="")
    )


def _lines(content: Content) -> list[str]:
    title = [] if content.title is None else [content.title, ""]
    return [*title, *content.text.splitlines()]


def _check_text(text: str, delivery: Delivery, capabilities: Capabilities) -> None:
    account, rules = delivery.account, capabilities.text
    native = delivery.content.native
    if native and text.strip() and not capabilities.quotes:
        raise QueueingError(
            f"{account}: delivery {delivery.id} is a repost, and there is no saying anything with "
            "one there; cancel it, and queue it anew with --quote as a post with a link"
        )
    if not native and not text.strip():
        raise QueueingError(f"{account}: there is nothing to say: the text is empty")
    if not rules.fits(text):
        raise QueueingError(
            f"{account}: the text is too long by {rules.over_by(text)} "
            f"({rules.length(text)} of {rules.limit})"
        )


def _check_title(title: str, account: str, rules: TextRules) -> None:
    if rules.title_fits(title):
        return
    if rules.title_limit is None:
        raise QueueingError(f"{account}: posts have no titles there")
    if not title.strip():
        raise QueueingError(f"{account} needs a title")
    length = rules.measure_title(title)
    raise QueueingError(
        f"{account}: the title is too long by {length - rules.title_limit} "
        f"({length} of {rules.title_limit})"
    )


@click.command("delete")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--by-hand", is_flag=True, help="You have deleted it on the network yourself.")
@as_option
@click.pass_obj
def delete(session: Session, delivery_id: int, by_hand: bool, name: str) -> None:
    """Take a published delivery off its network. A post about ourselves goes on counting.

    \b
    Examples:
      crosspromo queue delete 112
      crosspromo queue delete 112 --by-hand
    """
    workspace = session.workspace
    connector = None
    if not by_hand:
        with workspace.store.read() as unit:
            delivery = unit.deliveries.get(delivery_id)
        connector = _deleting(workspace, delivery)
    workspace.person(name).delete(delivery_id, connector)
    click.echo(f"{delivery_id} is deleted")


def _deleting(workspace: Workspace, delivery: Delivery) -> Deletes:
    """What deletes on the delivery's account; StateError says how to do it by hand."""
    rules = workspace.rules[workspace.account(delivery.account).name]
    if rules.capabilities.deletes:
        connector: object = workspace.connector(delivery.account)
        if isinstance(connector, Deletes):
            return connector
    place = delivery.url or f"{delivery.network}, where it is {delivery.remote_id}"
    raise StateError(
        f"posts on {delivery.account} cannot be deleted from here; delete it at {place}, then say "
        f"so: crosspromo queue delete {delivery.id} --by-hand"
    )


@click.command("retry")
@click.argument("delivery_id", metavar="ID", type=int)
@as_option
@click.pass_obj
def retry(session: Session, delivery_id: int, name: str) -> None:
    """Try a failed or missed delivery again.

    \b
    Example:
      crosspromo queue retry 112
    """
    session.workspace.person(name).retry(delivery_id)
    click.echo(f"queued {delivery_id} again")


@click.command("release")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--reason", required=True, help="Why the ratio shall not count this once.")
@as_option
@click.pass_obj
def release(session: Session, delivery_id: int, reason: str, name: str) -> None:
    """Let a held delivery go past the ratio once. It is logged, and still counts as self.

    \b
    Example:
      crosspromo queue release 112 --reason "room changed, people must know"
    """
    session.workspace.person(name).release(delivery_id, reason)
    click.echo(f"released {delivery_id}; it goes out with the next run")


@click.command("mark-posted")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--url", help="Where it stands.")
@as_option
@click.pass_obj
def mark_posted(session: Session, delivery_id: int, url: str | None, name: str) -> None:
    """Say that you have posted a delivery of a manual account.

    \b
    Example:
      crosspromo queue mark-posted 112 --url https://www.reddit.com/r/…
    """
    session.workspace.person(name).resolve_posted(delivery_id, url)
    click.echo(f"{delivery_id} is published")


@click.command("resolve")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--posted/--not-posted", default=None, help="What you saw; say one of them.")
@click.option("--url", help="Where it stands.")
@as_option
@click.pass_obj
def resolve(
    session: Session, delivery_id: int, posted: bool | None, url: str | None, name: str
) -> None:
    """Settle a delivery of which nobody knows whether it went out. Look on the network first.

    \b
    Examples:
      crosspromo queue resolve 112 --posted --url https://x.com/…
      crosspromo queue resolve 112 --not-posted
    """
    if posted is None:  # click would let it pass for --not-posted, and the post go out again
        raise UsageError("say what you saw on the network: --posted or --not-posted")
    person = session.workspace.person(name)
    if posted:
        person.resolve_posted(delivery_id, url)
        click.echo(f"{delivery_id} is published")
    else:
        person.resolve_not_posted(delivery_id)
        click.echo(f"{delivery_id} is queued again")
