"""Balances: where each account and the organisation stand now, from one query of the ledger.

The numbers are those of the ratio report, which reads more: how long a promise was not kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.ratio import Counted, Stretch, Tally, Target, Window, earliest_by_roll_off
from crosspromo.domain.ratio import tally as tally_of
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
    """Balances now, read in one query; one more for an account whose window is of posts."""
    windows = [organisation.window, QUOTA_WINDOW, *(each.policy.window for each in accounts)]
    opens = [each.opens_after(now) for each in windows]
    since = min(each for each in opens if each is not None)
    rows = unit.ledger.counted_by_account(since, now)
    by_account = {
        each.name: _of_account(
            each, _rows(unit, each.name, each.policy.window, rows, now), rows, now
        )
        for each in accounts
    }
    everything = _rows(unit, None, organisation.window, rows, now)
    return Balances(tuple(by_account.values()), _of_organisation(organisation, everything))


def _rows(
    unit: Unit,
    account: str | None,
    window: Window,
    rows: Mapping[str, Sequence[Counted]],
    now: datetime,
) -> Sequence[Counted]:
    """Rows in the window of an account; None: of all accounts."""
    opens = window.opens_after(now)
    if opens is None:
        return unit.ledger.counted(account, window, now)
    some = rows.values() if account is None else [rows.get(account, ())]
    return [row for each in some for row in each if row.at > opens]


def _of_account(
    account: AccountRules,
    inside: Sequence[Counted],
    rows: Mapping[str, Sequence[Counted]],
    now: datetime,
) -> AccountStanding:
    policy, counts = account.policy, tally_of(inside)
    target = policy.target
    return AccountStanding(
        account=account.name,
        network=account.network,
        policy=policy.kind,
        target=target_in_words(policy),
        window=str(policy.window),
        others=counts.others,
        self_=counts.self_,
        ratio=per_self(counts),
        ok=_keeps(account, counts, rows.get(account.name, ()), now),
        headroom=None if target is None else counts.headroom(target),
        partner_posts_to_next=None if target is None else counts.partner_posts_to_next(target),
        earliest_by_roll_off=_roll_off(inside, target, policy.window, now),
    )


def _keeps(account: AccountRules, counts: Tally, rows: Iterable[Counted], now: datetime) -> bool:
    policy = account.policy
    if policy.target is not None:
        return counts.meets(policy.target)
    opens = QUOTA_WINDOW.opens_after(now)
    in_week = tally_of(row for row in rows if opens is None or row.at > opens)
    return in_week.others >= (policy.quota or 0)


def _roll_off(
    rows: Sequence[Counted], target: Target | None, window: Window, now: datetime
) -> datetime | None:
    if target is None:
        return None
    return earliest_by_roll_off([Stretch(tally_of(rows), lambda: rows)], target, window, now)


def _of_organisation(
    organisation: OrganisationRules, rows: Sequence[Counted]
) -> OrganisationStanding:
    counts, floor = tally_of(rows), organisation.floor
    return OrganisationStanding(
        others=counts.others,
        self_=counts.self_,
        target=None if floor is None else str(floor),
        ratio=per_self(counts),
        ok=floor is None or counts.meets(floor),
        headroom=None if floor is None else counts.headroom(floor),
    )
