"""Reader of iCalendar files (RFC 5545). A file is hostile input: all work is bounded."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import RowError
from crosspromo.domain.events import Event
from crosspromo.domain.left_out import LeftOut, Why
from crosspromo.intake.content_lines import Block, PropertyError, read_blocks
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.entries import CalendarEntry, name_of, named, read_entry, uid_of
from crosspromo.intake.moments import Clocks
from crosspromo.intake.observances import read_zone
from crosspromo.intake.reading import Reading
from crosspromo.intake.series import FoundEvent, SeriesWindow, WorkBudget, events_of
from crosspromo.intake.zone_names import guessed_name, known_name
from crosspromo.intake.zones import Zone

MOST_EVENTS = 5_000
MOST_OCCURRENCES = 10_000
MOST_ZONES = 20
MOST_DATES_OF_FILE = 50_000
"""Most dates of all RDATEs and EXDATEs together."""

HORIZON = timedelta(days=400)


def read_events(
    data: bytes, source: str, *, zone: ZoneInfo, now: datetime, horizon: timedelta = HORIZON
) -> Reading[Event]:
    """Events of an iCalendar file by their start, with an error for each unusable VEVENT.

    Dates and floating times are read in the calendar's zone (X-WR-TIMEZONE), else in the
    organisation's, `zone`; times in UTC are shown in it. `now` is aware. Single events are read at
    any date; of a series, the occurrences that are not over at `now` and start within `horizon` of
    `now`. The row of an error is the ordinal of the VEVENT in the file, its column the property.
    Where a part of a UID cannot be read, no event of that UID is given: half a series would
    announce occurrences that were moved or cancelled.
    """
    try:
        calendars = _calendars(data)
    except UnreadableFileError as error:
        return Reading(source, errors=(error.fault,))
    entries = _Entries(zone)
    for calendar in calendars:
        entries.read(calendar)
    start = now.astimezone(UTC)
    found = entries.found(SeriesWindow(start, start + horizon))
    found.sort(key=lambda each: (each.event.starts_at, each.event.uid, each.event.recurrence))
    return Reading(
        source,
        items=tuple(_with_unique_slugs(each.event for each in found)),
        rows=tuple(each.row for each in found),
        errors=tuple(sorted(entries.errors, key=lambda error: error.row)),
        left_out=tuple(sorted(entries.left_out, key=lambda each: each.row)),
    )


def _calendars(data: bytes) -> list[Block]:
    """Calendars of the file, at least one.

    UnreadableFileError where the file has no calendar, is cut off, or holds too many events.
    """
    calendars = read_blocks(data)
    if not calendars:
        raise UnreadableFileError(
            "is no iCalendar file: it has no BEGIN:VCALENDAR; export it as .ics", column="BEGIN"
        )
    if not all(calendar.ended for calendar in calendars):
        raise UnreadableFileError(
            "ends before END:VCALENDAR, so events may be missing; fetch or export it again",
            column="END",
        )
    if sum(1 for calendar in calendars for _ in _named(calendar, "VEVENT")) > MOST_EVENTS:
        raise UnreadableFileError(
            f"has more than the {MOST_EVENTS:,} events that are read; split the file",
            column="VEVENT",
        )
    return calendars


@dataclass(slots=True)
class _Entries:
    """Entries of a file by UID, in the order of the file, and errors of unusable entries."""

    zone: ZoneInfo
    by_uid: dict[str, list[CalendarEntry]] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    errors: list[RowError] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    ordinal: int = 0
    zones_left: int = MOST_ZONES
    dates_left: int = MOST_DATES_OF_FILE

    def read(self, calendar: Block) -> None:
        home = _zone_of(calendar) or self.zone
        clocks = Clocks(home, self._zones(calendar, home.key))
        cancelled = _cancels(calendar)
        for block in _named(calendar, "VEVENT"):
            self.ordinal += 1
            try:
                self._check_dates(block)
                entry = read_entry(block, self.ordinal, clocks, cancelled=cancelled)
                self.by_uid.setdefault(entry.uid, []).append(entry)
            except PropertyError as error:
                self._refuse(block, error)

    def found(self, window: SeriesWindow) -> list[FoundEvent]:
        budget = WorkBudget()
        found: list[FoundEvent] = []
        for uid, entries in self.by_uid.items():
            if uid in self.broken:
                continue
            try:
                result = events_of(entries, window, budget)
                found += _limited(result.found, len(found))
                self.left_out += result.left_out
            except PropertyError as error:
                first = entries[0]
                self._report(first.row, named(first.title, first.start.local.isoformat()), error)
        if not self.ordinal:
            self.left_out.append(LeftOut(0, "", Why.NO_EVENTS))
        return found

    def _zones(self, calendar: Block, home: str) -> dict[str, Zone]:
        """Zones that only this calendar defines, by name."""
        zones: dict[str, Zone] = {}
        for block in _named(calendar, "VTIMEZONE"):
            zone = read_zone(block, home) if self.zones_left else None
            if zone is not None and known_name(zone.name) is None:
                zones[zone.name] = zone
                self.zones_left -= 1
        return zones

    def _check_dates(self, block: Block) -> None:
        """Count the dates that are listed one by one, before they are read."""
        for name in ("RDATE", "EXDATE"):
            for prop in block.all(name):
                self.dates_left -= prop.value.count(",") + 1
                if self.dates_left < 0:
                    raise PropertyError(
                        name,
                        f"the file lists more than {MOST_DATES_OF_FILE:,} dates one by one; "
                        "split it",
                    )

    def _refuse(self, block: Block, error: PropertyError) -> None:
        self._report(self.ordinal, name_of(block), error)
        try:
            self.broken.add(uid_of(block))
        except PropertyError:
            return

    def _report(self, row: int, name: str, error: PropertyError) -> None:
        self.errors.append(RowError(row, error.column, error.message, name or f"event {row}"))


def _limited(more: list[FoundEvent], before: int) -> list[FoundEvent]:
    if before + len(more) > MOST_OCCURRENCES:
        raise PropertyError(
            "RRULE", f"the file holds more than {MOST_OCCURRENCES:,} dates; split it"
        )
    return more


def _named(calendar: Block, name: str) -> Iterator[Block]:
    return (block for block in calendar.blocks if block.name == name)


def _zone_of(calendar: Block) -> ZoneInfo | None:
    """Zone that the calendar names as its own; None where it names none that is known."""
    try:
        prop = calendar.first("X-WR-TIMEZONE")
    except PropertyError:
        return None
    name = prop and (known_name(prop.value) or guessed_name(prop.value))
    return ZoneInfo(name) if name else None


def _cancels(calendar: Block) -> bool:
    try:
        method = calendar.first("METHOD")
    except PropertyError:
        return False
    return method is not None and method.value.upper() == "CANCEL"


def _with_unique_slugs(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events with unique slugs: a later event with a used slug gets a number."""
    taken: set[str] = set()
    counts: dict[str, int] = {}
    for event in events:
        slug = event.slug
        while slug in taken:
            counts[event.slug] = counts.get(event.slug, 1) + 1
            slug = f"{event.slug}-{counts[event.slug]}"
        taken.add(slug)
        yield replace(event, slug=slug)
