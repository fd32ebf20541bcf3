"""Sentences on drafts and queued deliveries that a change of their event renewed."""

from zoneinfo import ZoneInfo

from crosspromo.domain.timing import wall_clock
from crosspromo.services.event_renewals import RenewedDelivery


def of_renewal(each: RenewedDelivery, zone: ZoneInfo) -> str:
    """Step, account and time of the delivery: `week on main, now for Mon 2026-05-25 09:00`."""
    what = f"on {each.account}" if each.step is None else f"{each.step} on {each.account}"
    if each.due_at is None:
        return f"{what}, when it is allowed"
    return f"{what}, {'now' if each.moved else 'still'} for {wall_clock(each.due_at, zone)}"


def of_signatures(number: int) -> str:
    """Sentence on this number of approvals that are void; empty for none."""
    match number:
        case 0:
            return ""
        case 1:
            return "its approval is void"
        case _:
            return f"its {number} approvals are void"
