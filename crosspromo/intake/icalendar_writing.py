"""Writer of iCalendar files (RFC 5545), which our own reader and others read."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from crosspromo.domain.dated import DatedEntry

PRODUCT = "-//crosspromo//crosspromo//EN"


def write_icalendar(
    name: str, entries: Iterable[DatedEntry], now: datetime, zone: ZoneInfo
) -> bytes:
    """File with these entries, called `name`; `now` (aware) is when they were as they are.

    Times are in UTC: they stand for the same moment in every program, and need no rules of a zone.
    `zone` is the one in which a program may show them.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    for entry in entries:
        calendar.add_component(_component(entry, now))
    return bytes(calendar.to_ical())


def _component(entry: DatedEntry, now: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now)
    event.add("sequence", entry.sequence)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts)
    event.add("dtend", entry.ends)
    for property_, text in (("location", entry.location), ("description", entry.description)):
        if text:
            event.add(property_, text)
    if entry.url:
        event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    return event
