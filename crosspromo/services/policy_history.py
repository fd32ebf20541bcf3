"""History of policies: terms under which daemons and commands act, recorded as they change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.policy import Policy, Terms

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True)
class PolicyRecords:
    """Records policies and the floor before anybody acts under them."""

    store: "Store"
    clock: Clock

    def record_at_first_write(self, policies: Mapping[str, Policy], floor: Terms) -> None:
        """Have the next write transaction record the terms of accounts (by name) and of the
        organisation, as far as they changed.

        Whoever only reads writes nothing. A dry run, which is rolled back, leaves nothing behind.
        """

        def record(unit: "Unit") -> None:
            unit.policies.record(_terms(policies, floor), self.clock.now())

        self.store.before_next_write(record)


def terms_of(policy: Policy) -> Terms:
    """What the share ratio of an account with this policy is judged by."""
    return Terms(policy.target, policy.quota, policy.window)


def _terms(policies: Mapping[str, Policy], floor: Terms) -> Mapping[str | None, Terms]:
    return {None: floor, **{name: terms_of(policy) for name, policy in policies.items()}}
