"""Deadlines for whole calls: one time-out bounds connecting, sending and the answer together."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Monotonic = Callable[[], float]
"""Clock in seconds that only goes forward."""


class CallDeadline(threading.local):
    """Deadline of the current call, separate for each thread."""

    def __init__(self) -> None:
        self._ends_at: float | None = None
        self._monotonic: Monotonic = time.monotonic

    def begin(self, seconds: float | None, monotonic: Monotonic = time.monotonic) -> None:
        """Start a call that must end after `seconds`; None: without a deadline."""
        self._ends_at = None if seconds is None else monotonic() + seconds
        self._monotonic = monotonic

    @contextmanager
    def within(self, seconds: float | None, monotonic: Monotonic) -> Iterator[None]:
        """Bound all calls in this block to `seconds`; afterwards the old deadline holds again."""
        before = self._ends_at, self._monotonic
        self.begin(seconds, monotonic)
        try:
            yield
        finally:
            self._ends_at, self._monotonic = before

    def left(self, timeout: float | None = None) -> float | None:
        """Seconds left for the next step, at most `timeout`; None: no bound.

        TimeoutError where no time is left.
        """
        if self._ends_at is None:
            return timeout
        left = self._ends_at - self._monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole call is up")
        return left if timeout is None else min(timeout, left)
