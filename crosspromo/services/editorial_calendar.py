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

MOST_ROWS = 5_000
"""Most deliveries of a sheet; the import reads more."""

SENT_DAYS = 28
"""Days back of which sent deliveries are in the sheet, for people to see."""

ABOUT = (
    "This is the editorial calendar: one row for each post on one account. Change it, save it as "
    "XLSX, and bring it back: crosspromo calendar import FILE --dry-run shows what would change.",
    "You can change: date, time, zone, text, alt, link, campaign and note, of rows whose state is "
    "draft or queued. Another text, alt text or link has to be approved again.",
    "You cannot change: account, kind, partner and media of a row. Rows that are published are "
    "here for you to see.",
    "state and approver tell what happened. What you write there approves nothing: it is shown, "
    "and the person is asked.",
    'The time "allowed" means: about ourselves, and goes as soon as we have shared others enough. '
    "It has no date.",
    "A new post: a row without id and version. It needs the account, and a partner or a text. With "
    "a partner it is about the partner, and without a text it gets the template's; without a "
    "partner it is about ourselves. Without date and time it takes the next free slot.",
    "A row that you delete changes nothing: the post stays. To take a post out, cancel it.",
    "alt has one line for each picture, in their order. Leave id and version as they are: they "
    "tell which post it is, and whether it was changed since.",
)
"""Sentences for the people who change the sheet."""


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

    def export(self, first: date | None = None, last: date | None = None) -> ExportedCalendar:
        """Workbook of all open deliveries, and of those sent in the last SENT_DAYS days.

        With a day, those due or sent from `first` to `last`, both included.
        """
        from crosspromo.intake.calendar_writing import (  # noqa: PLC0415 (slow to import)
            write_calendar,
        )

        with self.store.read() as unit:
            found, more = self._within(unit, first, last)
            rows = cells_of_all(unit, self.policies, self.zone, found)
        ordered = [rows[each.id] for each in sorted(found, key=_place)]
        content = write_calendar(
            [{**cells, "version": version_of(cells)} for cells in ordered], ABOUT
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
