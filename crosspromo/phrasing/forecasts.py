"""Sentences of forecasts and rehearsals: what should become of deliveries, and on what it hangs."""

from collections.abc import Mapping
from datetime import datetime
from typing import assert_never, cast
from zoneinfo import ZoneInfo

from crosspromo.domain.forecasts import HORIZON, Forecast, HangsOn, Outcome, Uncertainty
from crosspromo.domain.plurals import plural
from crosspromo.domain.reasons.faults import Expired, FaultReason, Missed
from crosspromo.domain.reasons.holds import (
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
    PermissionLacking,
    PhotoConsentLacking,
    WaitsForTurn,
)
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.faults import of_fault
from crosspromo.phrasing.holds import of_hold, of_limit
from crosspromo.phrasing.permissions import of_lacks, of_photo_lacks
from crosspromo.phrasing.words import elapsed, length


def of_forecast(forecast: Forecast, account: str, zone: ZoneInfo) -> str:
    """Forecast of a delivery on the account in a sentence or two, times in `zone`."""
    sentence = f"{_what(forecast, account, zone)}."
    if forecast.uncertainty is None:
        return sentence
    return f"{sentence} Not certain: {of_uncertainty(forecast.uncertainty)}."


def reason_of(forecast: Forecast, account: str, zone: ZoneInfo) -> str | None:
    """Why the delivery is late, held or not sent, and on what that hangs; None: it just goes."""
    goes = forecast.goes_at is not None
    if forecast.uncertainty is None:
        return None if goes and forecast.reason is None else of_forecast(forecast, account, zone)
    if goes and forecast.reason is None:
        clause = of_uncertainty(forecast.uncertainty)
        return f"Not certain: {clause}."
    return of_forecast(forecast, account, zone)


_DOUBTS: Mapping[HangsOn, str] = {
    HangsOn.APPROVAL: "it has still to be approved",
    HangsOn.BY_HAND: "a person posts it by hand",
    HangsOn.PAUSE: "a person may end the pause before, or later",
    HangsOn.ACCOUNT: "a person has to look after {account}",
    HangsOn.NETWORK: "its network asked for patience, or has not answered",
    HangsOn.DOUBT: "it is not known whether it went out",
    HangsOn.RACE: "another post is due at the same moment, and which is first is chance",
    HangsOn.OTHER: "it hangs on {delivery} on {account}, which is not certain",
    HangsOn.BEYOND: f"it lies more than {HORIZON.days} days ahead",
    HangsOn.TIME: "the time up to then was not played, since that took too long",
    HangsOn.NO_ACCOUNT: "crosspromo.toml has no account {account}",
    HangsOn.STALE: (
        "queue, ledger or settings have changed since this was worked out, or time has passed"
    ),
    HangsOn.LATE: "posts that were due before now have not gone yet, as if no daemon were running",
}

_OF_OTHERS: Mapping[HangsOn, str] = {
    **_DOUBTS,
    HangsOn.DOUBT: "it is not known whether {delivery} on {account} went out",
    HangsOn.NETWORK: "the network of {account} has not answered about {delivery}",
}
"""The same about another delivery, of which it is known which one."""


def of_uncertainty(doubt: Uncertainty, name: str | None = None) -> str:
    """Clause about what an uncertain forecast hangs on, without a full stop.

    `name` is that of the delivery on which it hangs; None: its number.
    """
    named = f"delivery {doubt.delivery}" if name is None else name
    words = _DOUBTS[doubt.on] if doubt.delivery is None else _OF_OTHERS[doubt.on]
    return words.format(delivery=named, account=doubt.account)


def _what(forecast: Forecast, account: str, zone: ZoneInfo) -> str:
    """What becomes of the delivery, with every reason last: many end in a person's words."""
    reason = forecast.reason
    match forecast.outcome:
        case Outcome.SENT:
            goes = f"It should go at {wall_clock(cast('datetime', forecast.at), zone)}"
            return goes if reason is None else f"{_held(forecast, account, zone)}. {goes}"
        case Outcome.HELD:
            if reason is None:
                return "It is not sent in the time that was played"
            return _held(forecast, account, zone)
        case Outcome.EXPIRED:
            ends = f"It will expire at {wall_clock(cast('datetime', forecast.at), zone)}"
            if reason is None or isinstance(reason, Expired):
                return ends
            return f"{_held(forecast, account, zone)}. {ends}"
        case Outcome.MISSED | Outcome.REFUSED:
            clause = of_end(cast("FaultReason", reason), account, zone)
            return f"It will be {forecast.outcome.value}: {clause}"
        case _:
            assert_never(forecast.outcome)


def _held(forecast: Forecast, account: str, zone: ZoneInfo) -> str:
    clause = of_held(cast("HoldReason", forecast.reason), account, zone)
    if forecast.held_at is not None:
        return f"At {wall_clock(forecast.held_at, zone)} it will be held: {clause}"
    return f"It {'stays' if forecast.outcome is Outcome.HELD else 'is'} held: {clause}"


def of_held(reason: HoldReason, account: str, zone: ZoneInfo) -> str:
    """Clause about a hold, short and without a full stop."""
    match reason:
        case BelowRatio(whole=whole, needed=needed):
            where = ", over all accounts" if whole else ""
            return f"{plural(needed, 'partner post')} short{where}"
        case WaitsForTurn(pace):
            apart = "one per slot" if pace is None else f"{length(pace)} apart"
            return f"posts that were late or held go {apart}"
        case Mourning() | Blackout() | CapReached() | GapTooShort() | InQuietHours() | OverBudget():
            return of_limit(reason, zone)
        case PartnerLimitReached() | PartnerNoticeRuns():
            return of_limit(reason, zone)
        case PermissionLacking(lacks):
            return of_lacks(lacks)
        case PhotoConsentLacking(photo_lacks):
            return of_photo_lacks(photo_lacks)
        case _:
            return _within(of_hold(reason, None, account, zone))


def of_end(reason: FaultReason, account: str, zone: ZoneInfo) -> str:
    """Clause about the reason for which a delivery ends unsent, without a full stop."""
    if isinstance(reason, Missed):
        return f"due at {wall_clock(reason.due_at, zone)}, and {elapsed(reason.late)} late"
    return _within(of_fault(reason, account, zone))


def _within(sentence: str) -> str:
    """Sentence as a clause within another; names at its beginning stay as they are."""
    first, space, rest = sentence.removesuffix(".").partition(" ")
    return f"{first.lower() if first in _COMMON else first}{space}{rest}"


_COMMON = frozenset({"It", "Everything", "Nobody"})
"""Words at the beginning of sentences that are no names."""
