"""Transport adapter for X: one request within one time-out, with no redirect.

tweepy leaves all of this open: it sets no time-out (observed), follows a redirected POST
with a GET that looks like a success (trap 11), and accepts no other address of the API.
"""

import re
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from requests import PreparedRequest, Response, Session

from crosspromo.http.deadlines import Monotonic
from crosspromo.http.requests_adapter import DeadlineAdapter

RESET: Final = "x-rate-limit-reset"
EPOCH: Final = re.compile(r"[0-9]{1,12}")
"""Time in epoch seconds, as X writes it."""


class XAdapter(DeadlineAdapter):
    """Adapter that ends each call after `timeout`, and sends requests for X to `server`, if given.

    The signature stays the one made for X's own address. HTTPAdapter retries nothing by default.
    """

    def __init__(self, timeout: timedelta, server: str | None, monotonic: Monotonic) -> None:
        super().__init__(monotonic)
        self._timeout = timeout.total_seconds()
        self._server = server

    def send(  # noqa: PLR0917 (the signature of requests)
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,
        cert: str | bytes | tuple[str | bytes, str | bytes] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        if self._server is not None:
            request = request.copy()
            request.url = f"{self._server.rstrip('/')}{request.path_url}"
            proxies = None  # they were chosen for X's address
        response = super().send(
            request,
            stream=stream,
            timeout=self._timeout,
            verify=verify,
            cert=cert,
            proxies=proxies,
        )
        if not EPOCH.fullmatch(response.headers.get(RESET, "0")):
            del response.headers[RESET]  # tweepy would raise a ValueError in place of the 429
        return response


def mount_adapter(
    session: Session,
    timeout: timedelta,
    server: str | None,
    monotonic: Monotonic = time.monotonic,
) -> None:
    """Mount the adapter for every host of the session; a redirect raises TooManyRedirects."""
    session.mount("https://", XAdapter(timeout, server, monotonic))
    session.max_redirects = 0
