"""`GET /2/users/:id/tweets`: which posts a look-up sees, a page at a time (documented)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from servers.simulators import x_errors
from servers.simulators.x_posts import XPost

from crosspromo.testing.simulator.messages import Answer, json_answer

_PARAMETERS = (
    "id",
    "max_results",
    "pagination_token",
    "exclude",
    "start_time",
    "end_time",
    "since_id",
    "until_id",
    "expansions",
    "tweet.fields",
    "post.fields",
    "media.fields",
    "poll.fields",
    "place.fields",
    "user.fields",
)
_DEFAULT_PAGE = "10"
_PAGE_PREFIX = "7140dibdnow9c7btw"  # observed: page tokens are opaque and look like this


class Page(NamedTuple):
    """Posts of a page, and what X says about it."""

    posts: Sequence[XPost]
    meta: dict[str, object]


def timeline(query: Mapping[str, str], newest_first: Sequence[XPost], user_id: str) -> Answer:
    """The page of `newest_first` that `query` asks for; 400 when it asks wrongly."""
    page = page_of(query, newest_first)
    if isinstance(page, Answer):
        return page
    if not page.posts:
        return json_answer(200, {"meta": page.meta})  # observed: no `data` at all
    fields = {*query.get("tweet.fields", "").split(","), *query.get("post.fields", "").split(",")}
    shown = [post.as_json(fields, user_id) for post in page.posts]
    return json_answer(200, {"data": shown, "meta": page.meta})


def page_of(query: Mapping[str, str], newest_first: Sequence[XPost]) -> Page | Answer:
    """Posts of the page that `query` asks for; 400 when it asks wrongly."""
    for name in query.keys() - set(_PARAMETERS):
        return x_errors.invalid(
            f"The query parameter [{name}] is not one of [{','.join(_PARAMETERS)}]"
        )
    size = query.get("max_results", _DEFAULT_PAGE)
    if not size.isdigit() or not 5 <= int(size) <= 100:
        return x_errors.invalid(
            f"The `max_results` query parameter value [{size}] is not between 5 and 100"
        )
    try:
        matching = [post for post in newest_first if _matches(post, query)]
    except ValueError as error:
        return x_errors.invalid(f"Invalid query parameter: {error}")
    page, rest = matching[: int(size)], matching[int(size) :]
    meta: dict[str, object] = {"result_count": len(page)}
    if not page:
        return Page(page, meta)
    meta |= {"newest_id": page[0].id, "oldest_id": page[-1].id}
    if rest:
        meta["next_token"] = f"{_PAGE_PREFIX}{page[-1].id}"
    return Page(page, meta)


def _matches(post: XPost, query: Mapping[str, str]) -> bool:
    token = query.get("pagination_token")
    if token and int(post.id) >= int(token.removeprefix(_PAGE_PREFIX)):
        return False
    if "start_time" in query and post.created_at < datetime.fromisoformat(query["start_time"]):
        return False
    if "end_time" in query and post.created_at >= datetime.fromisoformat(query["end_time"]):
        return False
    if "since_id" in query and int(post.id) <= int(query["since_id"]):
        return False
    if "until_id" in query and int(post.id) >= int(query["until_id"]):
        return False
    excluded = query.get("exclude", "").split(",")
    return not (
        ("retweets" in excluded and post.repost_of) or ("replies" in excluded and post.reply_to)
    )
