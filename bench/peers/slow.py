"""crosspromo on a network that takes 200 ms for a post."""

from datetime import datetime
from time import sleep
from uuid import uuid4

from bench.contest import Given, Work
from crosspromo.connectors.registry import Registry
from crosspromo.daemon import run_once
from crosspromo.domain.attempts import Prepared
from crosspromo.domain.outcomes import Absent, LookUp, Outcome, Receipt, Sent
from crosspromo.domain.posts import Content
from crosspromo.publishing.networks import AccountSetup, Capabilities, Network
from crosspromo.publishing.results import Disposition
from crosspromo.settings import FILE_NAME, load
from crosspromo.text.rules import BLUESKY
from crosspromo.workspace import Workspace

SECONDS = 0.2


class Slow:
    """An account there."""

    def __init__(self, setup: AccountSetup) -> None:
        self._name = setup.name

    def ready(self, _content: Content) -> None:
        return None

    def prepare(self, content: Content, _now: datetime) -> Prepared:
        return Prepared(uuid4().hex, {"texts": list(content.posts)})

    def send(self, prepared: Prepared) -> Outcome:
        sleep(SECONDS)
        return Sent(Receipt(prepared.token, f"https://slow.example/{prepared.token}"))

    def look_up(self, _prepared: Prepared, _attempted_at: datetime) -> LookUp:
        return Absent()

    def verify(self) -> str:
        return self._name

    def close(self) -> None:
        """Nothing is open."""


NETWORK = Network("slow", Capabilities(text=BLUESKY), Slow)


def drain(given: Given) -> Work:
    """All that is due."""
    workspace = Workspace(
        given.folder, load(given.folder / FILE_NAME), registry=Registry({"slow": NETWORK})
    )
    known = workspace.rules, workspace.store
    assert all(known)
    return lambda: run_once(workspace).dispositions[Disposition.PUBLISHED]
