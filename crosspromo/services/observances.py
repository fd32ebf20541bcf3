"""Observances that are coming, with the partners whose topics they touch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import UsageError
from crosspromo.domain.observances import Coming, Observance, coming, matches, not_announced
from crosspromo.domain.partners import Partner

if TYPE_CHECKING:
    from crosspromo.services.partner_view import PartnerStanding, PartnerViews

MOST_WEEKS = 104
MOST_PARTNERS = 10
"""Most partners that are named beside an observance."""


class Match(NamedTuple):
    """Partner whose topics belong to a theme; `last_shared_at` None: we never shared them."""

    partner: Partner
    last_shared_at: datetime | None

    def days_since(self, today: date, zone: ZoneInfo) -> int | None:
        """Number of local days since we last shared the partner; None: never."""
        if self.last_shared_at is None:
            return None
        return (today - self.last_shared_at.astimezone(zone).date()) // timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ObservanceRow:
    """Coming observance with its partners, those whom we shared longest ago first.

    `more`: number of partners that match and are left out. `kept`: the workspace keeps it.
    """

    coming: Coming
    kept: bool
    matches: Sequence[Match]
    more: int


@dataclass(frozen=True, slots=True)
class ObservanceList:
    """Observances from `today` until a day; `unknown`: those whose days nobody has announced."""

    today: date
    rows: Sequence[ObservanceRow]
    unknown: Sequence[tuple[Observance, int]]


@dataclass(frozen=True)
class ObservanceService:
    """Observances of a workspace. `known` reads those of its files, by slug."""

    partners: "PartnerViews"
    clock: Clock
    zone: ZoneInfo
    known: Callable[[], Mapping[str, Observance]]
    kept: frozenset[str]

    def list(self, weeks: int, *, kept_only: bool = False) -> ObservanceList:
        """Observances of the coming weeks; UsageError for a number of weeks out of range."""
        if not 1 <= weeks <= MOST_WEEKS:
            raise UsageError(f"{weeks} weeks: write a number from 1 to {MOST_WEEKS}")
        today = self._today()
        until = today + timedelta(weeks=weeks)
        known = [each for each in self.known().values() if each.slug in self.kept or not kept_only]
        standings = self.partners.list().standings
        return ObservanceList(
            today,
            [self._row(each, standings) for each in coming(known, today, until)],
            not_announced(known, today, until),
        )

    def suggest(self, theme: str) -> Sequence[Match]:
        """Partners for a theme: the slug of an observance, or a topic.

        Those whom we shared longest ago come first.
        """
        observance = self.known().get(theme)
        themes = (theme,) if observance is None else observance.topics
        return _matches(themes, self.partners.list().standings)

    def _row(self, each: Coming, standings: "Sequence[PartnerStanding]") -> ObservanceRow:
        found = _matches(each.observance.topics, standings)
        more = max(len(found) - MOST_PARTNERS, 0)
        kept = each.observance.slug in self.kept
        return ObservanceRow(each, kept, found[:MOST_PARTNERS], more)

    def _today(self) -> date:
        return self.clock.now().astimezone(self.zone).date()


def _matches(themes: Sequence[str], standings: "Sequence[PartnerStanding]") -> Sequence[Match]:
    return [
        Match(each.partner, each.last_shared_at)
        for each in standings
        if matches(each.partner.topics, themes)
    ]
