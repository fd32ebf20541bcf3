"""What became of sends whose answer was lost.

`sweep` finds claims whose worker is gone and calls them *unknown*. `look_up_due` asks the network:
found is published; absent in two successful, spaced look-ups is surely not there and is queued
again; what stays unclear becomes a person's question.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from crosspromo.domain.attempts import Attempt, Ending
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Fault
from crosspromo.domain.errors import LostClaimError
from crosspromo.domain.outcomes import Absent, Begun, Found, LookUp, NotSent, Rejected, Unclear
from crosspromo.publishing.dispatch import reach
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.rules import AccountRules
from crosspromo.publishing.storage import Store

log = logging.getLogger(__name__)

ABSENCES_THAT_SETTLE = 2
"""One empty look-up is not "not posted": listings lag (NETWORKS, trap 17)."""

MOST_LOOK_UPS = 6
"""After so many look-ups without an answer a person is asked."""

MOST_ATTEMPTS_IN_DOUBT = 3
"""A delivery that was in doubt so often is not tried again without a person."""


@dataclass(frozen=True)
class Reconciler:
    """Settles what is in doubt. `is_dead` says that a worker surely runs no more."""

    store: Store
    connector: Callable[[str], Connector]
    accounts: Mapping[str, AccountRules]
    clock: Clock
    is_dead: Callable[[str], bool]

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
                fault = Fault("unknown", f"{attempt.worker} stopped while it was sending this")
                unit.transitions.doubt(
                    delivery, fault, look_up_at, now, needs_person=look_up_at is None
                )
        except LostClaimError as lost:
            log.info("%s", lost)
            return False
        return True

    def look_up_due(self) -> int:
        """Look up everything whose time has come; how many were settled."""
        with self.store.read() as unit:
            due = unit.deliveries.to_look_up(self.clock.now())
        return sum(self._look_up(delivery) for delivery in due if delivery.account in self.accounts)

    def _look_up(self, delivery: Delivery) -> bool:
        with self.store.read() as unit:
            attempt = unit.deliveries.attempt(delivery.id, delivery.attempt)
            since = unit.deliveries.first_attempted_at(delivery.id, attempt.prepared.token)
        answer = look_up(self.connector, delivery, attempt, since)
        try:
            return self._settle(delivery, attempt, answer)
        except LostClaimError as lost:
            log.info("%s", lost)
            return False

    def _settle(self, delivery: Delivery, attempt: Attempt, answer: LookUp) -> bool:
        with self.store.write() as unit:
            now = self.clock.now()
            match answer:
                case Found(receipt):
                    unit.transitions.publish(delivery, receipt, now)
                case Absent() if self._surely_absent(attempt):
                    unit.transitions.requeue(delivery, Ending.ABSENT, None, now, now)
                case Absent():
                    detail = "it was not found on the network yet"
                    next_at = self._next_look_up(attempt, now)
                    unit.transitions.still_in_doubt(delivery, detail, next_at, absent=True)
                    return False
                case Begun():
                    detail = "a thread broke off; the rest of it is missing"
                    unit.transitions.still_in_doubt(delivery, detail, None, absent=False)
                    return False
                case Unclear(detail):
                    next_at = self._next_look_up(attempt, now)
                    unit.transitions.still_in_doubt(delivery, detail, next_at, absent=False)
                    return False
                case _:
                    assert_never(answer)
            unit.transitions.wake_held(delivery.account)
        log.info("delivery %d on %s: reconciled", delivery.id, delivery.account)
        return True

    def _surely_absent(self, attempt: Attempt) -> bool:
        return (
            attempt.absences + 1 >= ABSENCES_THAT_SETTLE and attempt.number < MOST_ATTEMPTS_IN_DOUBT
        )

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


def look_up(
    connect: Callable[[str], Connector], delivery: Delivery, attempt: Attempt, since: datetime
) -> LookUp:
    """What the network shows of this send, tried first at `since`.

    A connector's own fault is an unclear answer, never an absence.
    """
    connector = reach(connect, delivery)
    if isinstance(connector, NotSent | Rejected):
        return Unclear(connector.reason)
    try:
        return connector.look_up(attempt.prepared, since)
    except Exception as error:
        log.exception("the connector of %s failed while looking up", delivery.account)
        return Unclear(f"the connector failed while looking up: {type(error).__name__}")
