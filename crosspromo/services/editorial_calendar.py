"""Editorial calendar: the queue as a workbook that people change and bring back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.editorial import cells_of, version_of
from crosspromo.domain.policy import Policy
from crosspromo.domain.timing import at_wall_clock
from crosspromo.services.delivery_view import approvals_of

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

MOST_ROWS = 3_000
"""Most deliveries of a sheet; the import reads more."""

SENT_DAYS = 28
"""Days back of which sent deliveries are in the sheet, for people to see."""


@dataclass(frozen=True, slots=True)
class ExportedCalendar:
    """Workbook with the number of its rows; `more`: further deliveries did not fit."""

    content: bytes
    rows: int
    more: bool


@dataclass(frozen=True)
class EditorialCalendars:
    """Writes the editorial calendar; days are those in `zone`."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    policies: Mapping[str, Policy]

    def export(
        self, about: Sequence[str], *, first: date | None = None, last: date | None = None
    ) -> ExportedCalendar:
        """Workbook of all open deliveries, and of those sent in the last SENT_DAYS days.

        With a day, those due or sent from `first` to `last`, both included. `about` are sentences
        for the people who change the workbook.
        """
        from crosspromo.intake.calendar_workbook import (  # noqa: PLC0415 (slow to import)
            write_calendar,
        )

        with self.store.read() as unit:
            found, more = self._within(unit, first, last)
            rows = cells_of_all(unit, self.policies, self.zone, found)
        ordered = [rows[each.id] for each in sorted(found, key=_place)]
        content = write_calendar(
            [{**cells, "version": version_of(cells)} for cells in ordered], about
        )
        return ExportedCalendar(content, len(ordered), more)

    def _within(
        self, unit: "Unit", first: date | None, last: date | None
    ) -> tuple[Sequence[Delivery], bool]:
        from crosspromo.store.queue.editorial import Times  # noqa: PLC0415 (only exports need it)

        now = self.clock.now()
        since = None if first is None else self._midnight(first)
        until = None if last is None else self._midnight(last + timedelta(days=1))
        sent_since = now - timedelta(days=SENT_DAYS) if since is None else since
        sent_until = now + timedelta(days=1) if until is None else until
        times = Times(since, until, sent_since, sent_until)
        return unit.deliveries.editorial(times, MOST_ROWS)

    def _midnight(self, day: date) -> datetime:
        return at_wall_clock(day, time(), self.zone)


def cells_of_all(
    unit: "Unit", policies: Mapping[str, Policy], zone: ZoneInfo, deliveries: Sequence[Delivery]
) -> Mapping[int, Mapping[str, str]]:
    """Cells of deliveries by id, with two queries for them all."""
    approvals = approvals_of(unit, policies, deliveries)
    return {
        delivery.id: cells_of(delivery, approval, zone)
        for delivery, approval in zip(deliveries, approvals, strict=True)
    }


def _place(delivery: Delivery) -> tuple[bool, datetime, int]:
    at = delivery.published_at or delivery.due_at
    return delivery.waits_to_be_allowed, at, delivery.id
