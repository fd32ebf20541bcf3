"""Occasions: why an item is there to be planned, as values."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class CadenceDue:
    """A partner whose cadence falls due, and nothing more.

    `cadence` are the most days between two shares, `due` is the local day by which the next one is
    wanted, `days_past` the days since then at the time of planning; 0: none yet.
    """

    partner: str
    name: str
    cadence: int
    due: date
    days_past: int = 0


@dataclass(frozen=True, slots=True)
class Introduction:
    """A partner with a cadence whom nobody here has ever shared."""

    partner: str
    name: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """A milestone of a partner, noted as entry number `entry` for the local day `day`."""

    partner: str
    name: str
    entry: int
    words: str
    day: date


@dataclass(frozen=True, slots=True)
class ObservanceMatches:
    """An observance that is kept, and that fits a partner by a topic.

    `observance` is its key, `title` its name; `topic` is what both have.
    """

    partner: str
    name: str
    observance: str
    title: str
    day: date
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Suggested:
    """An open suggestion: a new item of a partner, by its number."""

    partner: str
    name: str
    suggestion: int
    title: str


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step of an event's ladder, on its local day."""

    event: str
    title: str
    step: str
    day: date


@dataclass(frozen=True, slots=True)
class WaitingSelf:
    """A self post that waits in the queue, since when (aware, in UTC), with its words.

    `since` None: it has not been held yet.
    """

    delivery: int
    since: datetime | None
    words: str = ""


Occasion = (
    CadenceDue | Introduction | Milestone | ObservanceMatches | Suggested | LadderStep | WaitingSelf
)
