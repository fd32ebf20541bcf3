"""Translation of failed calls to a Bluesky server: the only module that knows the library's errors.

The texts carry the server's words but never the library's: those may quote an answer with tokens.
"""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
from atproto.exceptions import AtProtocolError, RateLimitExceededError, RequestErrorBase

from crosspromo.connectors.base import AccountError, NotSent, Rejected, Unknown
from crosspromo.connectors.http_outcomes import before_send, one_line
from crosspromo.http.httpx_transport import UnreadableBodyError

LONGEST_LIMIT: Final = timedelta(days=1)
"""Longest rate limit window of Bluesky (believed); a later reset time is a mistake."""

MOVED: Final = {301, 307, 308}
"""Redirects that prove that nothing was done. Others may follow a completed request."""

SESSION_ENDED: Final = {"ExpiredToken", "InvalidToken"}

BLOB_NOT_FOUND: Final = "BlobNotFound"
"""Error name for a record that refers to a missing or dropped upload."""

NEVER_LEFT: Final = (
    httpx.ConnectError,  # refused, no such host, TLS
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)
"""Errors raised before a connection exists, so no request was sent."""


class RedirectedError(Exception):
    """Redirect answered by the server; it is not followed.

    A POST would arrive at the new address as a GET, and a password or token in strange hands.
    """

    def __init__(self, status: int, location: str) -> None:
        self.status = status
        super().__init__(f"the server redirects to {urlsplit(location).netloc or 'another page'}")


FAILURES: Final = (
    AtProtocolError,
    httpx.HTTPError,  # the library lets many of these through as they are
    httpx.InvalidURL,
    ValueError,  # an answer that cannot be read
    RedirectedError,
    AccountError,
)
"""Errors that a call may raise for anything a network does."""


def refuse_redirect(response: httpx.Response) -> None:
    """Response hook of httpx; RedirectedError on any 3xx."""
    if response.is_redirect:
        raise RedirectedError(response.status_code, response.headers.get("location", ""))


def outcome_of(error: Exception, now: datetime) -> NotSent | Rejected | Unknown:
    """Outcome of a write that raised `error`. An unforeseen error proves nothing: Unknown."""
    match error:
        case AccountError():
            return NotSent(str(error), account_fault=True)
        case RedirectedError():
            moved = error.status in MOVED
            return NotSent(str(error)) if moved else Unknown(f"{error} ({error.status})")
        case RateLimitExceededError():
            return NotSent(f"too many requests: {words_of(error)}", _retry_at(error, now))
        case RequestErrorBase() if error.response is not None:
            return _of_answer(error)
        case RequestErrorBase():
            return _of_silence(error.__cause__)
        case _:
            return _of_silence(error)


def refusal_of(error: Exception, now: datetime) -> NotSent | Rejected:
    """Outcome of a failed call for one post that posts nothing: NotSent or Rejected."""
    return before_send(outcome_of(error, now))


def obstacle_of(error: Exception, now: datetime) -> NotSent:
    """Outcome of a failed call without a post: a refusal then concerns the account."""
    refusal = refusal_of(error, now)
    if isinstance(refusal, Rejected):  # the server refuses the sign-in as invalid
        return NotSent(refusal.reason, account_fault=True)
    return refusal


def name_of(error: Exception) -> str | None:
    """Protocol's error name in a server's answer, such as `RecordNotFound`; None without one."""
    content = getattr(getattr(error, "response", None), "content", None)
    name = getattr(content, "error", None)
    return name if isinstance(name, str) else None


def refuses_session(error: Exception) -> bool:
    """Whether the server refuses the session, so that signing in again may help."""
    return name_of(error) in SESSION_ENDED or _status(error) in {401, 403}


def _of_answer(error: RequestErrorBase) -> NotSent | Rejected | Unknown:
    words, name = words_of(error), name_of(error)
    match _status(error):
        case 400 | 401 if name in SESSION_ENDED:
            return NotSent(f"the session has ended, and we sign in again: {words}")
        case 401 | 403:
            return NotSent(f"the server refuses this account: {words}", account_fault=True)
        case 400 if name == "InvalidSwap":
            return Unknown(f"another record stands under this key: {words}")
        case 400 if name == BLOB_NOT_FOUND:
            return NotSent(f"the server has lost an upload, and it is made again: {words}")
        case 400 if name == "InvalidRequest":
            return Rejected(f"the server refuses this: {words}")
        case 413:
            return Rejected(f"the server finds this too large: {words}")
        case _:
            return Unknown(f"the server answered {words}")


def _of_silence(cause: BaseException | None) -> NotSent | Unknown:
    match cause:
        case _ if isinstance(cause, NEVER_LEFT):
            return NotSent(f"the server cannot be reached: {cause}")
        case httpx.TimeoutException():
            return Unknown("the server did not answer in time")
        case UnreadableBodyError():
            return Unknown(f"the answer cannot be read: {cause}")
        case httpx.TransportError():
            return Unknown("the connection broke before the answer was complete")
        case _:
            return Unknown(f"the answer cannot be read ({type(cause).__name__})")


def _status(error: Exception) -> int | None:
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status if isinstance(status, int) else None


def words_of(error: Exception) -> str:
    """Status, name and message from the server, on one line of limited length."""
    content = getattr(getattr(error, "response", None), "content", None)
    words = (_status(error), name_of(error), getattr(content, "message", None))
    return one_line(" ".join(str(word) for word in words if word is not None))


def _retry_at(error: RateLimitExceededError, now: datetime) -> datetime | None:
    try:
        reset_at: datetime | None = error.reset_at
        if reset_at is None and error.retry_after is not None:
            reset_at = now + timedelta(seconds=error.retry_after)
    except (ValueError, OverflowError, OSError):
        return None  # a number, but no time
    return None if reset_at is None else min(reset_at, now + LONGEST_LIMIT)
