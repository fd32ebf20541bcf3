"""Reddit account in one community: sends, look-ups and deletion."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

from crosspromo.connectors import images
from crosspromo.connectors.base import (
    AccountError,
    AccountSetup,
    Content,
    HeardPage,
    Json,
    LookUp,
    Measured,
    NotRead,
    NotRemoved,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    Unknown,
    write_payload,
)
from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.connectors.reddit import reading
from crosspromo.connectors.reddit.addresses import fullname_of
from crosspromo.connectors.reddit.crossposts import original_at
from crosspromo.connectors.reddit.errors import UnfitError, outcome_of, refusal_of
from crosspromo.connectors.reddit.lookup import MOST_READ, search
from crosspromo.connectors.reddit.payloads import (
    CrosspostPayload,
    SelfPostPayload,
    payload_of,
)
from crosspromo.connectors.reddit.pictures import rich_text, upload
from crosspromo.connectors.reddit.session import RedditSession, session_with_deadlines
from crosspromo.connectors.reddit.uploads import ImageStore
from crosspromo.domain.clock import Clock
from crosspromo.text.rules import REDDIT

if TYPE_CHECKING:
    import praw

T = TypeVar("T")

MOST_KEPT: Final = 8
"""Most contents of one account between `ready` and the end of their look-ups."""


class RedditAccount:
    """Account in one community. See `Connector`."""

    def __init__(self, setup: AccountSetup, subreddit: str, clock: Clock) -> None:
        self._name = setup.name
        self._subreddit = subreddit
        self._clock = clock
        self._workspace = setup.workspace
        self._server = setup.server
        self._network_clock = NetworkClock(clock)
        self._session = RedditSession(setup, clock, self._network_clock)
        self._username = setup.credentials.get("username")
        self._gathered: dict[str, Mapping[str, Json]] = {}

    @property
    def clock_offset(self) -> timedelta | None:
        """Time that Reddit's clock is ahead of ours; None before the first answer."""
        return self._network_clock.offset

    @property
    def identity(self) -> str | None:
        """The account's name, and its community."""
        if self._username is None:
            return None
        place = "" if self._server is None else f" at {self._server}"
        name = self._username.strip().removeprefix("/").removeprefix("u/")
        return f"u/{name} in r/{self._subreddit}".casefold() + place

    def ready(self, content: Content) -> NotSent | Rejected | None:
        """Sign in; upload the images; read the title of the original of a crosspost."""
        if content.native and (content.images or content.text.strip()):
            return Rejected("a crosspost takes a title, and neither text nor images", "not-bare")
        if not content.native and not (content.title or "").strip():
            return Rejected("a post on Reddit needs a title", "no-title")
        blocked_until = self._session.guard.blocked_until()
        if blocked_until is not None:
            return NotSent("Reddit's rate limit is used up", blocked_until)
        try:
            reddit = self._session.sign_in()
            if self._username is None:
                self._username = str(reddit.user.me())
            token = content.fingerprint(self._name)
            if token not in self._gathered:
                self._remember(token, self._gather(reddit, content))
        except UnfitError as unfit:
            return Rejected(str(unfit), unfit.code)
        except Exception as error:  # noqa: BLE001 (whatever it is, nothing was posted)
            return self._obstacle(error)
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        """Exact send: community, title and text, or values gathered by `ready` for this content."""
        token = content.fingerprint(self._name)
        title = (content.title or "").strip()
        payload: SelfPostPayload | CrosspostPayload
        if content.native:
            payload = CrosspostPayload(self._subreddit, title, crosspost_of="")
        elif content.images:
            payload = SelfPostPayload(self._subreddit, title, _markdown(content), [], rich_text="")
        else:
            payload = SelfPostPayload(self._subreddit, title, _markdown(content))
        return Prepared(token, {**write_payload(payload), **self._gathered.get(token, {})})

    def send(self, prepared: Prepared) -> Outcome:
        reddit = self._session.signed_in()
        if reddit is None:
            return NotSent("the access token has ended; we sign in before the next try")
        payload = payload_of(prepared)
        if not payload.is_gathered:
            return NotSent("what it needs of Reddit has not been asked; we ask before the next try")
        try:
            answer = reddit.request(method="POST", path="api/submit", data=_form(payload))
            outcome = self._read(answer["json"])
        except Exception as error:  # noqa: BLE001 (what we do not know proves nothing: Unknown)
            outcome = outcome_of(error, self._subreddit, self._clock.now())
        if isinstance(outcome, Rejected):
            self._gathered.pop(prepared.token, None)  # perhaps Reddit did not like that
        return outcome

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        return self._search(lambda _: payload_of(prepared), attempted_at)

    def find(self, content: Content, since: datetime, known: Collection[str] = ()) -> LookUp:
        """Look-up in the own history by title and text, or by the original of a crosspost."""
        return self._search(lambda reddit: self._sought(reddit, content), since, known)

    def _sought(
        self, reddit: "praw.Reddit", content: Content
    ) -> SelfPostPayload | CrosspostPayload:
        """Payload as far as a post is known by it; uploads have names that nobody knows."""
        title = (content.title or "").strip()
        if content.native:
            original = original_at(reddit, content.reshare_of or "")
            return CrosspostPayload(self._subreddit, title, crosspost_of=original.fullname)
        images: list[str] | None = [] if content.images else None
        return SelfPostPayload(self._subreddit, title, _markdown(content), images)

    def _search(
        self,
        sought: "Callable[[praw.Reddit], SelfPostPayload | CrosspostPayload]",
        since: datetime,
        known: Collection[str] = (),
    ) -> LookUp:
        try:
            reddit = self._session.sign_in()
            payload = sought(reddit)
            listing = reddit.redditor(str(reddit.user.me())).submissions.new(limit=MOST_READ)
            return search(listing, payload, self._network_clock, since, known)
        except UnfitError as unfit:
            return Unclear(str(unfit))
        except Exception as error:  # noqa: BLE001 (a look-up that failed shows no absence)
            return Unclear(self._obstacle(error).reason)

    def measure(self, remote_ids: Sequence[str]) -> Measured | NotRead:
        return self._asked(lambda reddit: reading.measure(reddit, remote_ids))

    def followers(self) -> int | NotRead | None:
        """None: Reddit does not tell how many people follow an account."""
        return None

    def listen(self, cursor: str | None, most: int) -> HeardPage | NotRead:
        return self._asked(lambda reddit: reading.listen(reddit, self._network_clock, cursor, most))

    def _asked(self, read: "Callable[[praw.Reddit], T]") -> T | NotRead:
        blocked_until = self._session.guard.blocked_until()
        if blocked_until is not None:
            return NotRead("Reddit's rate limit is used up", blocked_until)
        try:
            return read(self._session.sign_in())
        except Exception as error:  # noqa: BLE001 (whatever it is, _obstacle places it)
            obstacle = self._obstacle(error)
            return NotRead(obstacle.reason, obstacle.retry_at)

    def delete(self, receipt: Receipt) -> Removal:
        """Delete the post. Reddit answers alike for a post that is gone already (observed)."""
        fullname = fullname_of(receipt)
        if fullname is None:
            return NotRemoved(f"{receipt.url or receipt.remote_id} does not name a post on Reddit")
        try:
            reddit = self._session.sign_in()
            reddit.request(method="POST", path="api/del", data={"id": fullname})
        except Exception as error:  # noqa: BLE001 (what we do not know shows no removal)
            return NotRemoved(self._obstacle(error).reason)
        return Removed()

    def verify(self) -> str:
        try:
            self._username = str(self._session.sign_in().user.me(use_cache=False))
        except Exception as error:  # noqa: BLE001 (the words are for a person)
            raise AccountError(self._obstacle(error).reason) from None
        return f"u/{self._username}"

    def close(self) -> None:
        self._session.close()

    def _remember(self, token: str, gathered: Mapping[str, Json]) -> None:
        """Keep gathered values until the send and beyond: a look-up calls `ready`, too."""
        self._gathered[token] = gathered
        for oldest in [*self._gathered][:-MOST_KEPT]:
            self._gathered.pop(oldest, None)

    def _gather(self, reddit: "praw.Reddit", content: Content) -> Mapping[str, Json]:
        """Payload values that only Reddit can give.

        UnfitError where the content can never be posted.
        """
        if content.native:
            original = original_at(reddit, content.reshare_of or "")
            title = (content.title or "").strip() or original.title
            return {"crosspost_of": original.fullname, "title": title}
        if not content.images:
            return {}
        try:
            pictures = [images.read(self._workspace, image) for image in content.images]
        except OSError as error:
            raise UnfitError(f"an image cannot be read: {error}", "no-image") from None
        store = ImageStore(
            session_with_deadlines, self._session.guard.timeout, self._session.is_on_loopback
        )
        names = [upload(reddit, picture, store) for picture in pictures]
        captioned = [*zip(names, (picture.alt for picture in pictures), strict=True)]
        return {"images": [*names], "rich_text": rich_text(reddit, _markdown(content), captioned)}

    def _read(self, answer: Mapping[str, Any]) -> Outcome:
        if answer["errors"]:
            return refusal_of(answer["errors"], self._subreddit, self._clock.now())
        made = answer["data"]
        if "name" not in made:  # as where images are handled later (observed)
            return Unknown("Reddit has taken the post, and its name comes later")
        return Sent(Receipt(str(made["name"]), str(made["url"])))

    def _obstacle(self, error: Exception) -> NotSent:
        """Outcome of a failed call that posts nothing: always NotSent."""
        match outcome_of(error, self._subreddit, self._clock.now()):
            case NotSent() as obstacle:
                return obstacle
            case Rejected(words) | Unknown(words):
                return NotSent(words)


def _markdown(content: Content) -> str:
    """Text as Reddit gets it: a plain one escaped."""
    return REDDIT.sent(content.text, content.known_addresses, plain=content.plain)


def _form(payload: SelfPostPayload | CrosspostPayload) -> dict[str, object]:
    """Form of POST /api/submit (documented; `richtext_json` as praw sends it)."""
    form: dict[str, object] = {
        "sr": payload.subreddit,
        "title": payload.title,
        "sendreplies": True,
    }
    if isinstance(payload, CrosspostPayload):
        return form | {"kind": "crosspost", "crosspost_fullname": payload.crosspost_of}
    form |= {"kind": "self", "validate_on_submit": True}  # the community's own rules, as an error
    if payload.rich_text is not None:
        return form | {"richtext_json": payload.rich_text}
    return form | {"text": payload.text}
