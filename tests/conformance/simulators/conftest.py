"""The simulators, and the real client libraries pointed at them with short time-outs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import praw
import prawcore
import pytest
import requests
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types
from requests.adapters import HTTPAdapter
from servers.simulators import RateLimit, RedditSimulator, Subreddit, XSimulator

TIMEOUT = 0.3
"""Long enough for loopback on a busy machine, short enough to hang often."""

CORPUS = Path(
    os.environ.get("CROSSPROMO_CORPUS", Path(__file__).parents[3].parent / "shared" / "data")
)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of recorded answers and API documents."""
    if not CORPUS.is_dir():
        pytest.skip(f"no corpus at {CORPUS}: set CROSSPROMO_CORPUS to the folder of API documents")
    return CORPUS


@pytest.fixture(scope="session")
def openapi(corpus: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((corpus / "x" / "x-api-v2-openapi.json").read_text())
    return document


@pytest.fixture
def x() -> Iterator[XSimulator]:
    with XSimulator() as simulator:
        yield simulator


@pytest.fixture
def reddit() -> Iterator[RedditSimulator]:
    with RedditSimulator() as simulator:
        yield simulator


class Redirected(HTTPAdapter):
    """Sends what is meant for X to the simulator, with a time-out."""

    def __init__(self, base: str) -> None:
        self.base = base
        super().__init__()

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> Any:
        host = "https://api.twitter.com"
        request.url = str(request.url).replace(host, self.base)
        return super().send(request, timeout=TIMEOUT)


def tweepy_client(x: XSimulator, **changed: str) -> Any:
    """tweepy's Client for the simulator's account, with some credentials changed."""
    mine = x.credentials
    keys = {
        "consumer_key": mine.consumer_key,
        "consumer_secret": mine.consumer_secret,
        "access_token": mine.access_token,
        "access_token_secret": mine.access_token_secret,
    }
    client = tweepy.Client(**{**keys, **changed})
    client.session.mount("https://api.twitter.com", Redirected(x.url))
    client.session.trust_env = False
    return client


@pytest.fixture
def client(x: XSimulator) -> Iterator[Any]:
    client = tweepy_client(x)
    yield client
    client.session.close()


@pytest.fixture
def stranger(x: XSimulator) -> Iterator[Any]:
    """A client that signs with the wrong secret."""
    client = tweepy_client(x, access_token_secret="wrong")
    yield client
    client.session.close()


class LostAnswerError(Exception):
    """A transport error or 5xx on a write, in a type that prawcore does not retry."""


@pytest.fixture
def lost_answer() -> type[Exception]:
    """What OnePostRequestor raises when nobody knows whether the write was accepted."""
    return LostAnswerError


class OnePostRequestor(prawcore.Requestor):
    """NETWORKS.md's remedy: a real time-out, and no second POST after a transport error or 5xx."""

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        writing = args[0].upper() == "POST" and not args[1].endswith("/access_token")
        try:
            response = super().request(*args, timeout=TIMEOUT, **kwargs)
        except prawcore.RequestException as error:
            if writing:
                raise LostAnswerError from error.original_exception
            raise
        if writing and response.status_code >= 500:
            raise LostAnswerError(response.status_code)
        return response


class ImpatientRequestor(prawcore.Requestor):
    """prawcore as it comes, except that it does not wait 16 seconds."""

    def request(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        return super().request(*args, timeout=TIMEOUT, **kwargs)


def praw_client(
    reddit: RedditSimulator, requestor: type[prawcore.Requestor], **changed: str | None
) -> praw.Reddit:
    """praw's Reddit for the simulator's account, with some settings changed."""
    mine = reddit.tokens.credentials
    settings: dict[str, Any] = {
        "client_id": mine.client_id,
        "client_secret": mine.client_secret,
        "username": mine.username,
        "password": mine.password,
        "user_agent": "crosspromo tests",
        "reddit_url": reddit.url,
        "oauth_url": reddit.url,
        "check_for_updates": False,
    }
    session = requests.Session()
    session.trust_env = False
    return praw.Reddit(
        requestor_class=requestor, requestor_kwargs={"session": session}, **{**settings, **changed}
    )


@pytest.fixture
def praw_account(reddit: RedditSimulator) -> Iterator[praw.Reddit]:
    """Our account, with the requestor that posts once."""
    client = praw_client(reddit, OnePostRequestor)
    with client:
        yield client


@pytest.fixture
def strict_account() -> Iterator[praw.Reddit]:
    """A new account: it posts once in ten minutes, and not everywhere or everything."""
    places = [Subreddit("closed", open_to_us=False), Subreddit("talk", frozenset({"self"}))]
    with (
        RedditSimulator(subreddits=places, posting_limit=RateLimit(1, 600)) as strict,
        praw_client(strict, OnePostRequestor) as client,
    ):
        yield client


@pytest.fixture
def stock_praw(reddit: RedditSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[praw.Reddit]:
    """Our account, with praw's own retries; the pauses between them are left out."""
    monkeypatch.setattr("prawcore.sessions.FiniteRetryStrategy.sleep", lambda _: None)
    with praw_client(reddit, ImpatientRequestor) as client:
        yield client


@pytest.fixture
def wrong_password(
    reddit: RedditSimulator,
) -> Iterator[praw.Reddit]:
    with praw_client(reddit, OnePostRequestor, password="wrong") as client:
        yield client


@pytest.fixture
def refreshing(reddit: RedditSimulator) -> Iterator[praw.Reddit]:
    """Our account through a refresh token instead of a password."""
    token = reddit.tokens.credentials.refresh_token
    changed = {"username": None, "password": None, "refresh_token": token}
    with praw_client(reddit, OnePostRequestor, **changed) as client:
        yield client
