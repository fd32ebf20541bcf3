"""`crosspromo queue`: queue posts, look at them, act on them."""

import click

from crosspromo.cli.lazy import LazyGroup

VERBS = {
    "approve": "queue_acts:approve",
    "cancel": "queue_acts:cancel",
    "delete": "queue_acts:delete",
    "edit": "queue_acts:edit",
    "event": "queue_posts:event_",
    "list": "queue_list:list_",
    "mark-posted": "queue_acts:mark_posted",
    "move": "queue_acts:move",
    "notice": "queue_posts:notice",
    "own": "queue_posts:own",
    "preview": "queue_views:preview",
    "release": "queue_acts:release",
    "reshare": "queue_posts:reshare",
    "resolve": "queue_acts:resolve",
    "retry": "queue_acts:retry",
    "show": "queue_views:show",
    "spotlight": "queue_posts:spotlight",
}


@click.group("queue", cls=LazyGroup, places=VERBS)
def command() -> None:
    """Queue posts, look at them, act on them."""
