"""Rate limits of a simulated network: requests per window, and the rest of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class RateLimit:
    """Limit of `requests` in each window of `seconds`, counted from the first request in it."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class RateStanding:
    """State of a limit after a request; `allowed` says whether that request was let through."""

    allowed: bool
    limit: int
    used: int
    resets_at: datetime

    @property
    def remaining(self) -> int:
        return max(0, self.limit - self.used)

    def seconds_left(self, now: datetime) -> int:
        """Whole seconds until the reset, rounded up, never negative."""
        return max(0, math.ceil((self.resets_at - now).total_seconds()))


class Allowance:
    """Running count of one limit. Not thread-safe: a simulator holds its lock around it."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._used = 0
        self._resets_at: datetime | None = None

    def take(self, now: datetime) -> RateStanding:
        """Count one request at `now`, and return the state of the limit."""
        if self._resets_at is None or now >= self._resets_at:
            self._used = 0
            self._resets_at = now + timedelta(seconds=self._limit.seconds)
        allowed = self._used < self._limit.requests
        if allowed:
            self._used += 1
        return RateStanding(allowed, self._limit.requests, self._used, self._resets_at)
