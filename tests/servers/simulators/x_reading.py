"""`GET /2/tweets` and `GET /2/users/:id/mentions`: figures of posts, and what others say."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence

from servers.simulators import x_errors
from servers.simulators.x_posts import XPost
from servers.simulators.x_timeline import page_of

from crosspromo.testing.simulator.messages import Answer, json_answer

METRICS = (
    "retweet_count",
    "reply_count",
    "like_count",
    "quote_count",
    "bookmark_count",
    "impression_count",
)
_LOOKUP = ("ids", "expansions", "tweet.fields", "post.fields", "user.fields", "media.fields")
_MOST = 100


def metrics(counted: Mapping[str, int]) -> dict[str, int]:
    """Documented: all of them, also those that are 0, reposts under their new name.

    Observed: the old name of reposts is there, too.
    """
    shown = {name: counted.get(name, 0) for name in METRICS}
    return shown | {"repost_count": shown["retweet_count"]}


def user_id_of(username: str) -> str:
    """A made-up id, always the same for a name."""
    return str(2_000_000 + zlib.crc32(username.encode()) % 1_000_000)


def user(username: str) -> dict[str, object]:
    return {"id": user_id_of(username), "name": username, "username": username}


def lookup(
    query: Mapping[str, str],
    posts: Mapping[str, XPost],
    counted: Mapping[str, Mapping[str, int]],
    author_id: str,
) -> Answer:
    """Posts by id; of each that is not there a problem (documented)."""
    for name in query.keys() - set(_LOOKUP):
        return x_errors.invalid(f"The query parameter [{name}] is not one of [{','.join(_LOOKUP)}]")
    ids = query.get("ids", "").split(",")
    if not 1 <= len(ids) <= _MOST or not all(each.isdecimal() for each in ids):
        return x_errors.invalid(f"The `ids` query parameter value {ids} is not valid")
    fields = _fields(query)
    document: dict[str, object] = {}
    found = [posts[each] for each in ids if each in posts]
    if found:
        document["data"] = [
            _with_metrics(post.as_json(fields, author_id), fields, counted.get(post.id, {}))
            for post in found
        ]
    missing = [each for each in ids if each not in posts]
    if missing:
        document["errors"] = [
            {
                "value": each,
                "detail": f"Could not find tweet with ids: [{each}].",
                "title": "Not Found Error",
                "resource_type": "tweet",
                "parameter": "ids",
                "resource_id": each,
                "type": "https://api.x.com/2/problems/resource-not-found",
            }
            for each in missing
        ]
    return json_answer(200, document)


def mentions(query: Mapping[str, str], newest_first: Sequence[XPost]) -> Answer:
    """The page of mentions that `query` asks for, with their authors."""
    page = page_of(query, newest_first)
    if isinstance(page, Answer):
        return page
    fields = _fields(query)
    document: dict[str, object] = {"meta": page.meta}
    if page.posts:
        document["data"] = [each.as_json(fields, user_id_of(each.author)) for each in page.posts]
        if "author_id" in query.get("expansions", "").split(","):
            names = dict.fromkeys(each.author for each in page.posts)
            document["includes"] = {"users": [user(name) for name in names]}
    return json_answer(200, document)


def _fields(query: Mapping[str, str]) -> set[str]:
    return {*query.get("tweet.fields", "").split(","), *query.get("post.fields", "").split(",")}


def _with_metrics(
    post: dict[str, object], fields: Collection[str], counted: Mapping[str, int]
) -> dict[str, object]:
    return post | ({"public_metrics": metrics(counted)} if "public_metrics" in fields else {})
