"""Lines of a rehearsal: what each step makes of a delivery."""

from datetime import datetime
from typing import TYPE_CHECKING, assert_never, cast
from zoneinfo import ZoneInfo

from crosspromo.domain.forecasts import Outcome, PlayedStep
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.forecasts import of_end, of_held, of_uncertainty

if TYPE_CHECKING:
    from crosspromo.services.play.rehearsal import RehearsedStep


def of_step(rehearsed: "RehearsedStep", zone: ZoneInfo) -> str:
    """A step in a line: the delivery, what becomes of it, and on what that hangs."""
    delivery = rehearsed.delivery
    name = "the new post" if rehearsed.is_new else str(delivery.id)
    about = delivery.event or ", ".join(delivery.partners)
    whose = f" ({about})" if about else ""
    what = f"{delivery.account}: {name}, {delivery.kind}{whose}, {_becomes(rehearsed.step, zone)}"
    if rehearsed.uncertainty is None:
        return what
    return f"{what} (not certain: {of_uncertainty(rehearsed.uncertainty)})"


def reason_of_step(step: PlayedStep, zone: ZoneInfo) -> str | None:
    """Why the step holds the delivery or ends it unsent; None for a send."""
    if step.reason is None:
        return None
    if step.outcome is Outcome.HELD:
        return of_held(cast("HoldReason", step.reason), step.account, zone)
    return of_end(cast("FaultReason", step.reason), step.account, zone)


def _becomes(step: PlayedStep, zone: ZoneInfo) -> str:
    reason = reason_of_step(step, zone)
    match step.outcome:
        case Outcome.SENT:
            return "goes"
        case Outcome.HELD:
            return f"is held{_until(step.until, zone)}: {reason}"
        case Outcome.MISSED | Outcome.EXPIRED:
            return f"{'is missed' if step.outcome is Outcome.MISSED else 'expires'}: {reason}"
        case Outcome.REFUSED:
            return f"is refused: {reason}"
        case _:
            assert_never(step.outcome)


def _until(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else f" until {wall_clock(moment, zone)}"
