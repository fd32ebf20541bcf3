"""`crosspromo queue cancel|move|approve|…`: acts of people on deliveries and posts."""

import click

from crosspromo.cli.completion import delivery_ids
from crosspromo.cli.given_time import time_or_allowed
from crosspromo.cli.output import local
from crosspromo.cli.session import Session, as_option
from crosspromo.cli.targets import ID, say_left, targets
from crosspromo.cli.telling import say_notes
from crosspromo.domain.errors import UsageError
from crosspromo.phrasing.words import of_approval
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.act_on_posts import PostActs, Targets


def _acts(session: Session, name: str) -> PostActs:
    return session.workspace.services.act_on_posts(name)


def _one(session: Session, name: str) -> DeliveryActs:
    return session.workspace.services.act_on_delivery(name)


@click.command("cancel")
@targets("draft", "queued")
@as_option
@click.pass_obj
def cancel(session: Session, targets: Targets, name: str) -> None:
    """Take deliveries out of the queue: all of them, or none.

    \b
    Examples:
      crosspromo queue cancel 112 113
      crosspromo queue cancel --post 40
    """
    acted = _acts(session, name).cancel(targets)
    for each in acted.done:
        click.echo(f"cancelled {each.delivery} on {each.account}")
    say_left(acted.left)


@click.command("reject")
@targets("draft", "queued")
@click.option("--reason", required=True, help="What should be changed; its author reads it.")
@as_option
@click.pass_obj
def reject(session: Session, targets: Targets, reason: str, name: str) -> None:
    """Turn down deliveries that wait to be approved, or to go out. They are cancelled.

    \b
    Example:
      crosspromo queue reject 112 --reason "the date is wrong"
    """
    acted = _acts(session, name).reject(targets, reason)
    for each in acted.done:
        click.echo(f"rejected {each.delivery} on {each.account}")
    say_left(acted.left)


@click.command("move")
@targets("draft", "queued", "failed", "missed")
@click.option(
    "--at",
    required=True,
    metavar="WHEN",
    help='Its new time: now, +2h and so on, or for a self post "allowed".',
)
@as_option
@click.pass_obj
def move(session: Session, targets: Targets, at: str, name: str) -> None:
    """Give queued or missed deliveries another time.

    \b
    Examples:
      crosspromo queue move 112 --at "tomorrow 9:00"
      crosspromo queue move --post 40 --at "tue 9:00"
      crosspromo queue move 112 --at allowed
    """
    zone = session.zone
    due_at = time_or_allowed(session, at)
    acted = _acts(session, name).move(targets, due_at)
    to = "it goes when allowed" if due_at is None else f"to {local(due_at, zone)}"
    for each in acted.done:
        click.echo(f"moved {each.delivery} on {each.account}{':' if due_at is None else ''} {to}")
        say_notes(each.result.notes, each.account, zone)
    say_left(acted.left)


@click.command("approve")
@targets("draft")
@as_option
@click.pass_obj
def approve(session: Session, targets: Targets, name: str) -> None:
    """Agree that these go out exactly as they are; look at them first with queue preview.

    Nobody approves what they wrote. A partner who signs off is --as partner:SLUG.

    \b
    Examples:
      crosspromo queue approve 112 113
      crosspromo queue approve 112 --as partner:river-keepers
    """
    acts = _acts(session, name)
    acted = acts.approve(targets)
    for each in acted.done:
        click.echo(f"approved {each.delivery} as {name}. {of_approval(each.result)}")
    for account, burst in acts.bursts(acted).items():
        say_notes([burst], account, session.zone)
    say_left(acted.left)


@click.command("delete")
@click.argument("delivery_id", metavar="ID", type=ID, shell_complete=delivery_ids("published"))
@click.option("--by-hand", is_flag=True, help="You have deleted it on the network yourself.")
@click.option("--reason", help="Why, for the audit log.")
@as_option
@click.pass_obj
def delete(
    session: Session, delivery_id: int, by_hand: bool, reason: str | None, name: str
) -> None:
    """Take a published delivery off its network. A post about ourselves goes on counting.

    \b
    Examples:
      crosspromo queue delete 112 --reason "the date is wrong"
      crosspromo queue delete 112 --by-hand
    """
    _one(session, name).delete(delivery_id, by_hand=by_hand, reason=reason)
    click.echo(f"{delivery_id} is deleted")


@click.command("dismiss")
@targets("failed", "missed", "expired", "unknown")
@click.option("--reason", required=True, help="Why nothing more is to be done, for the audit log.")
@as_option
@click.pass_obj
def dismiss(session: Session, targets: Targets, reason: str, name: str) -> None:
    """Take note that deliveries failed, were missed, expired or are in doubt. Their state stays.

    `status` asks about them no more; a new failure asks again.

    \b
    Example:
      crosspromo queue dismiss 112 --reason "the campaign is over"
    """
    acted = _acts(session, name).dismiss(targets, reason)
    for each in acted.done:
        click.echo(f"dismissed {each.delivery}")
    say_left(acted.left)


@click.command("retry")
@targets("failed", "missed")
@as_option
@click.pass_obj
def retry(session: Session, targets: Targets, name: str) -> None:
    """Try failed or missed deliveries again.

    \b
    Example:
      crosspromo queue retry 112
    """
    acted = _acts(session, name).retry(targets)
    for each in acted.done:
        click.echo(f"queued {each.delivery} again")
        say_notes(each.result.notes, each.account, session.zone)
    say_left(acted.left)


@click.command("release")
@targets("queued", held=("ratio", "floor"))
@click.option("--reason", required=True, help="Why the ratio shall not count this once.")
@as_option
@click.pass_obj
def release(session: Session, targets: Targets, reason: str, name: str) -> None:
    """Let held deliveries go past the ratio once. It is logged, and still counts as self.

    \b
    Example:
      crosspromo queue release 112 --reason "room changed, people must know"
    """
    acted = _acts(session, name).release(targets, reason)
    for each in acted.done:
        click.echo(f"released {each.delivery}; it goes out with the next run")
    say_left(acted.left)


@click.command("mark-posted")
@click.argument("delivery_id", metavar="ID", type=ID, shell_complete=delivery_ids("unknown"))
@click.option("--url", help="Where it stands.")
@as_option
@click.pass_obj
def mark_posted(session: Session, delivery_id: int, url: str | None, name: str) -> None:
    """Say that you have posted a delivery of a manual account.

    \b
    Example:
      crosspromo queue mark-posted 112 --url https://www.reddit.com/r/…
    """
    _one(session, name).resolve_posted(delivery_id, url)
    click.echo(f"{delivery_id} is published")


@click.command("resolve")
@click.argument("delivery_id", metavar="ID", type=ID, shell_complete=delivery_ids("unknown"))
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
    acts = _one(session, name)
    if posted:
        acts.resolve_posted(delivery_id, url)
        click.echo(f"{delivery_id} is published")
    else:
        acts.resolve_not_posted(delivery_id)
        click.echo(f"{delivery_id} is queued again")
