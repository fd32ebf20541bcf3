"""Entries in the diary of a partner: what a person among us notes about them, by day."""

from datetime import date, datetime
from enum import StrEnum

from crosspromo.domain.values import Value


class EntryKind(StrEnum):
    """Kind of an entry."""

    NOTE = "note"
    MILESTONE = "milestone"
    CONTACT = "contact"
    FOLLOW_UP = "follow-up"
    PROMISE = "promise"
    BLACKOUT = "blackout"


class Side(StrEnum):
    """Side that made a promise."""

    US = "us"
    THEM = "them"


class Entry(Value, frozen=True):
    """Entry in the diary of the partner with this slug.

    `day` is a local day of the organisation: of a note, milestone or contact the day of which it
    speaks, of a follow-up or promise the day on which it is due, of a blackout its first day.
    `last_day` is the last day of a blackout. `side` is the side that made a promise, `kept` whether
    it was kept. Times are aware, in UTC; `closed_at` None: a follow-up or promise is open.
    """

    number: int
    partner: str
    kind: EntryKind
    words: str
    day: date
    recorded_at: datetime
    recorded_by: str
    last_day: date | None = None
    side: Side | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    kept: bool | None = None
