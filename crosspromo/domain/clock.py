"""Clock, passed as an argument: only `SystemClock` reads the machine's clock."""

from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

CLOCKS_AGREE: Final = timedelta(seconds=60)
"""Largest difference between two clocks that agree. A cached answer is older than that at times."""


class Clock(Protocol):
    """Source of the present time. Tests and the simulation pass their own."""

    def now(self) -> datetime:
        """Present time, aware, in UTC."""
        ...


class SystemClock:
    """Clock that reads the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)
