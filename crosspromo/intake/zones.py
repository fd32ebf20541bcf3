"""Time zones of TZIDs (RFC 5545, 3.2.19), and conversion between wall time and UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Protocol
from zoneinfo import ZoneInfo

from crosspromo.intake.content_lines import PropertyError
from crosspromo.intake.zone_names import guessed_name, known_name, offset_of

_UTC = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu"})


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
    """Zone of the IANA database, or an offset that never changes."""

    info: tzinfo
    reads_as: str

    def to_utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.info).astimezone(UTC)

    def to_local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.info).replace(tzinfo=None)


def zone_of(info: ZoneInfo) -> NamedZone:
    """Zone whose times people read in the same zone."""
    return NamedZone(info, info.key)


def find_zone(tzid: str, defined: Mapping[str, Zone], home: str) -> Zone | None:
    """Zone of a TZID; None where only a wild guess would be left.

    The TZID may be an IANA or Windows name, a name that the file defines, a longer name that
    contains or shows such a name, or an offset. People see times in UTC, and at an offset that no
    IANA zone has, in the IANA zone `home`.
    """
    name = known_name(tzid)
    if name is None and tzid in defined:
        return defined[tzid]
    offset = offset_of(tzid) if name is None else None
    if offset is not None:
        return _at_offset(offset, home)
    name = name or guessed_name(tzid)
    if name is None:
        return None
    return NamedZone(ZoneInfo(name), home if name in _UTC else name)


def _at_offset(minutes: int, home: str) -> NamedZone:
    """Zone without summer time. The signs of the names "Etc/GMT" are the reverse of everybody's."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        name = f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC"
        return NamedZone(ZoneInfo(name), home if name in _UTC else name)
    return NamedZone(timezone(timedelta(minutes=minutes)), home)


@dataclass(frozen=True, slots=True)
class UnknownZone:
    """Zone that nobody knows: of its times only the day and the hour on the clock can be used.

    Every conversion raises UnknownZoneError.
    """

    tzid: str

    @property
    def reads_as(self) -> str:
        raise UnknownZoneError(self.tzid)

    def to_utc(self, local: datetime) -> datetime:  # noqa: ARG002 (a Zone's signature)
        raise UnknownZoneError(self.tzid)

    def to_local(self, moment: datetime) -> datetime:  # noqa: ARG002 (a Zone's signature)
        raise UnknownZoneError(self.tzid)


class UnknownZoneError(PropertyError):
    """Error: a time is needed in a time zone that nobody knows."""

    def __init__(self, tzid: str, column: str = "TZID") -> None:
        super().__init__(
            column,
            f'the time zone "{tzid[:60]}" is not known; write an IANA name such as '
            "America/Chicago, or export the calendar with its VTIMEZONE",
        )
