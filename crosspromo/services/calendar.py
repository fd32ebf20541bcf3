"""Calendar: the deliveries of a day, a week or a month, as planned or as they should go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.calendar import (
    CalendarDay,
    Entry,
    Facts,
    Scale,
    Span,
    arranged,
    foretold,
    goes_otherwise,
    in_order,
    merged,
    told_once,
)
from crosspromo.domain.forecasts import HangsOn
from crosspromo.domain.policy import Policy
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.store.unit import Store, Unit

MOST: Mapping[Scale, int] = {Scale.MONTH: 4, Scale.WEEK: 12, Scale.DAY: 200}
"""Most entries of a day, by the scale of the span."""

MOST_DIFFERENCES = 20
"""Most entries that go otherwise than planned, and that are named."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Shown days of a span.

    `facts` are about the deliveries of shown entries and of `differences`, by id. `without_time` is
    the number of entries that wait until they are allowed. `differences` are the first entries that
    should not go as planned, and `differing` is the number of them all; `planned` is the number of
    all entries of the span. What moves within the span counts once in each, and so does what
    arrives from another span. `doubt` is why no forecast is certain; `is_foretold`: there are
    forecasts.
    """

    span: Span
    days: Sequence[CalendarDay]
    facts: Mapping[int, Facts]
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
            is_foretold, doubt = self.forecasting.standing(unit) if as_forecast else (False, None)
            read = _foretold if as_forecast else _planned
            entries = read(unit, bounds[0], bounds[-1], account)
            ordered = merged(entries) if as_forecast else in_order(entries)
            days = arranged(ordered, span, self.zone, MOST[span.scale])
            told = told_once(ordered, span, self.zone)
            differing = [each for each in told if goes_otherwise(each)]
            shown = [entry for day in days for entry in day.entries]
            shown += differing[:MOST_DIFFERENCES]
            facts = unit.calendar.facts({each for entry in shown for each in entry.ids})
        return Calendar(
            span=span,
            days=days,
            facts=facts,
            without_time=sum(entry.at is None for entry in entries),
            differences=differing[:MOST_DIFFERENCES],
            differing=len(differing),
            planned=len(told),
            is_foretold=is_foretold,
            doubt=doubt,
        )


def _planned(
    unit: "Unit", since: datetime, until: datetime, account: str | None
) -> Sequence[Entry]:
    return unit.calendar.planned(since, until, account)


def _foretold(
    unit: "Unit", since: datetime, until: datetime, account: str | None
) -> Sequence[Entry]:
    found = list(unit.calendar.settled(since, until, account))
    for planned, forecast in unit.calendar.foretold(since, until, account):
        found += foretold(planned, forecast)
    return found
