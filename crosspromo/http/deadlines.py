"""Deadlines for whole calls: one time-out for connecting, sending and the answer together."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Monotonic = Callable[[], float]
"""A clock in seconds that only goes forward."""


class CallDeadline(threading.local):
    """The time by which the call that this thread is making must end. Each thread has its own."""

    def __init__(self) -> None:
        self._ends_at: float | None = None
        self._monotonic: Monotonic = time.monotonic

    def begin(self, seconds: float | None, monotonic: Monotonic = time.monotonic) -> None:
        """Begin a call that must end after so many seconds; None: it has no deadline."""
        self._ends_at = None if seconds is None else monotonic() + seconds
        self._monotonic = monotonic

    @contextmanager
    def within(self, seconds: float | None, monotonic: Monotonic) -> Iterator[None]:
        """Bound every call in this block to so many seconds; afterwards the old deadline holds."""
        before = self._ends_at, self._monotonic
        self.begin(seconds, monotonic)
        try:
            yield
        finally:
            self._ends_at, self._monotonic = before

    def left(self, timeout: float | None = None) -> float | None:
        """Seconds that the next step may take, at most `timeout`; None: as many as it likes.

        TimeoutError where no time is left.
        """
        if self._ends_at is None:
            return timeout
        left = self._ends_at - self._monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole call is up")
        return left if timeout is None else min(timeout, left)
