"""Sentences of faults: why a delivery did not go out, or why its outcome is unknown."""

from collections.abc import Mapping
from typing import assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import listed
from crosspromo.domain.duplicates import DUPLICATE_WINDOW, EarlierDelivery
from crosspromo.domain.reasons import Recorded
from crosspromo.domain.reasons.faults import (
    ByHand,
    CorrectionOutdated,
    EventCancelled,
    EventChanged,
    EventMoved,
    Expired,
    FaultReason,
    InDoubt,
    LegallyBarred,
    Missed,
    NotSent,
    Part,
    PermissionWithdrawn,
    PhotoConsentWithdrawn,
    Rejected,
    SameTextSent,
    StepPassed,
    TurnedDown,
    WhyDraft,
)
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.permissions import TO_DO
from crosspromo.phrasing.words import elapsed, length

_PARTS: Mapping[Part, str] = {
    Part.TITLE: "title",
    Part.START: "time",
    Part.END: "end",
    Part.PLACE: "place",
    Part.ADDRESS: "address",
    Part.DESCRIPTION: "description",
    Part.HOSTS: "host",
}

_WHY_DRAFT: Mapping[WhyDraft, str] = {
    WhyDraft.BY_HAND: "a person wrote the text, so it is as it was",
    WhyDraft.NOT_RENEWED: "the text is as it was, since no new one can be made ({words})",
    WhyDraft.REPEATS: "it may have gone out once, so the text is as it was",
    WhyDraft.NO_TIME: "it was to go out after the event starts now, and no slot is free before",
    WhyDraft.SILENT: "at its new time it would be held until it has expired; give it another time",
    WhyDraft.PINNED: "the text is new; whether its time is still right, a person has to say",
    WhyDraft.EARLIER: "the text is new; nobody has looked at it since an earlier change",
}


def of_fault(reason: FaultReason, account: str, zone: ZoneInfo) -> str:  # noqa: C901 (a table)
    """Fault sentence for a delivery on the account, times in `zone`; network words unchanged."""
    match reason:
        case NotSent(words) | Rejected(_, words) | InDoubt(words) | ByHand(words):
            return words
        case Recorded(_, sentence):
            return sentence
        case Expired(at):
            return f"It expired at {wall_clock(at, zone)}."
        case Missed(due_at, late, late_after):
            return (
                f"It was due at {wall_clock(due_at, zone)} and nothing could send it until now, "
                f"{elapsed(late)} later; late_after allows {length(late_after)}."
            )
        case LegallyBarred(names):
            return f"{of_barred(names)}."
        case SameTextSent(earlier, nearly=False):
            return f"{duplicate_here(earlier, zone)}."
        case SameTextSent(earlier):
            return f"{duplicate_elsewhere(earlier, account, zone)}."
        case TurnedDown(who, why):
            return f"{who} rejected it: {why}"
        case EventCancelled(event):
            return f"{event} was cancelled"
        case EventMoved(event, before, after):
            return f"{event} was moved from {wall_clock(before, zone)} to {wall_clock(after, zone)}"
        case CorrectionOutdated(event):
            return f"{event} changed again before this correction went out"
        case StepPassed(event, step, day):
            return (
                f"{event} was moved, and the day of the step {step}, {day:%a %Y-%m-%d}, has passed"
            )
        case EventChanged():
            return of_changed(reason)
        case PermissionWithdrawn(scope, partner, who, why):
            return f"{partner} no longer agrees {TO_DO[scope]} ({who}: {why})"
        case PhotoConsentWithdrawn(image, person, who, why):
            return f"{person}, who is on {image}, does not agree that it is shown ({who}: {why})"
        case _:
            assert_never(reason)


def of_changed(reason: EventChanged) -> str:
    """Sentence about a change of the event that a person has to look at."""
    parts = listed([_PARTS[part] for part in reason.parts])
    why = _WHY_DRAFT[reason.why].format(words=reason.words)
    text = " ".join(reason.would_say.split())
    would_say = f" Its template would say now: “{text}”" if text else ""
    return f"{reason.event} has another {parts}: {why}.{would_say}"


def of_barred(names: tuple[str, ...]) -> str:
    """Clause about partners whose posts a 501(c)(3) organisation must not share, without a full
    stop.
    """
    are = "is a candidate or a 527 group" if len(names) == 1 else "are candidates or 527 groups"
    return (
        f"{', '.join(names)} {are}, and a 501(c)(3) organisation must not share posts of such; "
        "there is no way around this"
    )


def duplicate_here(
    earlier: EarlierDelivery, zone: ZoneInfo, *, nearly: bool = False, in_this_act: bool = False
) -> str:
    """Clause about an earlier delivery with equal text on the same account, without a full stop.

    `nearly`: the text is nearly equal. `in_this_act`: the same act was to queue it.
    """
    same = "nearly the same" if nearly else "the same"
    name, when = _name(earlier, in_this_act), _when(earlier, zone, in_this_act)
    return (
        f"{earlier.account}: {name} says {same} and {when}; "
        f"the same text goes to an account once in {DUPLICATE_WINDOW.days} days"
    )


def duplicate_elsewhere(
    earlier: EarlierDelivery, account: str, zone: ZoneInfo, *, in_this_act: bool = False
) -> str:
    """Sentences about an earlier delivery with nearly equal text on another account, without a full
    stop.

    `in_this_act`: the same act was to queue it.
    """
    name, when = _name(earlier, in_this_act), _when(earlier, zone, in_this_act)
    return (
        f"{account}: {name} on {earlier.account} says the same, or nearly, and {when}; X forbids "
        "that on two accounts. Say it in other words, or on one of them only"
    )


def _name(earlier: EarlierDelivery, in_this_act: bool) -> str:
    return "a post before it" if in_this_act else f"delivery {earlier.delivery}"


def _when(earlier: EarlierDelivery, zone: ZoneInfo, in_this_act: bool) -> str:
    if earlier.went_out is None:
        is_queued = "is" if in_this_act else "is queued"
        return f"{is_queued} for {wall_clock(earlier.due_at, zone)}"
    return f"went out at {wall_clock(earlier.went_out, zone)}"
