"""Reasons for holding a queued delivery (docs/explanation/ratio.md).

Account and network stand on the delivery, the end of the hold on its `HoldNote`; reasons do not
repeat them. Moments are aware, in UTC; amounts are in US dollars.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.approval import Approval
from crosspromo.domain.pauses import Pause
from crosspromo.domain.permissions import Lack
from crosspromo.domain.photos import PhotoLack
from crosspromo.domain.reasons import Recorded


class Paused(NamedTuple):
    """Pause by a person over every account or over the delivery's account."""

    pause: Pause


class AccountAtFault(NamedTuple):
    """Account refused by its network; `words` are the network's words and ours."""

    words: str


class ApprovalMissing(NamedTuple):
    """Incomplete approval: people and partners asked, and signatures given."""

    approval: Approval


class Blackout(NamedTuple):
    """Days without posts, `first` to `last` inclusive; `partner` None: without posts about
    anything.
    """

    first: date
    last: date
    partner: str | None
    why: str | None


class Mourning(NamedTuple):
    """Kept days of mourning, `first` to `last` inclusive, on which this post does not go."""

    first: date
    last: date
    name: str


class CapReached(NamedTuple):
    """Cap of `most` posts in `days` days: 1 is the calendar day, 7 the trailing week."""

    most: int
    days: int


class GapTooShort(NamedTuple):
    """Last send at `last`, less than the minimum gap `least` ago."""

    last: datetime
    least: timedelta


class InQuietHours(NamedTuple):
    """Quiet hours of the account, as in crosspromo.toml: `21:00-07:00`."""

    hours: str


class OverBudget(NamedTuple):
    """Post cost `cost` above `left`, the rest of the monthly budget `most`."""

    cost: float
    left: float
    most: float


class RateLimited(NamedTuple):
    """Network limit: the network takes no more posts of the account for a while."""


class BelowRatio(NamedTuple):
    """Share ratio that this post would break.

    `whole`: the organisation's floor, otherwise the account's own ratio. `others` and `self_` are
    the present counts in the window. `joint`: the post itself counts as others, too. `needed` is
    the number of partner posts that would let this post go.
    """

    whole: bool
    others: int
    self_: int
    target: str
    window: str
    joint: bool
    needed: int


class WaitsForTurn(NamedTuple):
    """Turn-taking of late or held posts: one per slot, or one every `pace` (None: slots)."""

    pace: timedelta | None


class PermissionLacking(NamedTuple):
    """Permissions of partners that the post needs and that are not there."""

    lacks: tuple[Lack, ...]


class PhotoConsentLacking(NamedTuple):
    """Consents of people on the images of the post that are not there."""

    lacks: tuple[PhotoLack, ...]


class PartnerLimitReached(NamedTuple):
    """Limit agreed with a partner (the name): `most` posts about them in `days` days."""

    partner: str
    most: int
    days: int


class PartnerNoticeRuns(NamedTuple):
    """Notice of `hours` that was agreed with a partner (the name), since the post was queued."""

    partner: str
    hours: int


HoldReason = (
    Paused
    | AccountAtFault
    | ApprovalMissing
    | Blackout
    | Mourning
    | CapReached
    | GapTooShort
    | InQuietHours
    | OverBudget
    | RateLimited
    | BelowRatio
    | WaitsForTurn
    | PermissionLacking
    | PhotoConsentLacking
    | PartnerLimitReached
    | PartnerNoticeRuns
    | Recorded
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        Paused: "paused",
        AccountAtFault: "account",
        ApprovalMissing: "approval",
        Blackout: "blackout",
        Mourning: "mourning",
        CapReached: "cap",
        GapTooShort: "gap",
        InQuietHours: "quiet",
        OverBudget: "budget",
        RateLimited: "rate-limit",
        BelowRatio: "ratio",
        WaitsForTurn: "slot",
        PermissionLacking: "permission",
        PhotoConsentLacking: "photo-consent",
        PartnerLimitReached: "partner-limit",
        PartnerNoticeRuns: "partner-notice",
    }
)

FLOOR = "floor"
"""Code of `BelowRatio` for the organisation's floor."""


def code_of(reason: HoldReason) -> str:
    """Hold code, as in queue and JSON."""
    match reason:
        case Recorded(code, _):
            return code
        case BelowRatio(whole=True):
            return FLOOR
        case _:
            return CODES[type(reason)]
