"""Options for the record of a partner, of `crosspromo partner add` and `edit`."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from crosspromo.cli.targets import HIGHEST_ID
from crosspromo.domain.errors import UsageError
from crosspromo.services.partner_fields import CHOICES

Command = TypeVar("Command", bound=Callable[..., object])

DEFAULT = "default"
"""Word for the cadence of the closeness, in place of an own one."""

COUNT = click.IntRange(0, HIGHEST_ID)


def _choice(option: str, field: str, help_: str, **more: Any) -> Callable[[Command], Command]:
    """Option for a field with a few choices, which the service checks; the shell completes them."""

    def complete(
        _context: click.Context, _parameter: click.Parameter, typed: str
    ) -> list[click.shell_completion.CompletionItem]:
        items = CHOICES[field]
        return [click.shell_completion.CompletionItem(each) for each in items if typed in each]

    words = "|".join(CHOICES[field])
    return click.option(option, field, metavar=words, help=help_, shell_complete=complete, **more)


_OPTIONS = (
    _choice("--kind", "kind", "What they are."),
    _choice("--list", "list", "The few you keep up with first of all, or the others."),
    _choice("--closeness", "closeness", "Shared every 30, 90 or 365 days."),
    click.option("--cadence", metavar="DAYS", help=f'Their own days; "{DEFAULT}" for none.'),
    _choice("--tier", "tier", "What they can do."),
    _choice("--support", "support", "How they stand to what you do."),
    click.option("--owner", help="Who among you keeps up with them."),
    click.option("--status", help="Legal status: c3, c4, 527, candidate."),
    _choice("--goal", "goals", "Why you know them. Repeatable.", multiple=True),
    click.option("--language", "languages", multiple=True, help="Repeatable."),
    click.option("--need", "needs", multiple=True, help="What they look for. Repeatable."),
    click.option("--offer", "offers", multiple=True, help="What they can give. Repeatable."),
    click.option("--most-posts", type=COUNT, help="Agreed limit; 0 for none."),
    click.option("--within", "most_posts_days", type=COUNT, help="Days of that limit."),
    click.option("--notice-hours", type=COUNT, help="Hours they want to know of a post before."),
)


def record_options(command: Command) -> Callable[..., object]:
    """Add the options; the command takes as `record` the fields that were given, by name."""

    @wraps(command)
    def with_record(*arguments: Any, **options: Any) -> object:
        record = {name: options.pop(name) for name in FIELDS}
        record["cadence_days"] = _cadence(record.pop("cadence"))
        given = {name: value for name, value in record.items() if value not in (None, ())}
        return command(*arguments, record=given, **options)

    decorated: Callable[..., object] = with_record
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


FIELDS = (
    *("kind", "list", "closeness", "cadence", "tier", "support", "owner", "status", "goals"),
    *("languages", "needs", "offers", "most_posts", "most_posts_days", "notice_hours"),
)


def _cadence(text: str | None) -> int | None:
    """Days of a cadence; 0 for the word DEFAULT. UsageError for another text."""
    if text is None:
        return None
    if text.strip().lower() == DEFAULT:
        return 0
    if not text.strip().isdecimal() or len(text) > 6:
        raise UsageError(f'--cadence "{text[:60]}": write a number of days, or {DEFAULT}')
    return int(text)
