"""What became of sends whose answer was lost.

`sweep` finds claims whose worker is gone and calls them *unknown*. `look_up` asks the network:
found is published; absent in two successful, spaced look-ups is surely not there and is queued
again; a thread that so lacks its last parts is sent on; what stays unclear becomes a person's
question.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from crosspromo.domain.attempts import Attempt, Ending, Intent, Json, Prepared
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Fault
from crosspromo.domain.errors import CrosspromoError, LostClaimError
from crosspromo.domain.outcomes import Absent, Begun, Found, LookUp, Unclear
from crosspromo.domain.reasons.faults import InDoubt
from crosspromo.publishing.dispatch import SHORTEST_WAIT, claim
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.results import Sending
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.storage import Store, Unit

log = logging.getLogger(__name__)

ABSENCES_THAT_SETTLE = 2
"""One empty look-up is not "not posted": listings lag (NETWORKS, trap 17)."""

MOST_LOOK_UPS = 6
"""After so many look-ups without an answer a person is asked."""

MOST_ATTEMPTS_IN_DOUBT = 3
"""A delivery that was in doubt so often is not tried again without a person."""

MOST_ATTEMPTS_AT_A_THREAD = 10
"""The same for one that gets on: each attempt may add parts."""


@dataclass(frozen=True, slots=True)
class UncertainDelivery:
    """A delivery of which we cannot tell whether it went out, as its last attempt left it.

    `since` is when this very send was first attempted.
    """

    delivery: Delivery
    attempt: Attempt
    since: datetime


@dataclass(frozen=True)
class Reconciler:
    """Settles what is in doubt. `is_dead` says that a worker surely runs no more; `worker` names
    this process where it sends a thread on.
    """

    store: Store
    connector: Callable[[str], Connector]
    accounts: Mapping[str, AccountRules]
    clock: Clock
    is_dead: Callable[[str], bool]
    worker: str = "reconciler"

    def recover_abandoned(self) -> int:
        """Make up for what workers left undone that may have died: see `sweep`; and what waits for
        headroom is looked at anew.
        """
        abandoned = self.sweep()
        with self.store.write() as unit:
            unit.holds.wake_all_held()
        return abandoned

    def sweep(self) -> int:
        """Call every abandoned send unknown; how many there were."""
        with self.store.read() as unit:
            now = self.clock.now()
            abandoned = [d for d in unit.deliveries.in_flight() if self._is_abandoned(d, now)]
        return sum(self._doubt(delivery) for delivery in abandoned)

    def _is_abandoned(self, delivery: Delivery, now: datetime) -> bool:
        lease_ended = delivery.wake_at is not None and delivery.wake_at <= now
        return lease_ended or (
            delivery.claimed_by is not None and self.is_dead(delivery.claimed_by)
        )

    def _doubt(self, delivery: Delivery) -> bool:
        try:
            with self.store.write() as unit:
                now = self.clock.now()
                attempt = unit.deliveries.attempt(delivery.id, delivery.attempt)
                rules = self.accounts.get(delivery.account)
                look_up_at = None
                if rules is not None:
                    look_up_at = max(now, attempt.started_at + rules.look_up_after[0])
                fault = Fault(InDoubt(f"{attempt.worker} stopped while it was sending this"))
                unit.transitions.mark_unknown(
                    delivery, fault, look_up_at, now, needs_person=look_up_at is None
                )
        except LostClaimError as lost:
            log.info("%s", lost)
            return False
        return True

    def due(self) -> list[UncertainDelivery]:
        """What is to be looked up now."""
        with self.store.read() as unit:
            return [
                UncertainDelivery(delivery, attempt, since)
                for delivery in unit.deliveries.to_look_up(self.clock.now())
                if delivery.account in self.accounts
                for attempt in (unit.deliveries.attempt(delivery.id, delivery.attempt),)
                for since in (
                    unit.deliveries.first_attempted_at(delivery.id, attempt.prepared.token),
                )
            ]

    def look_up(self, doubt: UncertainDelivery) -> LookUp:
        """What the network shows of it. Slow."""
        return look_up(self.connector, doubt.delivery, doubt.attempt, doubt.since)

    def settle(self, doubt: UncertainDelivery, answer: LookUp) -> Sending | bool:
        """Whether the answer settles it; a send to be made where a thread is to go on."""
        delivery = doubt.delivery
        try:
            with self.store.write() as unit:
                settled = self._settle(unit, delivery, doubt.attempt, answer)
        except LostClaimError as lost:
            log.info("%s", lost)
            return False
        if settled:
            log.info("delivery %d on %s: reconciled", delivery.id, delivery.account)
        return settled

    def _settle(
        self, unit: Unit, delivery: Delivery, attempt: Attempt, answer: LookUp
    ) -> Sending | bool:
        now = self.clock.now()
        match answer:
            case Found(receipt):
                unit.transitions.publish(delivery, receipt, now)
                unit.holds.wake_held(delivery.account)
                return True
            case Absent() if _is_certain(attempt, MOST_ATTEMPTS_IN_DOUBT):
                unit.transitions.requeue(delivery, Ending.ABSENT, None, now, now)
                unit.holds.wake_held(delivery.account)
                return True
            case Absent():
                detail = "it was not found on the network yet"
                next_at = self._next_look_up(attempt, now)
                unit.transitions.record_look_up(delivery, detail, next_at, absent=True)
                return False
            case Begun(progress) if _is_certain(attempt, MOST_ATTEMPTS_AT_A_THREAD):
                return self._send_on(unit, delivery, attempt, progress, now)
            case Begun():
                detail = "the thread broke off: its last parts were not found yet"
                next_at = self._next_look_up(attempt, now)
                unit.transitions.record_look_up(delivery, detail, next_at, absent=True)
                return False
            case Unclear(detail):
                next_at = self._next_look_up(attempt, now)
                unit.transitions.record_look_up(delivery, detail, next_at, absent=False)
                return False
            case _:
                assert_never(answer)

    def _send_on(
        self,
        unit: Unit,
        delivery: Delivery,
        attempt: Attempt,
        progress: Mapping[str, Json],
        now: datetime,
    ) -> Sending | bool:
        """Claim it for the parts that are missing.

        It counts as gone out already, so the gate is not asked again; but nothing goes out on an
        account that is set aside, rests or is busy.
        """
        rules = self.accounts[delivery.account]
        obstacle = _obstacle(unit, delivery.account, now)
        if obstacle is not None:
            later = now + max(rules.look_up_after[-1], SHORTEST_WAIT)
            detail = f"the thread broke off, and goes on later: {obstacle}"
            unit.transitions.record_look_up(delivery, detail, later, absent=False)
            return False
        intent = Intent(
            worker=self.worker,
            prepared=Prepared(attempt.prepared.token, {**attempt.prepared.payload, **progress}),
            decision=unit.deliveries.decision(delivery.id, delivery.attempt),
            lease_until=now + rules.lease,
            now=now,
        )
        return claim(unit, delivery, delivery.credit, intent)

    def _next_look_up(self, attempt: Attempt, now: datetime) -> datetime | None:
        """When to look again; None when it is a person's turn.

        The last of `look_up_after` is kept up, counted from the look-up before, once the list ends.
        """
        made = attempt.look_ups + 1
        if made >= MOST_LOOK_UPS or attempt.absences + 1 > ABSENCES_THAT_SETTLE:
            return None
        waits = self.accounts[attempt.account].look_up_after
        gap = waits[min(made, len(waits) - 1)] - waits[min(made, len(waits) - 1) - 1]
        return now + max(gap if len(waits) > 1 else waits[0], timedelta(0))


def _is_certain(attempt: Attempt, most: int) -> bool:
    """Whether an absence that was seen now settles it, after so many attempts at the most."""
    return attempt.absences + 1 >= ABSENCES_THAT_SETTLE and attempt.number < most


def _obstacle(unit: Unit, account: str, now: datetime) -> str | None:
    """Why nothing may be sent on the account at this moment."""
    if account not in unit.accounts.claim([account]) or unit.deliveries.is_busy(account):
        return f"{account} is sending something else"
    if unit.pauses.over(account) is not None:
        return f"{account} is paused"
    state = unit.accounts.states([account])[account]
    if state.fault is not None:
        return f"{account} needs attention"
    if state.rests_until is not None and state.rests_until > now:
        return f"the network takes nothing more of {account} yet"
    return None


def look_up(
    connect: Callable[[str], Connector], delivery: Delivery, attempt: Attempt, since: datetime
) -> LookUp:
    """What the network shows of this send, tried first at `since`.

    A connector's own fault is an unclear answer, never an absence.
    """
    try:
        return connect(delivery.account).look_up(attempt.prepared, since)
    except CrosspromoError as error:  # the account cannot even be set up
        return Unclear(str(error))
    except Exception as error:
        log.exception("the connector of %s failed while looking up", delivery.account)
        return Unclear(f"the connector failed while looking up: {type(error).__name__}")
