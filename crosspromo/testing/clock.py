"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """Tells the time it was set to. It moves only by `advance` and `set`."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Move on; the new time comes back."""
        self._now += by
        return self._now

    def set(self, now: datetime) -> None:
        """Jump, forwards or backwards."""
        self._now = now
