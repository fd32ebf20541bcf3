"""Days of mourning that an organisation keeps: no post of ours then, and none that celebrates.

Only observances that the workspace keeps are days of mourning here; the others are only listed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from crosspromo.domain.blackouts import DAY, Blackout
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.pacing import Wait, start_of
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons import holds
from crosspromo.domain.tones import FIT_FOR_MOURNING, Tone


class MourningDay(NamedTuple):
    """Local days of one observance, `first` to `last`, both included, and its name."""

    first: date
    last: date
    name: str


Rule = tuple[str, str | None, list[tuple[date, date]]]
"""Name of an observance, its rule as written, and the days that were announced."""


@dataclass(frozen=True, slots=True, eq=False)
class Mourning:
    """Days of mourning that the organisation keeps, worked out once for each year.

    `observances` are the kept ones whose tone is to mourn. `unknown` are slugs of kept ones that
    cannot be read: any day may be one of theirs, and counts as one until they are mended.
    """

    observances: tuple[Observance, ...] = ()
    unknown: tuple[str, ...] = ()
    _years: dict[int, Sequence[MourningDay]] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def kept(cls, observances: Iterable[Observance], unknown: Iterable[str] = ()) -> Self:
        """Days of mourning among the observances that a workspace keeps."""
        mourned = (each for each in observances if each.tone is ObservanceTone.MOURN)
        return cls(tuple(sorted(mourned, key=lambda each: each.slug)), tuple(sorted(unknown)))

    @property
    def rules(self) -> Sequence[Rule]:
        """What the days follow from, in an order of its own: equal rules give equal days."""
        return [
            (
                each.name,
                None if each.rule is None else each.rule.text,
                sorted((days.first, days.last) for days in each.announced.values()),
            )
            for each in self.observances
        ] + [(each, "unreadable", []) for each in self.unknown]

    @property
    def is_empty(self) -> bool:
        """Whether no day can be one of mourning."""
        return not self.observances and not self.unknown

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mourning) and self.rules == other.rules

    def __hash__(self) -> int:
        return hash(tuple(name for name, *_ in self.rules))

    def on(self, day: date) -> MourningDay | None:
        """Day of mourning on this local day; of several the one that ends last."""
        found = (
            each
            for year in (day.year - 1, day.year)
            for each in self._in(year)
            if each.first <= day <= each.last
        )
        known = max(found, key=lambda each: each.last, default=None)
        if known is None and self.unknown:
            return MourningDay(day, day, f"perhaps {self.unknown[0]}, which cannot be read")
        return known

    def concerns(self, partners: Iterable[str], credit: Credit, tone: Tone) -> bool:  # noqa: ARG002 (as of a blackout)
        """Whether a day of mourning would hold a post with this credit and tone.

        It holds posts about ourselves, and whatever celebrates or asks.
        """
        return not self.is_empty and (credit.counts_self or tone not in FIT_FOR_MOURNING)

    def wait(self, zone: ZoneInfo, now: datetime) -> Wait | None:
        """Wait until local midnight after the day of mourning on which `now` lies; else None."""
        if self.is_empty:
            return None
        day = self.on(now.astimezone(zone).date())
        if day is None:
            return None
        return Wait(holds.Mourning(*day), start_of(day.last + DAY, zone))

    def _in(self, year: int) -> Sequence[MourningDay]:
        """Days that begin in this year."""
        if year not in self._years:
            begun = ((each.in_year(year), each.name) for each in self.observances)
            self._years[year] = [MourningDay(*days, name) for days, name in begun if days]
        return self._years[year]


NO_MOURNING = Mourning()

Silence = Blackout | Mourning
"""Days on which some posts do not go."""
