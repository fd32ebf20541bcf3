"""Freshness: why stored forecasts are out of date, if they are, remembered for a moment.

To look is as much work as the queue is long. A process that shows many pages looks once for all
pages of a few seconds, and anew after each act of its own.
"""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from crosspromo.domain.forecasts import HangsOn

REMEMBERED_FOR = timedelta(seconds=5)


class Freshness:
    """Last look at the stored forecasts. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: tuple[str, datetime, HangsOn | None] | None = None

    def doubt(
        self, version: str, now: datetime, look: Callable[[], HangsOn | None]
    ) -> HangsOn | None:
        """Why the forecasts of this version are out of date, by the last look or a new one.

        None: they are not.
        """
        with self._lock:
            seen = self._seen
        if (
            seen is not None
            and seen[0] == version
            and timedelta() <= now - seen[1] < REMEMBERED_FOR
        ):
            return seen[2]
        doubt = look()
        with self._lock:
            self._seen = version, now, doubt
        return doubt

    def forget(self) -> None:
        """Have the next page look anew: something was changed."""
        with self._lock:
            self._seen = None
