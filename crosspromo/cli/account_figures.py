"""`crosspromo account figures` and `mentions`: what came back from an account's network."""

import click

from crosspromo import documents_figures as documents
from crosspromo.cli.completion import ACCOUNT
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.figures import UNKNOWN, of_age, of_count
from crosspromo.phrasing.words import first_words
from crosspromo.services.account_figures import WhatCameBack

LONGEST = 40
"""Characters of a text in a list."""

read_option = click.option(
    "--read", "reads", is_flag=True, help="Ask the network first; else the daemon does, in time."
)


@click.command("figures")
@click.argument("account", shell_complete=ACCOUNT)
@read_option
@json_option
@click.pass_obj
def figures(session: Session, account: str, reads: bool, as_json: bool) -> int:
    """Followers of an account, and likes, reposts and more of its latest posts, with their age.

    n/a: the network does not tell. The daemon asks when a post is an hour old, and then less and
    less often, up to 28 days. 1 when --read fails.

    \b
    Example:
      crosspromo account figures bluesky-main
    """
    service = session.workspace.services.account_figures
    code = _read(session, account) if reads else 0
    found = service.figures(account)
    if as_json:
        emit_json(documents.of_figures(found))
        return code
    now = session.workspace.clock.now()
    _remark(found, "figures")
    followers = found.followers
    if followers is not None:
        age = of_age(followers.measured_at, now)
        click.echo(f"{plural(followers.count, 'follower')}, as of {age}")
    elif found.tells:
        click.echo(f"followers: {UNKNOWN}")
    emit_table(
        ["post", "published", "text", "likes", "reposts", "replies", "quotes", "views", "as of"],
        [
            [
                each.post,
                local(each.counted.published_at, session.zone),
                first_words(each.text, LONGEST),
                *(
                    of_count(count)
                    for count in (
                        each.counted.figures.likes,
                        each.counted.figures.reposts,
                        each.counted.figures.replies,
                        each.counted.figures.quotes,
                        each.counted.figures.views,
                    )
                ),
                of_age(each.counted.measured_at, now)
                + ("; deleted on the network" if each.counted.gone_at is not None else ""),
            ]
            for each in found.posts
        ],
        empty="there are no figures of posts yet",
        spare=("published", "quotes", "views"),
    )
    return code


@click.command("mentions")
@click.argument("account", shell_complete=ACCOUNT)
@read_option
@json_option
@click.pass_obj
def mentions(session: Session, account: str, reads: bool, as_json: bool) -> int:
    """The latest mentions of an account, and replies to its posts, the latest first.

    What a partner said is entered among what was received, too. 1 when --read fails.

    \b
    Example:
      crosspromo account mentions bluesky-main
    """
    service = session.workspace.services.account_figures
    code = _read(session, account) if reads else 0
    found = service.mentions(account)
    if as_json:
        emit_json(documents.of_mentions(found))
        return code
    _remark(found, "mentions")
    emit_table(
        ["at", "kind", "by", "partner", "text", "url"],
        [
            [
                local(each.heard.at, session.zone),
                each.heard.kind.value,
                each.heard.author,
                each.partner,
                first_words(each.heard.text, LONGEST),
                each.heard.url,
            ]
            for each in found.mentions
        ],
        empty="there are no mentions yet",
        spare=("url",),
    )
    return code


def _read(session: Session, account: str) -> int:
    """Ask the network; the exit code. A failure is told on stderr: what is known is shown."""
    reading = session.workspace.services.account_figures.read(account)
    if reading.fault is not None:
        click.echo(f"{account} could not be read: {reading.fault}", err=True)
    return int(reading.fault is not None)


def _remark(found: WhatCameBack, what: str) -> None:
    """Tell why there may be nothing, or nothing new."""
    if not found.tells:
        click.echo(f"{found.network} does not tell {what}")
    elif found.is_unpaid:
        click.echo(
            f"{found.network} charges for reading; to read {what}, give {found.account} a "
            "reading_budget in crosspromo.toml, such as 2.00 (US dollars a month)"
        )
    elif found.state is not None and found.state.fault is not None:
        click.echo(f"the last reading failed: {found.state.fault}")
