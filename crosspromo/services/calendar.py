"""Calendar: the deliveries of a day, a week or a month, as planned or as they should go."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from crosspromo.domain.calendar import (
    FATES,
    CalendarDay,
    Entry,
    Fate,
    Placed,
    Scale,
    Span,
    arranged,
    foretold,
    minute_of,
)
from crosspromo.domain.forecasts import HangsOn
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.store.unit import Store, Unit

MOST: Mapping[Scale, int] = {Scale.MONTH: 4, Scale.WEEK: 12, Scale.DAY: 200}
"""Most entries of a day, by the scale of the span."""

MOST_DIFFERENCES = 20
"""Most entries that go otherwise than planned, and that are named."""

_BY_HAND = "by-hand"


@dataclass(frozen=True, slots=True)
class Calendar:
    """Shown days of a span.

    `names` has the title or the beginning of the text of each first delivery of an entry, by id.
    `without_time` is the number of deliveries that wait until they are allowed. `differences` are
    the first entries that should not go as planned, and `differing` is the number of them all.
    `doubt` is why no forecast is certain; `is_foretold`: there are forecasts.
    """

    span: Span
    days: Sequence[CalendarDay]
    names: Mapping[int, str]
    without_time: int
    differences: Sequence[Entry] = ()
    differing: int = 0
    planned: int = 0
    is_foretold: bool = False
    doubt: HangsOn | None = None


@dataclass(frozen=True)
class Calendars:
    """Reads the calendar; days are those in `zone`. `policies` are those of every account."""

    store: "Store"
    zone: ZoneInfo
    policies: Mapping[str, Policy]
    forecasting: "Forecasting"

    def of(self, span: Span, *, account: str | None = None, as_forecast: bool = False) -> Calendar:
        """Days of the span; NotFoundError for an unknown account.

        `as_forecast`: as they should go by the stored forecasts. Nothing is played.
        """
        if account is not None:
            account_named(account, self.policies)
        bounds = span.bounds(self.zone)
        with self.store.read() as unit:
            pauses = {pause.account for pause in unit.pauses.all()}
            stored = self.forecasting.standing(unit) if as_forecast else (False, None)
            read = self._foretold if as_forecast else self._planned
            placed = list(read(unit, bounds[0], bounds[-1], account, pauses))
            days = arranged(placed, span, self.zone, MOST[span.scale])
            differing = self._differing(placed, span)
            differences = differing[:MOST_DIFFERENCES]
            shown = [entry for day in days for entry in day.entries]
            names = unit.calendar.beginnings({each.first.id for each in (*shown, *differences)})
        return Calendar(
            span=span,
            days=days,
            names=names,
            without_time=sum(each.at is None for each in placed),
            differences=differences,
            differing=len(differing),
            planned=sum(len(day.entries) + day.more for day in days),
            is_foretold=stored[0],
            doubt=stored[1],
        )

    def _planned(
        self,
        unit: "Unit",
        since: datetime,
        until: datetime,
        account: str | None,
        pauses: set[str | None],
    ) -> Iterable[Placed]:
        return _all_placed(unit.calendar.planned(since, until, account), pauses)

    def _foretold(
        self,
        unit: "Unit",
        since: datetime,
        until: datetime,
        account: str | None,
        pauses: set[str | None],
    ) -> Iterator[Placed]:
        yield from _all_placed(unit.calendar.settled(since, until, account), pauses)
        for row, forecast in unit.calendar.foretold(since, until, account):
            yield from foretold(_placed(row, pauses), forecast)

    def _differing(self, placed: Iterable[Placed], span: Span) -> list[Entry]:
        """Entries of the span that should not go as planned, by time."""
        ghosts = [each for each in placed if each.fate.is_ghost]
        if not ghosts:
            return []
        days = arranged(ghosts, span, self.zone, len(ghosts))
        return [entry for day in days if span.includes(day.date) for entry in day.entries]


def _all_placed(rows: Sequence[Any], pauses: set[str | None]) -> list[Placed]:
    """Places of deliveries as planned, each once."""
    return list({row.id: _placed(row, pauses) for row in rows}.values())


_FATES = {state.value: fate for state, fate in FATES.items()}
_CREDITS = {credit.value: credit for credit in Credit}


def _placed(row: Any, pauses: set[str | None]) -> Placed:
    """Place of a delivery as planned. A pause holds what is queued, before the hold is written."""
    fate = _FATES[row.state]
    if fate is Fate.QUEUED and (
        row.hold_code is not None or None in pauses or row.account in pauses
    ):
        fate = Fate.HELD
    elif fate is Fate.UNKNOWN and row.fault_code == _BY_HAND:
        fate = Fate.BY_HAND
    at = None if row.at is None else minute_of(row.at)
    return Placed(row.id, row.post_id, row.account, row.network, _CREDITS[row.credit], at, fate)
