"""Fake clock: its time stands still until a test moves it."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """Clock that shows the time it was set to, and moves only by `advance` and `set`."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move the clock forward; the new time is returned."""
        self._now += by
        return self._now

    def set(self, now: datetime) -> None:
        """Set the clock to any time, later or earlier."""
        self._now = now
