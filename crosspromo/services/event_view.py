"""Events for people: one event, or a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.events import Event

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True)
class EventViews:
    """Reads events of a workspace."""

    store: "Store"
    clock: Clock

    def get(self, slug: str) -> Event:
        """Event with this slug; NotFoundError for an unknown slug."""
        with self.store.read() as unit:
            return unit.events.get(slug)

    def list(self, *, past: bool = False) -> Sequence[Event]:
        """Events to come, soonest first; `past`: earlier events, too."""
        with self.store.read() as unit:
            return unit.events.all(after=None if past else self.clock.now())
