"""Share ratio report: present counts, as the gate counts, and compliance at publish time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.shortfall import below_since, looked_back
from crosspromo.publishing.facts import roll_off
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class AccountStanding:
    """Account counts against the account's policy.

    `ratio` is others per self (None: no self posts). `earliest_by_roll_off` is in UTC. For a policy
    without a ratio, `headroom` and the next two fields are None: no delivery is held. `below_since`
    is None where the promise is kept, and where it was not kept for a whole window.
    """

    account: str
    network: str
    policy: Literal["ratio", "quota", "none"]
    target: str | None
    window: str
    others: int
    self_: int
    ratio: float | None
    ok: bool
    headroom: int | None
    partner_posts_to_next: int | None
    earliest_by_roll_off: datetime | None
    below_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrganisationStanding:
    """Counts of all accounts together against the floor; `target` and `headroom` None: no floor."""

    others: int
    self_: int
    target: str | None
    ratio: float | None
    ok: bool
    headroom: int | None
    below_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AtPublish:
    """Self posts in the window: number sent, allowed by the gate, and released by a person."""

    self_sent: int
    allowed: int
    overridden: int


@dataclass(frozen=True, slots=True)
class RatioReport:
    """Whole report, as of a time in UTC."""

    as_of: datetime
    accounts: tuple[AccountStanding, ...]
    organisation: OrganisationStanding
    at_publish: AtPublish

    @property
    def short(self) -> Sequence[AccountStanding]:
        """Accounts that need partner posts for their next self post."""
        return [each for each in self.accounts if each.headroom == 0 and each.partner_posts_to_next]


def ratio_report(
    unit: Unit,
    accounts: Iterable[AccountRules],
    organisation: OrganisationRules,
    as_of: datetime,
) -> RatioReport:
    """Ratio report, read in one transaction."""
    return RatioReport(
        as_of=as_of,
        accounts=tuple(_account(unit, rules, as_of) for rules in accounts),
        organisation=_organisation(unit, organisation, as_of),
        at_publish=_at_publish(unit, organisation.window, as_of),
    )


def _account(unit: Unit, rules: AccountRules, as_of: datetime) -> AccountStanding:
    policy = rules.policy
    counts = unit.ledger.tally(rules.name, policy.window, as_of)
    target = policy.target
    ok, below_since = _verdict(unit, rules, counts, as_of)
    return AccountStanding(
        account=rules.name,
        network=rules.network,
        policy=policy.kind,
        target=target_in_words(policy),
        window=str(policy.window),
        others=counts.others,
        self_=counts.self_,
        ratio=per_self(counts),
        ok=ok,
        headroom=None if target is None else counts.headroom(target),
        partner_posts_to_next=None if target is None else counts.partner_posts_to_next(target),
        earliest_by_roll_off=roll_off(unit.ledger, rules.name, target, policy.window, as_of),
        below_since=below_since,
    )


def target_in_words(policy: Policy) -> str | None:
    """Promise of an account as text: `3:1`, or `2 per 7d`; None without one."""
    if policy.target is not None:
        return str(policy.target)
    return None if policy.quota is None else f"{policy.quota} per 7d"


QUOTA_WINDOW = Window(days=7)
"""Window of a quota: so many posts about others a week."""


def _verdict(
    unit: Unit, rules: AccountRules, counts: Tally, as_of: datetime
) -> tuple[bool, datetime | None]:
    """Whether the account keeps its promise, and since when it does not."""
    policy = rules.policy
    if policy.target is None and policy.quota is None:
        return True, None

    def keeps(tally: Tally) -> bool:
        if policy.target is not None:
            return tally.meets(policy.target)
        return tally.others >= (policy.quota or 0)

    window = QUOTA_WINDOW if policy.target is None else policy.window
    if policy.target is None:
        counts = unit.ledger.tally(rules.name, window, as_of)
    return keeps(counts), _below_since(unit, rules.name, window, as_of, keeps)


def _below_since(
    unit: Unit,
    account: str | None,
    window: Window,
    as_of: datetime,
    keeps: Callable[[Tally], bool],
) -> datetime | None:
    if keeps(unit.ledger.tally(account, window, as_of)):
        return None
    rows = unit.ledger.counted(account, looked_back(window), as_of)
    return below_since(rows, window, as_of, keeps)


def _organisation(
    unit: Unit, organisation: OrganisationRules, as_of: datetime
) -> OrganisationStanding:
    counts = unit.ledger.tally(None, organisation.window, as_of)
    floor: Target | None = organisation.floor
    since = None
    if floor is not None:
        window = organisation.window
        since = _below_since(unit, None, window, as_of, lambda each: each.meets(floor))
    return OrganisationStanding(
        others=counts.others,
        self_=counts.self_,
        target=None if floor is None else str(floor),
        ratio=per_self(counts),
        ok=floor is None or counts.meets(floor),
        headroom=None if floor is None else counts.headroom(floor),
        below_since=since,
    )


def _at_publish(unit: Unit, window: Window, as_of: datetime) -> AtPublish:
    sent, overridden = unit.ledger.self_sent(window, as_of)
    return AtPublish(self_sent=sent, allowed=sent - overridden, overridden=overridden)


def per_self(counts: Tally) -> float | None:
    """Posts about others per post about us; None without a post about us."""
    return None if counts.self_ == 0 else round(counts.others / counts.self_, 4)
