"""Gate: decides whether a delivery may go out now (docs/explanation/ratio.md).

The gate is a pure function, called inside the transaction that records the intent to send. Each
check returns a sentence if it passes, else a Hold or a Refuse; the first check that does not pass
gives the decision. `CHECKS` is their order.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from crosspromo.domain import duplicates, pacing
from crosspromo.domain.approval import listed
from crosspromo.domain.corrections import CORRECTION
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.pacing import Wait
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window, in_figures
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.domain.verdicts import (
    OUTAGES,
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

_ENDS_ONE_AT_A_TIME = frozenset({"ratio", "floor", "gap", "rate-limit", "partner-limit"})
"""Codes of holds that end by themselves for one delivery at a time."""


Check = Callable[[Facts, Candidate, datetime], str | Hold | Refuse]


def candidate_of(delivery: Delivery) -> Candidate:
    """The delivery as the gate takes it.

    A hold by an outage (`OUTAGES`) does not count as a hold: its end costs the delivery no slot.
    One that goes when it is allowed has no slot before the gate has found one.
    """
    hold = delivery.hold
    if hold is not None and hold.code in OUTAGES:
        hold = None
    slot_at: datetime | None = delivery.due_at
    if delivery.when_allowed and not delivery.attempt:
        slot_at = None
    if hold is not None:
        slot_at = hold.until if hold.code == SLOT else None
    return Candidate(
        account=delivery.account,
        credit=delivery.credit,
        due_at=delivery.due_at,
        pinned=delivery.pinned,
        held=hold is not None,
        expires_at=delivery.expires_at,
        override=delivery.override,
        cost=delivery.cost,
        duplicate_allowed=delivery.duplicate_allowed,
        hold=None if hold is None else hold.code,
        slot_at=slot_at,
        corrects=delivery.step == CORRECTION,
    )


def decide(facts: Facts, candidate: Candidate, now: datetime) -> Decision:
    """Decision on the candidate, with the checks passed before."""
    trail: list[Passed] = []
    for name, check in CHECKS:  # as `survey` asks, up to the first that does not pass
        answer = check(facts, candidate, now)
        if not isinstance(answer, str):
            return replace(answer, trail=tuple(trail))
        trail.append((name, answer))
    return Allow(tuple(trail))


def survey(
    facts: Facts, candidate: Candidate, now: datetime
) -> Iterator[tuple[str, str | Hold | Refuse]]:
    """Yield each check's name and answer, in order; the answer of a passed check is a sentence."""
    for name, check in CHECKS:
        yield name, check(facts, candidate, now)


def _paused(facts: Facts, candidate: Candidate, _now: datetime) -> str | Hold:
    if facts.paused is not None:
        return Hold(holds.Paused(facts.paused))
    if facts.account_fault is not None:
        return Hold(holds.AccountAtFault(facts.account_fault))
    return f"{candidate.account} is not paused."


def _approval(facts: Facts, _candidate: Candidate, _now: datetime) -> str | Hold:
    approval = facts.approval
    if not approval.complete:
        return Hold(holds.ApprovalMissing(approval))
    if not approval.asked:
        return "Nobody has to approve it."
    return f"It was approved by {listed([*approval.people, *approval.partners])}."


def _expired(facts: Facts, candidate: Candidate, now: datetime) -> str | Refuse:
    expires_at = candidate.expires_at
    if expires_at is None:
        return "It does not expire."
    if now >= expires_at:
        return Refuse(faults.Expired(expires_at), State.EXPIRED)
    return f"It expires at {wall_clock(expires_at, facts.zone)}."


def _missed(facts: Facts, candidate: Candidate, now: datetime) -> str | Refuse:
    if not candidate.pinned or candidate.held:
        return "It is not bound to a moment."
    late = now - candidate.due_at
    if late > facts.policy.late_after:
        missed = faults.Missed(candidate.due_at, late, facts.policy.late_after)
        return Refuse(missed, State.MISSED)
    return "It is in time."


def _blackout(facts: Facts, _candidate: Candidate, now: datetime) -> str | Hold:
    waits = [wait for each in facts.blackouts if (wait := each.wait(facts.zone, now)) is not None]
    longest = max(waits, key=lambda wait: wait.until, default=None)
    return _unless(longest, "It is no day of silence.")


def _legal(facts: Facts, _candidate: Candidate, _now: datetime) -> str | Refuse:
    if facts.legally_barred:
        return Refuse(faults.LegallyBarred(facts.legally_barred), State.FAILED)
    return "No law keeps us from sharing it."


def _permission(facts: Facts, _candidate: Candidate, _now: datetime) -> str | Hold:
    if facts.lacks:
        return Hold(holds.PermissionLacking(facts.lacks))
    return "Every permission that it needs is there."


def _photo_consent(facts: Facts, _candidate: Candidate, _now: datetime) -> str | Hold:
    if facts.photo_lacks:
        return Hold(holds.PhotoConsentLacking(facts.photo_lacks))
    return "Nobody on its images is known to say no."


def _agreed(code: str, passed: str) -> Callable[[Facts, Candidate, datetime], str | Hold]:
    """Check of the limits of partners with this hold code; the longest wait is told."""

    def check(facts: Facts, _candidate: Candidate, now: datetime) -> str | Hold:
        waits = [
            wait for wait in facts.agreed if holds.code_of(wait.reason) == code and wait.until > now
        ]
        return _unless(max(waits, key=lambda wait: wait.until, default=None), passed)

    return check


def _duplicate(facts: Facts, candidate: Candidate, _now: datetime) -> str | Refuse:
    if facts.duplicate_elsewhere is not None:
        return Refuse(faults.SameTextSent(facts.duplicate_elsewhere, nearly=True), State.FAILED)
    if facts.duplicate_here is None:
        return f"{candidate.account} has not said this in {duplicates.DUPLICATE_WINDOW.days} days."
    if candidate.duplicate_allowed:
        said = facts.duplicate_here.delivery
        return f"Delivery {said} says the same; it was allowed when this was queued."
    return Refuse(faults.SameTextSent(facts.duplicate_here), State.FAILED)


def _cap(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    policy, zone = facts.policy, facts.zone
    wait = pacing.day_cap(policy.max_per_day, facts.sent, zone, now) or pacing.week_cap(
        policy.max_per_week, facts.sent, now
    )
    return _unless(wait, f"{candidate.account} is within its caps.")


def _gap(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    wait = pacing.gap(facts.policy.min_gap, facts.sent, now)
    return _unless(wait, f"{candidate.account} has kept its gap.")


def _quiet(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    wait = pacing.quiet(facts.policy.quiet, facts.zone, now)
    return _unless(wait, f"{candidate.account} is not in its quiet hours.")


def _budget(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    most = facts.policy.monthly_budget
    wait = pacing.budget(most, facts.spent, candidate.cost, facts.zone, now)
    return _unless(wait, f"{candidate.account} is within its budget.")


def _rate_limit(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    until = facts.rests_until
    if until is None or until <= now:
        return f"{candidate.account} is within its network's limits."
    return Hold(holds.RateLimited(), until)


def _unless(wait: Wait | None, passed: str) -> str | Hold:
    return passed if wait is None else Hold(wait.reason, wait.until)


def _slot(facts: Facts, candidate: Candidate, now: datetime) -> str | Hold:
    """Last check: late or held deliveries go out one at a time, so that no burst occurs.

    An account with slots sends one per slot; an account without slots one per `pace`. Deliveries
    that waited for headroom need no pace: one post about others wakes each of them.
    """
    if candidate.override is not None:
        return "A person let it go: it need not wait for a slot."
    if candidate.corrects:
        return "It corrects what was announced: it need not wait for a slot."
    if candidate.pinned and not candidate.held:
        return "It has a time of its own."
    policy, slot_at = facts.policy, candidate.slot_at
    last = facts.sent[0] if facts.sent else None
    in_time = slot_at is not None and timedelta() <= now - slot_at <= policy.late_after
    if policy.slots:
        if in_time and (last is None or slot_at is None or last < slot_at):
            return f"{candidate.account}: it is in its slot."
        pace = None
    else:
        has_its_turn = in_time if candidate.hold is None else candidate.hold in _ENDS_ONE_AT_A_TIME
        if has_its_turn or last is None or now - last >= policy.pace:
            return f"{candidate.account} has no slots."
        if in_time and slot_at is not None and last < slot_at:
            return f"{candidate.account}: it is its turn."
        pace = policy.pace
    return Hold(holds.WaitsForTurn(pace), facts.next_free)


def _account_ratio(facts: Facts, candidate: Candidate, _now: datetime) -> str | Hold:
    target = facts.policy.target
    if target is None:
        return f"{candidate.account} has no ratio to keep."
    return _ratio(
        who=candidate.account,
        whole=False,
        credit=candidate.credit,
        override=candidate.override,
        standing=facts.account,
        target=target,
        window=facts.policy.window,
    )


def _organisation_floor(facts: Facts, candidate: Candidate, _now: datetime) -> str | Hold:
    if facts.floor is None:
        return "The organisation keeps no floor."
    return _ratio(
        who="The organisation",
        whole=True,
        credit=candidate.credit,
        override=candidate.override,
        standing=facts.organisation,
        target=facts.floor,
        window=facts.floor_window,
    )


def _ratio(
    *,
    who: str,
    whole: bool,
    credit: Credit,
    override: Override | None,
    standing: Standing,
    target: Target,
    window: Window,
) -> str | Hold:
    counts = standing.tally
    if not credit.counts_self:
        return f"{who}: the ratio holds only posts about ourselves."
    joint = credit.counts_others
    if counts.allows(credit, target):
        arithmetic = in_figures(counts.others, counts.self_, target, joint=joint)
        return f"{who} keeps {target}, this post included: {arithmetic}."
    if override is not None:
        arithmetic = in_figures(counts.others, counts.self_, target, joint=joint)
        return (
            f"{who} would not keep {target} ({arithmetic} is not so); "
            f"released by {override.by}: {override.reason}."
        )
    reason = holds.BelowRatio(
        whole=whole,
        others=counts.others,
        self_=counts.self_,
        target=str(target),
        window=str(window),
        joint=joint,
        needed=_posts_needed(counts, credit, target),
    )
    return Hold(reason, standing.roll_off)


def _posts_needed(counts: Tally, credit: Credit, target: Target) -> int:
    """Number of posts about others that would let this delivery go."""
    own_share = int(credit.counts_others)
    return -(-target.num * (counts.self_ + 1) // target.den) - counts.others - own_share


CHECKS: tuple[tuple[str, Check], ...] = (
    ("paused", _paused),
    ("approval", _approval),
    ("expired", _expired),
    ("missed", _missed),
    ("blackout", _blackout),
    ("permission", _permission),
    ("photo-consent", _photo_consent),
    ("legal", _legal),
    (
        "partner-notice",
        _agreed("partner-notice", "Its partners had the notice they want."),
    ),
    ("partner-limit", _agreed("partner-limit", "Its partners are within their limits.")),
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


_ELECTORAL = frozenset({"candidate", "527"})


def legally_barred(organisation: str | None, partners: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the partners whose posts an organisation of this legal status must not share.

    `partners` maps names to legal status. A 501(c)(3) stays out of elections.
    """
    return tuple(_electoral(partners)) if organisation == "c3" else ()


def _electoral(partners: Mapping[str, str]) -> Iterable[str]:
    return (
        name for name, status in sorted(partners.items()) if status.strip().lower() in _ELECTORAL
    )
