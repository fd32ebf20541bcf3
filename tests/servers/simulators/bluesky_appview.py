"""A simulator of Bluesky's AppView in front of a real server, which has none behind it.

It answers what the app counts and notifies, and passes everything else on. Each request and each
answer is held against the lexicons, as the models of the atproto package have them: a request that
they do not allow is refused, and an answer that they do not allow is a fault of this simulator.

Believed: a post that was deleted, or is not indexed yet, is left out of `getPosts`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from atproto import models
from atproto.exceptions import ModelError
from atproto_client.models.utils import get_or_create

from crosspromo.testing.conformance import FaultyProxy
from crosspromo.testing.simulator.messages import Answer, Request, json_answer

PREFIX = "/xrpc/"
CID = "bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454"
SOMEBODY = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"
COUNTS = ("likeCount", "repostCount", "replyCount", "quoteCount")
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Notice:
    """Notification: `reason` as in the lexicon, `text` of the post that it tells of."""

    number: int
    reason: str
    handle: str
    text: str
    at: datetime

    @property
    def uri(self) -> str:
        kind = {"repost": "repost", "like": "like", "follow": "follow"}.get(self.reason, "post")
        place = "app.bsky.graph" if kind == "follow" else "app.bsky.feed"
        return f"at://{SOMEBODY}/{place}.{kind}/3kaaaaaaaa{self.number:03d}".replace("0", "a")

    def as_json(self) -> dict[str, Any]:
        kind = self.uri.split("/")[3]
        said = {"text": self.text} if kind == "app.bsky.feed.post" else {}
        return {
            "uri": self.uri,
            "cid": CID,
            "author": {"did": SOMEBODY, "handle": self.handle},
            "reason": self.reason,
            "record": {"$type": kind, "createdAt": _wire(self.at), **said},
            "isRead": False,
            "indexedAt": _wire(self.at),
        }


@dataclass
class Told:
    """What the AppView knows: counts by address, followers, notices, and what is not indexed."""

    counts: dict[str, Mapping[str, int]] = field(default_factory=dict)
    followers: int | None = 12
    notices: list[Notice] = field(default_factory=list)
    not_indexed: set[str] = field(default_factory=set)


class BlueskyNetwork(FaultyProxy):
    """The AppView of one account's network, in front of its server at `upstream`."""

    def __init__(self, upstream: str) -> None:
        super().__init__(upstream)
        self.told = Told()

    def speak(self, reason: str, handle: str, text: str = "") -> Notice:
        """Somebody mentions, answers, quotes, reposts, likes or follows the account now."""
        at = self.now()
        if self.told.notices:
            at = max(at, self.told.notices[-1].at + timedelta(milliseconds=1))
        notice = Notice(len(self.told.notices) + 1, reason, handle, text, at)
        self.told.notices.append(notice)
        return notice

    def is_write(self, request: Request) -> bool:
        return request.method == "POST"

    def answer(self, request: Request) -> Answer:
        method = request.path.removeprefix(PREFIX)
        known: dict[str, tuple[Callable[[Request], Any], Any, Any]] = {
            "app.bsky.feed.getPosts": (
                self._posts,
                models.AppBskyFeedGetPosts.Params,
                models.AppBskyFeedGetPosts.Response,
            ),
            "app.bsky.actor.getProfile": (
                self._profile,
                models.AppBskyActorGetProfile.Params,
                models.AppBskyActorDefs.ProfileViewDetailed,
            ),
            "app.bsky.notification.listNotifications": (
                self._notifications,
                models.AppBskyNotificationListNotifications.Params,
                models.AppBskyNotificationListNotifications.Response,
            ),
        }
        if method not in known:
            return super().answer(request)
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return _refused(401, "AuthMissing", "Authentication Required")
        made, parameters, response = known[method]
        refused = _against(parameters, _given(request))
        if refused is not None:
            return _refused(400, "InvalidRequest", refused)
        document = made(request)
        get_or_create(document, response, strict=True, strict_string_format=True)
        return json_answer(200, document)

    def _posts(self, request: Request) -> dict[str, Any]:
        found = (self._post(uri, request) for uri in request.values("uris"))
        return {"posts": [each for each in found if each is not None]}

    def _post(self, uri: str, request: Request) -> dict[str, Any] | None:
        if uri in self.told.not_indexed:
            return None
        repo, collection, rkey = uri.removeprefix("at://").split("/")
        wanted = (("repo", repo), ("collection", collection), ("rkey", rkey))
        path = f"{PREFIX}com.atproto.repo.getRecord"
        stored = super().answer(Request("GET", path, parameters=wanted))
        if stored.status != 200:
            return None
        record = json.loads(stored.body)
        counts = dict.fromkeys(COUNTS, 0) | dict(self.told.counts.get(uri, {}))
        return {
            "uri": uri,
            "cid": record["cid"],
            "author": {"did": repo, "handle": "ours.test"},
            "record": record["value"],
            "indexedAt": _wire(self.now()),
            **counts,
        }

    def _profile(self, request: Request) -> dict[str, Any]:
        counted = self.told.followers
        known = {} if counted is None else {"followersCount": counted}
        return {"did": request.query["actor"], "handle": "ours.test", **known}

    def _notifications(self, request: Request) -> dict[str, Any]:
        """Newest first; the cursor names the last notification of a page."""
        reasons = request.values("reasons")
        before = int(request.query.get("cursor") or len(self.told.notices) + 1)
        newest_first = [
            each
            for each in reversed(self.told.notices)
            if each.number < before and (not reasons or each.reason in reasons)
        ]
        page = newest_first[: int(request.query.get("limit", "50"))]
        after = {"cursor": str(page[-1].number)} if len(newest_first) > len(page) else {}
        return {"notifications": [each.as_json() for each in page], **after}


def _given(request: Request) -> dict[str, Any]:
    """Parameters of a request in the types of the lexicons, which a query does not show."""
    given: dict[str, Any] = {}
    for name, value in request.parameters:
        if name in {"uris", "reasons"}:
            given.setdefault(name, []).append(value)
        else:
            given[name] = int(value) if name == "limit" and value.isdecimal() else value
    return given


def _against(parameters: Any, given: Mapping[str, Any]) -> str | None:
    """Why the lexicon does not allow these parameters; None where it does."""
    unknown = given.keys() - {each.alias for each in parameters.model_fields.values()}
    if unknown:
        return f"there is no parameter {', '.join(sorted(unknown))}"
    try:
        get_or_create(dict(given), parameters, strict=True, strict_string_format=True)
    except (ModelError, ValueError) as error:
        return str(error)
    return None


def _refused(status: int, name: str, message: str) -> Answer:
    return json_answer(status, {"error": name, "message": message})


def _wire(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
