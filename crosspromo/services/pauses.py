"""Pauses over one account or everything: begin and end (docs/explanation/deliveries.md)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import StateError
from crosspromo.domain.gate import candidate_of
from crosspromo.domain.pauses import EVERYTHING, Pause, paused_again
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.state import NotPaused, PausedJustNow
from crosspromo.domain.requests import given_name
from crosspromo.services.delivery_view import DeliveryView, views
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit


MOST_OVERDUE = 50
"""Overdue deliveries that are shown before a pause ends."""


class Prospect(StrEnum):
    """Fate of an overdue delivery after its pause."""

    NO_ACCOUNT = "no-account"  # crosspromo.toml no longer has the account
    HELD = "held"  # another reason holds the delivery
    MISSED = "missed"  # its pinned time passed more than late_after ago
    GOES = "goes"  # the delivery goes out as the rules allow


@dataclass(frozen=True, slots=True)
class Overdue:
    """Overdue delivery after a pause, and its fate."""

    view: DeliveryView
    prospect: Prospect


@dataclass(frozen=True, slots=True)
class Resumed:
    """Overdue deliveries after a pause has ended, and pauses still in force."""

    overdue: Sequence[Overdue]
    still: Sequence[Pause]


@dataclass(frozen=True)
class PauseService:
    """Pauses that a person named `actor` begins and ends; each act is written to the audit log.

    `policies` are those of every account by name. `paused_just_now`: crosspromo has paused
    everything as this command began, and nobody was told before. `accounts`: names where
    no policies are known.
    """

    store: "Store"
    clock: Clock
    policies: Mapping[str, Policy]
    actor: str
    paused_just_now: bool = False
    accounts: Collection[str] | None = None

    def __post_init__(self) -> None:
        given_name(self.actor)

    def all(self) -> Sequence[Pause]:
        """Pauses in force now."""
        with self.store.read() as unit:
            return unit.pauses.all()

    def overdue(self) -> Sequence[Overdue]:
        """Overdue deliveries under the pauses in force, as they would fare when those end."""
        now = self.clock.now()
        with self.store.read() as unit:
            accounts = {each.account for each in unit.pauses.all()}
            late = unit.deliveries.overdue(None, now) if accounts else ()
            under = [each for each in late if None in accounts or each.account in accounts]
            seen = views(unit, self.policies, under[:MOST_OVERDUE])
        return [Overdue(view, self._prospect(view.delivery, now)) for view in seen]

    def pause(self, account: str | None, reason: str | None = None) -> Pause:
        """Pause one account, or everything if `account` is None, and return the pause.

        The pause takes effect before the next send; a send in progress is not called back. A pause
        without a reason (None or blank) stops at once all the same; the reason may follow by
        pausing again, and person and time stay. NotFoundError for an unknown account.
        """
        name = self._known(account)
        asked = Pause(name, self.actor, self.clock.now(), (reason or "").strip() or None)
        with self.store.write() as unit:
            unit.audit.add(asked.at, self.actor, "pause", name or EVERYTHING, asked.reason)
            there = next((p for p in unit.pauses.all() if p.account == name), None)
            pause = paused_again(there, asked)
            if pause != there:
                unit.pauses.begin(pause)
        return pause

    def resume(self, account: str | None) -> Resumed:
        """End one account's pause, or the pause over everything if `account` is None.

        A rest that the account's network asked for (None: any account's) ends as well. No burst
        follows: the gate looks again at each overdue delivery. NotFoundError for an unknown
        account, StateError if there is neither such a pause nor such a rest, or nobody was told
        yet of such a pause.
        """
        name = self._known(account)
        now = self.clock.now()
        with self.store.write() as unit:
            if name is None and self.paused_just_now:
                words = next((p.reason for p in unit.pauses.all() if p.is_ours), None)
                raise StateError(PausedJustNow(words or ""))
            ended, rested = unit.pauses.end(name), unit.holds.end_rest(name, now)
            if not (ended or rested):
                raise StateError(_not_paused(unit, name))
            unit.holds.wake_account(name, "paused", now)
            unit.audit.add(now, self.actor, "resume", name or EVERYTHING, None)
            overdue = unit.deliveries.overdue(name, now)
        with self.store.read() as unit:
            seen = views(unit, self.policies, overdue)
            still = unit.pauses.all()
        prospects = [Overdue(view, self._prospect(view.delivery, now)) for view in seen]
        return Resumed(prospects, still)

    def _known(self, account: str | None) -> str | None:
        if account is not None:
            known = self.policies if self.accounts is None else dict.fromkeys(self.accounts)
            account_named(account, known)
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
