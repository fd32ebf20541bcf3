"""Time zones of TZIDs (RFC 5545, 3.2.19), and conversion between wall time and UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON


class Zone(Protocol):
    """Conversion between naive wall-clock times of a zone and aware times in UTC."""

    @property
    def reads_as(self) -> str:
        """Name of the IANA zone in which people see an event of this zone."""
        ...

    def to_utc(self, local: datetime) -> datetime:
        """First moment at which clocks show `local`; in a gap, by the offset before it (3.3.5)."""
        ...

    def to_local(self, moment: datetime) -> datetime:
        """Naive wall time of the zone at this moment."""
        ...


@dataclass(frozen=True, slots=True)
class NamedZone:
    """Zone of the IANA database."""

    info: ZoneInfo
    reads_as: str

    def to_utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.info).astimezone(UTC)

    def to_local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.info).replace(tzinfo=None)


def zone_of(info: ZoneInfo) -> NamedZone:
    """Zone whose times people read in the same zone."""
    return NamedZone(info, info.key)


def find_zone(tzid: str, defined: Mapping[str, Zone]) -> Zone | None:
    """Zone of a TZID; None where only a wild guess would be left.

    In this order: a name of the IANA database or of Windows; the file's own VTIMEZONE, in
    `defined`; the IANA name at the end of a vendor's path; a city in a list of cities as Outlook
    shows it.
    """
    name = known_name(tzid)
    if name is None and tzid in defined:
        return defined[tzid]
    name = name or guessed_name(tzid)
    return zone_of(ZoneInfo(name)) if name else None


def guessed_name(tzid: str) -> str | None:
    """IANA name inside a longer name: "/vendor.example/Europe/Berlin", "Bangkok, Hanoi"."""
    parts = tzid.strip("/").split("/")
    for start in range(1, len(parts)):
        name = known_name("/".join(parts[start:]))
        if name:
            return name
    cities = tzid.rpartition(")")[2].split(",")
    return next((_cities()[city.strip()] for city in cities if city.strip() in _cities()), None)


def known_name(tzid: str) -> str | None:
    """IANA name of a TZID that is an IANA or Windows name; else None."""
    name = tzid.strip("/ ")
    name = WINDOWS_TO_OLSON.get(name, name)
    return name if name in _names() else None


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def _cities() -> Mapping[str, str]:
    """IANA names by city, spelt as in Outlook, such as "Buenos Aires"."""
    places = (name for name in sorted(_names()) if "/" in name and not name.startswith("Etc/"))
    return {name.rpartition("/")[2].replace("_", " "): name for name in places}
