"""Errors of calls to Reddit, each with the outcome that it means for a post."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from crosspromo.connectors.base import NotSent, Rejected, Unknown
from crosspromo.connectors.http_outcomes import one_line

if TYPE_CHECKING:
    from requests import Response

CLOSED_TO_US: Final = {"SUBREDDIT_NOEXIST", "SUBREDDIT_NOTALLOWED", "NO_SELFS", "USER_REQUIRED"}
"""Errors that hold for every post of the account, which has one community."""

DUPLICATE: Final = "ALREADY_SUB"

WAIT: Final = re.compile(r"(\d{1,4}) (millisecond|second|minute|hour|day)")


class NoAnswerError(Exception):
    """Failed connection. `sent`: the request may have arrived. Its text is a kind of error."""

    def __init__(self, kind: str, *, sent: bool) -> None:
        self.sent = sent
        super().__init__(kind)


class UnreadableAnswerError(NoAnswerError):
    """Answer whose body is too large or cannot be unpacked. Its text says which."""


class SignInError(Exception):
    """Missing access token, so no other request was made. `refused`: the credentials are wrong."""

    def __init__(self, words: str, *, refused: bool, retry_at: datetime | None) -> None:
        self.refused = refused
        self.retry_at = retry_at
        super().__init__(words)


class AnswerError(Exception):
    """Answer other than success. `fault` is its body where that is a JSON object, else empty.

    `token_was_new`: no request with this access token had ever succeeded.
    """

    def __init__(
        self, response: "Response", retry_at: datetime | None, *, token_was_new: bool
    ) -> None:
        self.status = response.status_code
        self.fault = object_in(response)
        self.retry_at = retry_at
        self.token_was_new = token_was_new
        challenge = response.headers.get("www-authenticate", "")
        _, _, name = challenge.rpartition("error=")  # such as insufficient_scope
        super().__init__(words_of(self.status, {"error": name.strip('"'), **self.fault}))


class UploadError(Exception):
    """Failed upload of an image to Reddit's image store. Its text says what was answered."""


class UnfitError(Exception):
    """Content that can never be posted: the text says why, and `code` in one word."""

    def __init__(self, words: str, code: str) -> None:
        self.code = code
        super().__init__(words)


def outcome_of(error: Exception, subreddit: str, now: datetime) -> NotSent | Rejected | Unknown:
    """Outcome of a submission that raised `error` (observed)."""
    match error:
        case SignInError(refused=True):
            return NotSent(f"Reddit refuses these credentials: {error}", account_fault=True)
        case SignInError(retry_at=retry_at):
            return NotSent(f"Reddit gives us no access token: {error}", retry_at)
        case UnreadableAnswerError(sent=False):
            return NotSent(f"Reddit's answer cannot be read: {error}")
        case UnreadableAnswerError():
            return Unknown(f"Reddit's answer cannot be read: {error}")
        case NoAnswerError(sent=False):
            return NotSent(f"Reddit cannot be reached ({error})")
        case NoAnswerError():
            return Unknown(f"Reddit did not answer ({error})")
        case UploadError():
            return NotSent(f"the image could not be uploaded: {error}")
        case AnswerError():
            return _of_answer(error, subreddit, now)
        case _:  # praw could not read what came back
            return Unknown(f"Reddit's answer cannot be read ({type(error).__name__})")


def _of_answer(error: AnswerError, subreddit: str, now: datetime) -> NotSent | Rejected | Unknown:
    match error:
        case AnswerError(status=301 | 302 | 303 | 307 | 308):  # proof of nothing
            return Unknown(f"Reddit answered with a redirect, which was not followed: {error}")
        case AnswerError(
            status=401, token_was_new=is_new
        ):  # a token that has worked has only expired
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
) -> NotSent | Rejected | Unknown:
    """Outcome of a submission with Reddit's errors: name, sentence and field of each."""
    named = {str(name): (sentence, field) for name, sentence, field in errors}
    words = "; ".join(_sentence(name, *about) for name, about in named.items())
    if "RATELIMIT" in named:
        return NotSent(words, _after(str(named["RATELIMIT"][0]), now))
    if DUPLICATE in named:  # of what may have been our own try before this one (observed)
        return Unknown(f"Reddit says it has this already: {words}")
    if CLOSED_TO_US & named.keys():
        return NotSent(f"r/{subreddit} is closed to us: {words}", account_fault=True)
    if any("CROSSPOST" in name for name in named):
        words += f"; join r/{subreddit} if this account has not, or share the post as a text"
    return Rejected(words, next(iter(named)))


def _after(sentence: str, now: datetime) -> datetime | None:
    """End of the waiting time in `sentence`; None where it names none."""
    waits = [timedelta(**{f"{unit}s": int(n)}) for n, unit in WAIT.findall(sentence)]
    return now + sum(waits, timedelta()) if waits else None


def _sentence(name: str, sentence: object, field: object) -> str:
    return f"{name}: {sentence or 'no reason given'}" + (f" ({field})" if field else "")


def object_in(response: "Response") -> dict[str, Any]:
    try:
        document = response.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def words_of(status: int, fault: dict[str, Any]) -> str:
    """Status and Reddit's own words about it, on one line of limited length."""
    said = (fault.get(key) for key in ("error", "reason", "explanation", "message"))
    words = [str(status), *(text for text in said if isinstance(text, str))]
    return one_line(" ".join(words))
