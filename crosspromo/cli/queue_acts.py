"""`crosspromo queue cancel|move|edit|…`: what people do to deliveries."""

import click

from crosspromo.cli.output import local
from crosspromo.cli.session import Session, ahead, as_option
from crosspromo.domain.errors import QueueingError, UsageError
from crosspromo.domain.timing import parse_when


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
@click.option("--at", required=True, metavar="WHEN")
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


@click.command("edit")
@click.argument("delivery_id", metavar="ID", type=int)
@click.option("--text")
@click.option("--title")
@as_option
@click.pass_obj
def edit(
    session: Session, delivery_id: int, text: str | None, title: str | None, name: str
) -> None:
    """Change what a queued delivery will say.

    \b
    Example:
      crosspromo queue edit 112 --text "Meet the River Keepers."
    """
    if text is None and title is None:
        raise UsageError("say what to change: --text or --title")
    workspace = session.workspace
    with workspace.store.read() as unit:
        account = unit.deliveries.get(delivery_id).account
    rules = workspace.rules[workspace.account(account).name].capabilities.text
    if text is not None and not rules.fits(text):
        raise QueueingError(f"{account}: the text is too long by {rules.over_by(text)}")
    if title is not None and not rules.title_fits(title):
        raise QueueingError(f"{account} cannot take this title")
    workspace.person(name).edit(delivery_id, text=text, title=title)
    click.echo(f"edited {delivery_id}")


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
@click.option("--posted/--not-posted", required=True, default=None, help="What you saw.")
@click.option("--url", help="Where it stands.")
@as_option
@click.pass_obj
def resolve(session: Session, delivery_id: int, posted: bool, url: str | None, name: str) -> None:
    """Settle a delivery of which nobody knows whether it went out. Look on the network first.

    \b
    Examples:
      crosspromo queue resolve 112 --posted --url https://x.com/…
      crosspromo queue resolve 112 --not-posted
    """
    person = session.workspace.person(name)
    if posted:
        person.resolve_posted(delivery_id, url)
        click.echo(f"{delivery_id} is published")
    else:
        person.resolve_not_posted(delivery_id)
        click.echo(f"{delivery_id} is queued again")
