"""Somebody of the staff, for tests: acts on deliveries, pauses, and accounts that work again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from stories import NO_FLOOR, TEMPLATES

from crosspromo.domain.clock import Clock
from crosspromo.domain.pauses import Pause
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.accounts import free_account
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.pauses import PauseService, Resumed
from crosspromo.store.unit import Store
from crosspromo.testing.networks import MemoryConnector


@dataclass(frozen=True)
class Person(DeliveryActs):
    """A person who acts through the services, as a command or a page does.

    `paused_just_now`: crosspromo paused everything as this command began.
    """

    paused_just_now: bool = False

    def pause(self, account: str | None, reason: str | None) -> Pause:
        """Let nothing go out on the account, or with None anywhere."""
        return self._pauses.pause(account, reason)

    def resume(self, account: str | None) -> Resumed:
        """End the pause of the account, or with None the one over everything."""
        return self._pauses.resume(account)

    def free_account(self, account: str) -> None:
        """Say that an account works again."""
        with self.store.write() as unit:
            free_account(unit, account, self.actor, self.clock.now())

    @property
    def _pauses(self) -> PauseService:
        policies = {name: rules.policy for name, rules in self.rules.items()}
        store = cast("Store", self.store)
        return PauseService(store, self.clock, policies, self.actor, self.paused_just_now)


def person(
    store: object,
    clock: Clock,
    rules: Mapping[str, AccountRules],
    name: str = "staff",
    connector: Callable[[str], Connector] | None = None,
    *,
    paused_just_now: bool = False,
) -> Person:
    """Somebody named `name`; `store` may be one that stands in front of a store."""
    in_memory = MemoryConnector()
    return Person(
        store=cast("Store", store),
        clock=clock,
        rules=rules,
        connector=connector or (lambda _account: in_memory),
        actor=name,
        paused_just_now=paused_just_now,
        organisation=NO_FLOOR,
        renderer=lambda: TEMPLATES,
    )
