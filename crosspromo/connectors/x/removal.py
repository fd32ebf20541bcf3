"""Deletion on X: a thread from its last part to its root, so that the rest can still be found."""

import msgspec
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types

from crosspromo.connectors.base import NotRemoved, Removal, Removed
from crosspromo.connectors.x.errors import is_gone, sentence_of
from crosspromo.connectors.x.lookup import Deletion
from crosspromo.connectors.x.thread import parts_after
from crosspromo.connectors.x.timeline import Timeline


def remove(client: tweepy.Client, timeline: Timeline, root_id: str) -> Removal:
    """Delete a post; where it is the root of a thread, delete the other parts first.

    A receipt names the root only; the other parts are the posts of the timeline that continue it.
    """
    reading = timeline.after(root_id)
    if reading.gap is not None:
        return NotRemoved(
            f"nothing was deleted: whether it is a thread cannot be told: {reading.gap}"
        )
    ids = [root_id, *parts_after(root_id, reading.posts)]
    for standing in range(len(ids), 0, -1):
        reason = _delete(client, ids[standing - 1])
        if reason is not None:
            of_thread = f"parts 1 to {standing} of {len(ids)} of the thread stand: "
            return NotRemoved(reason if len(ids) == 1 else f"{of_thread}{reason}")
    return Removed()


def _delete(client: tweepy.Client, post_id: str) -> str | None:
    """One DELETE /2/tweets/:id; the reason of a failure, None where the post is gone."""
    try:
        answer = client.request("DELETE", f"/2/tweets/{post_id}", user_auth=True)
        deleted = msgspec.json.decode(answer.content, type=Deletion).data.deleted
    except Exception as error:  # noqa: BLE001 (whatever it is, it has a sentence)
        return None if is_gone(error) else sentence_of(error)
    return None if deleted else "X says that it was not deleted"
