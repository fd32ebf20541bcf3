"""Posting by hand keeps what is left of the promises where a person does the posting."""

from collections.abc import Sequence
from pathlib import Path

from crosspromo.connectors.manual import NETWORK
from crosspromo.testing.conformance import ConnectorConformance, Post, Subject


class ManualSubject(Subject):
    network = NETWORK
    entry_point = "crosspromo.connectors.manual:NETWORK"
    imitates = "bluesky"

    def posts(self) -> Sequence[Post]:
        """None: nobody is there to post them."""
        return []


class TestManual(ConnectorConformance):
    def make_subject(self, folder: Path) -> ManualSubject:
        return ManualSubject(folder)
