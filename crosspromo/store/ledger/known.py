"""Ledger rows as they were known at a time.

A row was known if it was recorded by then and not taken back before (docs/decisions/0029). Rows
that count, and rows that were taken back since, are read by an index each.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import FromClause, select, union_all

from crosspromo.store.schema import IS_COUNTED, ledger

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""Time before every row."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Stretch of time, later than `after` and not later than `until`, as it was known at a time.

    `known_at` None: as it is known now.
    """

    after: datetime
    until: datetime
    known_at: datetime | None = None


def known_ledger(of: Stretch) -> FromClause:
    """SQL: ledger rows of the stretch that counted at its time."""
    within = ledger.c.at > of.after, ledger.c.at <= of.until
    counted = select(ledger).where(IS_COUNTED, *within)
    if of.known_at is None:
        return counted.subquery("known")
    recorded = ledger.c.recorded_at <= of.known_at
    taken = ledger.c.taken_back_at.is_not(None) & (ledger.c.taken_back_at > of.known_at)
    later_taken = select(ledger).where(taken, recorded, *within)
    return union_all(counted.where(recorded), later_taken).subquery("known")
