"""Calendars for the tests of this folder, written as the lines that matter."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.intake.calendar import read_events
from crosspromo.intake.reading import Reading

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2030, 1, 1, tzinfo=UTC)


def vevent(*lines: str, uid: str = "walk@river.example", title: str = "River Walk") -> str:
    """One VEVENT with the given lines beside its UID and SUMMARY."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT"])


def vcalendar(*parts: str) -> bytes:
    """A file with one calendar."""
    return "\r\n".join(
        line
        for part in ("BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", "")
        for line in part.split("\n")
    ).encode()


def read(data: bytes, *, zone: ZoneInfo = CHICAGO, now: datetime = NOW) -> Reading[Event]:
    """The reading, for an organisation in Chicago on the first day of 2030."""
    return read_events(data, "calendar.ics", zone=zone, now=now)


def only(*lines: str) -> Event:
    """The one event of a calendar with these lines in its one VEVENT."""
    (event,) = read(vcalendar(vevent(*lines))).complete()
    return event


def utc(*parts: int) -> datetime:
    """A moment in UTC."""
    year, month, day, *clock = parts
    hour, minute = (*clock, 0, 0)[:2]
    return datetime(year, month, day, hour, minute, tzinfo=UTC)
