"""Timetable of an account with deliveries that are planned, and not written yet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crosspromo.domain.spacing import Neighbour, Timetable

_PLANNED = 0
"""Number of a planned delivery: no written one has it."""


@dataclass(frozen=True, slots=True)
class PlannedTimes:
    """Times of an account's deliveries, `written`, together with moments (UTC) that are planned."""

    written: Timetable
    planned: Sequence[datetime]

    def before(self, moment: datetime, least: timedelta) -> Neighbour | None:
        """As of a timetable: a written one, else the earliest planned one."""
        found = self.written.before(moment, least)
        return found or _first(at for at in self.planned if moment - least < at <= moment)

    def after(self, moment: datetime, least: timedelta) -> Neighbour | None:
        """As of a timetable: a written one, else the earliest planned one."""
        found = self.written.after(moment, least)
        return found or _first(at for at in self.planned if moment < at < moment + least)

    def count(self, after: datetime, until: datetime, most: int) -> int:
        """Number of deliveries later than `after` and not later than `until`, at most `most`."""
        planned = sum(after < at <= until for at in self.planned)
        return min(most, self.written.count(after, until, most) + planned)


def _first(moments: Iterable[datetime]) -> Neighbour | None:
    found = min(moments, default=None)
    return None if found is None else Neighbour(_PLANNED, found)
