"""`crosspromo queue`: queue posts, look at them, act on them."""

import click

from crosspromo.cli import queue_acts, queue_posts, queue_views


@click.group("queue")
def command() -> None:
    """Queue posts, look at them, act on them."""


for verb in (
    queue_posts.spotlight,
    queue_posts.event_,
    queue_posts.reshare,
    queue_posts.own,
    queue_posts.notice,
    queue_views.list_,
    queue_views.show,
    queue_views.preview,
    queue_acts.approve,
    queue_acts.edit,
    queue_acts.move,
    queue_acts.cancel,
    queue_acts.delete,
    queue_acts.retry,
    queue_acts.release,
    queue_acts.mark_posted,
    queue_acts.resolve,
):
    command.add_command(verb)
