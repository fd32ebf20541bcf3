"""Freshness: whether stored forecasts are up to date, remembered for a moment.

To look is as much work as the queue is long. A process that shows many pages looks once for all
pages of a few seconds, and anew after each act of its own.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

REMEMBERED_FOR = timedelta(seconds=5)


class Freshness:
    """Last look at the stored forecasts. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[str, datetime, bool] | None = None

    def is_fresh(self, version: str, now: datetime, look: Callable[[], bool]) -> bool:
        """Whether the forecasts of this version are up to date, by the last look or a new one."""
        with self._lock:
            seen = self._seen
        if (
            seen is not None
            and seen[0] == version
            and timedelta() <= now - seen[1] < REMEMBERED_FOR
        ):
            return seen[2]
        fresh = look()
        with self._lock:
            self._seen = version, now, fresh
        return fresh

    def forget(self) -> None:
        """Have the next page look anew: something was changed."""
        with self._lock:
            self._seen = None
