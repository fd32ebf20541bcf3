"""`crosspromo queue cancel|move|edit|…`: acts of people on deliveries."""

from difflib import unified_diff

import click

from crosspromo.cli.output import local
from crosspromo.cli.session import Session, as_option
from crosspromo.cli.telling import say_notes
from crosspromo.domain.errors import UsageError
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Content
from crosspromo.domain.timing import parse_when
from crosspromo.phrasing.words import of_approval
from crosspromo.services.act_on_delivery import DeliveryActs, Edit


def _acts(session: Session, name: str) -> DeliveryActs:
    return session.workspace.services.act_on_delivery(name)


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
    acts = _acts(session, name)
    for delivery_id in delivery_ids:
        acts.cancel(delivery_id)
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
    zone = session.zone
    due_at = parse_when(at, workspace.clock.now(), zone)
    moved = _acts(session, name).move(delivery_id, due_at)
    click.echo(f"moved {delivery_id} to {local(due_at, zone)}")
    say_notes(moved.notes, moved.account, zone)


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
    acts = _acts(session, name)
    for delivery_id in delivery_ids:
        approval = acts.approve(delivery_id)
        click.echo(f"approved {delivery_id} as {name}. {of_approval(approval)}")
    for account, burst in acts.bursts(delivery_ids).items():
        say_notes([burst], account, session.zone)


@click.command("edit")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--text")
@click.option("--title")
@click.option("--repair", is_flag=True, help="Have the text as the notes on it propose.")
@as_option
@click.pass_obj
def edit(
    session: Session,
    delivery_id: int,
    text: str | None,
    title: str | None,
    repair: bool,
    name: str,
) -> None:
    """Change what a draft or a queued delivery will say. That voids its approvals.

    \b
    Examples:
      crosspromo queue edit 112 --text "Meet the River Keepers."
      crosspromo queue edit 112 --repair
    """
    given = text is not None or title is not None
    if not given and not repair:
        raise UsageError("say what to change: --text, --title or --repair")
    if given and repair:
        raise UsageError("--repair changes the text by itself; give it alone")
    acts = _acts(session, name)
    edit = acts.repair(delivery_id) if repair else acts.edit(delivery_id, text=text, title=title)
    if edit.before == edit.after:
        click.echo(f"{delivery_id} says this already; nothing was changed")
        return
    click.echo(f"edited {delivery_id}\n{_difference(edit)}")
    if edit.void:
        click.echo(f"{plural(edit.void, 'approval')} void: it has to be approved again")


def _difference(edit: Edit) -> str:
    """Unified diff of title and text before and after an edit."""
    return "\n".join(
        unified_diff(_lines(edit.before), _lines(edit.after), "before", "after", lineterm="")
    )


def _lines(content: Content) -> list[str]:
    title = [] if content.title is None else [content.title, ""]
    return [*title, *content.text.splitlines()]


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
    _acts(session, name).delete(delivery_id, by_hand=by_hand)
    click.echo(f"{delivery_id} is deleted")


@click.command("dismiss")
@click.argument("delivery_ids", metavar="ID…", type=int, nargs=-1, required=True)
@click.option("--reason", required=True, help="Why nothing more is to be done, for the audit log.")
@as_option
@click.pass_obj
def dismiss(session: Session, delivery_ids: tuple[int, ...], reason: str, name: str) -> None:
    """Take note that deliveries failed, were missed, expired or are in doubt. Their state stays.

    `status` asks about them no more; a new failure asks again.

    \b
    Example:
      crosspromo queue dismiss 112 --reason "the campaign is over"
    """
    acts = _acts(session, name)
    for delivery_id in delivery_ids:
        acts.dismiss(delivery_id, reason)
        click.echo(f"dismissed {delivery_id}")


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
    queued = _acts(session, name).retry(delivery_id)
    click.echo(f"queued {delivery_id} again")
    say_notes(queued.notes, queued.account, session.zone)


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
    _acts(session, name).release(delivery_id, reason)
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
    _acts(session, name).resolve_posted(delivery_id, url)
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
    if posted is None:  # else --not-posted would be assumed, and the post sent again
        raise UsageError("say what you saw on the network: --posted or --not-posted")
    acts = _acts(session, name)
    if posted:
        acts.resolve_posted(delivery_id, url)
        click.echo(f"{delivery_id} is published")
    else:
        acts.resolve_not_posted(delivery_id)
        click.echo(f"{delivery_id} is queued again")
