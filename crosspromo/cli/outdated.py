"""Word on posts that wait and say what a partner was before a change."""

from collections.abc import Sequence

import click

from crosspromo.domain.approval import listed
from crosspromo.services.outdated_posts import OutdatedPost

FEW = 12
"""Posts that are named by id; of more, the first ones."""


def say_outdated(outdated: Sequence[OutdatedPost]) -> None:
    """Print on stderr which posts still say old values, and how to change them."""
    if not outdated:
        return
    fields = dict.fromkeys(_named(field) for each in outdated for field in each.fields)
    ids = list(dict.fromkeys(each.delivery for each in outdated))
    posts = "1 post that waits says" if len(ids) == 1 else f"{len(ids)} posts that wait say"
    more = f" (and {len(ids) - FEW} more)" if len(ids) > FEW else ""
    typed = " ".join(map(str, ids[:FEW]))
    click.echo(
        f"{posts} the old {listed(list(fields))}; to change what is said: "
        f"crosspromo queue edit {typed}{more}",
        err=True,
    )


def _named(field: str) -> str:
    """Field of a partner in words."""
    network = field.removeprefix("handles.")
    if field == "tag_ok":
        return "handle"
    return field if network == field else f"{network} handle"
