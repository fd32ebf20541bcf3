"""Bound on the dates of one series that an import adds: a daily event would fill the list."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from crosspromo.domain.events import Event
from crosspromo.domain.left_out import LeftOut, Why

MOST_DATES = 120
"""Dates of a series that are added: two a week for all of the time that is read."""


@dataclass(slots=True)
class _Spared:
    """New dates of a series that are left out: of which VEVENT, how many, and the last one kept."""

    row: int
    title: str
    last: Event
    count: int = 0


@dataclass(slots=True)
class DatesOfSeries:
    """Dates of each series of an import, in the order of their start.

    Dates that are known already are always taken: they may have moved, or be cancelled.
    """

    seen: Counter[str] = field(default_factory=Counter)
    last: dict[str, Event] = field(default_factory=dict)
    spared: dict[str, _Spared] = field(default_factory=dict)

    def takes(self, row: int, event: Event, *, known: bool) -> bool:
        """Whether the date is saved; `row` is the ordinal of its VEVENT in the file."""
        self.seen[event.uid] += 1
        if known or self.seen[event.uid] <= MOST_DATES:
            self.last[event.uid] = event
            return True
        spared = _Spared(row, event.title, self.last[event.uid])
        self.spared.setdefault(event.uid, spared).count += 1
        return False

    def left_out(self) -> Iterator[LeftOut]:
        """Yield each series of which dates are left out, with what is kept of it."""
        for uid, spared in self.spared.items():
            until = spared.last.starts_at.astimezone(ZoneInfo(spared.last.zone))
            dates = self.seen[uid]
            kept = f"{dates - spared.count} of {dates} dates, until {until:%Y-%m-%d}"
            yield LeftOut(spared.row, f'"{spared.title}"', Why.MANY_DATES, kept)
