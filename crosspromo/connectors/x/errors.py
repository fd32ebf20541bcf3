"""Translation of failed calls to X: the only module that knows the errors of tweepy and requests.

The texts quote the network but never the libraries, whose words may quote a request.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import msgspec
import requests
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types
from urllib3 import exceptions

from crosspromo.connectors.base import NotSent, Rejected, Unknown
from crosspromo.connectors.http_outcomes import before_send, never_left, one_line
from crosspromo.http.requests_adapter import UnreadableBodyError
from crosspromo.text import rules

DUPLICATES: Final = ("duplicate content", "already retweeted", "already reposted")
TOO_LONG: Final = "too long"  # comes with 400 or 403 (observed)
CONTENT_REFUSED: Final = (
    "invalid",
    "quoting this post is not allowed",
    "reply to this conversation is not allowed",
)
"""Words of a 403 about one post; any other 403 concerns the account or the app."""

DAILY_LIMITS: Final = ("x-user-limit-24hour", "x-app-limit-24hour")
"""Daily limits, beside that of 15 minutes (observed: plhery/node-twitter-api-v2 #495, #553)."""

GONE: Final = "/problems/resource-not-found"
"""End of a problem's type by which X says that something is missing; a bare 404 proves nothing."""

LATE: Final = "X did not answer in time"


class Problem(msgspec.Struct, frozen=True):
    """Body of a refusal; only its `type` is read."""

    type: str = ""


class IncompleteError(Exception):
    """Incomplete reading of a timeline."""


def outcome_of(error: Exception, text: str = "") -> NotSent | Rejected | Unknown:
    """Outcome of a call that raised `error`. NotSent needs proof; an unforeseen error proves
    nothing.

    A redirect is Unknown: it was not followed, but an accepted post may be answered with a
    redirect. The library's own words are left out; the network's words are quoted.
    """
    match error:
        case tweepy.HTTPException():
            return _of_answer(error.response, error.api_messages, text)
        case requests.ConnectionError() if (why := never_left(error)) is not None:
            return NotSent(f"X cannot be reached: {why}")
        case requests.Timeout():
            return Unknown(LATE)
        case requests.ConnectionError() if _came_late(error):
            return Unknown(LATE)
        case requests.TooManyRedirects():
            return Unknown("X answered with a redirect, which was not followed")
        case UnreadableBodyError():
            return Unknown(f"X's answer cannot be read: {error}")
        case requests.RequestException():
            return Unknown("the connection to X broke before the answer was complete")
        case msgspec.MsgspecError():
            return Unknown("X took the request, but its answer cannot be read")
        case IncompleteError():
            return Unknown(str(error))
        case _:
            return Unknown(f"something unforeseen happened on the way to X: {type(error).__name__}")


def _of_answer(
    response: requests.Response, messages: Sequence[object], text: str
) -> NotSent | Rejected | Unknown:
    """Outcome of a refusal, by status, and by X's words where a status is ambiguous."""
    words = _words(response.reason, messages)
    said = words.casefold()
    match response.status_code:
        case 429:
            return NotSent(
                f"X takes no more requests for now: {words}", _retry_at(response.headers)
            )
        case 401:
            return NotSent(
                f"X refuses the keys of this account; make new ones at developer.x.com: {words}",
                account_fault=True,
            )
        case 402:
            return NotSent(
                f"the X developer account is out of credits; buy some at developer.x.com: {words}",
                account_fault=True,
            )
        case 413:
            return Rejected(f"X finds this too large: {words}")
        case 403 if any(sentence in said for sentence in DUPLICATES):
            return Unknown(f"X says it has this already: {words}")
        case 400 | 403 if TOO_LONG in said:
            weight = f"it weighs {rules.X.length(text)}, and {rules.X.limit} is the usual limit"
            return Rejected(f"X finds the text too long ({weight}): {words}")
        case 403 if not any(sentence in said for sentence in CONTENT_REFUSED):
            return NotSent(f"X does not let this account do that: {words}", account_fault=True)
        case 400 | 403:
            return Rejected(f"X refuses this post: {words}")
        case status:
            return Unknown(f"X answered {status}: {words}")


def _came_late(error: Exception) -> bool:
    """Whether the time-out passed while the request was written or the answer was read."""
    inner = error.args[0] if error.args else None
    causes = inner.args if isinstance(inner, exceptions.ProtocolError) else ()
    return isinstance(inner, exceptions.TimeoutError) or any(
        isinstance(cause, TimeoutError) for cause in causes
    )


def _retry_at(headers: Mapping[str, str]) -> datetime | None:
    """Reset time of the last exhausted limit, sent in epoch seconds; None without one."""
    spent = [day for day in DAILY_LIMITS if headers.get(f"{day}-remaining") == "0"]
    resets = [headers.get(f"{limit}-reset", "") for limit in ("x-rate-limit", *spent)]
    try:
        latest = max((int(reset) for reset in resets if reset), default=None)
        return None if latest is None else datetime.fromtimestamp(latest, UTC)
    except (ValueError, OverflowError, OSError):
        return None  # a number, but no time


def _words(reason: str, messages: Sequence[object]) -> str:
    return one_line(" ".join(str(message) for message in messages or [reason]))


def sentence_of(error: Exception) -> str:
    """Sentence about the failure of a call that posts nothing."""
    return obstacle_of(error).reason


def obstacle_of(error: Exception) -> NotSent | Rejected:
    """Outcome of a failed call that posts nothing and comes before the send."""
    return before_send(outcome_of(error))


def is_gone(error: Exception) -> bool:
    """Whether X itself answers that the requested post does not exist."""
    if not isinstance(error, tweepy.NotFound):
        return False
    try:
        problem = msgspec.json.decode(error.response.content, type=Problem)
    except msgspec.MsgspecError:
        return False
    return problem.type.endswith(GONE)
