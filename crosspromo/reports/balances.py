"""Balances: where each account and the organisation stand now, from few queries of the ledger.

The numbers are those of the ratio report, which reads more: how long a promise was not kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.ratio import (
    Stretch,
    Tally,
    Target,
    Window,
    earliest_by_roll_off,
    first_to_read,
)
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.reports.ratio import (
    QUOTA_WINDOW,
    AccountStanding,
    OrganisationStanding,
    per_self,
    target_in_words,
)
from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Balances:
    """Standing of every account, in the order of the settings, and of the organisation.

    `below_since` is not worked out, and None.
    """

    accounts: tuple[AccountStanding, ...]
    organisation: OrganisationStanding


def balances(
    unit: Unit,
    accounts: Sequence[AccountRules],
    organisation: OrganisationRules,
    now: datetime,
) -> Balances:
    """Balances now, read in at most two queries for each window of days that an account has.

    An account whose window is of posts costs two more.
    """
    windows = {each.name: each.policy.window for each in accounts}
    tallies = unit.ledger.tallies(windows, organisation.window, now)
    asked = {each.name: QUOTA_WINDOW for each in accounts if each.policy.quota is not None}
    in_week = unit.ledger.tallies(asked, QUOTA_WINDOW, now) if asked else {}
    roll_offs = _roll_offs(unit, accounts, tallies, now)
    return Balances(
        tuple(
            _of_account(
                each,
                tallies[each.name],
                in_week.get(each.name, tallies[each.name]),
                roll_offs.get(each.name),
            )
            for each in accounts
        ),
        _of_organisation(organisation, tallies[None]),
    )


def _roll_offs(
    unit: Unit, accounts: Sequence[AccountRules], tallies: Mapping[str | None, Tally], now: datetime
) -> dict[str, datetime | None]:
    """Earliest moments at which expiries alone allow a self post, by account that is short."""
    targets: dict[Window, dict[str, Target]] = {}
    for each in accounts:
        target, window = each.policy.target, each.policy.window
        if target is not None and not tallies[each.name].headroom(target) and window.span:
            targets.setdefault(window, {})[each.name] = target
    found: dict[str, tuple[Sequence[Stretch], Target, Window]] = {}
    for window, of_window in targets.items():
        stretches = unit.ledger.stretches_of(list(of_window), window, now)
        found |= {name: (stretches[name], of_window[name], window) for name in of_window}
    first = (first_to_read(*each) for each in found.values())
    unit.ledger.read_ahead(each for each in first if each is not None)
    return {name: earliest_by_roll_off(*each, now) for name, each in found.items()}


def _of_account(
    account: AccountRules, counts: Tally, in_week: Tally, roll_off: datetime | None
) -> AccountStanding:
    policy = account.policy
    target = policy.target
    keeps = in_week.others >= (policy.quota or 0) if target is None else counts.meets(target)
    return AccountStanding(
        account=account.name,
        network=account.network,
        policy=policy.kind,
        target=target_in_words(policy),
        window=str(policy.window),
        others=counts.others,
        self_=counts.self_,
        ratio=per_self(counts),
        ok=keeps,
        headroom=None if target is None else counts.headroom(target),
        partner_posts_to_next=None if target is None else counts.partner_posts_to_next(target),
        earliest_by_roll_off=roll_off,
    )


def _of_organisation(organisation: OrganisationRules, counts: Tally) -> OrganisationStanding:
    floor = organisation.floor
    return OrganisationStanding(
        others=counts.others,
        self_=counts.self_,
        target=None if floor is None else str(floor),
        ratio=per_self(counts),
        ok=floor is None or counts.meets(floor),
        headroom=None if floor is None else counts.headroom(floor),
    )
