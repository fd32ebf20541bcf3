"""Health of a daemon, as programs ask for it: whether it works, and the figures behind that.

Nothing here has the text of a post.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import CrosspromoError, DatabaseError
from crosspromo.domain.notices import Notice
from crosspromo.domain.states import State

if TYPE_CHECKING:
    from crosspromo.services.notify import Notifier
    from crosspromo.store.unit import Store

T = TypeVar("T")

SILENT_AFTER = timedelta(minutes=3)
"""Time without a sign of life after which a daemon is not believed to work: three heartbeats."""

PATIENCE = 5.0
"""Seconds to wait for a database that somebody else is asking already."""


class Pulse:
    """Signs of life of this process. Thread-safe: one thread gives them, others read the last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.last = clock.now()

    def beat(self) -> None:
        """Give a sign of life."""
        self.last = self._clock.now()

    def silence(self) -> timedelta:
        """Time since the last sign of life, counted anew where the clock was set back."""
        now = self._clock.now()
        self.last = min(self.last, now)
        return now - self.last


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of a workspace. `overdue`: how long the oldest untouched due delivery has waited.

    `matters` are numbers of matters that need a person, by code. `untold`: matters that some
    channel could not tell.
    """

    states: Mapping[State, int]
    held: int
    overdue: timedelta
    matters: Mapping[str, int]
    untold: int


@dataclass(frozen=True)
class Health:
    """Health of this process. One thread at a time asks the database.

    So a database that hangs costs one connection, whoever asks for the health how often.
    """

    store: "Store"
    clock: Clock
    pulse: Pulse
    notices: Callable[[], Sequence[Notice]]
    notifier: "Callable[[], Notifier]"
    version: str
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def trouble(self) -> str | None:
        """Sentence about a silent daemon or an unreachable database; None if neither is so."""
        silence = self.pulse.silence()
        if silence > SILENT_AFTER:
            return f"no sign of life for {int(silence.total_seconds())} seconds"
        try:
            self._ask(self._reach)
        except CrosspromoError as error:
            return str(error)
        return None

    def figures(self) -> Figures | None:
        """Figures now; None where the database cannot be reached."""
        try:
            return self._ask(self._read)
        except CrosspromoError:
            return None

    def last_beat(self) -> datetime:
        """Time of the last sign of life."""
        return self.pulse.last

    def _ask(self, question: Callable[[], T]) -> T:
        if not self._asking.acquire(timeout=PATIENCE):
            raise DatabaseError(f"the database gave no answer in {PATIENCE:g} seconds")
        try:
            return question()
        finally:
            self._asking.release()

    def _reach(self) -> None:
        with self.store.read() as unit:
            unit.deliveries.next_wake()

    def _read(self) -> Figures:
        now = self.clock.now()
        with self.store.read() as unit:
            states = unit.deliveries.counts()
            held = unit.deliveries.held()
            waiting = unit.deliveries.oldest_overdue(now)
        undelivered = self.notifier().undelivered()
        return Figures(
            states=states,
            held=held,
            overdue=timedelta() if waiting is None else now - waiting,
            matters=Counter(notice.code for notice in self.notices()),
            untold=len({key for each in undelivered for key in each.keys}),
        )
