"""Sources that are due, for a daemon, which looks all day and mostly finds none.

What reads feeds and calendars is large, and is imported where a source is due.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock

if TYPE_CHECKING:
    from crosspromo.services.sources import Reading, SourceService
    from crosspromo.store.unit import Store


@dataclass(frozen=True)
class DueSources:
    """Sources that are due. `sources` is called where one is."""

    store: "Store"
    clock: Clock
    sources: "Callable[[], SourceService]"

    def read(self, is_ending: Callable[[], bool] = lambda: False) -> "Sequence[Reading]":
        """Read them as `SourceService.read_due` does; none more once `is_ending`."""
        with self.store.read() as unit:
            if not unit.sources.due(self.clock.now(), 1):
                return []
        return self.sources().read_due(is_ending)
