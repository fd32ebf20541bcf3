"""The gate: may this delivery go out now? One pure function, asked inside the transaction that
records the intent to send (SEMANTICS, *The gate*).

Each check answers with a sentence when it passes, else with a Hold or a Refuse; the first that does
not pass is the answer. `CHECKS` is their order.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain import duplicates, pacing
from crosspromo.domain.pacing import Wait
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.domain.verdicts import (
    SLOT,
    Allow,
    Candidate,
    Decision,
    Facts,
    Hold,
    Override,
    Passed,
    Refuse,
    Standing,
)

_BY_HEADROOM = frozenset({"ratio", "floor", "gap", "rate-limit"})
"""Holds that end for one delivery at a time by themselves."""


Check = Callable[[Facts, Candidate, datetime], str | Hold | Refuse]


def decide(facts: Facts, candidate: Candidate, now: datetime) -> Decision:
    """The answer, with the checks that passed before it."""
    trail: list[Passed] = []
    for name, answer in survey(facts, candidate, now):
        if not isinstance(answer, str):
            return replace(answer, trail=tuple(trail))
        trail.append(Passed(name, answer))
    return Allow(tuple(trail))


def survey(
    facts: Facts, candidate: Candidate, now: datetime
) -> Iterator[tuple[str, str | Hold | Refuse]]:
    """What each check says, in order: a sentence where it passes."""
    for name, check in CHECKS:
        yield name, check(facts, candidate, now)


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


def _approval(facts: Facts, _candidate: Candidate, _now: datetime) -> str | Hold:
    approval = facts.approval
    return approval.sentence if approval.complete else Hold("approval", approval.sentence)


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


def _blackout(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    waits = [wait for each in facts.blackouts if (wait := each.wait(facts.zone, now)) is not None]
    longest = max(waits, key=lambda wait: wait.until, default=None)
    return _unless(longest, "blackout", candidate, "It is no day of silence.")


def _legal(facts: Facts, _candidate: Candidate, _now: datetime) -> str | Refuse:
    if facts.legal_block is not None:
        return Refuse("legal", f"{facts.legal_block}.", State.FAILED)
    return "No law keeps us from sharing it."


def _duplicate(facts: Facts, candidate: Candidate, _now: datetime) -> str | Refuse:
    if facts.said_elsewhere is not None:
        said = duplicates.elsewhere(facts.said_elsewhere, candidate.account, facts.zone)
        return Refuse("duplicate", f"{said}.", State.FAILED)
    if facts.said_here is None:
        return f"{candidate.account} has not said this in {duplicates.REACH.days} days."
    said = duplicates.here(facts.said_here, facts.zone)
    if candidate.duplicate_allowed:
        return f"{said}; it was allowed when it was queued."
    return Refuse("duplicate", f"{said}.", State.FAILED)


def _cap(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    policy, zone = facts.policy, facts.zone
    wait = pacing.day_cap(policy.max_per_day, facts.sent, zone, now) or pacing.week_cap(
        policy.max_per_week, facts.sent, zone, now
    )
    return _unless(wait, "cap", candidate, f"{candidate.account} is within its caps.")


def _gap(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    wait = pacing.gap(facts.policy.min_gap, facts.sent, facts.zone, now)
    return _unless(wait, "gap", candidate, f"{candidate.account} has kept its gap.")


def _quiet(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    wait = pacing.quiet(facts.policy.quiet, facts.zone, now)
    return _unless(wait, "quiet", candidate, f"{candidate.account} is not in its quiet hours.")


def _budget(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    most = facts.policy.monthly_budget
    wait = pacing.budget(most, facts.spent, candidate.cost, facts.zone, now)
    return _unless(wait, "budget", candidate, f"{candidate.account} is within its budget.")


def _rate_limit(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    until = facts.rests_until
    if until is None or until <= now:
        return f"{candidate.account} is within its network's limits."
    return Hold(
        "rate-limit",
        f"{candidate.account}: its network takes nothing more before "
        f"{wall_clock(until, facts.zone)}.",
        until,
    )


def _unless(wait: Wait | None, code: str, candidate: Candidate, passed: str) -> str | Hold:
    if wait is None:
        return passed
    return Hold(code, f"{candidate.account}: {wait.reason}", wait.until)


def _slot(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    """Last of all: what was late or held goes one at a time, so that nothing ever bursts.

    Where there are slots, one a slot; elsewhere one a `pace`, but for what waited for headroom:
    each of those is woken by one post about others.
    """
    if candidate.override is not None:
        return "A person let it go: it need not wait for a slot."
    if candidate.pinned and not candidate.held:
        return "It has a time of its own."
    policy, slot_at = facts.policy, candidate.slot_at
    last = facts.sent[0] if facts.sent else None
    in_time = slot_at is not None and now - slot_at <= policy.late_after
    if policy.slots:
        if in_time and (last is None or slot_at is None or last < slot_at):
            return f"{candidate.account}: it is in its slot."
        apart = "one per slot"
    else:
        has_its_turn = in_time if candidate.hold is None else candidate.hold in _BY_HEADROOM
        if has_its_turn or last is None or now - last >= policy.pace:
            return f"{candidate.account} has no slots."
        if in_time and slot_at is not None and last < slot_at:
            return f"{candidate.account}: it is its turn."
        apart = f"{_minutes(policy.pace)} apart"
    then = (
        ""
        if facts.next_free is None
        else f", this one at {wall_clock(facts.next_free, facts.zone)}"
    )
    return Hold(
        SLOT,
        f"{candidate.account}: posts that were late or held go out {apart}{then}.",
        facts.next_free,
    )


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
        posts_needed=needed,
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
    ("approval", _approval),
    ("expired", _expired),
    ("missed", _missed),
    ("blackout", _blackout),
    ("legal", _legal),
    ("duplicate", _duplicate),
    ("cap", _cap),
    ("gap", _gap),
    ("quiet", _quiet),
    ("budget", _budget),
    ("rate-limit", _rate_limit),
    ("ratio", _account_ratio),
    ("floor", _organisation_floor),
    ("slot", _slot),
)
