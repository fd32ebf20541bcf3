"""Lines of a rehearsal: what each step makes of a delivery."""

from datetime import datetime
from typing import TYPE_CHECKING, assert_never, cast
from zoneinfo import ZoneInfo

from crosspromo.domain.forecasts import Outcome, PlayedStep
from crosspromo.domain.reasons.faults import Expired, FaultReason
from crosspromo.domain.reasons.holds import HoldReason
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.forecasts import of_end, of_held, of_uncertainty

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.services.play.rehearsal import NewPost, RehearsedStep


def of_step(rehearsed: "RehearsedStep", zone: ZoneInfo) -> str:
    """A step in a line: the delivery, what becomes of it, and on what that hangs."""
    delivery = rehearsed.delivery
    name = str(delivery.id) if rehearsed.new is None else name_of(rehearsed.new)
    about = delivery.event or ", ".join(delivery.partners)
    whose = f" ({about})" if about else ""
    what = f"{delivery.account}: {name}, {delivery.kind}{whose}, {_becomes(rehearsed.step, zone)}"
    if rehearsed.uncertainty is None:
        return what
    return f"{what} (not certain: {doubt_of(rehearsed)})"


def doubt_of(rehearsed: "RehearsedStep") -> str | None:
    """Clause about what the step hangs on; None: it is certain."""
    doubt, new = rehearsed.uncertainty, rehearsed.hangs_on_new
    if doubt is None:
        return None
    return of_uncertainty(doubt, None if new is None else name_of(new))


def name_of(new: "NewPost") -> str:
    """Name of a post that is queued for the rehearsal only."""
    return "the new post" if new.count == 1 else f"new post {new.number}"


def of_new(new: "tuple[NewPost, Delivery]", zone: ZoneInfo) -> str:
    """Sentence about a new post whose time lies behind the end of the rehearsal."""
    post, delivery = new
    due = wall_clock(delivery.due_at, zone)
    return f"{delivery.account}: {name_of(post)} is due {due}, after these weeks."


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
        case Outcome.EXPIRED if isinstance(step.reason, Expired):
            return f"expires at {wall_clock(step.reason.at, zone)}"
        case Outcome.MISSED | Outcome.EXPIRED:
            return f"{'is missed' if step.outcome is Outcome.MISSED else 'expires'}: {reason}"
        case Outcome.REFUSED:
            return f"is refused: {reason}"
        case _:
            assert_never(step.outcome)


def _until(moment: datetime | None, zone: ZoneInfo) -> str:
    return "" if moment is None else f" until {wall_clock(moment, zone)}"
