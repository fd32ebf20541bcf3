"""Dated entries for calendars of other programs: posts to come, days that are due, events."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

POST_MINUTES = timedelta(minutes=15)
"""Length of a post in a calendar: programs show no entry without one."""


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """Entry of a calendar: at a time (aware), or for whole days (dates; `ends` is not included).

    `uid` stays the same as long as it is the same thing; `sequence` grows with each edition.
    """

    uid: str
    title: str
    starts: datetime | date
    ends: datetime | date
    location: str = ""
    url: str = ""
    description: str = ""
    sequence: int = 0
    cancelled: bool = False
