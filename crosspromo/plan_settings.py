"""Settings of planning: [plan] of crosspromo.toml."""

import msgspec

from crosspromo.domain.errors import UsageError
from crosspromo.domain.timing import Slot
from crosspromo.domain.values import Value

DEFAULT_WEEKS, MOST_WEEKS = 4, 12


class PlanTable(msgspec.Struct, forbid_unknown_fields=True):
    """The table as it is written."""

    weekly: str | None = None
    weeks: int = DEFAULT_WEEKS


class PlanSettings(Value, frozen=True):
    """When the daemon plans, each week, in the organisation's zone, and how many weeks are planned.

    `weekly` None: only people plan.
    """

    weekly: Slot | None = None
    weeks: int = DEFAULT_WEEKS


def weekly_of(text: str) -> Slot:
    """Time in the week such as `Fri 15:00`; UsageError for another text, or for several days."""
    found = Slot.parse(text)
    if len(found.days) != 1:
        raise UsageError(f'"{text}" is more than once a week; write one day: "Fri 15:00"')
    return found


def checked_weeks(number: int) -> int:
    """Number of weeks; UsageError where it is out of range."""
    if not 1 <= number <= MOST_WEEKS:
        raise UsageError(f"{number} weeks: write a number from 1 to {MOST_WEEKS}")
    return number


def weeks_of(text: str) -> int:
    """Number of weeks as it is written; UsageError where it is out of range."""
    return checked_weeks(int(text))
