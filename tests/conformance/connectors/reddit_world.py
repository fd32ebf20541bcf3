"""A simulated Reddit, and connectors to it, for the tests of the Reddit connector."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from servers.simulators import RateLimit, RedditSimulator
from servers.simulators.reddit import CREDENTIALS

from crosspromo.connectors.base import AccountSetup, Connector, Content, Outcome, Prepared
from crosspromo.connectors.reddit.account import RedditAccount
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.simulator.journal import Arrival
from crosspromo.testing.simulator.messages import Answer, Request

HELLO = Content("See https://example.org/a\n\nand *come*", title="Come & see")
TOKEN = "/api/v1/access_token"
ME = "/api/v1/me"
HISTORY = f"/user/{CREDENTIALS.username}/submitted"
DAY = timedelta(days=1)
PLENTY = RateLimit(1000, 259)
SECRETS = (
    CREDENTIALS.client_secret,
    CREDENTIALS.password,
    CREDENTIALS.refresh_token,
    "reddit-access-token",
)

BY_PASSWORD = {
    "client_id": CREDENTIALS.client_id,
    "client_secret": CREDENTIALS.client_secret,
    "username": CREDENTIALS.username,
    "password": CREDENTIALS.password,
}
BY_REFRESH_TOKEN = {
    "client_id": CREDENTIALS.client_id,
    "client_secret": CREDENTIALS.client_secret,
    "refresh_token": CREDENTIALS.refresh_token,
}


class Reddit(RedditSimulator):
    """Answers every write with `canned` where that is set; counts the redirects we followed."""

    canned: Answer | None = None
    landed: int = 0

    def answer(self, request: Request) -> Answer:
        genuine = super().answer(request)
        return self.canned if self.canned and self.is_write(request) else genuine

    def landing(self) -> object:
        self.landed += 1
        return super().landing()


class MemorySessions:
    """A SessionStore that lets a test look on: `on_save` is called with each session saved."""

    def __init__(self, on_save: Callable[[str], None] = lambda _: None) -> None:
        self.session: str | None = None
        self._on_save = on_save

    def load(self) -> str | None:
        return self.session

    def save(self, session: str) -> None:
        self._on_save(session)
        self.session = session


class World:
    """A Reddit, a clock that it shares with us, and connectors that share a session store."""

    def __init__(self, reddit: Reddit, clock: FakeClock, workspace: Path) -> None:
        self.reddit = reddit
        self.clock = clock
        self.sessions = MemorySessions()
        self.setup = AccountSetup(
            name="reddit-main",
            credentials=BY_PASSWORD,
            options={"subreddit": "test"},
            server=reddit.url,
            timeout=timedelta(seconds=10),
            workspace=workspace,
            sessions=self.sessions,
        )
        self.made: list[Connector] = []

    def connect(self, subreddit: str = "test", **changed: object) -> Connector:
        setup = replace(self.setup, **{"sessions": self.sessions, **changed})  # type: ignore[arg-type]  # what a test asks for
        self.made.append(RedditAccount(setup, subreddit, self.clock))
        return self.made[-1]

    def connect_for(self, fault: str) -> Connector:
        """Impatient where the fault is to be silent; elsewhere a busy machine has its time."""
        return self.connect(timeout=timedelta(seconds=0.5 if fault == "hang" else 10))

    def in_seconds(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)

    @property
    def arrivals(self) -> tuple[Arrival, ...]:
        return self.reddit.journal.arrivals


def prepared(connector: Connector, content: Content = HELLO) -> Prepared:
    assert connector.ready(content) is None
    return connector.prepare(content, START)


def publish(connector: Connector, content: Content = HELLO) -> Outcome:
    outcome = connector.send(prepared(connector, content))
    assert_discreet(outcome)
    return outcome


def assert_discreet(said: object) -> None:
    assert not [secret for secret in SECRETS if secret in repr(said)]


def titles(world: World) -> list[str]:
    return [post.title for post in world.reddit.posts]
