"""Session with Reddit: signed in beforehand, so that a send is a single request."""

import hashlib
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crosspromo.connectors.base import AccountSetup
from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.connectors.reddit.addresses import SITE
from crosspromo.connectors.reddit.request_guard import RequestGuard, requestor_class
from crosspromo.connectors.reddit.uploads import is_loopback
from crosspromo.domain.clock import Clock

if TYPE_CHECKING:
    import praw
    import requests

API: Final = "https://oauth.reddit.com"

LEAST_LIFETIME: Final = timedelta(minutes=5)
"""Least lifetime of an access token for a send. Tokens are given for a day (documented); praw uses
an expired one for ten seconds more.
"""


class RedditSession:
    """Session of one account. The newest refresh token is stored before its first use.

    `network_clock` learns from every answer.
    """

    def __init__(self, setup: AccountSetup, clock: Clock, network_clock: NetworkClock) -> None:
        self._credentials = setup.credentials
        self._server = setup.server
        self._stored = setup.sessions
        self._http = session_with_deadlines()
        self._http.hooks["response"].append(self._learn_time)
        self._network_clock = network_clock
        self._reddit: praw.Reddit | None = None
        self.guard = RequestGuard(setup.timeout, clock, self._keep)

    def _learn_time(self, response: "requests.Response", **_: object) -> None:
        self._network_clock.learn(response.headers)

    def sign_in(self) -> "praw.Reddit":
        """Reddit client with an access token that lasts for a send.

        A new token is requested if needed.
        """
        if self._reddit is None or not self.guard.has_token_for(LEAST_LIFETIME):
            self._reddit = self._new()
            self._reddit.auth.scopes()  # makes praw request a token and nothing else
        return self._reddit

    def signed_in(self) -> "praw.Reddit | None":
        """Reddit client whose next call is one request; None where its token has ended."""
        return self._reddit if self.guard.has_token_for(timedelta(0)) else None

    @property
    def is_on_loopback(self) -> bool:
        """Whether the configured server is on this machine.

        Such a server may name this machine in its own addresses.
        """
        return self._server is not None and is_loopback(urlsplit(self._server).hostname or "")

    def close(self) -> None:
        self._http.close()

    def _new(self) -> "praw.Reddit":
        """Reddit client without a token; praw.ini and the environment set nothing that matters."""
        import praw  # noqa: PLC0415 (as above)

        return praw.Reddit(
            "DEFAULT",
            requestor_class=requestor_class(self.guard),
            requestor_kwargs={"session": self._http},
            client_id=self._credentials["client_id"],
            client_secret=self._credentials["client_secret"],
            username=self._credentials.get("username"),
            password=self._credentials.get("password"),
            refresh_token=self._refresh_token(),
            redirect_uri=None,
            user_agent=f"python:crosspromo:{version('crosspromo')}",
            reddit_url=self._server or SITE,
            oauth_url=self._server or API,
            check_for_updates=False,
            check_for_async=False,
            ratelimit_seconds=0,
        )

    def _refresh_token(self) -> str | None:
        """Refresh token stored last, unless another has been configured since."""
        configured = self._credentials.get("refresh_token")
        if configured is None:
            return None
        stored = self._stored.load() or ""
        token = stored.removeprefix(_prefix(configured))
        return configured if token == stored else token

    def _keep(self, token: str) -> None:
        configured = self._credentials.get("refresh_token")
        if configured is not None and token != self._refresh_token():
            self._stored.save(_prefix(configured) + token)


def session_with_deadlines() -> "requests.Session":
    """Session of requests in which the time-out of a call bounds the whole call."""
    import requests  # noqa: PLC0415 (only where an account on Reddit is used)

    from crosspromo.http.requests_adapter import DeadlineAdapter  # noqa: PLC0415 (it imports requests)

    session = requests.Session()
    session.mount("https://", DeadlineAdapter())
    session.mount("http://", DeadlineAdapter())
    return session


def _prefix(configured: str) -> str:
    """Prefix of a stored refresh token: the hash of the configured token that it comes from."""
    return f"{hashlib.sha256(configured.encode()).hexdigest()}:::"
