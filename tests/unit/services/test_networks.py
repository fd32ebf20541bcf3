"""The networks that are installed, with their limits."""

import re
from typing import Any
from unittest.mock import Mock

from crosspromo.connectors.registry import Broken, Registry
from crosspromo.publishing.networks import Capabilities, ImageLimits, Network
from crosspromo.services.networks import BrokenNetwork, InstalledNetwork, Networks
from crosspromo.text.rules import TextRules

OURS = {"bluesky", "manual", "reddit", "sandbox", "x"}


class Shelf(Registry):
    """A registry with these networks only."""

    def __init__(self, **networks: Network | Broken) -> None:
        super().__init__()
        self._loaded: dict[str, Any] = dict(networks)
        self.__dict__["_entries"] = {}


def test_ours_are_there() -> None:
    assert {network.name for network in Networks().list()} >= OURS


def test_what_a_network_can_do_and_how_it_counts() -> None:
    pigeon = Network(
        name="pigeon",
        capabilities=Capabilities(
            text=TextRules("pigeon", 80, len, byte_limit=160, title_limit=10),
            repeatable=True,
            threads=True,
            images=ImageLimits(most=2, max_bytes=1000, types=("image/png",)),
            reposts=re.compile("https://pigeon.example/.+"),
            deletes=True,
        ),
        connect=Mock(),
        credentials=(("ring",), ("ring", "key")),
        options=("loft",),
    )
    assert Networks(Shelf(pigeon=pigeon)).list() == [
        InstalledNetwork(
            name="pigeon",
            limit=80,
            title_limit=10,
            byte_limit=160,
            repeatable=True,
            by_hand=False,
            threads=True,
            images=2,
            image_bytes=1000,
            image_types=("image/png",),
            reposts=True,
            quotes=False,
            deletes=True,
            credentials=(("ring",), ("ring", "key")),
            options=("loft",),
            imitates=False,
        )
    ]


def test_one_that_cannot_be_loaded_says_why() -> None:
    shelf = Shelf(pigeon=Broken("pigeon", "it has flown"))
    assert Networks(shelf).list() == [BrokenNetwork("pigeon", "it has flown")]
