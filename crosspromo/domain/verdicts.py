"""What the gate is asked and what it answers: a candidate, the facts, and a decision."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import UNASKED, Approval
from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.duplicates import EarlierDelivery
from crosspromo.domain.pauses import Pause
from crosspromo.domain.policy import DEFAULT_WINDOW, Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.reasons.holds import BelowRatio, HoldReason
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE

OUTAGES = frozenset({"paused", "account", "approval"})
"""Holds that are not the ratio's doing: what is overdue when they end is missed."""

SLOT = "slot"
"""The hold of what may go as soon as it is its turn."""


@dataclass(frozen=True, slots=True)
class Override:
    """A person's word that a hold shall not count this once. It still counts as self."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """The delivery that asks.

    `pinned`: a person named its time. `held`: it was looked at in time and held, so that being
    late is our doing. `hold` is the code of what holds it so far. `slot_at` is the moment at which
    it may go: its slot, or the time it was due while nothing has held it. Times are aware, in UTC.
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


@dataclass(frozen=True, slots=True)
class Standing:
    """The counts of one window and when they alone would open headroom."""

    tally: Tally
    roll_off: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows at this moment, gathered in the same transaction.

    `paused` is the pause over the account, `account_fault` what its network said. `rests_until` is
    when the network takes more of the account, where it said so. `floor` is None where it is turned
    off; `floor_window` is what it looks back on. People read times in `zone`.

    `sent` are the moments of the account's latest sends, the latest first, as many as its caps ask
    for and one at least; `spent` is what it cost this month, in US dollars.

    `duplicate_here` went out on the account and says the same; `duplicate_elsewhere` says nearly
    the same on another account, where the network forbids that. `next_free` is the earliest time
    for a delivery that has waited; it is worked out only where it is asked for.

    `blackouts` are those that concern it; `legally_barred` names partners whom the law forbids to
    share.
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
    blackouts: tuple[Blackout, ...] = ()
    legally_barred: tuple[str, ...] = ()


class Passed(NamedTuple):
    """A check that passed, and what it saw."""

    check: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Allow:
    """It may go."""

    trail: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now. It goes by itself when the reason is gone, at `until` at the earliest if known."""

    reason: HoldReason
    until: datetime | None = None
    trail: tuple[Passed, ...] = ()

    @property
    def code(self) -> str:
        """The code of the reason."""
        return holds.code_of(self.reason)

    @property
    def posts_needed(self) -> int | None:
        """How many posts about others would end it; None where none would."""
        return self.reason.needed if isinstance(self.reason, BelowRatio) else None


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not at all: the state it moves into, and why."""

    reason: FaultReason
    into: State
    trail: tuple[Passed, ...] = ()

    @property
    def code(self) -> str:
        """The code of the reason."""
        return faults.code_of(self.reason)


Decision = Allow | Hold | Refuse
