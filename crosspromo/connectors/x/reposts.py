"""Reposts on X: posts of other accounts, shared unchanged.

X answers a repeated repost as done and changes nothing, so it happens once whatever becomes of an
answer. Apps on self-serve plans may not quote (observed).
"""

from datetime import datetime
from typing import Final

import msgspec
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types

from crosspromo.connectors.base import (
    Absent,
    Content,
    Found,
    LookUp,
    NotRemoved,
    Outcome,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.x.addresses import address, post_id
from crosspromo.connectors.x.errors import is_gone, obstacle_of, outcome_of, sentence_of
from crosspromo.connectors.x.lookup import Post, Reposting
from crosspromo.connectors.x.timeline import Timeline, TimelineRead

PREFIX: Final = "retweets/"
"""Prefix of the remote ids of reposts: a repost has no id but that of its original."""


def remote_id(post: Post) -> str:
    """Remote id that a receipt of this post has."""
    return post.id if post.reposts is None else f"{PREFIX}{post.reposts}"


def refusal(content: Content) -> Rejected | None:
    """Reason why this content cannot be reposted; None where it can."""
    if post_id(content.reshare_of or "") is None:
        return Rejected(f"{content.reshare_of} is not the address of a post on X")
    if content.text:
        return Rejected(
            "X lets apps on its self-serve plans quote nobody; repost it without a text, or let "
            "the text name it"
        )
    return None


class Reposts:
    """Reposts by the account of `timeline`: sends, looks up and undoes them."""

    def __init__(self, client: tweepy.Client, timeline: Timeline) -> None:
        self._client = client
        self._timeline = timeline

    def send(self, source: str) -> Outcome:
        """One POST /2/users/:id/retweets."""
        try:
            path = f"/2/users/{self._timeline.me().id}/retweets"
        except Exception as error:  # noqa: BLE001 (whatever it is, obstacle_of places it)
            return obstacle_of(error)
        try:
            answer = self._client.request("POST", path, json={"tweet_id": source}, user_auth=True)
            done = msgspec.json.decode(answer.content, type=Reposting).data.retweeted
        except Exception as error:  # noqa: BLE001 (whatever it is, outcome_of places it)
            if is_gone(error):
                return Rejected(f"the post to repost, {address(source)}, is not on X any more")
            return outcome_of(error)
        return Sent(_receipt(source)) if done else Unknown("X does not say that it is reposted")

    def look_up(self, source: str, reading: TimelineRead) -> LookUp:
        """Repost of `source` among the posts read from the timeline."""
        for post in reading.posts:
            if post.reposts == source:
                return Found(_receipt(source, post.created_at))
        return Absent() if reading.gap is None else Unclear(reading.gap)

    def undo(self, remote_id: str) -> Removal:
        """One DELETE /2/users/:id/retweets/:source_tweet_id."""
        source = remote_id.removeprefix(PREFIX)
        try:
            path = f"/2/users/{self._timeline.me().id}/retweets/{source}"
            answer = self._client.request("DELETE", path, user_auth=True)
            stands = msgspec.json.decode(answer.content, type=Reposting).data.retweeted
        except Exception as error:  # noqa: BLE001 (as above)
            return Removed() if is_gone(error) else NotRemoved(sentence_of(error))
        return NotRemoved("X says that it is reposted still") if stands else Removed()


def _receipt(source: str, published_at: datetime | None = None) -> Receipt:
    return Receipt(f"{PREFIX}{source}", address(source), published_at)
