"""A simulated X, connectors to it and pictures, for the tests of the X connector."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from pathlib import Path
from typing import cast

import PIL.Image
from servers.simulators import XSimulator
from servers.simulators.x import CREDENTIALS

from crosspromo.connectors.base import (
    AccountSetup,
    Connector,
    Content,
    Deletes,
    Image,
    Prepared,
    Receipt,
    Removal,
)
from crosspromo.connectors.x import NETWORK, connected
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.simulator.messages import Answer, Request

SECRETS = {
    "consumer_key": CREDENTIALS.consumer_key,
    "consumer_secret": CREDENTIALS.consumer_secret,
    "access_token": CREDENTIALS.access_token,
    "access_token_secret": CREDENTIALS.access_token_secret,
}
PATIENT = timedelta(seconds=20)
IMPATIENT = timedelta(seconds=0.3)


class NoSessions:
    def load(self) -> str | None:
        return None

    def save(self, session: str) -> None:
        raise AssertionError("X has no session to save")


@dataclass
class World:
    """X and everything that a test does with it; X and the connectors go by the same clock."""

    x: Answering
    clock: FakeClock
    folder: Path
    made: list[Connector] = field(default_factory=list)

    def connect(self, timeout: timedelta = PATIENT) -> Connector:
        """Another worker's connector of the one account."""
        setup = AccountSetup("x-main", SECRETS, {}, self.x.url, timeout, self.folder, NoSessions())
        self.made.append(connected(setup, self.clock))
        return self.made[-1]

    def prepared(self, account: Connector, content: Content) -> Prepared:
        """Ready and prepared: all that comes before a send."""
        assert account.ready(content) is None
        return account.prepare(content, self.clock.now())

    def now(self) -> datetime:
        return self.clock.now()

    def picture(self, name: str, alt: str = "", *, size: tuple[int, int] = (4, 3)) -> Image:
        """A picture in the workspace, of the kind that its name says."""
        PIL.Image.new("RGB", size, "teal").save(self.folder / name)
        return Image(name, alt)

    @property
    def paths(self) -> list[str]:
        """Where the writes went, in order."""
        return [write.path for write in self.x.writes]

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.x.posts]

    def answer_all(self, method: str, path: str, answer: Answer) -> None:
        """X gives this answer to every such request from now on."""
        self.x.answers[method, path] = answer


class Answering(XSimulator):
    """An X that gives some requests an answer fixed in advance; paths may hold `*`."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock=clock)
        self.answers: dict[tuple[str, str], Answer] = {}

    def answer(self, request: Request) -> Answer:
        for (method, path), answer in self.answers.items():
            if request.method == method and fnmatchcase(request.path, path):
                return answer
        return super().answer(request)


@contextmanager
def world_in(folder: Path) -> Iterator[World]:
    """The world, for as long as a test lasts."""
    clock = FakeClock()
    with Answering(clock) as x:
        world = World(x, clock, folder)
        yield world
        for connector in world.made:
            connector.close()


def delete(account: Connector, receipt: Receipt) -> Removal:
    """What its capabilities promise it can do."""
    assert NETWORK.capabilities.deletes
    assert isinstance(account, Deletes)
    return cast("Deletes", account).delete(receipt)
