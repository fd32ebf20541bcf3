"""The network in memory, which many tests rely on, keeps what every connector promises."""

from collections.abc import Sequence
from pathlib import Path

from crosspromo.connectors.base import AccountSetup, Capabilities, Connector, Network
from crosspromo.testing.conformance import ConnectorConformance, Post, Subject
from crosspromo.testing.networks import MemoryConnector, MemoryNetwork
from crosspromo.text import rules


class MemorySubject(Subject):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.memory = MemoryNetwork()
        self.network = Network(
            "memory", Capabilities(rules.BLUESKY, repeatable=True, deletes=True), self._connect
        )

    def posts(self) -> Sequence[Post]:
        return [Post(text) for text in self.memory.texts]

    def _connect(self, setup: AccountSetup) -> Connector:
        return MemoryConnector(self.memory)


class TestMemory(ConnectorConformance):
    def make_subject(self, folder: Path) -> MemorySubject:
        return MemorySubject(folder)
