"""Guard around praw's requests: one call is one request, in bounded time, without redirects.

praw repeats a request after a lost connection, a 5xx, a 408 and a 401, sleeps for as long as the
rate headers say, and takes its time-out from a constant. Its hook is the requestor. Ours hands praw
only successes, without rate headers, so praw has nothing to repeat and nothing to wait for.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from crosspromo.connectors.http_outcomes import never_left
from crosspromo.connectors.reddit.errors import (
    AnswerError,
    NoAnswerError,
    SignInError,
    UnreadableAnswerError,
    object_in,
    words_of,
)
from crosspromo.domain.clock import Clock

if TYPE_CHECKING:
    import prawcore
    from requests import Response

TOKEN_PATH: Final = "/api/v1/access_token"  # noqa: S105 (a path)

RATE_HEADERS: Final = ("x-ratelimit-remaining", "x-ratelimit-used", "x-ratelimit-reset")

LONGEST_WAIT: Final = timedelta(days=1)
"""Reddit counts in windows of ten minutes, and gives tokens for a day (documented); more is a
mistake.
"""

REFUSES_CREDENTIALS: Final = {400, 401, 403}
"""Answers to a request for a token: refresh token, application, account (observed)."""


class RequestGuard:
    """State of the account's access token and rate limit, read from each of Reddit's answers.

    `keep` is called with every new refresh token before its first use.
    """

    def __init__(self, timeout: timedelta, clock: Clock, keep: Callable[[str], None]) -> None:
        self.timeout = timeout
        self._clock = clock
        self._keep = keep
        self._token_ends: datetime | None = None
        self._token_is_new = True
        self._resumes_at: datetime | None = None

    def has_token_for(self, duration: timedelta) -> bool:
        """Whether an access token lasts for `duration` and was not refused by Reddit."""
        return self._token_ends is not None and self._clock.now() + duration < self._token_ends

    def blocked_until(self) -> datetime | None:
        """End of the exhausted rate limit; None where requests are allowed now."""
        blocked = self._resumes_at is not None and self._clock.now() < self._resumes_at
        return self._resumes_at if blocked else None

    def take_token(self, response: "Response") -> None:
        """Read an answer to a request for a token; SignInError where it holds none."""
        answer, status = object_in(response), response.status_code
        lifetime = answer.get("expires_in")
        if status != 200 or "access_token" not in answer or not isinstance(lifetime, int):
            refused = status in REFUSES_CREDENTIALS or (status == 200 and "error" in answer)
            retry_at = self._retry_at(response)
            raise SignInError(words_of(status, answer), refused=refused, retry_at=retry_at)
        if isinstance(answer.get("refresh_token"), str):
            self._keep(answer["refresh_token"])
        self._token_ends = self._in_seconds(lifetime)
        self._token_is_new = True

    def take_answer(self, response: "Response") -> None:
        """Read any other answer; AnswerError unless it is a success."""
        self._note_rate(response)
        if not 200 <= response.status_code < 300:
            if response.status_code == 401:
                self._token_ends = None
            retry_at = self._retry_at(response)
            if response.status_code == 429:
                self._resumes_at = retry_at
            raise AnswerError(response, retry_at, token_was_new=self._token_is_new)
        self._token_is_new = False

    def _note_rate(self, response: "Response") -> None:
        """Remember an exhausted rate limit, and hide the rate headers from prawcore.

        prawcore would sleep because of them.
        """
        remaining, _, reset = (response.headers.pop(name, None) for name in RATE_HEADERS)
        left, wait = _number(remaining), _number(reset)
        if left is not None and wait is not None:
            self._resumes_at = self._in_seconds(wait) if left < 1 else None

    def _retry_at(self, response: "Response") -> datetime | None:
        wait = _number(response.headers.get("retry-after"))
        return self.blocked_until() if wait is None else self._in_seconds(wait)

    def _in_seconds(self, seconds: float) -> datetime:
        longest = LONGEST_WAIT.total_seconds()
        return self._clock.now() + timedelta(seconds=min(max(seconds, 0), longest))


def requestor_class(guard: RequestGuard) -> "type[prawcore.Requestor]":
    """Class from which praw makes its requestor."""
    import prawcore  # noqa: PLC0415 (only where an account on Reddit is used)

    from crosspromo.http.requests_adapter import UnreadableBodyError  # noqa: PLC0415 (it imports requests)

    class OneRequest(prawcore.Requestor):
        def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> "Response":
            """One request, never a second: `args` are the method and the address."""
            signing_in = str(args[1]).endswith(TOKEN_PATH)
            kwargs["allow_redirects"] = False
            try:
                response = super().request(*args, timeout=guard.timeout.total_seconds(), **kwargs)
            except prawcore.RequestException as error:
                cause = error.original_exception
                sent = not signing_in and never_left(cause) is None
                if isinstance(cause, UnreadableBodyError):
                    raise UnreadableAnswerError(str(cause), sent=sent) from None
                raise NoAnswerError(type(cause).__name__, sent=sent) from None
            if signing_in:
                guard.take_token(response)
            else:
                guard.take_answer(response)
            return response

    return OneRequest


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
