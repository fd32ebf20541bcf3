"""Likeness of new events of calendars with events of ours, and with new ones of other calendars."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from crosspromo.domain.events import Event
from crosspromo.domain.source_events import Identity, Marks, Sign, SourceEvent, marks_of, signs
from crosspromo.intake.feeds.same_page import same_page

MOST_ON_A_DAY = 100
"""Most new events of a day that another new one is compared with."""


@dataclass(frozen=True, slots=True)
class LikelySame:
    """Event of ours that is perhaps the same as a new one, and the signs of it."""

    event: Event
    by: frozenset[Sign]


@dataclass(frozen=True, slots=True)
class LikelyOther:
    """New event of another calendar that is perhaps the same as a new one, and the signs of it."""

    event: SourceEvent
    by: frozenset[Sign]


@dataclass(slots=True)
class Ours:
    """Coming events of ours by their local day and by their UID."""

    by_day: dict[date, list[tuple[Event, Marks]]] = field(default_factory=lambda: defaultdict(list))
    by_identity: dict[Identity, Event] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        marks = marks_of(event, _page(event))
        self.by_day[marks.day].append((event, marks))
        self.by_identity[marks.identity] = event

    def alike(self, event: SourceEvent) -> tuple[LikelySame, ...]:
        """Events that are perhaps the same, the one with its UID first."""
        marks = marks_of(event.edition, _page(event.edition))
        found = [
            LikelySame(each, by)
            for each, other in self.by_day.get(marks.day, ())
            if (by := signs(marks, other))
        ]
        same = self.by_identity.get(marks.identity)
        if same is not None and all(each.event.slug != same.slug for each in found):
            found.append(LikelySame(same, frozenset({Sign.UID})))
        return tuple(sorted(found, key=lambda each: Sign.UID not in each.by))


def likely_others(new: Sequence[SourceEvent]) -> Mapping[int, tuple[LikelyOther, ...]]:
    """Earlier ones of these events, of other calendars, that each is perhaps the same as.

    They are given by its number, one with its UID first.
    """
    by_day: dict[date, list[tuple[SourceEvent, Marks]]] = defaultdict(list)
    by_identity: dict[Identity, list[tuple[SourceEvent, Marks]]] = defaultdict(list)
    found = {}
    for each in sorted(new, key=lambda one: one.number):
        marks = marks_of(each.edition, _page(each.edition))
        near = {
            other.number: (other, theirs)
            for other, theirs in (*by_identity[marks.identity], *by_day[marks.day][:MOST_ON_A_DAY])
            if other.source != each.source
        }
        likely = [
            LikelyOther(other, by)
            for other, theirs in near.values()
            if (by := signs(marks, theirs))
        ]
        found[each.number] = tuple(sorted(likely, key=lambda one: Sign.UID not in one.by))
        by_day[marks.day].append((each, marks))
        by_identity[marks.identity].append((each, marks))
    return found


def _page(event: Event) -> str:
    return same_page(event.url) if event.url else ""
