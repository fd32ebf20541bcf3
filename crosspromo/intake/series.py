"""Events from the entries of a UID: occurrences in the window, with changes applied."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.domain.left_out import LeftOut, Why
from crosspromo.domain.naming import slugify
from crosspromo.intake.content_lines import PropertyError
from crosspromo.intake.entries import UNTITLED, CalendarEntry, Length, named
from crosspromo.intake.moments import EARLIEST_YEAR, Moment
from crosspromo.intake.occurrences import occurrences, work
from crosspromo.intake.recurrence_rule import Rule
from crosspromo.intake.zones import UnknownZone

MOST_PER_SERIES = 1_000
MOST_WORK = 1_000_000
"""Most times examined for a file: about five seconds; an honest calendar needs a fraction."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeriesWindow:
    """Window for occurrences of series: those not over at `now` that start before `horizon`."""

    now: datetime
    horizon: datetime

    def holds(self, event: Event) -> bool:
        """Whether the occurrence lies in the window."""
        coming = event.starts_at >= self.now or event.ends_at > self.now
        return coming and event.starts_at < self.horizon


@dataclass(slots=True)
class WorkBudget:
    """Remaining work that a file may cause, in times examined."""

    left: int = MOST_WORK

    def spend(self, amount: int) -> None:
        """Subtract `amount`; PropertyError where the file has used up its budget."""
        self.left -= amount
        if self.left < 0:
            raise PropertyError(
                "RRULE", "the file repeats more than can be followed; split it, or end its series"
            )


@dataclass(frozen=True, slots=True)
class FoundEvent:
    """Event with the ordinal of its VEVENT."""

    row: int
    event: Event


@dataclass(slots=True)
class EventsOfUid:
    """Events of a UID, and what of it is left out."""

    found: list[FoundEvent] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    def leave_out(self, entry: CalendarEntry, why: Why, kept: str = "") -> None:
        self.left_out.append(LeftOut(entry.row, _name(entry), why, kept))


def events_of(
    entries: Iterable[CalendarEntry], window: SeriesWindow, budget: WorkBudget
) -> EventsOfUid:
    """Events from all entries of a UID.

    A single event is found at any date, occurrences only within the window. Of two editions the
    higher SEQUENCE counts, then the later edition (RFC 5546, 2.1.5). Raises PropertyError where the
    series cannot be followed.
    """
    result = EventsOfUid()
    public: list[CalendarEntry] = []
    for entry in entries:
        if not entry.private:
            public.append(entry)
        elif entry.recurrence_id is None:
            result.leave_out(entry, Why.PRIVATE)
        else:  # one date of a series: no longer for everybody
            public.append(replace(entry, cancelled=True))
    masters, changes = _newest(public, result)
    if not masters:
        result.found = [_found(change, change.start, _occurrence(change)) for change in changes]
        return _titled(result, "")
    master = masters[0]
    if not (changes or master.rules or master.more_dates):
        if master.start in _Exceptions(master):
            result.leave_out(master, Why.DATES_CANCELLED)
        else:
            result.found = [_found(master, master.start, "")]
        return _titled(result, "")
    series = _Series(master, changes)
    found = [each for each in series.found(window, budget, result) if window.holds(each.event)]
    if not found:
        result.leave_out(master, Why.NO_DATE)
    result.found = found
    return _titled(result, master.title)


def _newest(
    entries: Iterable[CalendarEntry], result: EventsOfUid
) -> tuple[list[CalendarEntry], list[CalendarEntry]]:
    """Newest edition of the series, and of each change.

    An edition that is left out is told, unless it is the same event by its title or its start.
    """
    latest: dict[str, CalendarEntry] = {}
    for entry in entries:
        key = _key(entry)
        other = latest.get(key)
        if other is None or entry.edition >= other.edition:
            latest[key] = entry
        if other is not None and (other.title, other.start.local) != (
            entry.title,
            entry.start.local,
        ):
            kept = latest[key]
            left = other if kept is entry else entry
            if left.edition == kept.edition or left.title != kept.title:
                result.leave_out(left, Why.SAME_UID, _name(kept))
    master = latest.pop("", None)
    return [master] if master is not None else [], list(latest.values())


def _titled(result: EventsOfUid, title: str) -> EventsOfUid:
    """The result with `title` for the events that have none.

    Without any title there is nothing to announce, but for a cancellation. Of a VEVENT that is left
    out, the first date is told.
    """
    found: list[FoundEvent] = []
    untitled: dict[int, FoundEvent] = {}
    for each in result.found:
        event = each.event
        if event.title:
            found.append(each)
        elif title or event.cancelled:
            name = title or UNTITLED
            slug = f"{slugify(name) or 'event'}{event.slug.removeprefix('event')}"
            found.append(replace(each, event=replace(event, title=name, slug=slug)))
        else:
            untitled.setdefault(each.row, each)
    for row, each in untitled.items():
        day = each.event.starts_at.astimezone(ZoneInfo(each.event.zone))
        result.left_out.append(LeftOut(row, named("", f"{day:%Y-%m-%d}"), Why.UNTITLED))
    return EventsOfUid(found, result.left_out)


class _Series:
    def __init__(self, master: CalendarEntry, changes: Iterable[CalendarEntry]) -> None:
        self._master = master
        self._exceptions = _Exceptions(master)
        self._changes: dict[str, CalendarEntry] = {}
        self._and_future: list[tuple[datetime, CalendarEntry]] = []
        for change in changes:
            original = self._original(change)
            if change.and_future and change.start.is_date == master.start.is_date:
                self._and_future.append((original.utc, change))
            else:
                self._changes[identity(original)] = change
        self._and_future.sort(key=lambda pair: pair[0])

    def found(
        self, window: SeriesWindow, budget: WorkBudget, result: EventsOfUid
    ) -> Iterator[FoundEvent]:
        """Yield the occurrences with their changes, then the remaining changes.

        The latter change occurrences outside the window or outside the rules. A change outside the
        rules that is older than the series is left out (0039): it was made to an earlier edition.
        """
        remaining = dict(self._changes)
        for start, length in self._starts(window, budget):
            change = remaining.pop(identity(start), None)
            if change is not None:
                yield _found(change, change.start, identity(start))
            else:
                yield self._shifted(start, length)
        for occurrence, change in remaining.items():
            original = self._original(change)
            if original in self._exceptions:
                continue
            if change.edition[0] < self._master.edition[0] and not self._has(original, budget):
                result.leave_out(change, Why.OLD_CHANGE)
            else:
                yield _found(change, change.start, occurrence)

    def _has(self, original: Moment, budget: WorkBudget) -> bool:
        """Whether the series has an occurrence with this start, inside or outside the window."""
        local, start = original.local, self._master.start
        if local == start.local or any(
            self._in_zone(moment) == local for moment, _ in self._master.more_dates
        ):
            return True
        for rule in self._master.rules:
            last = _last(rule, start, local)
            budget.spend(work(rule, start.local, local, last))
            if local in occurrences(rule, start.local, local, last):
                return True
        return False

    def _original(self, change: CalendarEntry) -> Moment:
        """Start that RECURRENCE-ID names, in the zone and type of the series."""
        named = change.recurrence_id or change.start
        start = self._master.start
        if start.is_date:
            return replace(start, local=datetime.combine(named.local.date(), time()))
        if named.is_date:
            return replace(start, local=datetime.combine(named.local.date(), start.local.time()))
        return replace(start, local=start.zone.to_local(named.utc))

    def _shifted(self, start: Moment, length: Length | None) -> FoundEvent:
        """Occurrence after the last change "from here on" (RFC 5545, 3.2.13).

        `length` is its own, None for that of the series.
        """
        last = bisect_right(self._and_future, start.utc, key=lambda pair: pair[0])
        if not last:
            return _found(self._master, start, identity(start), length)
        original, change = self._and_future[last - 1]
        moved = replace(start, local=start.local + (change.start.utc - original))
        return _found(change, moved, identity(start), length)

    def _starts(
        self, window: SeriesWindow, budget: WorkBudget
    ) -> list[tuple[Moment, Length | None]]:
        """Starts in the window, each with the length that its RDATE gives, or None."""
        start = self._master.start
        since, last = self._local_window(window)
        lengths = {
            self._in_zone(moment): length
            for moment, length in sorted(self._master.more_dates, key=lambda pair: pair[1] is None)
        }
        found = {local for local in {start.local, *lengths} if since <= local <= last}
        for rule in self._master.rules:
            end = _last(rule, start, last)
            budget.spend(work(rule, start.local, since, end))
            for local in occurrences(rule, start.local, since, end):
                found.add(local)
                if len(found) > MOST_PER_SERIES:
                    raise PropertyError(
                        "RRULE",
                        f"the event takes place more than {MOST_PER_SERIES:,} times before "
                        f"{window.horizon:%Y-%m-%d}; end the series earlier",
                    )
        starts = (replace(start, local=local) for local in sorted(found))
        return [
            (moment, lengths.get(moment.local))
            for moment in starts
            if moment not in self._exceptions
        ]

    def _local_window(self, window: SeriesWindow) -> tuple[datetime, datetime]:
        """Window in the zone of the series, widened by the longest length and largest shift."""
        zone = self._master.start.zone
        entries = [self._master, *(change for _, change in self._and_future)]
        lengths = [entry.length for entry in entries]
        lengths += [length for _, length in self._master.more_dates if length is not None]
        longest = max(length.days + length.exact for length in lengths)
        shifts = [abs(change.start.utc - at) for at, change in self._and_future]
        margin = max(shifts, default=timedelta()) + _DAY
        earliest = datetime(EARLIEST_YEAR, 1, 1)  # noqa: DTZ001 — wall time
        now = zone.to_local(window.now)
        since = now - longest - margin if now - earliest > longest + margin else earliest
        return since, zone.to_local(window.horizon) + margin

    def _in_zone(self, moment: Moment) -> datetime:
        start = self._master.start
        if start.is_date:
            return datetime.combine(moment.local.date(), time())
        if moment.is_date:
            return datetime.combine(moment.local.date(), start.local.time())
        return start.zone.to_local(moment.utc)


def identity(start: Moment) -> str:
    """Identity of an occurrence: its original start in UTC, "2030-04-22T14:00:00Z".

    An all-day event has its date, which stays the same in every zone.
    """
    if start.is_date:
        return f"{start.local:%Y-%m-%d}"
    return f"{start.utc:%Y-%m-%dT%H:%M:%SZ}"


def _occurrence(entry: CalendarEntry) -> str:
    """Identity of the occurrence that an entry changes; PropertyError for an unknown zone."""
    return identity(entry.recurrence_id) if entry.recurrence_id is not None else ""


def _key(entry: CalendarEntry) -> str:
    """The same, in an unknown zone by the time on the clock."""
    original = entry.recurrence_id
    if original is not None and isinstance(original.zone, UnknownZone):
        return f"{original.local.isoformat()} in {original.zone.tzid}"
    return _occurrence(entry)


def _name(entry: CalendarEntry) -> str:
    return named(entry.title, entry.start.local.isoformat())


def _last(rule: Rule, start: Moment, last: datetime) -> datetime:
    """End of the window or UNTIL of the rule, whichever is first, in the zone of the series."""
    until: date | None = rule.until
    if until is None:
        return last
    if until.year < EARLIEST_YEAR:
        return min(last, start.local)
    if not isinstance(until, datetime):
        return min(last, datetime.combine(until, time.max))
    return min(last, until if until.tzinfo is None else start.zone.to_local(until))


class _Exceptions:
    """Starts that EXDATE excludes; a date there excludes all starts on that day."""

    def __init__(self, master: CalendarEntry) -> None:
        self._days = {each.local.date() for each in master.except_dates}
        self._whole_days = {each.local.date() for each in master.except_dates if each.is_date}
        # The days of whole days are enough, and their zone may be unknown.
        times = () if master.start.is_date else master.except_dates
        self._times = {each.utc for each in times if not each.is_date}

    def __contains__(self, start: Moment) -> bool:
        if start.is_date:
            return start.local.date() in self._days
        return start.local.date() in self._whole_days or start.utc in self._times


def _found(
    entry: CalendarEntry, start: Moment, occurrence: str, length: Length | None = None
) -> FoundEvent:
    starts_at = start.utc
    zone = start.zone.reads_as
    day = starts_at.astimezone(ZoneInfo(zone)).date()
    event = Event(
        slug=f"{slugify(entry.title) or 'event'}-{day:%Y-%m-%d}",
        title=entry.title,
        starts_at=starts_at,
        ends_at=(length or entry.length).end(start),
        zone=zone,
        uid=entry.uid,
        recurrence=occurrence,
        sequence=entry.edition[0],
        all_day=start.is_date,
        cancelled=entry.cancelled,
        location=entry.location,
        url=entry.url,
        description=entry.description,
    )
    return FoundEvent(entry.row, event)
