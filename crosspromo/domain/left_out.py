"""Events of a calendar that an import leaves out without an error, each with its reason."""

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Reason why a calendar's event is left out."""

    NO_EVENTS = "no-events"  # the file has none
    PRIVATE = "private"  # its CLASS says that it is not for everybody
    UNTITLED = "untitled"  # there is nothing to announce
    NO_DATE = "no-date"  # no occurrence from now to the horizon
    DATES_CANCELLED = "dates-cancelled"  # every date is excepted (EXDATE)
    SAME_UID = "same-uid"  # another event of the file has its UID
    MANY_DATES = "many-dates"  # a series with more new dates than an import adds
    MERGED = "merged"  # a person has made it one with another event
    OLD_CHANGE = "old-change"  # an older edition's change of a date that the series has no more


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Event left out. `row` is its ordinal in the file (0: the whole file), `event` its name.

    `kept` is the name of the event that took its place, else empty.
    """

    row: int
    event: str
    why: Why
    kept: str = ""
