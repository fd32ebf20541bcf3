"""DATE and DATE-TIME values (RFC 5545, 3.3.4 and 3.3.5) as wall time with its zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crosspromo.intake.content_lines import Property, PropertyError
from crosspromo.intake.icalendar_values import date_or_time
from crosspromo.intake.zones import NamedZone, Zone, find_zone, zone_of

EARLIEST_YEAR = 1970
LATEST_YEAR = 2200


@dataclass(frozen=True, slots=True)
class Moment:
    """Naive wall-clock time with its zone; a date is the midnight at which it begins."""

    local: datetime
    zone: Zone
    is_date: bool = False

    @property
    def utc(self) -> datetime:
        return self.zone.to_utc(self.local)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Zones of a calendar: the organisation's own zone, and zones that the file defines.

    Dates and floating times are the organisation's. Times in UTC are shown in its zone.
    """

    home: ZoneInfo
    defined: Mapping[str, Zone]

    def moments(self, prop: Property, floating: Zone | None = None) -> list[Moment]:
        """Values of a property; only the start of a period. Raises PropertyError.

        `floating` is the zone of times without zone, else the organisation's: exceptions to a
        series are often written without the zone of the series.
        """
        texts = (text.strip().partition("/")[0] for text in prop.value.split(","))
        return [self._moment(prop, text, floating) for text in texts if text]

    def moment(self, prop: Property, floating: Zone | None = None) -> Moment:
        """Value of a property that holds exactly one. Raises PropertyError."""
        moments = self.moments(prop, floating)
        if len(moments) != 1:
            raise PropertyError(prop.name, f'"{prop.value[:40]}" is not one date or time')
        return moments[0]

    def _moment(self, prop: Property, text: str, floating: Zone | None) -> Moment:
        value = wall_time(prop.name, text)
        if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
            raise PropertyError(
                prop.name,
                f'"{text}" lies outside the years {EARLIEST_YEAR} to {LATEST_YEAR}; correct it',
            )
        if "T" not in text:
            return Moment(value, zone_of(self.home), is_date=True)
        if value.tzinfo is not None:
            utc = NamedZone(ZoneInfo("UTC"), self.home.key)
            return Moment(value.replace(tzinfo=None), utc)
        return Moment(value, self._zone(prop, floating))

    def _zone(self, prop: Property, floating: Zone | None) -> Zone:
        tzid = prop.parameters.get("TZID", "")
        if not tzid:
            return floating or zone_of(self.home)
        zone = find_zone(tzid, self.defined)
        if zone is None:
            raise PropertyError(
                prop.name,
                f'the time zone "{tzid[:60]}" is not known; write an IANA name such as '
                "America/Chicago, or export the calendar with its VTIMEZONE",
            )
        return zone


def wall_time(name: str, text: str) -> datetime:
    """Time as written: naive, or aware where the text ends in Z. Raises PropertyError."""
    try:
        value = date_or_time(text)
    except ValueError:
        raise PropertyError(
            name, f'"{text[:40]}" is no date or time; write it like 20300422 or 20300422T180000'
        ) from None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo is not None else value
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001 — wall time
