"""Sentences of holds: why a queued delivery is held, and until when."""

from datetime import datetime
from typing import assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.plurals import plural
from crosspromo.domain.ratio import Target, Window, in_figures
from crosspromo.domain.reasons import Recorded
from crosspromo.domain.reasons.holds import (
    AccountAtFault,
    ApprovalMissing,
    BelowRatio,
    Blackout,
    CapReached,
    GapTooShort,
    HoldReason,
    InQuietHours,
    Mourning,
    OverBudget,
    PartnerLimitReached,
    PartnerNoticeRuns,
    Paused,
    PermissionLacking,
    PhotoConsentLacking,
    RateLimited,
    WaitsForTurn,
)
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.permissions import of_lacks, of_photo_lacks
from crosspromo.phrasing.words import length, of_approval, of_pause, times


def of_hold(reason: HoldReason, until: datetime | None, account: str, zone: ZoneInfo) -> str:
    """Hold sentence for a delivery on the account, times in `zone`.

    `until` is the time at which the hold ends by itself, if known.
    """
    match reason:
        case Paused(pause):
            return of_pause(pause, zone)
        case AccountAtFault(words):
            return f"{account} needs attention: {words.removesuffix('.')}."
        case ApprovalMissing(approval):
            return of_approval(approval)
        case BelowRatio():
            return _of_ratio(reason, until, account, zone)
        case WaitsForTurn(pace):
            apart = "one per slot" if pace is None else f"{length(pace)} apart"
            then = "" if until is None else f", this one at {wall_clock(until, zone)}"
            return f"{account}: posts that were late or held go out {apart}{then}."
        case RateLimited():
            before = "for a while" if until is None else f"before {wall_clock(until, zone)}"
            return f"{account}: its network takes nothing more {before}."
        case Recorded(_, sentence):
            return sentence
        case PermissionLacking(lacks):
            return f"{account}: {of_lacks(lacks)}."
        case PhotoConsentLacking(lacks):
            return f"{account}: {of_photo_lacks(lacks)}."
        case _:
            then = "" if until is None else f"; it can go from {wall_clock(until, zone)}"
            return f"{account}: {of_limit(reason, zone)}{then}."


def of_limit(
    reason: Blackout
    | Mourning
    | CapReached
    | GapTooShort
    | InQuietHours
    | OverBudget
    | PartnerLimitReached
    | PartnerNoticeRuns,
    zone: ZoneInfo,
) -> str:
    """Clause about a limit that the account or the organisation has set for itself."""
    match reason:
        case Blackout(first, last, partner, why):
            whom = "nothing goes out" if partner is None else f"nothing about {partner}"
            days = f"on {first}" if first == last else f"from {first} to {last}"
            return f"{whom} {days}{'' if why is None else f' ({why})'}"
        case Mourning(first, last, name):
            days = f"{first} is" if first == last else f"{first} to {last} are"
            kept = "a day of mourning that you keep" if first == last else "kept as mourning"
            held = "no post about ourselves goes out, and none that celebrates or asks"
            return f"{days} {name}, {kept}: {held}"
        case CapReached(most, 1):
            return f"{plural(most, 'post')} went out today and max_per_day is {most}"
        case CapReached(most, days):
            posts = plural(most, "post")
            return f"{posts} went out in the last {days} days and max_per_week is {most}"
        case GapTooShort(last, least):
            went_out = wall_clock(last, zone)
            return f"the last post went out at {went_out} and min_gap is {length(least)}"
        case InQuietHours(hours):
            return f"it is quiet from {hours}"
        case OverBudget(cost, left, most):
            return f"this post costs ${cost:.3f} and ${left:.3f} is left of the month's ${most:.2f}"
        case PartnerLimitReached(partner, most, days):
            posts = plural(most, "post")
            return f"{partner} agreed to at most {posts} in {plural(days, 'day')}"
        case PartnerNoticeRuns(partner, hours):
            return f"{partner} asked for {plural(hours, 'hour')} of notice after queueing"
        case _:
            assert_never(reason)


def _of_ratio(reason: BelowRatio, until: datetime | None, account: str, zone: ZoneInfo) -> str:
    who = "The organisation" if reason.whole else account
    target = Target.parse(reason.target)
    figures = in_figures(reason.others, reason.self_, target, joint=reason.joint)
    opens = ""
    if until is not None:
        opens = f", or waits until {wall_clock(until, zone)}, when older posts leave the window"
    return (
        f"{who} shared others {times(reason.others)} and itself {times(reason.self_)} in the last "
        f"{Window.parse(reason.window).in_words}; at {target} this post needs "
        f"{plural(reason.needed, 'more partner post')}{opens} ({figures} is not so)."
    )
