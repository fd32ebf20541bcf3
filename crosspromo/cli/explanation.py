"""Why a delivery stands where it does, in the order in which a person asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from crosspromo.domain import legal
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.gate import survey
from crosspromo.domain.ratio import Window
from crosspromo.domain.states import State
from crosspromo.domain.timing import wall_clock
from crosspromo.domain.verdicts import Allow, Hold, Refuse
from crosspromo.publishing.facts import Judgement, judge, numbers
from crosspromo.publishing.rules import AccountRules
from crosspromo.store.ledger import Row
from crosspromo.store.unit import Unit
from crosspromo.workspace import Workspace

MOST_READY = 5
"""So many partners are proposed at once."""

MOST_LOOKED_AT = 50
"""So many are looked at: the law may bar us from sharing some of them."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of the gate: `verdict` is ok, hold or refuse."""

    check: str
    verdict: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Release:
    """What would end a hold by the ratio: that many posts about others, or the moment `at` comes.

    `ready` are partners to share, the longest waiting first, each with when the account last did.
    """

    posts_needed: int
    at: datetime | None
    ready: tuple[tuple[str, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """`numbers` are the counts and targets, of now or of the moment it was sent; `rows` what was
    counted for them.
    """

    sentence: str
    checks: Sequence[Check] = ()
    numbers: dict[str, Any] | None = None
    rows: Sequence[Row] = ()
    release: Release | None = None


def explain(workspace: Workspace, unit: Unit, delivery: Delivery) -> Explanation:
    """By the gate's decision of this moment while it waits, else by the one that let it go."""
    rules = workspace.rules.get(delivery.account)
    zone = workspace.settings.organisation.zone
    name = f"Delivery {delivery.id}, {delivery.kind} on {delivery.account},"
    if delivery.state in {State.DRAFT, State.QUEUED}:
        if rules is None:
            return Explanation(f"{name} waits for its account, which crosspromo.toml has no more.")
        return _waiting(workspace, unit, delivery, rules, name)
    sentence = f"{name} {_fate(delivery, zone)}"
    if not delivery.attempt:
        return Explanation(sentence)
    stored = unit.deliveries.decision(delivery.id, delivery.attempt)
    checks = [Check(name, "ok", sentence) for name, sentence in stored["checks"].items()]
    seen = stored.get("numbers")
    rows = [] if rules is None else _rows_before(unit, delivery, rules.policy.window)
    return Explanation(f"{sentence}{_why(delivery, seen)}", checks, seen, rows)


def _rows_before(unit: Unit, delivery: Delivery, window: Window) -> list[Row]:
    """What counted when it was let go, as the ledger has it today: a post deleted since counts no
    more for others. The numbers that the gate saw are stored with its decision.
    """
    allowed_at = unit.deliveries.attempt(delivery.id, delivery.attempt).started_at
    rows = unit.ledger.rows(delivery.account, window, allowed_at)
    return [row for row in rows if row.at <= allowed_at and row.delivery != delivery.id]


def _waiting(
    workspace: Workspace, unit: Unit, delivery: Delivery, rules: AccountRules, name: str
) -> Explanation:
    now = workspace.clock.now()
    organisation = workspace.organisation_rules
    judgement = judge(unit, delivery, rules, organisation, now)
    decision = judgement.decision
    by_floor = isinstance(decision, Hold) and decision.code == "floor"
    account, window = (
        (None, organisation.window) if by_floor else (delivery.account, rules.policy.window)
    )
    rows = unit.ledger.rows(account, window, now)
    return Explanation(
        sentence=f"{name} {_prospect(delivery, judgement, organisation.zone)}",
        checks=_checks(delivery, judgement, now),
        numbers=numbers(judgement.facts),
        rows=rows,
        release=_release(workspace, unit, delivery, decision, window, rows),
    )


def _checks(delivery: Delivery, judgement: Judgement, now: datetime) -> list[Check]:
    checks = []
    for name, answer in survey(judgement.facts, delivery.candidate, now):
        match answer:
            case Hold(_, reason):
                checks.append(Check(name, "hold", reason))
            case Refuse(_, reason):
                checks.append(Check(name, "refuse", reason))
            case sentence:
                checks.append(Check(name, "ok", sentence))
    return checks


def _prospect(delivery: Delivery, judgement: Judgement, zone: ZoneInfo) -> str:
    if delivery.state is State.DRAFT:
        approve = f"To let it go: crosspromo queue approve {delivery.id}"
        return f"is a draft and does not go out. {judgement.facts.approval.sentence} {approve}"
    match judgement.decision:
        case Hold(_, reason):
            return f"is held: {reason}"
        case Refuse(_, reason):
            return f"will not go out: {reason}"
        case Allow():
            return f"may go out when it is due, {wall_clock(delivery.due_at, zone)}."


def _release(
    workspace: Workspace,
    unit: Unit,
    delivery: Delivery,
    decision: object,
    window: Window,
    rows: Sequence[Row],
) -> Release | None:
    if not isinstance(decision, Hold) or decision.posts_needed is None:
        return None
    now = workspace.clock.now()
    since = window.opens_after(now) or min((row.at for row in rows), default=now)
    us = workspace.settings.organisation
    waiting = unit.partners.ready(delivery.account, since, us.own_group, MOST_LOOKED_AT)
    ready = (
        (slug, last)
        for slug, last in waiting
        if legal.block(us.status, dict(unit.partners.statuses([slug]).values())) is None
    )
    return Release(decision.posts_needed, decision.until, tuple(islice(ready, MOST_READY)))


def _fate(delivery: Delivery, zone: ZoneInfo) -> str:
    why = "" if delivery.fault is None else f": {delivery.fault.message}"
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
            asked = (
                "look there and say: crosspromo queue resolve"
                if delivery.needs_person
                else ("the network is being asked")
            )
            return f"was allowed; whether it went out is not known{why}; {asked}."
        case State.FAILED:
            return f"failed{why}."
        case _:
            return f"is {delivery.state}{why}{'' if why.endswith('.') else '.'}"


def _why(delivery: Delivery, seen: dict[str, Any] | None) -> str:
    """What the gate saw when it let the delivery go, where that was a question of the ratio."""
    if delivery.override is not None:
        return f" It was released by {delivery.override.by}: {delivery.override.reason}."
    if seen is None or not delivery.credit.counts_self or seen["account"]["target"] is None:
        return ""
    account = seen["account"]
    return f" Until then {counted(delivery.account, account)}."


def counted(who: str, numbers_: dict[str, Any]) -> str:
    """`x-main had shared others 3 times, itself 0 times (28d), and keeps 3:1`."""
    target = numbers_["target"]
    keeps = "has no ratio to keep" if target is None else f"keeps {target}"
    window = Window.parse(numbers_["window"]).in_words
    return (
        f"{who} shared others {_times(numbers_['others'])} and itself "
        f"{_times(numbers_['self'])} in {window}, and {keeps}"
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
