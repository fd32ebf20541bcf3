"""Signing in to Reddit beforehand, so that a send is nothing but the send."""

import hashlib
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from crosspromo.connectors.base import AccountSetup
from crosspromo.connectors.reddit.addresses import SITE
from crosspromo.connectors.reddit.request_guard import RequestGuard, requestor_class
from crosspromo.connectors.reddit.uploads import is_loopback
from crosspromo.domain.clock import Clock

if TYPE_CHECKING:
    import praw
    import requests

API: Final = "https://oauth.reddit.com"

ENOUGH: Final = timedelta(minutes=5)
"""An access token that lasts this long is good for a send; they are given for a day (documented).
praw believes in one until ten seconds after its end."""


class RedditSession:
    """One account's way to Reddit. The newest refresh token is stored before it is used."""

    def __init__(self, setup: AccountSetup, clock: Clock) -> None:
        self._credentials = setup.credentials
        self._server = setup.server
        self._stored = setup.sessions
        self._http = session_with_deadlines()
        self._reddit: praw.Reddit | None = None
        self.guard = RequestGuard(setup.timeout, clock, self._keep)

    def sign_in(self) -> "praw.Reddit":
        """An account with an access token that is good for a send; asks for one if need be."""
        if self._reddit is None or not self.guard.has_token_for(ENOUGH):
            self._reddit = self._new()
            self._reddit.auth.scopes()  # the call that makes praw have a token and do nothing else
        return self._reddit

    def signed_in(self) -> "praw.Reddit | None":
        """The account, if its access token is still good: then its next call is only that call."""
        return self._reddit if self.guard.has_token_for(timedelta(0)) else None

    @property
    def is_on_loopback(self) -> bool:
        """Whether this Reddit is one on this machine, which then may name this machine itself."""
        return self._server is not None and is_loopback(urlsplit(self._server).hostname or "")

    def close(self) -> None:
        self._http.close()

    def _new(self) -> "praw.Reddit":
        """No token yet, and nothing that matters taken from praw.ini or the environment."""
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
        """The one stored last, unless another has been configured since."""
        configured = self._credentials.get("refresh_token")
        if configured is None:
            return None
        stored = self._stored.load() or ""
        token = stored.removeprefix(_descent(configured))
        return configured if token == stored else token

    def _keep(self, token: str) -> None:
        configured = self._credentials.get("refresh_token")
        if configured is not None and token != self._refresh_token():
            self._stored.save(_descent(configured) + token)


def session_with_deadlines() -> "requests.Session":
    """Connections over which the time-out of a call bounds all of it."""
    import requests  # noqa: PLC0415 (only where an account on Reddit is used)

    from crosspromo.http.requests_adapter import DeadlineAdapter  # noqa: PLC0415 (it imports requests)

    session = requests.Session()
    session.mount("https://", DeadlineAdapter())
    session.mount("http://", DeadlineAdapter())
    return session


def _descent(configured: str) -> str:
    """Says which configured refresh token a stored one comes from, without telling it."""
    return f"{hashlib.sha256(configured.encode()).hexdigest()}:::"
