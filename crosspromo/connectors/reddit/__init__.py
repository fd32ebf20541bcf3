"""Reddit: text posts in one community, sent with one request and looked up in our own history.

A post is always a self post: its links stand in the text. It is submitted raw, since praw's own
`submit` would wait and post again where Reddit says "try again in", and would fetch the new post to
learn its address. Sources: Reddit's API documentation (POST /api/submit) and its published source.
"""

import html
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Capabilities,
    ConfigError,
    Connector,
    Content,
    Found,
    Json,
    LookUp,
    Network,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.reddit.session import (
    SITE,
    AnswerError,
    NoAnswerError,
    RedditSession,
    SignInError,
)
from crosspromo.domain.clock import Clock, SystemClock
from crosspromo.text import rules

if TYPE_CHECKING:
    from praw.models import Submission

CLOCKS_DIFFER: Final = timedelta(seconds=60)
"""By how much Reddit's clock may be behind ours (NETWORKS, *Reddit*)."""

ALWAYS_READ: Final = 25
"""So many posts of a history are read in any case: an old one may be pinned above new ones."""

MOST_READ: Final = 500
"""Where a history is not read further. Reddit shows at most 1000 (documented)."""

CLOSED_TO_US: Final = {"SUBREDDIT_NOEXIST", "SUBREDDIT_NOTALLOWED", "NO_SELFS", "USER_REQUIRED"}
"""Errors that meet every post of this account, which has one community."""

WAIT: Final = re.compile(r"(\d{1,4}) (millisecond|second|minute|hour|day)")


class RedditAccount:
    """One account in one community. See `Connector`."""

    def __init__(self, setup: AccountSetup, subreddit: str, clock: Clock) -> None:
        self._name = setup.name
        self._subreddit = subreddit
        self._clock = clock
        self._session = RedditSession(setup, clock)

    def ready(self, content: Content) -> NotSent | Rejected | None:
        if not (content.title or "").strip():
            return Rejected("a post on Reddit needs a title", "no-title")
        blocked_until = self._session.line.blocked_until()
        if blocked_until is not None:
            return NotSent("Reddit's rate limit is used up", blocked_until)
        try:
            self._session.sign_in()
        except Exception as error:  # noqa: BLE001 (whatever it is, nothing was posted)
            return self._obstacle(error)
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        title = (content.title or "").strip()
        payload = {"subreddit": self._subreddit, "title": title, "text": content.text}
        return Prepared(content.fingerprint(self._name), payload)

    def send(self, prepared: Prepared) -> Outcome:
        reddit = self._session.signed_in()
        if reddit is None:
            return NotSent("the access token has ended; we sign in before the next try")
        form = {
            "sr": str(prepared.payload["subreddit"]),
            "kind": "self",
            "title": str(prepared.payload["title"]),
            "text": str(prepared.payload["text"]),
            "sendreplies": True,
            "validate_on_submit": True,  # the community's own rules, as an error we can show
        }
        try:
            answer = reddit.request(method="POST", path="api/submit", data=form)
            return self._read(answer["json"])
        except Exception as error:  # noqa: BLE001 (what we do not know proves nothing: Unknown)
            return outcome_of(error, self._subreddit, self._clock.now())

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        try:
            reddit = self._session.sign_in()
            history = reddit.redditor(str(reddit.user.me())).submissions.new(limit=MOST_READ)
            return search(history, prepared.payload, attempted_at - CLOCKS_DIFFER)
        except Exception as error:  # noqa: BLE001 (a look-up that failed shows no absence)
            return Unclear(self._obstacle(error).reason)

    def verify(self) -> str:
        try:
            return f"u/{self._session.sign_in().user.me(use_cache=False)}"
        except Exception as error:  # noqa: BLE001 (the words are for a person)
            raise AccountError(self._obstacle(error).reason) from None

    def close(self) -> None:
        self._session.close()

    def _read(self, answer: Mapping[str, Any]) -> Outcome:
        if answer["errors"]:
            return refusal_of(answer["errors"], self._subreddit, self._clock.now())
        made = answer["data"]
        return Sent(Receipt(str(made["name"]), str(made["url"])))

    def _obstacle(self, error: Exception) -> NotSent:
        """How a call ended that posts nothing."""
        match outcome_of(error, self._subreddit, self._clock.now()):
            case NotSent() as obstacle:
                return obstacle
            case Rejected(words) | Unknown(words):
                return NotSent(words)


def outcome_of(error: Exception, subreddit: str, now: datetime) -> NotSent | Rejected | Unknown:
    """How a submission ended that raised this (NETWORKS, *How a write can end*)."""
    match error:
        case SignInError(refused=True):
            return NotSent(f"Reddit refuses these credentials: {error}", account_fault=True)
        case SignInError(retry_at=retry_at):
            return NotSent(f"Reddit gives us no access token: {error}", retry_at)
        case NoAnswerError(sent=False):
            return NotSent(f"Reddit cannot be reached ({error})")
        case NoAnswerError():
            return Unknown(f"Reddit did not answer ({error})")
        case AnswerError():
            return _of_answer(error, subreddit, now)
        case _:  # praw could not read what came back
            return Unknown(f"Reddit's answer cannot be read ({type(error).__name__})")


def _of_answer(error: AnswerError, subreddit: str, now: datetime) -> NotSent | Rejected | Unknown:
    match error:
        case AnswerError(status=301 | 307 | 308):  # "nothing was done, ask there"
            return NotSent(f"Reddit redirects us, and we do not follow: {error}")
        case AnswerError(status=401, token_was_new=is_new):  # one that has worked only ran out
            return NotSent(f"Reddit refuses our access token: {error}", account_fault=is_new)
        case AnswerError(status=403):
            return NotSent(f"r/{subreddit} is closed to us: {error}", account_fault=True)
        case AnswerError(status=429, retry_at=retry_at):
            return NotSent(f"too many requests: {error}", retry_at)
        case AnswerError(status=400, fault={"reason": reason, **rest}):
            fields = ", ".join(map(str, rest.get("fields") or ()))
            return refusal_of([[reason, rest.get("explanation"), fields]], subreddit, now)
        case AnswerError(status=400, fault={"message": _}) | AnswerError(status=413 | 414):
            return Rejected(f"Reddit refuses this post: {error}")
        case _:
            return Unknown(f"Reddit answered {error}")


def refusal_of(
    errors: Iterable[Iterable[object]], subreddit: str, now: datetime
) -> NotSent | Rejected:
    """What Reddit's errors mean, each its name, a sentence and the field it is about."""
    named = {str(name): (sentence, field) for name, sentence, field in errors}
    words = "; ".join(_sentence(name, *about) for name, about in named.items())
    if "RATELIMIT" in named:
        return NotSent(words, _after(str(named["RATELIMIT"][0]), now))
    if CLOSED_TO_US & named.keys():
        return NotSent(f"r/{subreddit} is closed to us: {words}", account_fault=True)
    return Rejected(words, next(iter(named)))


def search(history: "Iterable[Submission]", payload: Mapping[str, Json], since: datetime) -> LookUp:
    """Whether a post as prepared stands in an account's history, newest first, at or after `since`.

    One with its title whose text was changed or removed later is unclear: it may have been ours.
    """
    changed: LookUp | None = None
    read = 0
    for read, post in enumerate(history, 1):
        created = datetime.fromtimestamp(post.created_utc, UTC)
        if created < since:
            if read >= ALWAYS_READ:
                break
            continue
        here = str(post.subreddit).casefold() == str(payload["subreddit"]).casefold()
        if not here or not _says(post.title, payload["title"]):
            continue
        if _says(post.selftext, payload["text"]):
            return Found(Receipt(post.fullname, f"{SITE}{post.permalink}", created))
        if post.edited or post.selftext in {"[removed]", "[deleted]"}:
            changed = Unclear(f"{SITE}{post.permalink} has its title, and a text changed since")
    else:
        if read >= MOST_READ:
            return changed or Unclear(f"our {MOST_READ} newest posts do not reach back to it")
    return changed or Absent()


def _says(theirs: str, ours: Json) -> bool:
    """Whether it is the same text but for white space, and entities where Reddit wrote them."""
    words = str(ours).split()
    return words in (theirs.split(), html.unescape(theirs).split())


def _after(sentence: str, now: datetime) -> datetime | None:
    """The end of the waiting time in `sentence`; None where it names none."""
    waits = [timedelta(**{f"{unit}s": int(n)}) for n, unit in WAIT.findall(sentence)]
    return now + sum(waits, timedelta()) if waits else None


def _sentence(name: str, sentence: object, field: object) -> str:
    return f"{name}: {sentence or 'no reason given'}" + (f" ({field})" if field else "")


def connect(setup: AccountSetup) -> Connector:
    """The account, not signed in yet; ConfigError without a community."""
    subreddit = setup.options.get("subreddit", "").strip().removeprefix("/").removeprefix("r/")
    if not subreddit:
        raise ConfigError(f'account "{setup.name}" names no community: add subreddit = "its name"')
    return RedditAccount(setup, subreddit, SystemClock())


NETWORK = Network(
    name="reddit",
    capabilities=Capabilities(text=rules.REDDIT),
    connect=connect,
    credentials=(
        ("client_id", "client_secret", "username", "password"),
        ("client_id", "client_secret", "refresh_token"),
    ),
    public_credentials=("username",),
    options=("subreddit",),
)
