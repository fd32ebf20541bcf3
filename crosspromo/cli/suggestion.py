"""`crosspromo suggestion list`, `share`, `spotlight`, `dismiss`: what sources suggest."""

from collections.abc import Callable

import click

from crosspromo import documents, documents_sources
from crosspromo.cli.completion import PARTNERS
from crosspromo.cli.given_time import time_or_allowed
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.queue_posts import ALLOW_DUPLICATE, AT, TO, say_all_queued
from crosspromo.cli.session import Session, as_option, dry_run_option, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.sources import Occasion
from crosspromo.phrasing.words import first_words
from crosspromo.services.suggestions import Use

LONGEST = 70
"""Characters of a title in a list."""

WHY = {
    Occasion.SHARE: "they published it",
    Occasion.CONGRATULATE: "it is about them",
    Occasion.ABOUT_US: "it is about us: look at it",
}


@click.group("suggestion")
def command() -> None:
    """What sources suggest: share it, spotlight its partner, or dismiss it."""


@command.command("list")
@click.option("--partner", shell_complete=PARTNERS, help="Only those of one partner.")
@json_option
@click.pass_obj
def list_(session: Session, partner: str | None, as_json: bool) -> None:
    """Open suggestions, the newest first.

    \b
    Examples:
      crosspromo suggestion list
      crosspromo suggestion list --partner river-keepers --json
    """
    found = session.workspace.services.suggestions.list(partner)
    if as_json:
        emit_json({"suggestions": [documents_sources.of_suggestion(each) for each in found]})
        return
    emit_table(
        ["id", "partner", "title", "published", "why", "address"],
        [
            [
                each.number,
                each.partner or "",
                first_words(each.title, LONGEST),
                local(each.published_at, session.zone),
                WHY[each.occasion],
                each.link or "none: spotlight it or dismiss it",
            ]
            for each in found
        ],
        empty="nothing is suggested; add feeds with: crosspromo source add",
        spare=("address",),
    )


def _queueing(command_: Callable[..., None]) -> Callable[..., None]:
    """Decorator: options of the commands that make a post of a suggestion."""
    for_partner = click.option(
        "--partner", shell_complete=PARTNERS, help="Whom it is about, where it does not say."
    )
    argument = click.argument("number", type=int, metavar="ID")
    options = (argument, TO, AT, for_partner, ALLOW_DUPLICATE, as_option, dry_run_option)
    for option in reversed((*options, json_option, click.pass_obj)):
        command_ = option(command_)
    return command_


@command.command("share")
@_queueing
def share(
    session: Session,
    number: int,
    accounts: str | None,
    at: str | None,
    partner: str | None,
    allow_duplicate: str | None,
    name: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Queue a post that shares it, in its own words; on its own network it is reposted.

    \b
    Examples:
      crosspromo suggestion share 12 --to bluesky-main
      crosspromo suggestion share 12 --dry-run
    """
    services = session.workspace.services
    use = _use(session, at, partner, allow_duplicate, name)
    queued = services.suggestions.share(
        number, use, services.accounts.chosen(accounts), dry_run=dry_run
    )
    if as_json:
        emit_json({"deliveries": [documents.of_queued(each, session.zone) for each in queued]})
        return
    say_all_queued(session, queued, dry_run=dry_run)


@command.command("spotlight")
@_queueing
def spotlight(
    session: Session,
    number: int,
    accounts: str | None,
    at: str | None,
    partner: str | None,
    allow_duplicate: str | None,
    name: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Queue a spotlight of its partner, with its words and its address.

    \b
    Example:
      crosspromo suggestion spotlight 12 --to x-main --at "tue 9:00"
    """
    services = session.workspace.services
    use = _use(session, at, partner, allow_duplicate, name)
    queued = services.suggestions.spotlight(
        number, use, services.accounts.chosen(accounts), dry_run=dry_run
    )
    if as_json:
        emit_json({"deliveries": [documents.of_queued(each, session.zone) for each in queued]})
        return
    say_all_queued(session, queued, dry_run=dry_run)


@command.command("dismiss")
@click.argument("number", type=int, metavar="ID")
@click.option("--reason", help="Why; for colleagues who look for it.")
@as_option
@json_option
@click.pass_obj
def dismiss(session: Session, number: int, reason: str | None, name: str, as_json: bool) -> None:
    """List a suggestion no more.

    \b
    Example:
      crosspromo suggestion dismiss 12 --reason "old news"
    """
    suggestion = session.workspace.services.suggestions.dismiss(number, name, reason)
    if as_json:
        emit_json(documents_sources.of_suggestion(suggestion))
        return
    click.echo(f"dismissed suggestion {number}: {first_words(suggestion.title, LONGEST)}")


def _use(
    session: Session,
    at: str | None,
    partner: str | None,
    allow_duplicate: str | None,
    name: str,
) -> Use:
    moment = None if at is None else time_or_allowed(session, at)
    if at is not None and moment is None:
        raise UsageError("--at allowed is for posts about ourselves; write a time")
    return Use(author=name, at=moment, partner=partner, allow_duplicate=allow_duplicate)
