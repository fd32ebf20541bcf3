"""Weekly planning: the daemon makes drafts of a plan, once for each time that the settings name.

The planner is large, and is imported where a plan is due: a daemon looks all day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.planned import BY_PLANNING
from crosspromo.domain.timing import slot_times

if TYPE_CHECKING:
    from crosspromo.domain.timing import Slot
    from crosspromo.services.delivery_view import DeliveryView
    from crosspromo.services.planning.plans import PlanService
    from crosspromo.store.unit import Store

CAUGHT_UP_WITHIN = timedelta(days=2)
"""Time after which a plan that no daemon was there to make waits for the next week."""


@dataclass(frozen=True)
class WeeklyPlanning:
    """Plans at the time `weekly` of each week in the zone; None: only people plan.

    `plans` is called where a plan is due.
    """

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    plans: "Callable[[], PlanService]"
    weekly: "Slot | None"

    def plan_if_due(self) -> "Sequence[DeliveryView]":
        """Drafts of the plan that is due; none where none is due, or another daemon has made it."""
        due_at = self._due_at()
        if due_at is None:
            return []
        with self.store.read() as unit:
            if unit.planned_lines.was_made(due_at):
                return []
        plans = self.plans()
        return plans.apply(plans.propose(), BY_PLANNING, queue=False, once=due_at)

    def _due_at(self) -> datetime | None:
        """Latest time for a plan that has come, and is not long past."""
        if self.weekly is None:
            return None
        now = self.clock.now()
        coming = slot_times((self.weekly,), self.zone, now - CAUGHT_UP_WITHIN)
        first = next(coming)
        return first if first <= now else None
