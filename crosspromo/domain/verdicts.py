"""Gate input and output: candidate, facts, and decision."""

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import UNASKED, Approval
from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.pacing import Wait
from crosspromo.domain.pauses import Pause
from crosspromo.domain.permissions import Lack
from crosspromo.domain.photos import PhotoLack
from crosspromo.domain.policy import DEFAULT_WINDOW, Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import BelowRatio, HoldReason
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.domain.values import Value

if TYPE_CHECKING:
    from crosspromo.domain.mourning import Silence

OUTAGES = frozenset({"paused", "account", "approval"})
"""Codes of holds by outages, not by the ratio: a delivery overdue at their end is missed."""

SLOT = "slot"
"""Hold code of a delivery that waits only for its turn."""


class Override(Value, frozen=True):
    """Person's release from the ratio, valid for one send. The delivery still counts as self."""

    by: str
    reason: str


class Candidate(Value, frozen=True):
    """Delivery under judgement by the gate. Times are aware, in UTC.

    `pinned`: a person named its time. `held`: the gate saw the delivery in time and held it, so
    that its lateness is our doing. `hold` is the code of the present hold. `slot_at` is the time at
    which the delivery may go: its slot, or its due time while nothing has held it. `corrects`: it
    corrects what the account announced.
    """

    account: str
    credit: Credit
    due_at: datetime
    pinned: bool
    held: bool = False
    expires_at: datetime | None = None
    override: Override | None = None
    cost: float | None = None
    duplicate_allowed: bool = False
    hold: str | None = None
    slot_at: datetime | None = None
    corrects: bool = False


class Standing(Value, frozen=True):
    """Window counts, and the time at which expiries alone would open headroom."""

    tally: Tally
    roll_off: datetime | None = None


class Facts(Value, frozen=True):
    """Store data for one gate decision, read in the same transaction.

    `paused` is the pause over the account, `account_fault` the network's words about a refused
    account. `rests_until` is the time before which the network takes no posts of the account, if
    the network named one. `floor` is None if the floor is turned off; `floor_window` is its window.
    People read times in `zone`.

    `sent` are the times of the account's latest sends, newest first, as many as its caps need and
    at least one; `spent` is the account's cost this month, in US dollars.

    `duplicate_here` was sent on the account and has the same text; `duplicate_elsewhere` has nearly
    the same text on another account, if the network forbids that. `next_free` is the earliest time
    for a delivery that has waited, computed only if needed.

    `blackouts` are the silences that concern the delivery; `legally_barred` names partners whose
    posts the law forbids us to share. `lacks` and `photo_lacks` are the permissions and consents
    that it needs and that are not there; `agreed` are waits for limits agreed with its partners.
    """

    policy: Policy
    account: Standing
    organisation: Standing
    floor: Target | None
    floor_window: Window = DEFAULT_WINDOW
    paused: Pause | None = None
    account_fault: str | None = None
    rests_until: datetime | None = None
    approval: Approval = UNASKED
    zone: ZoneInfo = UTC_ZONE
    sent: tuple[datetime, ...] = ()
    spent: float = 0.0
    duplicate_here: EarlierDelivery | None = None
    duplicate_elsewhere: EarlierDelivery | None = None
    next_free: datetime | None = None
    blackouts: "tuple[Silence, ...]" = ()
    legally_barred: tuple[str, ...] = ()
    lacks: tuple[Lack, ...] = ()
    photo_lacks: tuple[PhotoLack, ...] = ()
    agreed: tuple[Wait, ...] = ()


Passed = tuple[str, str]
"""Name of a passed check, and a sentence about the facts."""


class Allow(Value, frozen=True):
    """Decision to send the delivery now."""

    trail: tuple[Passed, ...] = ()


class Hold(Value, frozen=True):
    """Decision to hold the delivery. The hold ends by itself, not before `until` if known."""

    reason: HoldReason
    until: datetime | None = None
    trail: tuple[Passed, ...] = ()

    @property
    def code(self) -> str:
        """Reason code."""
        return holds.code_of(self.reason)

    @property
    def posts_needed(self) -> int | None:
        """Number of partner posts that would end a ratio hold; None for other holds."""
        return self.reason.needed if isinstance(self.reason, BelowRatio) else None


class Refuse(Value, frozen=True):
    """Decision never to send the delivery: its new state, and the reason."""

    reason: FaultReason
    into: State
    trail: tuple[Passed, ...] = ()

    @property
    def code(self) -> str:
        """Reason code."""
        return faults.code_of(self.reason)


Decision = Allow | Hold | Refuse
