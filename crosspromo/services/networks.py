"""Installed networks: limits and capabilities."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crosspromo.connectors.registry import Broken, Registry

if TYPE_CHECKING:
    from crosspromo.publishing.networks import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledNetwork:
    """Usable network with limits and capabilities.

    `limit`, `title_limit` and `byte_limit` apply to a text, as the network counts; None: no limit,
    or no titles. `repeatable`: the same send, made twice, leaves one post. `by_hand`: a person
    makes the posts. `images` is the largest number of images in a post, `image_bytes` the largest
    size of an image. `credentials` are the alternative sets of keys that an account needs,
    `options` its other keys. `imitates`: the network stands in for another network, whose limits
    then apply.
    """

    name: str
    limit: int
    title_limit: int | None
    byte_limit: int | None
    repeatable: bool
    by_hand: bool
    threads: bool
    images: int
    image_bytes: int
    image_types: tuple[str, ...]
    reposts: bool
    quotes: bool
    deletes: bool
    credentials: tuple[tuple[str, ...], ...]
    options: tuple[str, ...]
    imitates: bool


@dataclass(frozen=True, slots=True)
class BrokenNetwork:
    """Network with a connector that failed to load, and the reason in words."""

    name: str
    why: str


@dataclass(frozen=True)
class Networks:
    """Networks known to a registry; the default registry holds the installed networks."""

    registry: Registry = field(default_factory=Registry)

    def list(self) -> Sequence[InstalledNetwork | BrokenNetwork]:
        """Every installed connector, by name."""
        return [self._look(name) for name in self.registry.names()]

    def _look(self, name: str) -> InstalledNetwork | BrokenNetwork:
        found = self.registry.look(name)
        if isinstance(found, Broken):
            return BrokenNetwork(name, found.reason)
        return _installed(name, found)


def _installed(name: str, network: "Network") -> InstalledNetwork:
    capabilities = network.capabilities
    text, images = capabilities.text, capabilities.images
    return InstalledNetwork(
        name=name,
        limit=text.limit,
        title_limit=text.title_limit,
        byte_limit=text.byte_limit,
        repeatable=capabilities.repeatable,
        by_hand=capabilities.by_hand,
        threads=capabilities.threads,
        images=images.most,
        image_bytes=images.max_bytes,
        image_types=images.types,
        reposts=capabilities.reposts is not None,
        quotes=capabilities.quotes,
        deletes=capabilities.deletes,
        credentials=network.credentials,
        options=network.options,
        imitates=network.imitates,
    )
