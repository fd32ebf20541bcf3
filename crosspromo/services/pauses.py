"""Pausing and resuming accounts, or everything (SEMANTICS, *Late, paused, missed*)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import StateError
from crosspromo.domain.gate import candidate_of
from crosspromo.domain.pauses import Pause
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.state import NotPaused
from crosspromo.domain.requests import given_name, given_reason
from crosspromo.services.delivery_view import DeliveryView, views
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

EVERYTHING = "everything"
"""How the audit log calls a pause over all accounts."""


class Prospect(StrEnum):
    """What becomes of an overdue delivery once its pause has ended."""

    NO_ACCOUNT = "no-account"  # its account is no longer in crosspromo.toml
    HELD = "held"  # it waits for another reason
    MISSED = "missed"  # its own moment is too long ago
    GOES = "goes"  # it goes as the rules allow


@dataclass(frozen=True, slots=True)
class Overdue:
    """A delivery that is overdue when a pause ends, and what becomes of it."""

    view: DeliveryView
    prospect: Prospect


@dataclass(frozen=True, slots=True)
class Resumed:
    """What is overdue after a pause has ended, and the pauses that are left."""

    overdue: Sequence[Overdue]
    still: Sequence[Pause]


@dataclass(frozen=True)
class Pauses:
    """Pauses that a person named `actor` sets and ends; each is written to the audit log.
    `policies` are those of every account by name.
    """

    store: "Store"
    clock: Clock
    policies: Mapping[str, Policy]
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def pause(self, account: str | None, reason: str) -> Pause:
        """Let nothing more go out on the account, or with None anywhere.

        It takes effect before the next send; what is being sent is not called back. NotFoundError
        where there is no such account, InputError where the reason is blank.
        """
        name = self._known(account)
        pause = Pause(name, self.actor, self.clock.now(), given_reason(reason, Act.PAUSE))
        with self.store.write() as unit:
            unit.pauses.begin(pause)
            unit.audit.add(pause.at, self.actor, "pause", name or EVERYTHING, pause.reason)
        return pause

    def resume(self, account: str | None) -> Resumed:
        """End the pause of the account, or with None the one over everything.

        Nothing bursts: the gate looks again at each delivery that is overdue. NotFoundError where
        there is no such account, StateError where there is no such pause.
        """
        name = self._known(account)
        now = self.clock.now()
        with self.store.write() as unit:
            if not unit.pauses.end(name):
                raise StateError(_not_paused(unit, name))
            unit.holds.wake_account(name, "paused")
            unit.audit.add(now, self.actor, "resume", name or EVERYTHING, None)
            overdue = unit.deliveries.overdue(name, now)
        with self.store.read() as unit:
            seen = views(unit, self.policies, overdue)
            still = unit.pauses.all()
        prospects = [Overdue(view, self._prospect(view.delivery, now)) for view in seen]
        return Resumed(prospects, still)

    def _known(self, account: str | None) -> str | None:
        if account is not None:
            account_named(account, self.policies)
        return account

    def _prospect(self, delivery: Delivery, now: datetime) -> Prospect:
        policy = self.policies.get(delivery.account)
        if policy is None:
            return Prospect.NO_ACCOUNT
        if candidate_of(delivery).held:
            return Prospect.HELD
        late = now - delivery.due_at
        if delivery.pinned and late > policy.late_after:
            return Prospect.MISSED
        return Prospect.GOES


def _not_paused(unit: "Unit", account: str | None) -> NotPaused:
    if account is None:
        return NotPaused(None)
    return NotPaused(account, by_everything=unit.pauses.over(account) is not None)
