"""A simulator of X's API v2, as far as a publisher needs it.

Routes and shapes follow the OpenAPI document of version 2.167; what that leaves out says at its
place whether it was observed on the real network or is only believed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from servers.simulators import x_errors, x_reading
from servers.simulators.oauth1 import Credentials, is_signed
from servers.simulators.x_draft import Draft, DraftError, read_draft
from servers.simulators.x_media import MediaLibrary
from servers.simulators.x_posts import LIMIT, XPost, same_text, snowflake, wire_time
from servers.simulators.x_text import normalised
from servers.simulators.x_timeline import timeline

from crosspromo.domain.clock import Clock
from crosspromo.testing.simulator.faults import Fault, FaultKind
from crosspromo.testing.simulator.limits import Allowance, RateLimit, RateStanding
from crosspromo.testing.simulator.messages import Answer, Request, json_answer
from crosspromo.testing.simulator.server import Simulator
from crosspromo.text.rules import X as X_RULES

CREDENTIALS = Credentials(
    consumer_key="x-consumer-key",
    consumer_secret="x-consumer-secret",
    access_token="1001-x-access-token",
    access_token_secret="x-access-token-secret",
)
SIGNED_HOSTS = ("https://api.twitter.com", "https://api.x.com")
NOTE_LIMIT = 25_000  # documented: long posts of premium accounts

_QUARTER = 900.0
LIMITS: Mapping[str, RateLimit] = {
    # documented: "Rate limits", per user
    "POST /2/tweets": RateLimit(100, _QUARTER),
    "DELETE /2/tweets/:id": RateLimit(50, _QUARTER),
    "GET /2/users/me": RateLimit(75, _QUARTER),
    "GET /2/users/:id/tweets": RateLimit(900, _QUARTER),
    "GET /2/users/:id/mentions": RateLimit(300, _QUARTER),
    "GET /2/tweets": RateLimit(5_000, _QUARTER),
    "POST /2/users/:id/retweets": RateLimit(50, _QUARTER),
    "DELETE /2/users/:id/retweets/:id": RateLimit(50, _QUARTER),
}
_OTHER_LIMIT = RateLimit(500, _QUARTER)

_NUMBER = re.compile(r"(?<=\w/)\d+(?=/|$)")


class XSimulator(Simulator):
    """One account on X and the network around it.

    `measure` gives a text's weighted length (our own count of it when left out). `premium` accounts
    post up to 25,000, shown as a note. `self_serve`: quotes of and replies to others are refused,
    as they are for apps on the self-serve plans since 2026 (observed).
    """

    def __init__(
        self,
        *,
        port: int = 0,
        clock: Clock | None = None,
        credentials: Credentials = CREDENTIALS,
        username: str = "crosspromo",
        user_id: str = "1001",
        limits: Mapping[str, RateLimit] | None = None,
        measure: Callable[[str], int] = X_RULES.length,
        premium: bool = False,
        self_serve: bool = True,
    ) -> None:
        super().__init__(port=port, clock=clock)
        self.credentials = credentials
        self.username = username
        self.user_id = user_id
        self.media = MediaLibrary(first_id=int(user_id) * 1_000_000, now=self.now)
        self._limits = {**LIMITS, **(limits or {})}
        self._allowances: dict[str, Allowance] = {}
        self._measure = measure
        self._longest = NOTE_LIMIT if premium else LIMIT
        self._self_serve = self_serve
        self._own: dict[str, XPost] = {}
        self._others: dict[str, XPost] = {}
        self._said: list[XPost] = []
        self.counted: dict[str, dict[str, int]] = {}
        """What is counted of posts, by id, under the names of `public_metrics`."""
        self.followers = 12
        self._last_id = "0"

    @property
    def posts(self) -> tuple[XPost, ...]:
        with self._lock:
            return tuple(self._own.values())

    def publish_elsewhere(self, author: str, text: str, title: str = "") -> str:
        """A post by somebody else, to repost or quote. X has no titles: one is left out."""
        del title
        with self._lock:
            post = XPost(self._new_id(), author, normalised(text), self.now())
            self._others[post.id] = post
            return post.id

    def speak(
        self, author: str, text: str, *, reply_to: str | None = None, quote_of: str | None = None
    ) -> XPost:
        """Somebody mentions the account, answers one of its posts or quotes it, now."""
        with self._lock:
            post = XPost(
                self._new_id(), author, text, self.now(), reply_to=reply_to, quote_of=quote_of
            )
            self._said.append(post)
            return post

    def is_write(self, request: Request) -> bool:
        return request.method != "GET"

    def landing(self) -> object:
        return {"data": {"id": "1", "text": "moved", "edit_history_tweet_ids": ["1"]}}

    def answer(self, request: Request) -> Answer:
        name = f"{request.method} {_NUMBER.sub(':id', request.path)}"
        hosts = (*SIGNED_HOSTS, self.url)
        if request.headers.get("authorization", "").startswith("Bearer "):
            return x_errors.app_only()
        if not is_signed(request, self.credentials, hosts):
            return x_errors.plain(401)
        limit = self._limits.get(name, _OTHER_LIMIT)
        standing = self._allowances.setdefault(name, Allowance(limit)).take(self.now())
        headers = _rate_headers(standing)
        if not standing.allowed:
            return x_errors.plain(429).with_headers(headers)
        ids = _NUMBER.findall(request.path)
        return self._routed(name, request, ids).with_headers(headers)

    def _routed(self, name: str, request: Request, ids: list[str]) -> Answer:
        match name:
            case "POST /2/tweets":
                return self._create(request)
            case "DELETE /2/tweets/:id":
                return self._delete(ids[0])
            case "POST /2/users/:id/retweets":
                return self._repost(request, ids[0])
            case "DELETE /2/users/:id/retweets/:id":
                return self._undo_repost(ids[1])
            case "GET /2/users/me":
                return self._me(request)
            case "GET /2/tweets":
                return x_reading.lookup(request.query, self._own, self.counted, self.user_id)
            case "GET /2/users/:id/mentions":
                return self._mentions(request, ids[0])
            case "GET /2/users/:id/tweets":
                return self._timeline(request, ids[0])
            case _ if "/2/media/" in name:
                return self.media.answer(name, request, ids)
            case _:
                return x_errors.plain(404)

    def refusal(self, fault: Fault) -> Answer:
        match fault.kind:
            case FaultKind.RATE_LIMITED | FaultKind.TOO_SOON:
                return x_errors.plain(429).with_headers(_reset_headers(self.now(), fault.seconds))
            case FaultKind.OUT_OF_CREDITS:
                return x_errors.out_of_credits()
            case FaultKind.SUSPENDED:
                return x_errors.suspended()
            case _:
                return x_errors.plain(int(fault.kind))

    def _create(self, request: Request) -> Answer:
        """POST /2/tweets"""
        try:
            draft = read_draft(request.json())
        except DraftError as error:
            return x_errors.invalid(str(error))
        keys = self.media.keys_of(list(draft.media_ids))
        if keys is None:
            return x_errors.invalid("Your media IDs are invalid.")  # observed
        refused = self._refused(draft)
        if refused is not None:
            return refused
        post = XPost(
            id=self._new_id(),
            author=self.username,
            text=draft.text,
            created_at=self.now(),
            media_keys=keys,
            reply_to=draft.reply_to,
            conversation=self._conversation(draft.reply_to),
            quote_of=draft.quote_of,
            made_with_ai=draft.made_with_ai,
            paid_partnership=draft.paid_partnership,
        )
        if self._measure(draft.text) > LIMIT:
            post = replace(post, note_cut_at=_cut(draft.text))
        self._own[post.id] = post
        return json_answer(201, {"data": post.as_json((), self.user_id)})

    def _conversation(self, reply_to: str | None) -> str | None:
        """The root of the conversation that a reply joins; None for a root."""
        joined = self._own.get(reply_to or "")
        return joined.conversation or joined.id if joined else reply_to

    def _refused(self, draft: Draft) -> Answer | None:
        if self._measure(draft.text) > self._longest:
            return x_errors.too_long()
        if draft.text and same_text(draft.text, self._own.values()):
            return x_errors.duplicate()
        for other, refused in (
            (draft.reply_to, x_errors.reply_refused),
            (draft.quote_of, x_errors.quote_refused),
        ):
            if other is None or other in self._own:
                continue
            if other not in self._others:
                return x_errors.not_found("post", other)
            if self._self_serve:
                return refused()
        return None

    def _delete(self, post_id: str) -> Answer:
        """DELETE /2/tweets/:id; deleting what is gone already succeeds as well (believed)."""
        if post_id in self._others:
            return x_errors.plain(403, "You are not authorized to delete this Tweet.")
        self._own.pop(post_id, None)
        return json_answer(200, {"data": {"deleted": True}})

    def _repost(self, request: Request, user_id: str) -> Answer:
        """POST /2/users/:id/retweets; a second one succeeds and changes nothing (believed)."""
        body = request.json()
        target = str(body.get("tweet_id")) if isinstance(body, dict) else ""
        if user_id != self.user_id:
            return x_errors.invalid("The `id` query parameter value is not the authenticating user")
        original = self._own.get(target) or self._others.get(target)
        if original is None:
            return x_errors.not_found("post", target)
        if all(post.repost_of != target for post in self._own.values()):
            text = f"RT @{original.author}: {original.text}"
            post = XPost(self._new_id(), self.username, text, self.now(), repost_of=target)
            self._own[post.id] = post
        return json_answer(200, {"data": {"retweeted": True, "rest_id": target}})

    def _undo_repost(self, original_id: str) -> Answer:
        """DELETE /2/users/:id/retweets/:source_tweet_id"""
        for post in self.posts:
            if post.repost_of == original_id:
                del self._own[post.id]
        return json_answer(200, {"data": {"retweeted": False}})

    def _me(self, request: Request) -> Answer:
        """GET /2/users/me"""
        known = {
            "created_at": wire_time(self.now() - timedelta(days=365)),
            "verified": False,
            "protected": False,
            "public_metrics": {
                "followers_count": self.followers,
                "following_count": 1,
                "tweet_count": len(self._own),
                "post_count": len(self._own),
                "listed_count": 0,
                "like_count": 0,
                "media_count": 0,
            },
        }
        fields = request.query.get("user.fields", "").split(",")
        extras = {name: value for name, value in known.items() if name in fields}
        own = {"id": self.user_id, "name": self.username, "username": self.username}
        return json_answer(200, {"data": {**own, **extras}})

    def _timeline(self, request: Request, user_id: str) -> Answer:
        """GET /2/users/:id/tweets"""
        if user_id != self.user_id:
            return x_errors.not_found("user", user_id)
        newest_first = list(reversed(self._own.values()))
        hidden = self.faults.staleness(request.path)
        return timeline(request.query, newest_first[hidden:], self.user_id)

    def _mentions(self, request: Request, user_id: str) -> Answer:
        """GET /2/users/:id/mentions"""
        if user_id != self.user_id:
            return x_errors.not_found("user", user_id)
        return x_reading.mentions(request.query, self._said[::-1])

    def _new_id(self) -> str:
        self._last_id = snowflake(self.now(), self._last_id)
        return self._last_id


def _rate_headers(standing: RateStanding) -> dict[str, str]:
    """Documented: x-rate-limit-reset is in epoch seconds."""
    return {
        "x-rate-limit-limit": str(standing.limit),
        "x-rate-limit-remaining": str(standing.remaining),
        "x-rate-limit-reset": str(int(standing.resets_at.timestamp())),
    }


def _reset_headers(now: datetime, seconds: float) -> dict[str, str]:
    resets_at = now + timedelta(seconds=seconds)
    spent = LIMITS["POST /2/tweets"].requests
    return _rate_headers(RateStanding(allowed=False, limit=spent, used=spent, resets_at=resets_at))


def _cut(text: str) -> int:
    """Where the beginning that is shown of a note ends: before a word, near 250 (believed)."""
    space = text.rfind(" ", 0, 250)
    return space if space > 0 else 250
