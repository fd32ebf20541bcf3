"""Rules of an account and of the organisation, as the publishing core needs them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import Approval, Approvers, approval_of
from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.pacing import start_of_month
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window, earliest_by_roll_off
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.storage import Unit

_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class AccountRules:
    """Rules and limits of one account. `look_up_after` counts from the attempt.

    `text_network` is the network whose templates and handles apply: the account's own, or the one
    that a manual or sandbox account imitates; `capabilities` are those of that network there.
    `accounts_sharing_duplicate_rule` names the other accounts on which the network forbids a text
    in nearly the same words.
    """

    name: str
    network: str
    text_network: str
    capabilities: Capabilities
    policy: Policy
    timeout: timedelta
    look_up_after: tuple[timedelta, ...]
    accounts_sharing_duplicate_rule: tuple[str, ...] = ()

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


def approval_for(unit: Unit, delivery: Delivery, account: AccountRules | None) -> Approval:
    """Who has to approve the delivery as it stands, and who has. `account` None: nobody's rules."""
    return approval_of(
        Approvers.NONE if account is None else account.policy.approval,
        delivery.author,
        unit.approvals.sign_offs(delivery.partners),
        unit.approvals.under([delivery.id])[delivery.id],
        delivery.content.fingerprint(delivery.account),
    )


def spent(unit: Unit, account: AccountRules, zone: ZoneInfo, now: datetime) -> float:
    """What the account's posts cost this month, in US dollars; asked only where it has a budget."""
    if account.policy.monthly_budget is None:
        return 0.0
    return unit.history.spent(account.name, start_of_month(now, zone))


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
    stretches = unit.ledger.stretches(account, window, now)
    return earliest_by_roll_off(stretches, target, window, now, credit=credit)
