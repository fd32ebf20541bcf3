"""Editions of calendars that are read on a schedule: what is new is proposed, what is ours follows.

A new event waits for a person (`event_review.py`). An event that was taken is brought up to date
through `EventService`, with the same effects on the queue as an import has. What is gone from its
calendar is asked about; where too much is gone at once, nothing of the edition is applied.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import RowError, SourceError
from crosspromo.domain.events import Event
from crosspromo.domain.left_out import LeftOut
from crosspromo.domain.reasons.sources import AddressHasLogin
from crosspromo.domain.source_events import Identity, SourceEvent, SourceEventState, is_broken
from crosspromo.domain.sources import HeldBack, Source, SourceKind
from crosspromo.domain.web_address import host_behind_login, whole_address
from crosspromo.intake.content_lines import is_calendar
from crosspromo.intake.entries import UNTITLED
from crosspromo.intake.reading import Reading
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.many_dates import DatesOfSeries

if TYPE_CHECKING:
    from crosspromo.services.change_event import EventService
    from crosspromo.store.source_events import Known
    from crosspromo.store.unit import Unit

NOTHING = Consequences()

_COUNTED = (SourceEventState.PROPOSED, SourceEventState.TAKEN)
"""States of the events that an edition is expected to have."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What an edition brought: events to review (`new`), `changed` ones, and `gone` ones to ask of.

    `held_back`: nothing was applied. `errors` and `left_out` are what of it could not be read, and
    what there is nothing to announce of.
    """

    new: int = 0
    changed: int = 0
    gone: int = 0
    held_back: HeldBack | None = None
    consequences: Consequences = NOTHING
    errors: Sequence[RowError] = ()
    left_out: Sequence[LeftOut] = ()


@dataclass(slots=True)
class _Sorted:
    """Events of an edition, sorted by what is to be done with each."""

    new: list[SourceEvent] = field(default_factory=list)
    saved: list[SourceEvent] = field(default_factory=list)
    forgotten: list[SourceEvent] = field(default_factory=list)
    followed: Counter[Change] = field(default_factory=Counter)
    consequences: Consequences = NOTHING

    @property
    def kept(self) -> Kept:
        waiting = [each for each in self.new if each.state is SourceEventState.PROPOSED]
        gone = [each for each in self.saved if each.state is SourceEventState.GONE]
        changed = sum(self.followed.values()) - self.followed[Change.UNCHANGED]
        return Kept(len(waiting), changed, len(gone), consequences=self.consequences)


@dataclass(frozen=True)
class CalendarEditions:
    """Editions of calendars of a workspace. `zone` is the organisation's.

    `events` changes events, in the name of crosspromo.
    """

    zone: ZoneInfo
    events: "Callable[[], EventService]"

    def read(self, data: bytes, now: datetime) -> Reading[Event]:
        """Events of a calendar; its errors are those of `read_events`."""
        from crosspromo.intake.calendar import read_events  # noqa: PLC0415 (feeds do not need it)

        return read_events(data, "the calendar", zone=self.zone, now=now)

    def keep(
        self,
        unit: "Unit",
        source: Source,
        reading: Reading[Event],
        now: datetime,
        *,
        accept: bool = False,
    ) -> Kept:
        """Apply an edition, unless too many events are gone from it; `accept`: apply it anyway.

        Where a part of the edition cannot be read, nothing is said to be gone from it.
        """
        editions = {Identity(each.uid, each.recurrence): each for each in reading.items}
        coming = {each.identity: each for each in unit.source_events.coming(source.number, now)}
        expected = [each for each in coming.values() if each.state in _COUNTED]
        gone = [each for each in expected if each.identity not in editions]
        if is_broken(len(expected), len(gone)) and not accept:
            since = now if source.held_back is None else source.held_back.since
            return Kept(held_back=HeldBack(len(gone), len(expected), since), errors=reading.errors)
        found = _Sorted()
        for event in gone if not reading.errors else ():
            _gone(event, found)
        known = dict(coming)
        absent = [each for each in editions if each not in coming]
        known |= {each.identity: each for each in unit.source_events.at(source.number, absent)}
        self._known(
            unit, [(known[each], editions[each]) for each in editions if each in known], found
        )
        fresh = [
            event
            for identity, event in editions.items()
            if identity not in known and event.ends_at > now
        ]
        rows = {id(event): row for row, event in zip(reading.rows, reading.items, strict=True)}
        self._new(unit, source, [(rows[id(each)], each) for each in fresh], known, found, now=now)
        unit.source_events.remove(each.number for each in found.forgotten)
        unit.source_events.save_editions(found.saved)
        unit.source_events.add_all(found.new)
        return replace(found.kept, errors=reading.errors, left_out=reading.left_out)

    def _known(
        self, unit: "Unit", known: Sequence[tuple[SourceEvent, Event]], found: _Sorted
    ) -> None:
        """Bring events up to date that this calendar had before."""
        for event, edition in known:
            match event.state:
                case SourceEventState.PROPOSED if edition.cancelled:
                    found.forgotten.append(event)
                    continue
                case SourceEventState.PROPOSED | SourceEventState.REFUSED:
                    after = replace(event, edition=edition)
                case SourceEventState.TAKEN if edition.cancelled and not event.leads:
                    # Another calendar leads the event: a person decides whom to believe.
                    after = replace(event, edition=edition, state=SourceEventState.GONE)
                case _ if edition.cancelled and not event.leads:
                    after = replace(event, edition=edition)
                case _:
                    after = replace(event, edition=edition, state=SourceEventState.TAKEN)
            if after == event:
                continue
            found.saved.append(after)
            if event.leads and event.slug is not None and edition != event.edition:
                self._follow(unit, unit.events.get(event.slug), edition, found)

    def _follow(self, unit: "Unit", ours: Event, edition: Event, found: _Sorted) -> None:
        """Change our event as its calendar did; who holds it, and what it is called here, stay."""
        title = ours.title if edition.cancelled and edition.title == UNTITLED else edition.title
        after = replace(
            edition,
            slug=ours.slug,
            title=title,
            uid=ours.uid,
            recurrence=ours.recurrence,
            sequence=max(edition.sequence, ours.sequence),
            hosting=ours.hosting,
            partners=ours.partners,
        )
        change, consequences = self.events().take(unit, ours, after)
        found.followed[change] += 1
        found.consequences += consequences

    def _new(
        self,
        unit: "Unit",
        source: Source,
        fresh: Sequence[tuple[int, Event]],
        known: Mapping[Identity, SourceEvent],
        found: _Sorted,
        *,
        now: datetime,
    ) -> None:
        """Propose new events; take new dates of a series that was taken, and events of ours."""
        ours = unit.source_events.ours({each.uid for _, each in fresh}) if fresh else {}
        series = {
            each.edition.uid: each.slug for each in known.values() if each.leads and each.slug
        }
        for event in _within(fresh):
            taken = self._taken(unit, event, ours, series.get(event.uid), found)
            if taken is None and event.cancelled:
                continue
            found.new.append(
                SourceEvent(
                    number=0,
                    source=source.number,
                    edition=event,
                    state=SourceEventState.PROPOSED if taken is None else SourceEventState.TAKEN,
                    found_at=now,
                    leads=taken is not None,
                    slug=taken,
                )
            )

    def _taken(
        self,
        unit: "Unit",
        event: Event,
        ours: "Mapping[Identity, Known]",
        series: str | None,
        found: _Sorted,
    ) -> str | None:
        """Slug of our event that a new event of a calendar is at once; None: a person decides.

        It is the one with its UID, as of a calendar that somebody imported, unless another calendar
        leads it; or a new date of a series, `series` being the slug of another date.
        """
        same = ours.get(Identity(event.uid, event.recurrence))
        if same is not None:
            if same.led:
                return None
            self._follow(unit, unit.events.get(same.slug), event, found)
            return same.slug
        if series is None or event.cancelled:
            return None
        other = unit.events.get(series)
        date = replace(event, hosting=other.hosting, partners=other.partners)
        change, _ = self.events().take(unit, None, date)
        found.followed[change] += 1
        return unit.events.by_uid(event.uid, event.recurrence).slug


def _gone(event: SourceEvent, found: _Sorted) -> None:
    """What was only proposed is forgotten; what is one of ours is asked about."""
    if event.state is SourceEventState.PROPOSED:
        found.forgotten.append(event)
    else:
        found.saved.append(replace(event, state=SourceEventState.GONE))


def _within(fresh: Sequence[tuple[int, Event]]) -> Iterator[Event]:
    """Yield the new events, of each series only as many dates as an import adds."""
    dates = DatesOfSeries()
    return (event for row, event in fresh if dates.takes(row, event, known=False))


def address_of_source(text: str) -> str:
    """Address by which a source is fetched: webcal is https, as those who subscribe read it.

    InputError for what is no web address, SourceError for one with a user name or a password:
    addresses are kept and shown in the clear.
    """
    given = text.strip()
    address = webcal_addresses(given)[0] if webcal_addresses(given) else given
    host = host_behind_login(address)
    if host is not None:
        raise SourceError(AddressHasLogin(host))
    return whole_address(address)


def webcal_addresses(text: str) -> tuple[str, ...]:
    """Addresses of a webcal address, the one to ask first before; empty where it is none."""
    scheme, separator, rest = text.strip().partition("://")
    match separator and scheme.lower():
        case "webcal":
            return f"https://{rest}", f"http://{rest}"
        case "webcals":
            return (f"https://{rest}",)
        case _:
            return ()


def is_read_as_calendar(source: Source, data: bytes) -> bool:
    """Whether what is at a source is read as a calendar; its first good reading decides it."""
    if source.kind is SourceKind.FEED and source.read_at is None:
        return is_calendar(data)
    return source.kind is SourceKind.CALENDAR


def dates_come_near(source: Source, now: datetime) -> bool:
    """Whether dates of a calendar may have come near that were too far away at its last reading.

    They do so without a change of the calendar, so that it is read whole once a day.
    """
    is_of_calendar = source.kind is SourceKind.CALENDAR
    return is_of_calendar and source.read_at is not None and source.read_at.date() != now.date()
