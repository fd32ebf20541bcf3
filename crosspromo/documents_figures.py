"""Figures and mentions as JSON. Null is what a network does not tell; it is never 0."""

from typing import TYPE_CHECKING, Any

from crosspromo.domain.figures import NAMES

if TYPE_CHECKING:
    from crosspromo.domain.figures import CountedPost, PostFigures
    from crosspromo.domain.mentions import Mention
    from crosspromo.services.account_figures import WhatCameBack


def of_figures(found: "WhatCameBack") -> dict[str, Any]:
    """Followers of an account, and figures of its latest posts, as JSON."""
    followers = found.followers
    return {
        **_of_reading(found),
        "followers": None if followers is None else followers.count,
        "followers_at": None if followers is None else followers.measured_at,
        "posts": [_of_post(each) for each in found.posts],
    }


def of_mentions(found: "WhatCameBack") -> dict[str, Any]:
    """Mentions of an account as JSON."""
    return {**_of_reading(found), "mentions": [_of_mention(each) for each in found.mentions]}


def of_post_figures(counted: "PostFigures") -> dict[str, Any]:
    """Figures of one post as JSON; `measured_at` null: nobody has asked yet."""
    return {
        **{name: getattr(counted.figures, name) for name in NAMES},
        "measured_at": counted.measured_at,
        "gone_at": counted.gone_at,
    }


def _of_reading(found: "WhatCameBack") -> dict[str, Any]:
    state = found.state
    return {
        "account": found.account,
        "network": found.network,
        "tells": found.tells,
        "read_at": None if state is None else state.read_at,
        "fault": None if state is None else state.fault,
    }


def _of_post(post: "CountedPost") -> dict[str, Any]:
    return {
        "post": post.post,
        "delivery": post.counted.delivery,
        "published_at": post.counted.published_at,
        "text": post.text,
        "url": post.url,
        **of_post_figures(post.counted),
    }


def _of_mention(mention: "Mention") -> dict[str, Any]:
    heard = mention.heard
    return {
        "id": mention.number,
        "at": heard.at,
        "kind": heard.kind.value,
        "author": heard.author,
        "partner": mention.partner,
        "url": heard.url,
        "text": heard.text,
        "seen_at": mention.seen_at,
    }
