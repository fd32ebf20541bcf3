"""Tries: failed sign-ins of the last minutes, by name and by address, in the memory of a process.

A name is tried at most MOST_OF_NAME times in the window, from wherever; an address has more, since
an office shares one. Nothing is written to the database: anybody can cause a failed sign-in.
"""

import threading
from collections import OrderedDict, deque
from datetime import datetime, timedelta

from crosspromo.domain.approval import name_key

WINDOW = timedelta(minutes=15)
MOST_OF_NAME = 8
MOST_OF_ADDRESS = 30

MOST_KEPT = 20_000
"""Names and addresses that are remembered; the oldest are forgotten first."""


class Tries:
    """Failed sign-ins. Thread-safe."""

    def __init__(self) -> None:
        self._failed: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def again_at(self, name: str, address: str, now: datetime) -> datetime | None:
        """Time of the next try; None: now."""
        with self._lock:
            waits = [self._wait(key, most, now) for key, most in _keys(name, address)]
        return max((each for each in waits if each is not None), default=None)

    def failed(self, name: str, address: str, now: datetime) -> None:
        """Count a failed sign-in."""
        with self._lock:
            for key, most in _keys(name, address):
                times = self._failed.setdefault(key, deque(maxlen=most))
                times.append(now)
                self._failed.move_to_end(key)
            while len(self._failed) > MOST_KEPT:
                self._failed.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name; those of its address stay."""
        with self._lock:
            self._failed.pop(_keys(name, "")[0][0], None)

    def _wait(self, key: str, most: int, now: datetime) -> datetime | None:
        times = self._failed.get(key)
        if times is None or len(times) < most:
            return None
        again = times[0] + WINDOW
        return again if again > now else None


def _keys(name: str, address: str) -> tuple[tuple[str, int], ...]:
    return (f"name {name_key(name)[:200]}", MOST_OF_NAME), (f"from {address}", MOST_OF_ADDRESS)
