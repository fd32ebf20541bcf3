"""What becomes of posts about an event that is cancelled or takes place at another time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from crosspromo.domain.deliveries import Fault
from crosspromo.domain.events import Event
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.publishing.storage import Unit


def withdraw(
    unit: Unit, before: Event, after: Event, *, zone: ZoneInfo, who: str, now: datetime
) -> list[int]:
    """Cancel the drafts and queued deliveries that the change makes wrong; their ids come back.

    None where the event neither was cancelled nor moved. What has gone out is left as it is.
    """
    fault = _fault(before, after, zone)
    if fault is None:
        return []
    waiting = unit.deliveries.waiting_for(after.slug)
    for delivery in waiting:
        unit.transitions.refuse(delivery, State.CANCELLED, fault)
        unit.audit.add(now, who, "cancel", f"delivery {delivery.id}", fault.message)
    return [delivery.id for delivery in waiting]


def _fault(before: Event, after: Event, zone: ZoneInfo) -> Fault | None:
    if after.cancelled:
        return Fault("event-cancelled", f"{after.slug} was cancelled")
    if after.starts_at == before.starts_at:
        return None
    return Fault(
        "event-moved",
        f"{after.slug} was moved from {wall_clock(before.starts_at, zone)} to "
        f"{wall_clock(after.starts_at, zone)}; say so anew: crosspromo queue event {after.slug}",
    )
