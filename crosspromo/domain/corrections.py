"""Corrections: what readers are told when an event that we announced changes, or is cancelled.

A correction is a notice, a draft that a person approves. It says what is new, and never more. What
is new is what differs from what its account told last, and never from what the event was before.
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from crosspromo.domain.date_words import day_words, time_words
from crosspromo.domain.events import Event
from crosspromo.domain.states import State
from crosspromo.domain.timing import is_shown_twice, zone_letters
from crosspromo.domain.values import Value

CORRECTION = "correction"
"""Step of a post that corrects what an account announced: it waits for no slot."""


class About(StrEnum):
    """What a correction says of its event."""

    CANCELLED = "cancelled"
    CHANGED = "changed"


class Told(Value, frozen=True):
    """Event as readers of an account know it. Times are aware, in UTC.

    `ends_at` is no part of what they were told: it is when what they know is over.
    """

    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    all_day: bool
    location: str
    cancelled: bool = False

    @property
    def time(self) -> tuple[datetime, str, bool]:
        """All that a reader takes the time from; posts do not tell the end."""
        return self.starts_at, self.zone, self.all_day


class Correction(Value, frozen=True):
    """Correction of what `account` announced of an event. Times are aware, in UTC.

    `tells` is what readers know when it has gone out.
    """

    delivery: int
    account: str
    state: State
    about: About
    tells: Told
    drafted_at: datetime

    @property
    def waits(self) -> bool:
        """Whether it is a draft, or queued."""
        return self.state in {State.DRAFT, State.QUEUED}


class Saying(Value, frozen=True):
    """What a correction says. `tells` is what readers know then; `true_until`, in UTC."""

    title: str
    text: str
    about: About
    tells: Told
    true_until: datetime


def told_by(event: Event) -> Told:
    """What readers of an announcement know of the event as it is now."""
    return Told(
        title=event.title,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        zone=event.zone,
        all_day=event.all_day,
        location=event.location.strip(),
        cancelled=event.cancelled,
    )


def differs(told: Told, event: Event) -> bool:
    """Whether the event is on or off, at a time or a place, other than readers know."""
    return not same_to_readers(told, told_by(event))


def same_to_readers(one: Told, other: Told) -> bool:
    """Whether readers know the same; another title or end alone is nothing to correct."""
    return (one.cancelled, one.time, one.location) == (other.cancelled, other.time, other.location)


def correction_of(told: Told, event: Event, home: ZoneInfo, now: datetime) -> Saying | None:
    """Correction for readers who know `told`; None where there is nothing to say.

    Nothing is said of an event that is over. Whether a cancelled one is over goes by what readers
    know: who would come on that day hears of it. The zone is named where its clocks are not those
    at `home`.
    """
    if event.cancelled:
        if told.cancelled or told.ends_at <= now:
            return None
        title = f"Cancelled: {told.title}"
        when = _when(told, told, home)
        text = f"{title} ({when}). We shared it earlier; it will not take place."
        tells = replace(told, cancelled=True)
        return Saying(title, text, About.CANCELLED, tells, told.ends_at)
    if event.ends_at <= now or not differs(told, event):
        return None
    # Readers find the event by the title that they know.
    tells = replace(told_by(event), title=told.title)
    title, text = title_of(told, event), text_of(told, event, home)
    return Saying(title, text, About.CHANGED, tells, event.ends_at)


def title_of(told: Told, event: Event) -> str:
    """Title of the correction of an event that takes place: what is new, and of which event."""
    if told.cancelled:
        return f"Takes place after all: {told.title}"
    now = told_by(event)
    parts = []
    if told.time != now.time:
        moved = _day(told) != _day(now)
        parts.append("date" if moved else "time")
    if told.location != now.location:
        parts.append("place")
    return f"New {' and '.join(parts)}: {told.title}"


def text_of(told: Told, event: Event, home: ZoneInfo) -> str:
    """Text of that correction. The zone is named where its clocks are not those at `home`."""
    now = told_by(event)
    said = [f"{title_of(told, event)}."]
    if told.time != now.time:
        said.append(f"It is now on {_when(now, told, home)}, not on {_when(told, now, home)}.")
    elif told.cancelled:
        said.append(f"It is on {_when(now, told, home)}, as announced before.")
    else:
        said.append(f"It is still on {_when(now, told, home)}.")
    if told.location != now.location:
        if now.location:
            before = f", not {told.location}" if told.location else ""
            said.append(f"The place is now {now.location}{before}.")
        else:
            said.append(f"It is not at {told.location}; the new place is not known yet.")
    return " ".join(said)


def _day(told: Told) -> object:
    return told.starts_at.astimezone(ZoneInfo(told.zone)).date()


def _when(told: Told, other: Told, home: ZoneInfo) -> str:
    """Day and time as posts write them, with the year where the other one has another year."""
    local = told.starts_at.astimezone(ZoneInfo(told.zone))
    years = {each.starts_at.astimezone(ZoneInfo(each.zone)).year for each in (told, other)}
    words = day_words(local) if len(years) == 1 else f"{day_words(local)}, {local.year}"
    if told.all_day:
        return words
    is_abroad = local.utcoffset() != told.starts_at.astimezone(home).utcoffset()
    letters = f" {zone_letters(local)}" if is_abroad or is_shown_twice(local) else ""
    return f"{words}, {time_words(local)}{letters}"
