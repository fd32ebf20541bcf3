"""Clock, passed as an argument: only `SystemClock` reads the machine's clock."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Source of the present time. Tests and the simulation pass their own."""

    def now(self) -> datetime:
        """Present time, aware, in UTC."""
        ...


class SystemClock:
    """Clock that reads the machine's time."""

    def now(self) -> datetime:
        return datetime.now(UTC)
