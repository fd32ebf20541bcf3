"""People who have acted in the last minutes: only for them it is looked up what can be undone."""

import threading
from time import monotonic

from crosspromo.domain.undo import UNDONE_WITHIN

MOST_KEPT = 10_000


class RecentActs:
    """Ids of people with the moment of their last act here. Thread-safe."""

    def __init__(self) -> None:
        self._at: dict[int, float] = {}
        self._lock = threading.Lock()

    def note(self, person: int) -> None:
        """Remember that the person acts now."""
        with self._lock:
            if len(self._at) >= MOST_KEPT:
                self._at.clear()
            self._at[person] = monotonic()

    def has_acted(self, person: int) -> bool:
        """Whether the person may have something to undo."""
        with self._lock:
            at = self._at.get(person)
        return at is not None and monotonic() - at < UNDONE_WITHIN.total_seconds()
