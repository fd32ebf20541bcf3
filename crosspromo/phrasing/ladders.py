"""Sentences on the steps of a ladder that are not queued, or are not on their own day."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from crosspromo.domain.ladders import MissedStep, WhyMissed
from crosspromo.domain.reasons.notes import InBlackout, InQuietHours, OnDayOfMourning, Silent
from crosspromo.phrasing.holds import of_limit
from crosspromo.services.queue_ladder import QueuedStep, UnplacedStep

_MOST_TOLD = 3
"""Most reasons in one sentence."""


def of_missed(missed: Sequence[MissedStep]) -> Iterator[str]:
    """Yield why steps are left out on every account, those of one reason together."""
    for why in WhyMissed:
        steps = [str(each.step) for each in missed if each.why is why]
        if steps:
            yield f"{_why(why, one=len(steps) == 1)}: {', '.join(steps)}"


def _why(why: WhyMissed, *, one: bool) -> str:
    its = "its" if one else "their"
    match why:
        case WhyMissed.PASSED:
            return f"{its} time has passed"
        case WhyMissed.LATE:
            return "an event that is entered late keeps only week, tomorrow, today and thanks"
        case WhyMissed.DAY_TAKEN:
            return f"{its} day has another step"


def of_moved(each: QueuedStep, zone: ZoneInfo) -> str:
    """Clause with the reason for a step that has another day than its own."""
    if each.gave_way:
        return "since the step of the day itself goes on the evening before the event"
    if each.silences:
        return f"since {_told(each.silences, zone)}"
    return "since no slot of its own day is free"


def of_unplaced(each: UnplacedStep, zone: ZoneInfo) -> str:
    """Sentence of a step without a place on an account: its reason, and what to do."""
    what = f"{each.step} on {each.account}"
    if each.pinned:
        return f"{what} would be held until it is too late: {_told(each.silences, zone)}"
    if each.silences:
        why = _told(each.silences, zone)
        return f"{what} finds no place around {each.day}: {why}; no day near it is free"
    if each.slots:
        return (
            f"{what} has no free slot around {each.day}; "
            "add slots, or queue it by itself, with its template and a time"
        )
    return (
        f"{what} has no free hour around {each.day}; "
        "queue it by itself, with its template and a time"
    )


def _told(silences: Sequence[Silent], zone: ZoneInfo) -> str:
    return "; ".join(_silence(each, zone) for each in silences[:_MOST_TOLD])


def _silence(silence: Silent, zone: ZoneInfo) -> str:
    match silence:
        case InBlackout(blackout, _):
            return of_limit(blackout, zone)
        case OnDayOfMourning(mourning, _):
            return of_limit(mourning, zone)
        case InQuietHours(hours, _):
            return f"it is quiet from {hours}"
