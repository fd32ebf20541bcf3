"""The rules that the spine keeps for an account and for the organisation, and the facts it gathers
to keep them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain import legal
from crosspromo.domain.approval import Approval, Approvers, approval_of
from crosspromo.domain.attempts import Json
from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.duplicates import REACH
from crosspromo.domain.errors import UsageError
from crosspromo.domain.gate import decide
from crosspromo.domain.pacing import start_of_month
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window, earliest_by_roll_off
from crosspromo.domain.timing import UTC_ZONE, next_free_slot
from crosspromo.domain.verdicts import SLOT, Decision, Facts, Hold, Standing
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.storage import Unit

_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What the spine must know of an account. `look_up_after` counts from the attempt.

    `speaks` is the network whose templates and handles apply: the account's own, or the one that a
    manual or sandbox account imitates; `capabilities` are those of that network in that place.
    `one_voice_with` are the accounts on which its network allows no text that is nearly the same.
    """

    name: str
    network: str
    speaks: str
    capabilities: Capabilities
    policy: Policy
    timeout: timedelta
    look_up_after: tuple[timedelta, ...]
    one_voice_with: tuple[str, ...] = ()

    @property
    def lease(self) -> timedelta:
        """How long a send may take before others may doubt it: well past every time-out."""
        return 4 * self.timeout + timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class OrganisationRules:
    """The floor over all accounts (None: turned off), the window it is counted in, and the zone in
    which people read times; its legal status and its days of silence.
    """

    floor: Target | None
    window: Window
    zone: ZoneInfo = UTC_ZONE
    status: str | None = None
    blackouts: tuple[Blackout, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The gate's decision, the facts it was made on, and the credit that an intent fixes."""

    decision: Decision
    facts: Facts
    credit: Credit


def judge(
    unit: Unit,
    delivery: Delivery,
    account: AccountRules,
    organisation: OrganisationRules,
    now: datetime,
) -> Judgement:
    """The gate's decision on what this transaction sees.

    When a hold will end by itself is worked out only for a hold: it needs the window's rows.
    """
    credit = credit_now(unit, delivery, account, now)
    candidate = replace(delivery.candidate, credit=credit)
    pause = unit.pauses.over(account.name)
    facts = Facts(
        policy=account.policy,
        account=Standing(unit.ledger.tally(account.name, account.policy.window, now)),
        organisation=Standing(unit.ledger.tally(None, organisation.window, now)),
        floor=organisation.floor,
        floor_window=organisation.window,
        paused=None if pause is None else pause.sentence(organisation.zone),
        account_fault=unit.accounts.fault(account.name),
        approval=approval_for(unit, delivery, account),
        zone=organisation.zone,
        sent=_sent(unit, account),
        spent=spent(unit, account, organisation.zone, now),
        blackouts=tuple(
            each for each in organisation.blackouts if each.concerns(delivery.partners)
        ),
        legal_block=legal.block(organisation.status, unit.partners.statuses(delivery.partners)),
        said_here=unit.history.said(account.name, delivery.content, now - REACH),
        said_elsewhere=unit.history.nearly_said(
            account.one_voice_with, delivery.content, now - REACH
        ),
    )
    decision = decide(facts, candidate, now)
    if isinstance(decision, Hold) and decision.code in {"ratio", "floor"}:
        facts = _with_roll_off(unit, facts, account, now, credit=credit)
        return Judgement(decide(facts, candidate, now), facts, credit)
    if isinstance(decision, Hold) and decision.code == SLOT:
        facts = replace(facts, next_free=_next_free(unit, account, facts, now))
        return Judgement(decide(facts, candidate, now), facts, credit)
    return Judgement(decision, facts, credit)


def numbers(facts: Facts) -> dict[str, Json]:
    """What was counted on the account and in the organisation, against which targets, as JSON."""
    policy = facts.policy
    return {
        "account": _counted(facts.account, policy.target, policy.window),
        "organisation": _counted(facts.organisation, facts.floor, facts.floor_window),
    }


def _counted(standing: Standing, target: Target | None, window: Window) -> dict[str, Json]:
    return {
        "others": standing.tally.others,
        "self": standing.tally.self_,
        "target": None if target is None else str(target),
        "window": str(window),
    }


def approval_for(unit: Unit, delivery: Delivery, account: AccountRules | None) -> Approval:
    """Who has to approve the delivery as it stands, and who has. `account` None: nobody's rules."""
    return approval_of(
        Approvers.NONE if account is None else account.policy.approval,
        delivery.author,
        unit.approvals.sign_offs(delivery.partners),
        unit.approvals.under([delivery.id])[delivery.id],
        delivery.content.fingerprint(delivery.account),
    )


def credit_now(unit: Unit, delivery: Delivery, account: AccountRules, now: datetime) -> Credit:
    """What the delivery counts as if it goes now. Once an intent has fixed that, it stays.

    A partner's item that the account shared already in its window is padding and earns nothing: the
    same post reshared, the same event announced again, the same text.
    """
    if delivery.attempt or not delivery.credit.counts_others:
        return delivery.credit
    window = account.policy.window
    since = window.opens_after(now)
    if since is None:
        counted = unit.ledger.counted(account.name, window, now)
        since = min((row.at for row in counted), default=now) - _A_MOMENT
    shared = unit.history.shared_before(delivery, since)
    return delivery.credit.as_padding if shared else delivery.credit


def _sent(unit: Unit, account: AccountRules) -> tuple[datetime, ...]:
    """The account's latest sends, as many as its caps need to see and one at least."""
    policy = account.policy
    most = max(policy.max_per_day or 1, policy.max_per_week or 1)
    return tuple(unit.history.last_sent(account.name, most))


def spent(unit: Unit, account: AccountRules, zone: ZoneInfo, now: datetime) -> float:
    """What the account's posts cost this month, in US dollars; asked only where it has a budget."""
    if account.policy.monthly_budget is None:
        return 0.0
    return unit.history.spent(account.name, start_of_month(now, zone))


def _next_free(unit: Unit, account: AccountRules, facts: Facts, now: datetime) -> datetime:
    """When the next delivery that has waited may go: the next slot, or turn, that nothing takes."""
    taken = unit.deliveries.taken_slots(account.name, now)
    if account.policy.slots:
        try:
            return next_free_slot(account.policy.slots, facts.zone, now, taken)
        except UsageError:  # every slot of a year is taken
            return now + timedelta(days=1)
    turn = max([now, *(last + account.policy.pace for last in facts.sent[:1])])
    while turn in taken:
        turn += account.policy.pace
    return turn


def _with_roll_off(
    unit: Unit, facts: Facts, account: AccountRules, now: datetime, *, credit: Credit
) -> Facts:
    policy = facts.policy
    on_account = roll_off(unit, account.name, policy.target, policy.window, now, credit=credit)
    everywhere = roll_off(unit, None, facts.floor, facts.floor_window, now, credit=credit)
    return replace(
        facts,
        account=replace(facts.account, roll_off=on_account),
        organisation=replace(facts.organisation, roll_off=everywhere),
    )


def roll_off(
    unit: Unit,
    account: str | None,
    target: Target | None,
    window: Window,
    now: datetime,
    *,
    credit: Credit = Credit.SELF,
) -> datetime | None:
    """When expiries alone would let a delivery of this credit go on the account (None: in the
    organisation).
    """
    if target is None:
        return None
    rows = unit.ledger.counted(account, window, now)
    return earliest_by_roll_off(rows, target, window, now, credit=credit)
