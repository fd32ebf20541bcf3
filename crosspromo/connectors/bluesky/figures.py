"""Figures of an account's posts, and its followers, as the AppView counts them.

Our own server passes the calls on to the AppView (lexicons app.bsky.feed.getPosts,
app.bsky.actor.getProfile). Bluesky counts no views.
"""

from collections.abc import Sequence
from typing import Any

from atproto import models

from crosspromo.connectors.base import Figures, Measured, counted
from crosspromo.connectors.bluesky.addresses import POST, record_at
from crosspromo.connectors.bluesky.errors import FAILURES, name_of
from crosspromo.connectors.bluesky.session import BlueskySession


def measure(session: BlueskySession, uris: Sequence[str]) -> Measured:
    """Figures of the posts at these addresses. Raises `errors.FAILURES`.

    The AppView leaves out what it does not know, for whatever reason: only our own server tells
    that a post is gone.
    """
    wanted = [uri for uri in uris if _is_post(uri)]
    if not wanted:
        return Measured({})
    parameters = models.AppBskyFeedGetPosts.Params(uris=wanted)
    answer = session.ask("app.bsky.feed.getPosts", parameters).get("posts")
    if not isinstance(answer, list):
        raise ValueError("the answer has no posts")  # noqa: TRY004 (as other bad JSON)
    told = {uri: _figures(post) for post in answer if (uri := _uri_of(post)) in wanted}
    missing = [uri for uri in wanted if uri not in told]
    return Measured(told, frozenset(uri for uri in missing if _is_gone(session, uri)))


def followers(session: BlueskySession) -> int | None:
    """Number of followers; None where the AppView does not tell. Raises `errors.FAILURES`."""
    parameters = models.AppBskyActorGetProfile.Params(actor=str(session.did))
    return counted(session.ask("app.bsky.actor.getProfile", parameters).get("followersCount"))


def _is_post(uri: str) -> bool:
    record = record_at(uri)
    return record is not None and record.collection == POST


def _uri_of(post: Any) -> str:
    return str(post.get("uri", "")) if isinstance(post, dict) else ""


def _figures(post: dict[str, Any]) -> Figures:
    return Figures(
        likes=counted(post.get("likeCount")),
        reposts=counted(post.get("repostCount")),
        replies=counted(post.get("replyCount")),
        quotes=counted(post.get("quoteCount")),
    )


def _is_gone(session: BlueskySession, uri: str) -> bool:
    record = record_at(uri)
    if record is None:
        return False
    try:
        session.ask(
            "com.atproto.repo.getRecord",
            models.ComAtprotoRepoGetRecord.Params(**record._asdict()),
        )
    except FAILURES as error:
        if name_of(error) == "RecordNotFound":
            return True
        raise
    return False
