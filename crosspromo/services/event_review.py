"""Review of events of calendars: a person accepts, merges or refuses what is new there, and says
what becomes of an event that is gone from its calendar.

A number stands for an event with all dates of its series that wait in the same way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import SourceError
from crosspromo.domain.events import Event
from crosspromo.domain.posts import Hosting
from crosspromo.domain.reasons.sources import (
    EventIsGone,
    EventIsNew,
    EventIsThere,
    EventReviewed,
    EventsAreOne,
    NothingToReview,
)
from crosspromo.domain.requests import given_name
from crosspromo.domain.source_events import (
    TOLERANCE,
    Identity,
    SourceEvent,
    SourceEventState,
)
from crosspromo.services.change_event import Hosts
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.event_likeness import LikelyOther, LikelySame, Ours, likely_others

if TYPE_CHECKING:
    from crosspromo.services.change_event import EventService
    from crosspromo.store.unit import Store, Unit

MOST_READ = 5_000
"""Most dates that are read for one list."""

MOST_LISTED = 200
"""Most events of one list, new and gone ones each."""

PROPOSED, GONE = SourceEventState.PROPOSED, SourceEventState.GONE


@dataclass(frozen=True, slots=True)
class Waiting:
    """Event of a calendar that waits for a person: its first date, and the number of dates.

    `alike` are events of ours that are perhaps the same as a new one, `others` earlier new ones of
    other calendars that perhaps are.
    """

    first: SourceEvent
    dates: int
    alike: tuple[LikelySame, ...] = ()
    others: tuple[LikelyOther, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """Events of calendars that wait for a person, the soonest first; `more` are left out."""

    new: Sequence[Waiting]
    gone: Sequence[Waiting]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """Events of ours that a review made, and new ones that still wait since they look alike."""

    events: Sequence[Event]
    left: Sequence[Waiting] = ()


@dataclass(frozen=True, slots=True)
class Merged:
    """Event of ours that a new one became one with, with the effects on the queue.

    `dates` is the number of dates of its series that did so.
    """

    event: Event
    dates: int
    consequences: Consequences


@dataclass(frozen=True)
class EventReview:
    """Events of calendars that wait for a person. `events` changes events for an actor."""

    store: "Store"
    clock: Clock
    events: "Callable[[str], EventService]"

    def list(self) -> Review:
        """What waits for a person, with events of ours that are perhaps the same."""
        with self.store.read() as unit:
            found = unit.source_events.waiting(MOST_READ, self.clock.now())
            series = _series(found)
            ours = self._ours(unit) if any(_is(PROPOSED)(each) for each, _ in series) else Ours()
        others = likely_others([each for each, _ in series if _is(PROPOSED)(each)])
        new = [
            Waiting(each, dates, ours.alike(each), others[each.number])
            for each, dates in series
            if _is(PROPOSED)(each)
        ]
        gone = [Waiting(each, dates) for each, dates in series if _is(GONE)(each)]
        more = max(len(new) - MOST_LISTED, 0) + max(len(gone) - MOST_LISTED, 0)
        return Review(new[:MOST_LISTED], gone[:MOST_LISTED], more)

    def count(self) -> int:
        """Number of events that wait for a person, a series being one."""
        with self.store.read() as unit:
            return unit.source_events.count_waiting(self.clock.now())[0]

    def accept(self, numbers: Sequence[int], who: str, hosts: Hosts | None = None) -> Accepted:
        """Make new events ours; without `hosts` the partner holds them whose calendar it is.

        SourceError for an unknown number, for an event that somebody has decided about or that is
        not new, and for one whose UID an event of ours has, or another of these; NotFoundError for
        an unknown host.
        """
        with self.store.write() as unit:
            if hosts is not None:
                unit.partners.ids(hosts.partners)
            found = [_waiting(unit, number, PROPOSED) for number in dict.fromkeys(numbers)]
            _require_apart(unit, found)
            return Accepted([self._accept(unit, each, who, hosts) for each in found])

    def accept_all(self, who: str, hosts: Hosts | None = None) -> Accepted:
        """Make all new events ours but those that look like one of ours, which are left.

        Of two new ones that look alike, the first is taken. Errors are those of `accept`.
        """
        taken, left = [], []
        with self.store.write() as unit:
            if hosts is not None:
                unit.partners.ids(hosts.partners)
            ours = self._ours(unit)
            for each, dates in _series(unit.source_events.waiting(MOST_READ, self.clock.now())):
                if each.state is not PROPOSED:
                    continue
                alike = ours.alike(each)
                if alike:
                    left.append(Waiting(each, dates, alike))
                    continue
                event = self._accept(unit, each, who, hosts)
                ours.add(event)
                taken.append(event)
        return Accepted(taken, left)

    def merge(self, number: int, slug: str, who: str) -> Merged:
        """Make a new event one with an event of ours: its partner holds it, too.

        Our event stays as it is, and the calendar that leads it still does; where none does, this
        one leads from now on. Further dates of the series go with those of ours at the same time.
        Errors are those of `accept`; NotFoundError for an unknown event.
        """
        given_name(who)
        acts, now = self.events(who), self.clock.now()
        consequences = Consequences()
        with self.store.write() as unit:
            first = _waiting(unit, number, PROPOSED)
            pairs = self._pairs(unit, first, unit.events.get(slug))
            ours = unit.source_events.ours({each.uid for _, each in pairs})
            for event, before in pairs:
                after = _with_host(before, event.partner)
                if after != before:
                    consequences += acts.take(unit, before, after)[1]
                leads = not ours[Identity(before.uid, before.recurrence)].led
                into = SourceEventState.TAKEN
                _decide(unit, event, into, who, self.clock, slug=before.slug, leads=leads)
                unit.audit.add(now, who, "merge", f"event {before.slug}", _from(event))
            return Merged(unit.events.get(slug), len(pairs), consequences)

    def refuse(
        self, numbers: Sequence[int], who: str, reason: str | None = None
    ) -> Sequence[SourceEvent]:
        """Refuse new events, so that they are proposed no more. Errors are those of `accept`."""
        given_name(who)
        with self.store.write() as unit:
            found = [_waiting(unit, number, PROPOSED) for number in dict.fromkeys(numbers)]
            for first in found:
                for each in unit.source_events.of_series(first):
                    into = SourceEventState.REFUSED
                    _decide(unit, each, into, who, self.clock, reason=reason)
        return found

    def keep(self, numbers: Sequence[int], who: str) -> Sequence[SourceEvent]:
        """Keep events that are gone from their calendar. SourceError as in `accept`."""
        given_name(who)
        with self.store.write() as unit:
            found = [_waiting(unit, number, GONE) for number in dict.fromkeys(numbers)]
            for first in found:
                for each in unit.source_events.of_series(first):
                    _decide(unit, each, SourceEventState.KEPT, who, self.clock)
        return found

    def cancel(
        self, numbers: Sequence[int], who: str
    ) -> tuple[Sequence[SourceEvent], Consequences]:
        """Cancel events that are gone from their calendar, as `EventService.cancel` does.

        Where the calendar brings one back, it takes place after all: the calendar is followed, as
        if it had cancelled the event itself. SourceError as in `accept`.
        """
        given_name(who)
        acts, consequences = self.events(who), Consequences()
        with self.store.write() as unit:
            found = [_waiting(unit, number, GONE) for number in dict.fromkeys(numbers)]
            for first in found:
                for each in unit.source_events.of_series(first):
                    _decide(unit, each, SourceEventState.KEPT, who, self.clock)
                    cancelled = replace(each.edition, cancelled=True)
                    kept = replace(each, edition=cancelled, state=SourceEventState.KEPT)
                    unit.source_events.save_editions([kept])
                    if each.slug is not None:
                        consequences += acts.cancel_in(unit, each.slug)
        return found, consequences

    def _accept(self, unit: "Unit", first: SourceEvent, who: str, hosts: Hosts | None) -> Event:
        """Make all proposed dates of a series ours; returns the first one."""
        given_name(who)
        partner = () if first.partner is None else (first.partner,)
        held = Hosts.given(partner) if hosts is None else hosts
        acts, now = self.events(who), self.clock.now()
        taken: list[Event] = []
        dates = unit.source_events.of_series(first)
        there = unit.source_events.ours({first.edition.uid})
        for each in dates:
            if each.identity in there:
                raise SourceError(EventIsThere(first.number, there[each.identity].slug))
            event = replace(each.edition, hosting=held.hosting, partners=held.partners)
            acts.take(unit, None, event)
            event = unit.events.by_uid(event.uid, event.recurrence)
            into = SourceEventState.TAKEN
            _decide(unit, each, into, who, self.clock, slug=event.slug, leads=True)
            unit.audit.add(now, who, "accept", f"event {event.slug}", _from(each))
            taken.append(event)
        return taken[0]

    def _pairs(
        self, unit: "Unit", first: SourceEvent, event: Event
    ) -> Sequence[tuple[SourceEvent, Event]]:
        """Dates of a new series, each with the event of ours that it becomes one with."""
        same_series = unit.source_events.ours({event.uid})
        others = [
            unit.events.get(each.slug) for each in same_series.values() if each.slug != event.slug
        ]
        pairs = [(first, event)]
        for each in unit.source_events.of_series(first):
            if each.number == first.number:
                continue
            near = [
                other
                for other in others
                if abs(other.starts_at - each.edition.starts_at) <= TOLERANCE
            ]
            pairs += [(each, other) for other in near[:1]]
        return pairs

    def _ours(self, unit: "Unit") -> Ours:
        ours = Ours()
        for event in unit.events.all(after=self.clock.now()):
            ours.add(event)
        return ours


def _is(state: SourceEventState) -> Callable[[SourceEvent], bool]:
    return lambda event: event.state is state


def _series(found: Sequence[SourceEvent]) -> Sequence[tuple[SourceEvent, int]]:
    """First date of each series with the number of its dates, in the order of the first dates."""
    by_series: dict[tuple[int, str, SourceEventState], list[SourceEvent]] = {}
    for each in found:
        by_series.setdefault((each.source, each.edition.uid, each.state), []).append(each)
    return [(dates[0], len(dates)) for dates in by_series.values()]


def _require_apart(unit: "Unit", found: Sequence[SourceEvent]) -> None:
    """Raise SourceError where two of these series have one UID: they are one event."""
    first: dict[Identity, int] = {}
    for each in found:
        for edition in unit.source_events.of_series(each):
            other = first.setdefault(edition.identity, each.number)
            if other != each.number:
                raise SourceError(EventsAreOne(other, each.number))


def _waiting(unit: "Unit", number: int, state: SourceEventState) -> SourceEvent:
    """First date of the series that a number stands for, which waits in this state."""
    found = unit.source_events.find(number)
    if found is None:
        raise SourceError(NothingToReview(number))
    if found.state is state:
        return unit.source_events.of_series(found)[0]
    if found.state is PROPOSED:
        raise SourceError(EventIsNew(number))
    if found.state is GONE:
        raise SourceError(EventIsGone(number))
    raise SourceError(EventReviewed(number, found.decided_by or "Its calendar"))


def _decide(
    unit: "Unit",
    event: SourceEvent,
    into: SourceEventState,
    who: str,
    clock: Clock,
    *,
    slug: str | None = None,
    leads: bool = False,
    reason: str | None = None,
) -> None:
    now = clock.now()
    if not unit.source_events.decide(event, into, who, now, slug=slug, leads=leads, reason=reason):
        raise SourceError(EventReviewed(event.number, "Somebody"))


def _with_host(event: Event, partner: str | None) -> Event:
    """Event that a partner holds, too; one of ours is then held jointly."""
    if partner is None or partner in event.partners:
        return event
    hosting = Hosting.JOINT if event.hosting is Hosting.OURS else event.hosting
    return replace(event, hosting=hosting, partners=tuple(sorted({*event.partners, partner})))


def _from(event: SourceEvent) -> str:
    return f"from source {event.source}"
