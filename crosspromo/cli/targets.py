"""Deliveries and posts that a command is for: `ID…` and `--post N`."""

from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any, TypeVar

import click

from crosspromo.cli.completion import delivery_ids, post_ids
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import UsageError
from crosspromo.services.act_on_posts import Targets

Command = TypeVar("Command", bound=Callable[..., object])

HIGHEST_ID = 2**31 - 1
"""Highest id that a database holds; a higher one would be its error, not an unknown id."""

ID = click.IntRange(1, HIGHEST_ID)


def targets(*states: str, held: Collection[str] = ()) -> Callable[[Command], Callable[..., object]]:
    """Add `ID…` and `--post N`; the command takes both as `targets`.

    `states` are those of the deliveries that shell completion offers (none: every state), and
    `held` the codes of their holds.
    """

    def decorate(command: Command) -> Callable[..., object]:
        @wraps(command)
        def with_targets(
            *arguments: Any, delivery_ids: tuple[int, ...], posts: tuple[int, ...], **options: Any
        ) -> object:
            if not delivery_ids and not posts:
                raise UsageError("name what to act on: ID…, or --post N for all accounts of a post")
            return command(*arguments, targets=Targets(delivery_ids, posts), **options)

        named = click.option(
            "--post",
            "posts",
            multiple=True,
            metavar="N",
            type=ID,
            shell_complete=post_ids(*states, held=held),
            help="All deliveries of a post, on whatever account. Repeatable.",
        )(with_targets)
        return click.argument(
            "delivery_ids",
            metavar="ID…",
            type=ID,
            nargs=-1,
            shell_complete=delivery_ids(*states, held=held),
        )(named)

    return decorate


def say_left(left: Sequence[Delivery]) -> None:
    """Print the deliveries of a post to which nothing was done."""
    for delivery in left:
        click.echo(f"{delivery.id} on {delivery.account} is {delivery.state}; left as it is")
