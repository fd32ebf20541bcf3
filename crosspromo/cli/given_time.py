"""Time of a post as it is typed: a moment, or "allowed"."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.typed_times import parse_when

ALLOWED = "allowed"
"""Word for a self post that goes as soon as the gate allows it."""


def given_time(at: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    """Time that was typed; None: when the gate allows the post. InputError for any other text."""
    return None if at.strip().lower() == ALLOWED else parse_when(at, now, zone)
