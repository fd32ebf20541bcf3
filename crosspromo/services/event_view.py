"""Events for people: one event, or a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.events import Event
from crosspromo.domain.states import State

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

MOST_EVENTS = 200
"""Coming events of one list."""

MOST_PAST = 50
"""Past events of one list."""

MOST_POSTS = 50
"""Posts about one event that are shown."""


@dataclass(frozen=True, slots=True)
class EventsSeen:
    """Coming events, the soonest first, and past ones, the latest first.

    `more` coming events are left out. `deliveries` are numbers by state, by slug of an event.
    """

    coming: Sequence[Event]
    more: int
    past: Sequence[Event]
    deliveries: Mapping[str, Mapping[State, int]]


@dataclass(frozen=True, slots=True)
class EventSeen:
    """One event with the deliveries that announce it, in order of due time."""

    event: Event
    deliveries: Sequence[Delivery]


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

    def seen(self) -> EventsSeen:
        """Coming and past events, with the number of deliveries about each."""
        now = self.clock.now()
        with self.store.read() as unit:
            coming = unit.events.all(after=now)
            shown, past = coming[:MOST_EVENTS], unit.events.past(now, MOST_PAST)
            counts = unit.shares.of_events([each.slug for each in (*shown, *past)])
        return EventsSeen(shown, len(coming) - len(shown), past, counts)

    def with_posts(self, slug: str) -> EventSeen:
        """Event with the posts about it; NotFoundError for an unknown slug."""
        with self.store.read() as unit:
            return EventSeen(unit.events.get(slug), unit.shares.of_event(slug, MOST_POSTS))
