"""Sending state: whether posts go out now, in a handful of queries that no queue makes slower."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.pauses import Pause
from crosspromo.domain.workers import Worker

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

MOST_COUNTED = 1_000
"""Most posts past due that are counted."""


@dataclass(frozen=True, slots=True)
class SendingState:
    """Whether posts go out. Times are aware, in UTC.

    `alive` are the daemons that run. `daemon` is the one heard of last, dead or alive; None: none
    was heard of for a day, or it ended in order. `pauses` are all in force. `next_at` is the due
    time of the next queued post whose account is not paused. `past_due` is the number of queued
    posts that a daemon was to look at before now, only counted where none is alive.
    """

    alive: tuple[Worker, ...]
    daemon: Worker | None
    pauses: tuple[Pause, ...]
    next_at: datetime | None
    past_due: int = 0

    @property
    def pause(self) -> Pause | None:
        """Pause over everything."""
        return next((each for each in self.pauses if each.account is None), None)

    @property
    def is_alive(self) -> bool:
        """Whether a daemon runs."""
        return bool(self.alive)


@dataclass(frozen=True)
class SendingStates:
    """Reads the sending state. `is_dead`: whether a worker is surely dead."""

    store: "Store"
    clock: Clock
    is_dead: Callable[[str], bool]

    def now(self) -> SendingState:
        """Sending state now."""
        with self.store.read() as unit:
            return self.within(unit)

    def within(self, unit: "Unit") -> SendingState:
        """The same within a transaction."""
        from crosspromo.store.workers import alive_among  # noqa: PLC0415 (the store loads when used)

        now = self.clock.now()
        facts = unit.sending.facts(now, MOST_COUNTED)
        alive = alive_among(facts.running, now, self.is_dead)
        return SendingState(
            alive=tuple(alive),
            daemon=next(iter(alive or facts.running), None),
            pauses=tuple(facts.pauses),
            next_at=facts.next_at,
            past_due=0 if alive else facts.past_due,
        )
