"""The rules that the spine keeps for an account and for the organisation, and the facts it gathers
to keep them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.gate import Candidate, Decision, Facts, Hold, Standing, decide
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window, earliest_by_roll_off
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.storage import Unit


@dataclass(frozen=True, slots=True)
class AccountRules:
    """What the spine must know of an account. `look_up_after` counts from the attempt.

    `speaks` is the network whose templates and handles apply: the account's own, or the one that a
    manual or sandbox account imitates; `capabilities` are those of that network in that place.
    """

    name: str
    network: str
    speaks: str
    capabilities: Capabilities
    policy: Policy
    timeout: timedelta
    look_up_after: tuple[timedelta, ...]

    @property
    def lease(self) -> timedelta:
        """How long a send may take before others may doubt it: well past every time-out."""
        return 4 * self.timeout + timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class OrganisationRules:
    """The floor over all accounts (None: turned off), the window it is counted in, and the zone in
    which people read times.
    """

    floor: Target | None
    window: Window
    zone: ZoneInfo = UTC_ZONE


def judge(
    unit: Unit,
    candidate: Candidate,
    account: AccountRules,
    organisation: OrganisationRules,
    now: datetime,
) -> Decision:
    """The gate's decision on what this transaction sees.

    When a hold will end by itself is worked out only for a hold: it needs the window's rows.
    """
    facts = Facts(
        policy=account.policy,
        account=Standing(unit.ledger.tally(account.name, account.policy.window, now)),
        organisation=Standing(unit.ledger.tally(None, organisation.window, now)),
        floor=organisation.floor,
        floor_window=organisation.window,
        account_fault=unit.accounts.fault(account.name),
        zone=organisation.zone,
    )
    decision = decide(facts, candidate, now)
    if isinstance(decision, Hold) and decision.code in {"ratio", "floor"}:
        facts = _with_roll_off(unit, facts, account, now, credit=candidate.credit)
        return decide(facts, candidate, now)
    return decision


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
