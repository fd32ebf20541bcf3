"""Accounts of a real Bluesky server, connected to as a process does that starts anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from servers.bluesky import Account, BlueskyServer

from crosspromo.connectors.base import AccountSetup, Content, Outcome, Prepared
from crosspromo.connectors.bluesky.account import BlueskyAccount
from crosspromo.domain.clock import Clock

NOW = datetime(2026, 10, 1, 12, 0, 0, 250_000, tzinfo=UTC)
HELLO = Content("Hello")
WRONG = "not-the-password"


class MemorySessions:
    """A SessionStore that forgets everything with the test."""

    def __init__(self, session: str | None = None) -> None:
        self.session = session

    def load(self) -> str | None:
        return self.session

    def save(self, session: str) -> None:
        self.session = session

    def replace_token(self, place: int, change: Callable[[str], str]) -> None:
        """Of its parts the last three are access token, refresh token and host."""
        assert self.session is not None
        parts = self.session.split(":::")
        parts[place] = change(parts[place])
        self.session = ":::".join(parts)


class Connect(Protocol):
    def __call__(
        self,
        sessions: MemorySessions | None = None,
        *,
        password: str | None = None,
        identifier: str | None = None,
        server: str | None = None,
        cards: str = "off",
        bot_label: str = "off",
        clock: Clock | None = None,
        timeout: timedelta = ...,
    ) -> BlueskyAccount: ...


@contextmanager
def connecting(pds: BlueskyServer, account: Account, workspace: Path) -> Iterator[Connect]:
    """Makes connectors of `account`, and closes them in the end."""
    made: list[BlueskyAccount] = []

    def new(
        sessions: MemorySessions | None = None,
        *,
        password: str | None = None,
        identifier: str | None = None,
        server: str | None = None,
        cards: str = "off",
        bot_label: str = "off",
        clock: Clock | None = None,
        timeout: timedelta = timedelta(seconds=30),
    ) -> BlueskyAccount:
        setup = AccountSetup(
            name="bluesky-main",
            credentials={
                "identifier": identifier or account.handle,
                "password": password or account.password,
            },
            options={"cards": cards, "bot_label": bot_label},
            server=server or pds.url,
            timeout=timeout,
            workspace=workspace,
            sessions=sessions or MemorySessions(),
        )
        made.append(BlueskyAccount(setup, clock))
        return made[-1]

    yield new
    for connector in made:
        connector.close()


def prepared(connector: BlueskyAccount, content: Content = HELLO) -> Prepared:
    assert connector.ready(content) is None
    return connector.prepare(content, NOW)


def publish(connector: BlueskyAccount, content: Content = HELLO) -> Outcome:
    return connector.send(prepared(connector, content))
