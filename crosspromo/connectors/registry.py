"""Registry of installed connectors: built-in and third-party ones are found in the same way.

An entry point of the group `crosspromo.connectors` names a `Network`. A connector that cannot be
loaded is a status that `connector list` shows, not a crash.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points

from crosspromo.domain.errors import ConfigError
from crosspromo.publishing.networks import Network

GROUP = "crosspromo.connectors"


@dataclass(frozen=True, slots=True)
class Broken:
    """Connector that failed to load, with the reason."""

    name: str
    reason: str


class Registry:
    """Networks by name, each loaded at its first use."""

    def __init__(self, networks: Mapping[str, Network] | None = None) -> None:
        self._loaded: dict[str, Network | Broken] = dict(networks or {})

    @cached_property
    def _entries(self) -> Mapping[str, EntryPoint]:
        return {entry.name: entry for entry in entry_points(group=GROUP)}

    def names(self) -> list[str]:
        """Names of all installed connectors, loadable or not, in alphabetical order."""
        return sorted(self._entries.keys() | self._loaded.keys())

    def look(self, name: str) -> Network | Broken:
        """Network of this name, or the reason of its failure to load."""
        if name not in self._loaded:
            self._loaded[name] = self._load(name)
        return self._loaded[name]

    def get(self, name: str) -> Network:
        """Network of this name; ConfigError where it is not installed or cannot be loaded."""
        found = self.look(name)
        if isinstance(found, Broken):
            raise ConfigError(f'network "{name}": {found.reason}')
        return found

    def _load(self, name: str) -> Network | Broken:
        entry = self._entries.get(name)
        if entry is None:
            near = get_close_matches(name, self.names(), n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(self.names())}"
            return Broken(name, f"no connector of that name is installed; {hint}")
        try:
            network = entry.load()
        except Exception as error:  # noqa: BLE001 (somebody else's module: whatever it does is a status)
            return Broken(
                name, f"{entry.value} could not be loaded: {type(error).__name__}: {error}"
            )
        if not isinstance(network, Network):
            return Broken(name, f"{entry.value} is not a crosspromo Network")
        return network
