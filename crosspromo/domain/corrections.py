"""Corrections: what readers are told when an event that we announced changes, or is cancelled.

A correction is a notice, a draft that a person approves. It says what is new, and never more.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.domain.states import State
from crosspromo.domain.timing import DAYS, wall_clock, zone_letters

CORRECTION = "correction"
"""Step of a post that corrects what an account announced: it waits for no slot."""


class About(StrEnum):
    """What a correction says of its event."""

    CANCELLED = "cancelled"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Told:
    """Time and place of an event as readers know them. `starts_at` is aware, in UTC."""

    starts_at: datetime
    zone: str
    all_day: bool
    location: str

    @property
    def time(self) -> tuple[datetime, str, bool]:
        """All that a reader takes the time from."""
        return self.starts_at, self.zone, self.all_day


@dataclass(frozen=True, slots=True)
class Correction:
    """Correction of what `account` announced of an event. Times are aware, in UTC.

    `told` is what readers knew when it was drafted.
    """

    delivery: int
    account: str
    state: State
    about: About
    told: Told
    drafted_at: datetime

    @property
    def waits(self) -> bool:
        """Whether it is a draft, or queued."""
        return self.state in {State.DRAFT, State.QUEUED}


def told_by(event: Event) -> Told:
    """What readers of an announcement know of the event as it is now."""
    return Told(event.starts_at, event.zone, event.all_day, event.location.strip())


def differs(told: Told, event: Event) -> bool:
    """Whether time or place of the event are other than readers know."""
    now = told_by(event)
    return told.time != now.time or told.location != now.location


def title_of(told: Told, event: Event) -> str:
    """Title of the correction: what is new, and of which event."""
    now = told_by(event)
    parts = []
    if told.time != now.time:
        moved = _day(told) != _day(now)
        parts.append("date" if moved else "time")
    if told.location != now.location:
        parts.append("place")
    return f"New {' and '.join(parts)}: {event.title}"


def text_of(told: Told, event: Event, home: ZoneInfo) -> str:
    """Text of the correction. The zone is named where its clocks are not those at `home`."""
    now = told_by(event)
    said = [f"{title_of(told, event)}."]
    if told.time != now.time:
        said.append(f"It is now on {_when(now, home)}, not on {_when(told, home)}.")
    else:
        said.append(f"It is still on {_when(now, home)}.")
    if told.location != now.location:
        if now.location:
            before = f", not {told.location}" if told.location else ""
            said.append(f"The place is now {now.location}{before}.")
        else:
            said.append(f"It is not at {told.location}; the new place is not known yet.")
    return " ".join(said)


def _day(told: Told) -> object:
    return told.starts_at.astimezone(ZoneInfo(told.zone)).date()


def _when(told: Told, home: ZoneInfo) -> str:
    local = told.starts_at.astimezone(ZoneInfo(told.zone))
    if told.all_day:
        return f"{DAYS[local.weekday()].capitalize()} {local:%Y-%m-%d}"
    words = wall_clock(told.starts_at, ZoneInfo(told.zone))
    is_abroad = local.utcoffset() != told.starts_at.astimezone(home).utcoffset()
    letters = zone_letters(local)
    return f"{words} {letters}" if is_abroad and not words.endswith(letters) else words
