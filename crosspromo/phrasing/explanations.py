"""Sentences of explanations: delivery state, gate checks, and counts."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.ratio import Window
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.domain.verdicts import Allow, Hold, Refuse
from crosspromo.phrasing.faults import of_fault
from crosspromo.phrasing.holds import of_hold
from crosspromo.phrasing.words import of_approval, times
from crosspromo.services.explanation import CheckAnswer, Explanation


def of_explanation(explanation: Explanation, zone: ZoneInfo) -> str:
    """Sentence about a delivery's state with its reason, times in `zone`."""
    delivery = explanation.delivery
    name = f"Delivery {delivery.id}, {delivery.kind} on {delivery.account},"
    if explanation.account_gone:
        return f"{name} waits for its account, which crosspromo.toml has no more."
    if explanation.decision is not None:
        return f"{name} {_prospect(explanation, zone)}"
    return f"{name} {_fate(delivery, zone)}{_why(delivery, explanation.numbers)}"


def of_check(check: CheckAnswer, account: str, zone: ZoneInfo) -> tuple[str, str]:
    """Verdict of a check (ok, hold or refuse) and its sentence, times in `zone`."""
    match check.answer:
        case Hold(reason, until):
            return "hold", of_hold(reason, until, account, zone)
        case Refuse(reason):
            return "refuse", of_fault(reason, account, zone)
        case sentence:
            return "ok", sentence


def of_numbers(who: str, numbers: Mapping[str, Any]) -> str:
    """Clause about counts: `x-main shared others 3 times and itself 0 times in 28 days, and keeps
    3:1`.
    """
    target = numbers["target"]
    keeps = "has no ratio to keep" if target is None else f"keeps {target}"
    window = Window.parse(numbers["window"]).in_words
    return (
        f"{who} shared others {times(numbers['others'])} and itself {times(numbers['self'])} in "
        f"{window}, and {keeps}"
    )


def _prospect(explanation: Explanation, zone: ZoneInfo) -> str:
    delivery = explanation.delivery
    if delivery.state is State.DRAFT:
        asked = "" if explanation.approval is None else of_approval(explanation.approval)
        why = (
            ""
            if delivery.fault is None
            else of_fault(delivery.fault.reason, delivery.account, zone)
        )
        return " ".join(part for part in ("is a draft and does not go out.", why, asked) if part)
    match explanation.decision:
        case Hold(reason, until) if not explanation.is_due and delivery.hold is None:
            due = wall_clock(delivery.due_at, zone)
            why = of_hold(reason, until, delivery.account, zone)
            return f"is due {due}. If it were to go now, it would be held: {why}"
        case Hold(reason, until):
            return f"is held: {of_hold(reason, until, delivery.account, zone)}"
        case Refuse(reason):
            return f"will not go out: {of_fault(reason, delivery.account, zone)}"
        case Allow() if delivery.fault is not None and delivery.wake_at is not None:
            why = of_fault(delivery.fault.reason, delivery.account, zone).removesuffix(".")
            again = wall_clock(delivery.wake_at, zone)
            return f"was postponed: {why}; it is tried again {again}."
        case Allow() | None if delivery.waits_to_be_allowed:
            return "may go out in the next free slot."
        case Allow() | None:
            return f"may go out when it is due, {wall_clock(delivery.due_at, zone)}."


def _fate(delivery: Delivery, zone: ZoneInfo) -> str:
    fault = delivery.fault
    why = "" if fault is None else f": {of_fault(fault.reason, delivery.account, zone)}"
    sent_at = delivery.published_at
    when = "" if sent_at is None else wall_clock(sent_at, zone)
    match delivery.state:
        case State.PUBLISHED:
            return f"was allowed and went out at {when}."
        case State.DELETED:
            kept = " It still counts as ours." if delivery.credit.counts_self else ""
            return f"went out at {when} and was deleted.{kept}"
        case State.SENDING:
            return "was allowed and is being sent."
        case State.UNKNOWN:
            asked = "a person is asked" if delivery.needs_person else "the network is being asked"
            return f"was allowed; whether it went out is not known{why}; {asked}."
        case State.FAILED:
            return f"failed{why.removesuffix('.')}."
        case _:
            return f"is {delivery.state}{why}{'' if why.endswith('.') else '.'}"


def _why(delivery: Delivery, seen: Mapping[str, Any] | None) -> str:
    """Sentence about the gate's reason for letting the delivery go; empty if the ratio played no
    part.
    """
    if delivery.override is not None:
        return f" It was released by {delivery.override.by}: {delivery.override.reason}."
    if seen is None or not delivery.credit.counts_self or seen["account"]["target"] is None:
        return ""
    return f" Until then {of_numbers(delivery.account, seen['account'])}."
