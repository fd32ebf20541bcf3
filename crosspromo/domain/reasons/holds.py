"""Reasons why a queued delivery waits (SEMANTICS, *The gate*).

Account and network stand on the delivery, the end of the hold on its `HoldNote`; neither is
repeated here. Moments are aware, in UTC; amounts are in US dollars.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.approval import Approval
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons import Recorded


class Paused(NamedTuple):
    """A pause that a person has set, over every account or over the delivery's own."""

    pause: Pause


class AccountAtFault(NamedTuple):
    """The account is refused by its network, in the network's words and ours."""

    words: str


class ApprovalMissing(NamedTuple):
    """An approval that is not complete: who is asked, and who has given it."""

    approval: Approval


class Blackout(NamedTuple):
    """Days of silence, `first` to `last` with both; `partner` None: about everything."""

    first: date
    last: date
    partner: str | None
    why: str | None


class CapReached(NamedTuple):
    """`most` posts went out within the last `days`: 1 is the calendar day, 7 the trailing week."""

    most: int
    days: int


class GapTooShort(NamedTuple):
    """The last post went out at `last`; `least` has to lie between one and the next."""

    last: datetime
    least: timedelta


class InQuietHours(NamedTuple):
    """The account's quiet hours, as in crosspromo.toml: `21:00-07:00`."""

    hours: str


class OverBudget(NamedTuple):
    """The post costs `cost`, and `left` remains of the month's budget of `most`."""

    cost: float
    left: float
    most: float


class RateLimited(NamedTuple):
    """The network takes nothing more of the account for a while."""


class BelowRatio(NamedTuple):
    """The share ratio would not be kept, this post included.

    `whole`: the organisation's floor, else the account's own ratio. `others` and `self_` are what
    counts in the window now, `joint` says that this post itself counts as others too, `needed` is
    how many partner posts would let it go.
    """

    whole: bool
    others: int
    self_: int
    target: str
    window: str
    joint: bool
    needed: int


class WaitsForTurn(NamedTuple):
    """Posts that were late or held go one by one: one a slot, or one every `pace`."""

    pace: timedelta | None


HoldReason = (
    Paused
    | AccountAtFault
    | ApprovalMissing
    | Blackout
    | CapReached
    | GapTooShort
    | InQuietHours
    | OverBudget
    | RateLimited
    | BelowRatio
    | WaitsForTurn
    | Recorded
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        Paused: "paused",
        AccountAtFault: "account",
        ApprovalMissing: "approval",
        Blackout: "blackout",
        CapReached: "cap",
        GapTooShort: "gap",
        InQuietHours: "quiet",
        OverBudget: "budget",
        RateLimited: "rate-limit",
        BelowRatio: "ratio",
        WaitsForTurn: "slot",
    }
)

FLOOR = "floor"
"""The code of `BelowRatio` where it is the organisation's."""


def code_of(reason: HoldReason) -> str:
    """The code of a hold, as the queue and JSON have it."""
    match reason:
        case Recorded(code, _):
            return code
        case BelowRatio(whole=True):
            return FLOOR
        case _:
            return CODES[type(reason)]
