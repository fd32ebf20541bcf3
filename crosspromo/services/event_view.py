"""Events as people see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.events import Event

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


@dataclass(frozen=True)
class EventViews:
    """Looks at the events of a workspace."""

    store: "Store"
    clock: Clock

    def get(self, slug: str) -> Event:
        """The event of this slug; NotFoundError where there is none."""
        with self.store.read() as unit:
            return unit.events.get(slug)

    def list(self, *, past: bool = False) -> Sequence[Event]:
        """The events to come, soonest first; with `past` those before them, too."""
        with self.store.read() as unit:
            return unit.events.all(after=None if past else self.clock.now())
