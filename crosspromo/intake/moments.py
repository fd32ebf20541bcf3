"""DATE and DATE-TIME values (RFC 5545, 3.3.4 and 3.3.5) as wall time with its zone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from crosspromo.intake.content_lines import Property, PropertyError
from crosspromo.intake.icalendar_values import date_or_time
from crosspromo.intake.zones import (
    NamedZone,
    UnknownZone,
    UnknownZoneError,
    Zone,
    find_zone,
    zone_of,
)

EARLIEST_YEAR = 1600
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
    """Zones of a calendar: its own zone (`home`), and zones that the file defines.

    Dates and floating times are read in the calendar's zone. Times in UTC are shown in it.
    """

    home: ZoneInfo
    defined: Mapping[str, Zone]

    def moment(self, prop: Property, floating: Zone | None = None) -> Moment:
        """Value of a property that holds exactly one; of a period its start. Raises PropertyError.

        `floating` is the zone of times without zone, else the calendar's: exceptions to a series
        are often written without the zone of the series.
        """
        moment = self.original(prop, floating)
        if isinstance(moment.zone, UnknownZone):
            raise UnknownZoneError(moment.zone.tzid, prop.name)
        return moment

    def original(self, prop: Property, floating: Zone | None) -> Moment:
        """The same for a property that names an occurrence: its zone may be an UnknownZone.

        Where the series takes whole days, only the day is needed.
        """
        texts = [text.strip().partition("/")[0] for text in prop.value.split(",")]
        if len(texts) != 1:
            raise PropertyError(prop.name, f'"{prop.value[:40]}" is not one date or time')
        moment = self._moment(prop, texts[0], floating)
        if not _in_range(moment):
            raise PropertyError(
                prop.name,
                f'"{texts[0]}" lies outside the years {EARLIEST_YEAR} to {LATEST_YEAR}; correct it',
            )
        return moment

    def listed(self, prop: Property, floating: Zone | None) -> Iterator[tuple[Moment, str]]:
        """Yield the values of a list of occurrences, with the end or length of a period, or ''.

        The zone may be an UnknownZone, as in `original`. Years that no occurrence can have are left
        out. Raises PropertyError.
        """
        for text in prop.value.split(","):
            start, _, length = text.strip().partition("/")
            if start and _in_range(moment := self._moment(prop, start, floating)):
                yield moment, length

    def end_of_period(self, prop: Property, text: str, floating: Zone) -> Moment:
        """End of a period of that property. Raises PropertyError."""
        return self._moment(prop, text, floating)

    def zone_named(self, prop: Property | None) -> Zone | None:
        """Zone that a property names; None where it names none, or an unknown one."""
        tzid = prop.parameters.get("TZID", "") if prop is not None else ""
        return find_zone(tzid, self.defined, self.home.key) if tzid else None

    def _moment(self, prop: Property, text: str, floating: Zone | None) -> Moment:
        value = wall_time(prop.name, text)
        if "T" not in text:
            return Moment(value, zone_of(self.home), is_date=True)
        if value.tzinfo is not None:
            utc = NamedZone(ZoneInfo("UTC"), self.home.key)
            return Moment(value.replace(tzinfo=None), utc)
        tzid = prop.parameters.get("TZID", "")
        if not tzid:
            return Moment(value, floating or zone_of(self.home))
        return Moment(value, self.zone_named(prop) or UnknownZone(tzid))


def _in_range(moment: Moment) -> bool:
    return EARLIEST_YEAR <= moment.local.year <= LATEST_YEAR


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
