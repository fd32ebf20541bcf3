"""Reconciliation: deliveries whose outcome is unknown are looked up on their network.

`mark_abandoned` finds claims whose worker is gone, and marks their deliveries *unknown*. `look_up`
asks the network, and `settle` records the answer:

    found                        the delivery is *published*
    absent in two look-ups       the delivery is queued again: it is surely not on the network
    only the beginning found     the rest of the thread is sent, after two such look-ups
    unclear                      another look-up follows; after six a person is asked
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from crosspromo.domain.attempts import Attempt, Ending, Intent, Json, Prepared
from crosspromo.domain.backoff import SHORTEST_WAIT
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Fault
from crosspromo.domain.errors import CrosspromoError, LostClaimError
from crosspromo.domain.outcomes import Absent, Begun, Found, LookUp, Unclear
from crosspromo.domain.reasons.faults import InDoubt
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.publishing.dispatch import claim, lease
from crosspromo.publishing.log_lines import LogLine
from crosspromo.publishing.needs import lacks_of
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.ports import ReconcileUnit, Store
from crosspromo.publishing.results import Sending
from crosspromo.publishing.rules import AccountRules

log = logging.getLogger(__name__)

ABSENCES_THAT_SETTLE = 2
"""Look-ups without the post that prove its absence. One does not: listings lag (observed)."""

MOST_LOOK_UPS = 6
"""Look-ups that settled nothing after which a person is asked, whatever they showed."""

MOST_ATTEMPTS_IN_DOUBT = 3
"""Attempts with an unknown outcome after which only a person may have the delivery sent again."""

MOST_ATTEMPTS_AT_A_THREAD = 10
"""The same limit for a thread, of which each attempt may add parts."""


@dataclass(frozen=True, slots=True)
class UncertainDelivery:
    """A delivery whose outcome is unknown, with its last attempt.

    `since` is the time of the first attempt with the same payload and token.
    """

    delivery: Delivery
    attempt: Attempt
    since: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """The look-up settled the delivery: it is published, or queued again."""


@dataclass(frozen=True, slots=True)
class StillUnknown:
    """The look-up settled nothing, or another worker has settled the delivery already.

    `words` is what the look-up found, empty in the second case. `next_at` is the time of the next
    look-up; None: a person is asked.
    """

    words: str = ""
    next_at: datetime | None = None


Settlement = Settled | StillUnknown | Sending
"""Result of a look-up; a `Sending` has the rest of a thread, to be sent now."""


@dataclass(frozen=True)
class Reconciler:
    """Settles deliveries whose outcome is unknown.

    `connector` returns the connector of an account. `is_dead` is true of a worker that surely runs
    no more. `worker` names this process in the claims of threads that it resumes. Permissions end
    with a day in `zone`.
    """

    store: Store[ReconcileUnit]
    connector: Callable[[str], Connector]
    accounts: Mapping[str, AccountRules]
    clock: Clock
    is_dead: Callable[[str], bool]
    worker: str = "reconciler"
    zone: ZoneInfo = UTC_ZONE

    def recover_abandoned(self, *, wakes: bool = True) -> int:
        """Finish what dead workers left undone; the number of sends that they abandoned.

        Their sends become *unknown*. `wakes`: deliveries that wait for headroom are judged again.
        """
        abandoned = self.mark_abandoned()
        if wakes or abandoned:
            with self.store.write() as unit:
                unit.holds.wake_held_by_ratio_everywhere()
        return abandoned

    def mark_abandoned(self) -> int:
        """Mark every abandoned send as *unknown*; the number of these sends."""
        with self.store.read() as unit:
            now = self.clock.now()
            abandoned = [d for d in unit.deliveries.in_flight() if self._is_abandoned(d, now)]
        return sum(self._mark_unknown(delivery) for delivery in abandoned)

    def _is_abandoned(self, delivery: Delivery, now: datetime) -> bool:
        lease_ended = delivery.wake_at is not None and delivery.wake_at <= now
        return lease_ended or (
            delivery.claimed_by is not None and self.is_dead(delivery.claimed_by)
        )

    def _mark_unknown(self, delivery: Delivery) -> bool:
        """Whether the delivery was still claimed, and is *unknown* now."""
        try:
            with self.store.write() as unit:
                now = self.clock.now()
                attempt = unit.attempts.get(delivery.id, delivery.attempt)
                rules = self.accounts.get(delivery.account)
                look_up_at = None
                if rules is not None:
                    look_up_at = max(now, attempt.started_at + rules.look_up_after[0])
                words = f"{attempt.worker} stopped while it was sending this"
                fault = Fault(InDoubt(words))
                unit.transitions.mark_unknown(
                    delivery, fault, look_up_at, now, needs_person=look_up_at is None
                )
        except LostClaimError as lost:
            log.info("%s", lost)
            return False
        LogLine(delivery.id, delivery.account, "unknown", None, words, look_up_at).write()
        return True

    def due(self) -> list[UncertainDelivery]:
        """Unknown deliveries whose next look-up is due, on accounts of crosspromo.toml."""
        with self.store.read() as unit:
            return [
                _uncertain(unit, delivery)
                for delivery in unit.deliveries.to_look_up(self.clock.now())
                if delivery.account in self.accounts
            ]

    def look_up(self, uncertain: UncertainDelivery) -> LookUp:
        """The network's answer about the send. Slow: the connector calls its network."""
        return look_up(self.connector, uncertain.delivery, uncertain.attempt, since=uncertain.since)

    def settle(self, uncertain: UncertainDelivery, answer: LookUp) -> Settlement:
        """Record the answer of a look-up."""
        delivery = uncertain.delivery
        try:
            with self.store.write() as unit:
                settlement = self._settle(unit, delivery, uncertain.attempt, answer)
        except LostClaimError as lost:
            log.info("%s", lost)
            return StillUnknown()
        _log(delivery, answer, settlement)
        return settlement

    def _settle(
        self, unit: ReconcileUnit, delivery: Delivery, attempt: Attempt, answer: LookUp
    ) -> Settlement:
        now = self.clock.now()
        match answer:
            case Found(receipt):
                unit.transitions.publish(delivery, receipt, now)
                unit.holds.wake_held_by_ratio(delivery.account)
                return Settled()
            case Absent() if _is_certain(attempt, MOST_ATTEMPTS_IN_DOUBT):
                unit.transitions.requeue(delivery, Ending.ABSENT, None, now, now)
                unit.holds.wake_held_by_ratio(delivery.account)
                return Settled()
            case Absent():
                detail = "it was not found on the network yet"
                return self._look_up_again(unit, delivery, attempt, detail, now, absent=True)
            case Begun(progress) if _is_certain(attempt, MOST_ATTEMPTS_AT_A_THREAD):
                return self._resume_thread(unit, delivery, attempt, progress, now)
            case Begun():
                detail = "the thread broke off: its last parts were not found yet"
                return self._look_up_again(unit, delivery, attempt, detail, now, absent=True)
            case Unclear(detail):
                return self._look_up_again(unit, delivery, attempt, detail, now, absent=False)
            case _:
                assert_never(answer)

    def _look_up_again(
        self,
        unit: ReconcileUnit,
        delivery: Delivery,
        attempt: Attempt,
        detail: str,
        now: datetime,
        *,
        absent: bool,
    ) -> StillUnknown:
        next_at = self._next_look_up(attempt, now)
        unit.transitions.record_look_up(delivery, detail, next_at, absent=absent)
        return StillUnknown(detail, next_at)

    def _resume_thread(
        self,
        unit: ReconcileUnit,
        delivery: Delivery,
        attempt: Attempt,
        progress: Mapping[str, Json],
        now: datetime,
    ) -> Settlement:
        """Claim the delivery for the missing parts of its thread.

        The thread counts as sent already, so the gate is not asked again. Nothing is sent on an
        account that is paused, at fault, resting or busy, nor without a permission that it needs.
        """
        rules = self.accounts[delivery.account]
        obstacle = _obstacle(unit, delivery.account, now)
        if obstacle is None:
            unit.deliveries.lock(delivery.id)  # a withdrawal that is under way is waited for
            if any(lacks_of(unit, delivery, rules, self.zone, now)):
                obstacle = "somebody no longer agrees to it"
        if obstacle is not None:
            later = now + max(rules.look_up_after[-1], SHORTEST_WAIT)
            detail = f"the thread broke off, and goes on later: {obstacle}"
            unit.transitions.record_look_up(delivery, detail, later, absent=False)
            return StillUnknown(detail, later)
        intent = Intent(
            worker=self.worker,
            prepared=Prepared(attempt.prepared.token, {**attempt.prepared.payload, **progress}),
            decision=unit.attempts.decision(delivery.id, delivery.attempt),
            lease_until=now + lease(rules, len(delivery.content.parts)),
            now=now,
        )
        return claim(unit.transitions, delivery, delivery.credit, intent)

    def _next_look_up(self, attempt: Attempt, now: datetime) -> datetime | None:
        """Time of the next look-up; None where a person is asked.

        The gaps between the times of `look_up_after` apply, counted from the look-up before; after
        the end of the list its last gap is repeated.
        """
        made = attempt.look_ups + 1
        if made >= MOST_LOOK_UPS or attempt.absences + 1 > ABSENCES_THAT_SETTLE:
            return None
        waits = self.accounts[attempt.account].look_up_after
        gap = waits[min(made, len(waits) - 1)] - waits[min(made, len(waits) - 1) - 1]
        return now + max(gap if len(waits) > 1 else waits[0], timedelta(0))


def _uncertain(unit: ReconcileUnit, delivery: Delivery) -> UncertainDelivery:
    attempt = unit.attempts.get(delivery.id, delivery.attempt)
    since = unit.attempts.first_started_at(delivery.id, attempt.prepared.token)
    return UncertainDelivery(delivery, attempt, since)


def _is_certain(attempt: Attempt, most: int) -> bool:
    """Whether one more absence settles the delivery, after fewer than `most` attempts."""
    return attempt.absences + 1 >= ABSENCES_THAT_SETTLE and attempt.number < most


def _log(delivery: Delivery, answer: LookUp, settlement: Settlement) -> None:
    """Log what a look-up found, once it is committed."""
    name = delivery.id, delivery.account
    match settlement, answer:
        case Settled(), Found(receipt):
            found = "a look-up found it" + ("" if receipt.url is None else f" at {receipt.url}")
            line = LogLine(*name, "published", None, found)
        case Settled(), _:
            words = "it is not on the network, and is sent again"
            line = LogLine(*name, "queued", None, words)
        case StillUnknown("", _), _:  # another worker has settled it
            return
        case StillUnknown(words, next_at), _:
            asked = "" if next_at is not None else "; a person is asked"
            line = LogLine(*name, "still unknown", None, words + asked, next_at)
        case _:
            line = LogLine(*name, "sending", None, "the rest of its thread")
    line.write()


def _obstacle(unit: ReconcileUnit, account: str, now: datetime) -> str | None:
    """Reason why nothing may be sent on the account now; None where there is none."""
    if account not in unit.accounts.lock_free([account]) or unit.deliveries.is_busy(account):
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
    connect: Callable[[str], Connector], delivery: Delivery, attempt: Attempt, *, since: datetime
) -> LookUp:
    """The network's answer about this send, which was first tried at `since`.

    An exception of the connector is an unclear answer, never an absence.
    """
    try:
        return connect(delivery.account).look_up(attempt.prepared, since)
    except CrosspromoError as error:  # the account cannot be set up
        return Unclear(str(error))
    except Exception as error:
        log.exception("the connector of %s failed while looking up", delivery.account)
        return Unclear(f"the connector failed while looking up: {type(error).__name__}")
