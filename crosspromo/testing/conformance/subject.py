"""Subject of the suite: a connector, its network, and the test's access to both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from unittest import SkipTest

from crosspromo.connectors.base import AccountSetup, Content, Network
from crosspromo.testing.simulator.faults import FaultKind, Moment
from crosspromo.testing.simulator.server import Simulator


class CannotError(SkipTest):
    """Test that cannot run on this network; the message says why. Runners report it as skipped."""


class Call(StrEnum):
    """Connector request that shall meet a fault."""

    SEND = "send"
    LOOK_UP = "look-up"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class Post:
    """Post as it stands on the network. `title` is None where the network has no titles.

    `alts` are the alt texts of its images in order; `repost_of` and `quote_of` name the post it
    repeats or quotes, in the words of `Subject.post_of_somebody_else`.
    """

    text: str
    title: str | None = None
    alts: tuple[str, ...] = ()
    repost_of: str | None = None
    quote_of: str | None = None


class MemorySessions:
    """SessionStore in memory, lost at the end of the test."""

    def __init__(self) -> None:
        self._session: str | None = None

    def load(self) -> str | None:
        return self._session

    def save(self, session: str) -> None:
        self._session = session


class Subject(ABC):
    """Connector under test, with one account on a network whose posts are all visible to the test.

    Each test makes its own subject, so a subject may start a server when it is made and stop it in
    `close`. Derive from it, name the network, and list the posts on it: `posts`. The rest may be
    replaced.
    """

    network: Network
    entry_point: str | None = None
    """The value of your entry point, such as "my_package.board:NETWORK"."""
    server: str | None = None
    """The address that the account is set up with."""
    credentials: Mapping[str, str] = {}
    options: Mapping[str, str] = {}
    imitates: str | None = None
    timeout = timedelta(seconds=20)
    """What the connector is given where the network answers."""
    short_timeout = timedelta(seconds=0.5)
    """What it is given where the network is to hang."""
    slack = timedelta(seconds=5)
    """How much longer than its timeout a call may last before it counts as one that never ends."""

    def __init__(self, folder: Path) -> None:
        """Create the subject. `folder` is the workspace: empty, and the test's own."""
        self.folder = folder
        self._sessions = MemorySessions()

    @abstractmethod
    def posts(self) -> Sequence[Post]:
        """All posts of the account on the network now, oldest first, read without the connector."""

    def fail_next(self, fault: FaultKind, when: Moment, on: Call, *, skip: int = 0) -> None:
        """Make the network fail once, after `skip` more such requests, before or after acceptance.

        Requests other than `on` meet no fault. CannotError where the network cannot be made to
        fail.
        """
        raise CannotError(f"this network cannot be made to fail: {fault} {when} its {on}")

    def post_of_somebody_else(self, text: str) -> str:
        """Address of a new post by another account; CannotError where the network has no others."""
        raise CannotError("this network has no posts of others to repost")

    def wrong_credentials(self) -> Mapping[str, str]:
        """Credentials that the network refuses: by default, every secret changed."""
        if not self.secret_names:
            raise CannotError("this network asks for no secret")
        return {
            name: f"not-{value}" if name in self.secret_names else value
            for name, value in self.credentials.items()
        }

    def content(self, text: str) -> Content:
        """Post with this text, and with all other values that the network requires."""
        titled = self.network.capabilities.text.title_required
        return Content(text, title=text.splitlines()[0] if titled else None)

    def close(self) -> None:  # noqa: B027 (most subjects have nothing to stop)
        """Stop servers started by the subject."""

    @property
    def secret_names(self) -> set[str]:
        return set(self.credentials) - set(self.network.public_credentials)

    def setup(self, credentials: Mapping[str, str], timeout: timedelta) -> AccountSetup:
        """Setup from which the connector is built. The sessions are kept, as in a database."""
        return AccountSetup(
            name="conformance",
            credentials=credentials,
            options=self.options,
            server=self.server,
            timeout=timeout,
            workspace=self.folder,
            sessions=self._sessions,
            imitates=self.imitates,
        )


class SimulatedSubject(Subject):
    """Subject on a `Simulator`, which starts here and fails on request."""

    look_ups: str = "*"
    """The path of the request that a look-up makes; it may hold `*`."""
    measurings: str = "*"
    """The path of the request that asks for figures; it may hold `*`."""

    def __init__(self, folder: Path, simulator: Simulator) -> None:
        super().__init__(folder)
        self._simulator = simulator
        simulator.start()
        self.server = simulator.url

    def fail_next(self, fault: FaultKind, when: Moment, on: Call, *, skip: int = 0) -> None:
        paths = {Call.LOOK_UP: self.look_ups, Call.MEASURE: self.measurings}
        path = paths.get(on)
        self._simulator.fail_next(fault, when, path=path, skip=skip)

    def close(self) -> None:
        self._simulator.stop()
