"""Which time zone a TZID means (RFC 5545, 3.2.19), and what its wall clocks show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON


class Zone(Protocol):
    """Turns wall-clock times, which are naive, into aware times in UTC, and back."""

    @property
    def reads_as(self) -> str:
        """The IANA zone in which people are shown an event of this zone."""
        ...

    def to_utc(self, local: datetime) -> datetime:
        """The first moment at which clocks show this; in a gap, by the offset before it (3.3.5)."""
        ...

    def to_local(self, moment: datetime) -> datetime:
        """What clocks show at that moment."""
        ...


@dataclass(frozen=True, slots=True)
class NamedZone:
    """A zone of the IANA database."""

    info: ZoneInfo
    reads_as: str

    def to_utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.info).astimezone(UTC)

    def to_local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.info).replace(tzinfo=None)


def zone_of(info: ZoneInfo) -> NamedZone:
    """That zone, in which people read its times as well."""
    return NamedZone(info, info.key)


def find_zone(tzid: str, defined: Mapping[str, Zone]) -> Zone | None:
    """The zone that a TZID means; None where we could only guess wildly.

    A name of the IANA database or of Windows is taken at its word. Then comes the file's own
    VTIMEZONE, in `defined`; then the IANA name at the end of a vendor's path, or a city in a list
    of cities as Outlook shows it.
    """
    name = known_name(tzid)
    if name is None and tzid in defined:
        return defined[tzid]
    name = name or guessed_name(tzid)
    return zone_of(ZoneInfo(name)) if name else None


def guessed_name(tzid: str) -> str | None:
    """The IANA name inside a longer one: "/vendor.example/Europe/Berlin", "Bangkok, Hanoi"."""
    parts = tzid.strip("/").split("/")
    for start in range(1, len(parts)):
        name = known_name("/".join(parts[start:]))
        if name:
            return name
    cities = tzid.rpartition(")")[2].split(",")
    return next((_cities()[city.strip()] for city in cities if city.strip() in _cities()), None)


def known_name(tzid: str) -> str | None:
    """The IANA name that a TZID is, or that belongs to it as a name of Windows."""
    name = tzid.strip("/ ")
    name = WINDOWS_TO_OLSON.get(name, name)
    return name if name in _names() else None


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _cities() -> Mapping[str, str]:
    """Cities by the name that Outlook gives them, such as "Buenos Aires"."""
    places = (name for name in sorted(_names()) if "/" in name and not name.startswith("Etc/"))
    return {name.rpartition("/")[2].replace("_", " "): name for name in places}
