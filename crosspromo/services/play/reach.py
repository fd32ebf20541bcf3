"""Reach of a play's copy: how much of the queue and of the past the rules can see."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from crosspromo.domain.duplicates import DUPLICATE_WINDOW, MOST_COMPARED
from crosspromo.domain.pacing import WEEK, start_of_month
from crosspromo.domain.policy import Policy
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.store.excerpt import Reach

TAKEN_SLOTS = WEEK
"""Time past the end of a play in which waiting deliveries still take slots and fill weekly caps."""

_A_LIFETIME = timedelta(days=36_500)
"""Time that a window of posts may cover."""


def reach_of(
    accounts: Mapping[str, AccountRules],
    organisation: OrganisationRules,
    now: datetime,
    until: datetime,
) -> Reach:
    """Everything that the rules can see from `now` until the end of the play."""
    windows = {name: rules.policy.window for name, rules in accounts.items()}
    every = [*windows.values(), organisation.window]
    longest = max((window.span for window in every if window.span is not None), default=timedelta())
    latest: dict[str | None, int] = {
        name: window.posts for name, window in windows.items() if window.posts is not None
    }
    if organisation.window.posts is not None:
        latest[None] = organisation.window.posts
    remembers = max(DUPLICATE_WINDOW, longest, _A_LIFETIME if latest else timedelta())
    compared = {
        name for rules in accounts.values() for name in rules.accounts_sharing_duplicate_rule
    }
    return Reach(
        accounts={
            name: max(_sends_seen(rules.policy), MOST_COMPARED if name in compared else 1)
            for name, rules in accounts.items()
        },
        now=now,
        until=until + TAKEN_SLOTS,
        ledger_since=now - longest,
        latest=latest,
        texts_since=now - remembers,
        costs_since={
            name: start_of_month(now, organisation.zone)
            for name, rules in accounts.items()
            if rules.policy.monthly_budget is not None
        },
    )


def _sends_seen(policy: Policy) -> int:
    """Number of latest sends that caps and gaps look at."""
    return max(policy.max_per_day or 1, policy.max_per_week or 1)
