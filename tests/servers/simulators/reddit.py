"""A simulator of Reddit's API, as far as a publisher needs it.

Shapes follow recorded answers; each rule says at its place whether it is recorded, documented,
observed or only believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from servers.simulators import reddit_rules as rules
from servers.simulators.reddit_media import (
    BUCKET,
    ImageShelf,
    RedditImage,
    read_rich_text,
)
from servers.simulators.reddit_refusals import plain, rate_headers, unauthorized
from servers.simulators.reddit_things import (
    SITE,
    RedditComment,
    RedditPost,
    Subreddit,
    base36,
    comment,
    community,
    listing,
    submission,
)
from servers.simulators.reddit_tokens import RedditCredentials, TokenOffice

from crosspromo.domain.clock import Clock
from crosspromo.testing.simulator.faults import Fault, FaultKind
from crosspromo.testing.simulator.limits import Allowance, RateLimit
from crosspromo.testing.simulator.messages import Answer, Request, json_answer
from crosspromo.testing.simulator.server import Simulator

CREDENTIALS = RedditCredentials(
    client_id="reddit-client-id",
    client_secret="reddit-client-secret",
    username="crosspromo",
    password="reddit-password",
    refresh_token="reddit-refresh-token",
)
SUBREDDITS = (Subreddit("rivervalley"), Subreddit("test"))

# Documented: about 100 requests a minute, averaged over ten. The recordings come from the middle
# of such a window; at the beginning of one prawcore would pause before every request.
LIMIT = RateLimit(1000, 259)

_TOKEN_PATH = "/api/v1/access_token"
_WRITES = {"/api/submit", "/api/del"}
_FIRST_ID = 36**5
_DEFAULT_PAGE = 25
_LARGEST_PAGE = 100


class RedditSimulator(Simulator):
    """One account on Reddit and the communities it posts to.

    `posting_limit` makes Reddit answer RATELIMIT to more submissions than that. With
    `rotate_refresh_tokens` a refresh token works once and brings the next one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        clock: Clock | None = None,
        credentials: RedditCredentials = CREDENTIALS,
        subreddits: Iterable[Subreddit] = SUBREDDITS,
        limit: RateLimit = LIMIT,
        posting_limit: RateLimit | None = None,
        rotate_refresh_tokens: bool = False,
    ) -> None:
        super().__init__(port=port, clock=clock)
        self.username = credentials.username
        self.tokens = TokenOffice(credentials, rotate=rotate_refresh_tokens)
        self._subreddits = {subreddit.name.lower(): subreddit for subreddit in subreddits}
        self._allowance = Allowance(limit)
        self._posting = Allowance(posting_limit) if posting_limit else None
        self.images = ImageShelf()
        self._all: dict[str, RedditPost] = {}
        self._said: list[RedditComment] = []
        self.counted: dict[str, dict[str, int]] = {}
        """What is counted of posts, by fullname, under Reddit's own names."""

    @property
    def posts(self) -> tuple[RedditPost, ...]:
        with self._lock:
            return tuple(post for post in self._all.values() if self._is_ours(post))

    def expire_tokens(self) -> None:
        """Every access token handed out so far is refused from now on."""
        with self._lock:
            self.tokens.revoke_all()

    def publish_elsewhere(self, author: str, text: str, title: str = "") -> str:
        """A text post by somebody else, to crosspost: it lies in the first community."""
        with self._lock:
            place = next(iter(self._subreddits.values()))
            return self._add(author, place, {"kind": "self", "title": title, "text": text}).id

    def speak(self, author: str, text: str, *, on: str | None = None) -> RedditComment:
        """Somebody names the account in a comment, or answers its post `on`, now."""
        with self._lock:
            number = base36(_FIRST_ID + len(self._said))
            said = RedditComment(number, author, text, self.now(), on or "zz", on is not None)
            self._said.append(said)
            return said

    def is_write(self, request: Request) -> bool:
        return request.method != "GET" and request.path.rstrip("/") in _WRITES

    def landing(self) -> object:
        return {"json": {"errors": [], "data": {"url": SITE, "id": "1", "name": "t3_1"}}}

    def answer(self, request: Request) -> Answer:
        path = request.path.rstrip("/").removesuffix(".json")
        if (request.method, path) == ("POST", _TOKEN_PATH):
            return self.tokens.issue(request)
        if (request.method, path) == ("POST", BUCKET):
            return self.images.take(request)
        if not self.tokens.is_good(request.headers.get("authorization", "")):
            return unauthorized()
        standing = self._allowance.take(self.now())
        headers = rate_headers(standing.remaining, standing.used, standing.seconds_left(self.now()))
        if not standing.allowed:
            return plain(429).with_headers(headers)
        host = self.url.removeprefix("http://")
        answer = self.images.answer(request, path, host) or self._routed(request, path)
        return answer.with_headers(headers)

    def refusal(self, fault: Fault) -> Answer:
        match fault.kind:
            case FaultKind.TOO_SOON:
                return rules.too_soon(fault.seconds)
            case FaultKind.RATE_LIMITED:
                return plain(429).with_headers(rate_headers(0, 1000, int(fault.seconds)))
            case FaultKind.UNAUTHORIZED:
                return unauthorized()
            case _:
                return plain(int(fault.kind))

    def _routed(self, request: Request, path: str) -> Answer:
        match request.method, path.strip("/").split("/"):
            case "POST", ["api", "submit"]:
                return self._submit(request.form())
            case "POST", ["api", "del"]:
                return self._delete(request.form().get("id", ""))
            case "GET", ["api", "v1", "me"]:
                return json_answer(200, self._me())
            case "GET", ["api", "v1", name, "post_requirements"]:
                return self._post_requirements(name)
            case "GET", ["api", "info"] | ["by_id", _]:
                return self._things(request.query.get("id") or path.rpartition("/")[2])
            case "GET", ["comments", post_id]:
                return self._comments(post_id)
            case "GET", ["message", "mentions" | "selfreply" as name]:
                return self._inbox(request, replies=name == "selfreply")
            case "GET", ["r", name, "about"]:
                return self._about(name)
            case "GET", ["user", name, "submitted"]:
                return self._submitted(name, request)
            case _:
                return plain(404)

    def _submit(self, form: Mapping[str, str]) -> Answer:
        """POST /api/submit: self, link and crosspost.

        Nothing here looks for duplicates: `resubmit=False` no longer makes Reddit do so (observed).
        """
        subreddit = self._subreddits.get(form.get("sr", "").lower())
        images: tuple[RedditImage, ...] = ()
        if "richtext_json" in form:
            text, images = read_rich_text(form["richtext_json"])
            form = {**form, "text": text}
        refused = rules.faults_of(form, subreddit)
        if refused is not None or subreddit is None:
            return refused or plain(500)
        parent = None
        if form.get("kind") == "crosspost":
            parent = self._all.get(form.get("crosspost_fullname", "").removeprefix("t3_"))
            if parent is None or parent.deleted or not subreddit.subscribed:
                return rules.errors(  # believed: the sentence
                    (
                        "INVALID_CROSSPOST_THING",
                        "that post can't be crossposted",
                        "crosspost_fullname",
                    )
                )
        if not self.images.knows(images):
            return rules.errors(("INVALID_MEDIA", "we can't find that image", "richtext_json"))
        if self._posting is not None:
            standing = self._posting.take(self.now())
            if not standing.allowed:
                return rules.too_soon(standing.seconds_left(self.now()))
        post = self._add(self.username, subreddit, form, parent, images)
        where = {"url": f"{SITE}{post.permalink}", "id": post.id, "name": post.fullname}
        return json_answer(200, {"json": {"errors": [], "data": where}})

    def _add(
        self,
        author: str,
        subreddit: Subreddit,
        form: Mapping[str, str],
        parent: RedditPost | None = None,
        images: tuple[RedditImage, ...] = (),
    ) -> RedditPost:
        post = RedditPost(
            id=base36(_FIRST_ID + len(self._all)),
            author=author,
            subreddit=subreddit,
            kind=form.get("kind", "self"),
            title=form.get("title", "").strip(),
            text=form.get("text", ""),
            url=form.get("url", ""),
            created_at=self.now(),
            nsfw=form.get("nsfw") == "True",
            spoiler=form.get("spoiler") == "True",
            parent=parent,
            images=images,
        )
        self._all[post.id] = post
        return post

    def _delete(self, fullname: str) -> Answer:
        """POST /api/del: an empty object, also for what is gone already (observed)."""
        post = self._all.get(fullname.removeprefix("t3_"))
        if post is not None and self._is_ours(post):
            self._all[post.id] = replace(post, deleted=True)
        return json_answer(200, {})

    def _me(self) -> dict[str, object]:
        """GET /api/v1/me (believed: the part of its keys that clients read)"""
        return {
            "id": base36(sum(self.username.encode())),
            "name": self.username,
            "created_utc": 1458545896.0,
            "comment_karma": 1,
            "link_karma": 1,
            "has_verified_email": True,
            "is_suspended": False,
            "over_18": False,
        }

    def _about(self, name: str) -> Answer:
        """GET /r/NAME/about; one that does not exist redirects to the search (observed)."""
        subreddit = self._subreddits.get(name.lower())
        if subreddit is None:
            return Answer(302, b"", {"location": f"{self.url}/subreddits/search?q={name}"})
        return json_answer(200, community(subreddit))

    def _post_requirements(self, name: str) -> Answer:
        """GET /api/v1/NAME/post_requirements (documented: the API reference)"""
        subreddit = self._subreddits.get(name.lower())
        if subreddit is None:
            return plain(404)
        return json_answer(
            200,
            {
                "title_text_max_length": rules.TITLE_LIMIT,
                "title_text_min_length": None,
                "title_required_strings": [],
                "title_blacklisted_strings": list(subreddit.forbidden_title_words),
                "body_restriction_policy": "none",
                "domain_blacklist": [],
                "is_flair_required": False,
            },
        )

    def _things(self, fullnames: str) -> Answer:
        """GET /api/info and /by_id: posts by their names, deleted ones too, marked so."""
        wanted = (self._all.get(name.removeprefix("t3_")) for name in fullnames.split(","))
        found = [submission(p, self.counted.get(p.fullname, {})) for p in wanted if p]
        return json_answer(200, listing(found, None))

    def _inbox(self, request: Request, *, replies: bool) -> Answer:
        """GET /message/mentions and /message/selfreply, newest first (documented)."""
        said = [each for each in reversed(self._said) if each.is_reply == replies]
        names = [each.fullname for each in said]
        after = request.query.get("after", "")
        first = names.index(after) + 1 if after in names else 0
        wanted = request.query.get("limit", "")
        size = min(int(wanted), _LARGEST_PAGE) if wanted.isdigit() else _DEFAULT_PAGE
        page, rest = said[first : first + size], said[first + size :]
        last = page[-1].fullname if page and rest else None
        return json_answer(200, listing([comment(each) for each in page], last))

    def _comments(self, post_id: str) -> Answer:
        """GET /comments/ID: the post, and no comments (recorded)."""
        post = self._all.get(post_id)
        if post is None:
            return plain(404)
        return json_answer(200, [listing([submission(post)], None), listing([], None)])

    def _submitted(self, name: str, request: Request) -> Answer:
        """GET /user/NAME/submitted, newest first (documented: `after`, `limit` up to 100)."""
        authors = {post.author.lower() for post in self._all.values()} | {self.username.lower()}
        if name.lower() not in authors:
            return plain(404)
        theirs = [
            post
            for post in reversed(self._all.values())
            if post.author.lower() == name.lower() and not post.deleted
        ]
        theirs = theirs[self.faults.staleness(request.path) :]
        after = request.query.get("after", "").removeprefix("t3_")
        ids = [post.id for post in theirs]
        first = ids.index(after) + 1 if after in ids else 0
        wanted = request.query.get("limit", "")
        size = min(int(wanted), _LARGEST_PAGE) if wanted.isdigit() else _DEFAULT_PAGE
        page, rest = theirs[first : first + size], theirs[first + size :]
        last = page[-1].fullname if page and rest else None
        return json_answer(200, listing([submission(post) for post in page], last))

    def _is_ours(self, post: RedditPost) -> bool:
        return post.author == self.username and not post.deleted
