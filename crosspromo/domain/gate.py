"""The gate: may this delivery go out now? One pure function, asked inside the transaction that
records the intent to send (SEMANTICS, *The gate*).

Each check answers with a sentence when it passes, else with a Hold or a Refuse; the first that does
not pass is the answer. `CHECKS` is their order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.policy import DEFAULT_WINDOW, Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE, wall_clock

OUTAGES = frozenset({"paused", "account"})
"""Holds during which nothing was looked at: what is overdue when they end is missed."""


@dataclass(frozen=True, slots=True)
class Override:
    """A person's word that a hold shall not count this once. It still counts as self."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """The delivery that asks.

    `pinned`: a person named its time. `held`: it was looked at in time and held, so that being
    late is our doing. Times are aware, in UTC.
    """

    account: str
    credit: Credit
    due_at: datetime
    pinned: bool
    held: bool = False
    expires_at: datetime | None = None
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The counts of one window and when they alone would open headroom."""

    tally: Tally
    roll_off: datetime | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows at this moment, gathered in the same transaction.

    `paused` and `account_fault` are sentences, or None. `floor` is None where it is turned off;
    `floor_window` is what it looks back on. People read times in `zone`.
    """

    policy: Policy
    account: Standing
    organisation: Standing
    floor: Target | None
    floor_window: Window = DEFAULT_WINDOW
    paused: str | None = None
    account_fault: str | None = None
    zone: ZoneInfo = UTC_ZONE


@dataclass(frozen=True, slots=True)
class Passed:
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

    code: str
    reason: str
    until: datetime | None = None
    trail: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Refuse:
    """Not at all: the state it moves into, and why."""

    code: str
    reason: str
    into: State
    trail: tuple[Passed, ...] = ()


Decision = Allow | Hold | Refuse
Check = Callable[[Facts, Candidate, datetime], str | Hold | Refuse]


def decide(facts: Facts, candidate: Candidate, now: datetime) -> Decision:
    """The answer, with the checks that passed before it."""
    trail: list[Passed] = []
    for name, check in CHECKS:
        match check(facts, candidate, now):
            case Hold(code, reason, until):
                return Hold(code, reason, until, tuple(trail))
            case Refuse(code, reason, into):
                return Refuse(code, reason, into, tuple(trail))
            case sentence:
                trail.append(Passed(name, sentence))
    return Allow(tuple(trail))


def _paused(facts: Facts, candidate: Candidate, _now: datetime) -> str | Hold:
    if facts.paused is not None:
        return Hold("paused", facts.paused)
    if facts.account_fault is not None:
        return Hold(
            "account",
            f"{candidate.account} needs attention: {facts.account_fault}; "
            f"when it is mended: crosspromo account verify {candidate.account}",
        )
    return f"{candidate.account} is not paused."


def _expired(facts: Facts, candidate: Candidate, now: datetime) -> str | Refuse:
    expires_at = candidate.expires_at
    if expires_at is None:
        return "It does not expire."
    if now >= expires_at:
        return Refuse(
            "expired", f"It expired at {wall_clock(expires_at, facts.zone)}.", State.EXPIRED
        )
    return f"It expires at {wall_clock(expires_at, facts.zone)}."


def _missed(facts: Facts, candidate: Candidate, now: datetime) -> str | Refuse:
    if not candidate.pinned or candidate.held:
        return "It is not bound to a moment."
    late = now - candidate.due_at
    if late > facts.policy.late_after:
        return Refuse(
            "missed",
            f"It was due at {wall_clock(candidate.due_at, facts.zone)} and nothing could send it "
            f"until now, {_minutes(late)} later; late_after allows "
            f"{_minutes(facts.policy.late_after)}. "
            "Choose a new time with: crosspromo queue move",
            State.MISSED,
        )
    return "It is in time."


def _account_ratio(facts: Facts, candidate: Candidate, _now: datetime) -> str | Hold:
    target = facts.policy.target
    if target is None:
        return f"{candidate.account} has no ratio to keep."
    return _ratio(
        code="ratio",
        who=candidate.account,
        credit=candidate.credit,
        override=candidate.override,
        standing=facts.account,
        target=target,
        window=facts.policy.window,
        zone=facts.zone,
    )


def _organisation_floor(facts: Facts, candidate: Candidate, _now: datetime) -> str | Hold:
    if facts.floor is None:
        return "The organisation keeps no floor."
    return _ratio(
        code="floor",
        who="The organisation",
        credit=candidate.credit,
        override=candidate.override,
        standing=facts.organisation,
        target=facts.floor,
        window=facts.floor_window,
        zone=facts.zone,
    )


def _ratio(
    *,
    code: str,
    who: str,
    credit: Credit,
    override: Override | None,
    standing: Standing,
    target: Target,
    window: Window,
    zone: ZoneInfo,
) -> str | Hold:
    counts = standing.tally
    if not credit.counts_self:
        return f"{who}: the ratio holds only posts about ourselves."
    arithmetic = _arithmetic(counts, credit, target)
    if counts.allows(credit, target):
        return f"{who} keeps {target}, this post included: {arithmetic}."
    if override is not None:
        return (
            f"{who} would not keep {target} ({arithmetic} is not so); "
            f"released by {override.by}: {override.reason}."
        )
    needed = _posts_needed(counts, credit, target)
    until = standing.roll_off
    opens = ""
    if until is not None:
        opens = f", or waits until {wall_clock(until, zone)}, when older posts leave the window"
    return Hold(
        code,
        f"{who} shared others {_times(counts.others)} and itself {_times(counts.self_)} in "
        f"the last {window.in_words}; at {target} this post needs {needed} more about others"
        f"{opens} ({arithmetic} is not so).",
        until,
    )


def _posts_needed(counts: Tally, credit: Credit, target: Target) -> int:
    """Posts about others that would let this very delivery go."""
    own_share = int(credit.counts_others)
    return -(-target.num * (counts.self_ + 1) // target.den) - counts.others - own_share


def _arithmetic(counts: Tally, credit: Credit, target: Target) -> str:
    others = f"({counts.others} + 1)" if credit.counts_others else f"{counts.others}"
    return f"{others} x {target.den} >= {target.num} x ({counts.self_} + 1)"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _minutes(length: timedelta) -> str:
    """A minute that has begun counts, so that what is late never reads as if it were not."""
    count = -(-length // timedelta(minutes=1))
    return "1 minute" if count == 1 else f"{count} minutes"


CHECKS: tuple[tuple[str, Check], ...] = (
    ("paused", _paused),
    # approval void: approvals bound to the content's hash come here
    ("expired", _expired),
    ("missed", _missed),
    # partner blackout, consent, legal block; then duplicate of a recent text
    # cap per day or week, minimum gap, quiet hours; then budget
    ("ratio", _account_ratio),
    ("floor", _organisation_floor),
)
