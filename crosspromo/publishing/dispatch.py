"""Dispatch: how a delivery is sent, and why it is never sent twice.

    prepare   sign in, refresh, upload, resolve: slow network calls that post nothing
    advance   one transaction for many accounts
      settle    record the outcome of each send that has ended, by one guarded update
      claim     take the next due delivery of each account, if the gate allows it
      intend    record the exact payload and the credit of the send
    send      one request that can create a post, with a time-out and without retries

A crash before `advance` commits leaves the delivery queued: nothing was sent. A crash after the
commit leaves the delivery *sending*, and no worker sends it again. Once its worker is known to be
dead, or its lease has ended, the delivery becomes *unknown*, and `reconcile` looks for it on the
network. A worker that comes back late has lost its claim and settles nothing.

`cycle` decides when these steps run, and which of them run side by side.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from crosspromo.domain.attempts import Attempt, Ending, Intent, Json, Prepared
from crosspromo.domain.backoff import SHORTEST_WAIT, rest_until, wait_before
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.outcomes import NotSent, Outcome, Rejected, Sent, Unknown
from crosspromo.domain.pauses import AccountState
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons import faults
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Allow, Facts, Hold, Refuse
from crosspromo.publishing.facts import GateFacts, numbers
from crosspromo.publishing.logins import double_login, note_clock
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.ports import DispatchUnit, IntentTransition, Store
from crosspromo.publishing.results import (
    BatchResult,
    Disposition,
    Moved,
    Preparation,
    Sending,
    SendResult,
    ToPrepare,
)
from crosspromo.publishing.rules import AccountRules, OrganisationRules

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Dispatcher:
    """Claims due deliveries, sends them, and settles what came of each send.

    `connector` returns the connector of an account. `worker` names this process in every claim.
    `spread` returns a random share of the backoff, 0 to 1. `noted_offsets` are the offsets of
    networks' clocks, by account, that this process has recorded.
    """

    store: Store[DispatchUnit]
    connector: Callable[[str], Connector]
    accounts: Mapping[str, AccountRules]
    organisation: OrganisationRules
    clock: Clock
    worker: str
    spread: Callable[[], float] = random.random
    noted_offsets: dict[str, timedelta] = field(default_factory=dict)

    def accounts_with_work(self, now: datetime) -> list[str]:
        """Names of the accounts that have a due delivery and may send now, longest due first."""
        with self.store.read() as unit:
            return unit.deliveries.accounts_with_work(now)

    def prepare(self, delivery: Delivery) -> Preparation:
        """Prepare the delivery's connector. Slow: the connector calls its network."""
        return Preparation(delivery, ready_connector(self.connector, delivery))

    def advance(
        self,
        results: Sequence[SendResult],
        accounts: Collection[str],
        preparations: Mapping[str, Preparation],
    ) -> BatchResult:
        """Settle these results and claim due deliveries of these accounts, in one transaction.

        `preparations` are by account. A delivery without one is claimed only if its connector is
        ready at once; the result asks for the others to be prepared. LostClaimError, and nothing is
        written, where another worker has taken over one of the sends.
        """
        with self.store.write() as unit:
            now = self.clock.now()
            with unit.transitions.batch():
                settled = self._settle(unit, results, now)
            with unit.transitions.batch():
                claimed = self._claim(unit, accounts, preparations, now)
            result = batch_result([*settled, *claimed])
            wakes = bool(result.freed) and unit.holds.anything_held(result.freed)
        if wakes:
            self._wake_held(result.freed)
        return result

    def send(self, sending: Sending) -> SendResult:
        """Send the attempt's payload, unless its lease has ended (the machine slept).

        After the end of its lease the delivery may have become *unknown*, and have been sent again.
        """
        attempt, lease_until = sending.attempt, sending.delivery.wake_at
        if lease_until is not None and self.clock.now() >= lease_until:
            return SendResult(sending, NotSent("its lease ran out before it could be sent"))
        return SendResult(sending, send(self.connector(attempt.account), attempt))

    # -- settle --------------------------------------------------------------------------------

    def _settle(
        self, unit: DispatchUnit, results: Sequence[SendResult], now: datetime
    ) -> list[Moved]:
        """Record the outcomes, each by one guarded update that reads nothing first.

        Deliveries are updated in the order of their ids: every worker locks them in this order.
        """
        moved: list[Moved] = []
        for result in sorted(results, key=_delivery_id):
            attempt = result.sending.attempt
            disposition = self._settle_one(unit, result, now)
            self._note_clock(unit, attempt.account)
            moved.append(Moved(attempt.account, disposition, frees=True))
            log.info("delivery %d on %s: %s", attempt.delivery, attempt.account, disposition)
        return moved

    def _note_clock(self, unit: DispatchUnit, account: str) -> None:
        """Record the offset of the network's clock, if the connector has learned another one."""
        if not self.accounts[account].capabilities.local:
            note_clock(unit.accounts, account, self.connector(account), self.noted_offsets)

    def _settle_one(self, unit: DispatchUnit, result: SendResult, now: datetime) -> Disposition:
        attempt, delivery = result.sending.attempt, result.sending.delivery
        outcome = result.outcome
        if result.sending.resumes_thread:
            outcome = self._outcome_of_thread(unit, attempt.account, outcome, now)
        match outcome:
            case Sent(receipt):
                unit.transitions.publish(delivery, receipt, now)
                return Disposition.PUBLISHED
            case NotSent():
                until = self._retry_at(unit, attempt.account, attempt.number, outcome, now)
                fault = Fault(faults.NotSent(outcome.reason))
                unit.transitions.requeue(delivery, Ending.NOT_SENT, fault, until, now)
                return Disposition.POSTPONED
            case Rejected():
                fault = Fault(faults.Rejected(outcome.code, outcome.reason))
                unit.transitions.fail(delivery, fault, now)
                return Disposition.FAILED
            case Unknown():
                self._mark_unknown(unit, delivery, attempt, outcome, now)
                return Disposition.UNKNOWN
            case _:
                assert_never(outcome)

    def _mark_unknown(
        self,
        unit: DispatchUnit,
        delivery: Delivery,
        attempt: Attempt,
        outcome: Unknown,
        now: datetime,
    ) -> None:
        """Have the delivery looked up later; on an account posted by hand a person is asked."""
        rules = self.accounts[attempt.account]
        look_up_at = None
        if not outcome.needs_person:
            look_up_at = max(now, attempt.started_at + rules.look_up_after[0])
        by_hand = rules.capabilities.by_hand
        reason = faults.ByHand(outcome.detail) if by_hand else faults.InDoubt(outcome.detail)
        unit.transitions.mark_unknown(
            delivery, Fault(reason), look_up_at, now, needs_person=outcome.needs_person
        )
        self._rest(unit, attempt.account, outcome.retry_at, now)

    def _outcome_of_thread(
        self, unit: DispatchUnit, account: str, outcome: Outcome, now: datetime
    ) -> Outcome:
        """Outcome of a thread, from the outcome of sending its rest.

        The first parts are on the network, so a rest that was not sent leaves the thread *unknown*.
        """
        match outcome:
            case Sent() | Unknown():
                return outcome
            case NotSent(reason, retry_at, account_fault):
                if account_fault:
                    unit.accounts.set_fault(account, reason, now)
                words = f"the rest of the thread did not go out: {reason}"
                return Unknown(words, retry_at=retry_at)
            case Rejected(reason):
                return Unknown(f"the rest of the thread did not go out: {reason}")
            case _:
                assert_never(outcome)

    def _retry_at(
        self, unit: DispatchUnit, account: str, tries: int, outcome: NotSent, now: datetime
    ) -> datetime:
        """Time of the next try after `tries` tries.

        A fault of the account sets the whole account aside until a person has looked. A time that
        the network named holds for all deliveries of the account.
        """
        if outcome.account_fault:
            unit.accounts.set_fault(account, outcome.reason, now)
            return now
        until = self._rest(unit, account, outcome.retry_at, now)
        return until or max(now + wait_before(tries, self.spread()), now + SHORTEST_WAIT)

    def _rest(
        self, unit: DispatchUnit, account: str, named: datetime | None, now: datetime
    ) -> datetime | None:
        """Let the account rest until the time that its network named, for a day at most.

        The end of the rest; None where the network named no time.
        """
        until = rest_until(named, now)
        if until is not None:
            unit.accounts.rest(account, until)
        return until

    # -- claim and intend ----------------------------------------------------------------------

    def _claim(
        self,
        unit: DispatchUnit,
        accounts: Collection[str],
        preparations: Mapping[str, Preparation],
        now: datetime,
    ) -> list[Moved | Sending | ToPrepare]:
        """Judge the next due delivery of each account, and carry out the gate's decisions.

        Claim, gate and intent are one transaction: no two sends can use the same headroom.
        """
        states = self._lock(unit, accounts)
        due = unit.deliveries.next_due(states, now) if states else ()
        if not due:
            return []
        if self.organisation.floor and any(delivery.credit.counts_self for delivery in due):
            unit.accounts.lock_organisation()
        facts = GateFacts(unit, due, self.accounts, self.organisation, now, states=states)
        steps = (self._step(unit, each, facts, preparations.get(each.account)) for each in due)
        return [step for step in steps if step is not None]

    def _lock(self, unit: DispatchUnit, accounts: Collection[str]) -> dict[str, AccountState]:
        """Lock the accounts that no other worker has locked; their states, by name.

        Of accounts that share a duplicate rule at most one is returned, and only if all of them
        could be locked.
        """
        wanted: list[str] = []
        locks: set[str] = set()
        for name in accounts:
            if name not in locks:
                wanted.append(name)
                locks |= {name, *self.accounts[name].accounts_sharing_duplicate_rule}
        if not wanted:
            return {}
        locked = unit.accounts.claim(locks)
        missing = locks - locked.keys()
        if missing:  # locked by another worker, unless the account never had a delivery
            missing &= unit.accounts.states(missing).keys()
        return {
            name: locked[name]
            for name in wanted
            if name in locked
            and missing.isdisjoint(self.accounts[name].accounts_sharing_duplicate_rule)
        }

    def _step(
        self,
        unit: DispatchUnit,
        delivery: Delivery,
        facts: GateFacts,
        preparation: Preparation | None,
    ) -> Moved | Sending | ToPrepare | None:
        """The next step of one due delivery; None where it stays as it is until the next batch.

        The connector of an account that is paused or at fault is left alone: the gate holds the
        delivery anyway.
        """
        if facts.is_parked(delivery.account):
            return self._carry_out(unit, delivery, facts, connector=None)
        if preparation is None or preparation.delivery != delivery:
            if not self.accounts[delivery.account].capabilities.ready_at_once:
                return ToPrepare(delivery)
            preparation = self.prepare(delivery)
        match preparation.connector:
            case NotSent() | Rejected() as obstacle:
                return self._set_aside(unit, delivery, obstacle, facts.now)
            case connector:
                double = self._double_login(unit, delivery.account, connector)
                if double is not None:
                    return self._set_aside(unit, delivery, double, facts.now)
                return self._carry_out(unit, delivery, facts, connector=connector)

    def _double_login(
        self, unit: DispatchUnit, account: str, connector: Connector
    ) -> NotSent | None:
        """Obstacle of an account whose login another account has; None where none has it."""
        if self.accounts[account].capabilities.local:
            return None
        networks = {name: rules.network for name, rules in self.accounts.items()}
        sentence = double_login(unit, account, connector, networks)
        return None if sentence is None else NotSent(sentence, account_fault=True)

    def _set_aside(
        self, unit: DispatchUnit, delivery: Delivery, obstacle: NotSent | Rejected, now: datetime
    ) -> Moved:
        """Postpone or fail a delivery whose connector met an obstacle. No attempt is recorded."""
        match obstacle:
            case NotSent():
                tries = delivery.attempt + 1
                until = self._retry_at(unit, delivery.account, tries, obstacle, now)
                unit.transitions.postpone(delivery, Fault(faults.NotSent(obstacle.reason)), until)
                return Moved(delivery.account, Disposition.POSTPONED, frees=False)
            case Rejected():
                fault = Fault(faults.Rejected(obstacle.code, obstacle.reason))
                unit.transitions.refuse(delivery, State.FAILED, fault)
                return Moved(delivery.account, Disposition.FAILED, frees=False)

    def _carry_out(
        self,
        unit: DispatchUnit,
        delivery: Delivery,
        facts: GateFacts,
        *,
        connector: Connector | None,
    ) -> Moved | Sending | None:
        """Ask the gate, and write its decision: an intent, a hold or the end of the delivery."""
        judgement, now = facts.judge(delivery), facts.now
        decision = judgement.decision
        match decision:
            case Allow():
                if connector is None:  # its account is set aside no more: the next batch sends it
                    return None
                intent = Intent(
                    worker=self.worker,
                    prepared=self._payload(unit, delivery, connector, now),
                    decision=_as_json(delivery, decision, judgement.facts),
                    lease_until=now + lease(self.accounts[delivery.account]),
                    now=now,
                )
                return claim(unit.transitions, delivery, judgement.credit, intent)
            case Hold():
                unit.transitions.hold(delivery, HoldNote(decision.reason, decision.until), now)
                return Moved(delivery.account, Disposition.HELD, frees=False)
            case Refuse():
                unit.transitions.refuse(delivery, decision.into, Fault(decision.reason))
                return Moved(delivery.account, Disposition(decision.into.value), frees=True)
            case _:
                assert_never(decision)

    def _payload(
        self, unit: DispatchUnit, due: Delivery, connector: Connector, now: datetime
    ) -> Prepared:
        """The exact payload of the send.

        A delivery whose outcome was ever unknown is repeated with the same payload and token.
        """
        if due.attempt and unit.attempts.was_ever_unknown(due.id):
            return unit.attempts.get(due.id, due.attempt).prepared
        return connector.prepare(due.content, now)

    def _wake_held(self, accounts: Collection[str]) -> None:
        """Have deliveries that wait for headroom judged again.

        This transaction is separate: it may wait for rows that another worker has locked, and holds
        no lock that others wait for. A wake-up lost in a crash is made up for by the next worker
        (`Reconciler.recover_abandoned`).
        """
        with self.store.write() as unit:
            unit.holds.wake_held(*accounts)


def ready_connector(
    connect: Callable[[str], Connector], delivery: Delivery
) -> Connector | NotSent | Rejected:
    """Prepared connector of the delivery's account, or the obstacle that it met.

    An account that cannot be set up (its secret is gone) needs a person. An unforeseen exception of
    the connector is an obstacle like any other: nothing was sent.
    """
    try:
        connector = connect(delivery.account)
        return connector.ready(delivery.content) or connector
    except CrosspromoError as error:
        return NotSent(str(error), account_fault=True)
    except Exception as error:
        log.exception("the connector of %s failed before the send", delivery.account)
        return NotSent(f"the connector failed before the send: {type(error).__name__}")


def send(connector: Connector, attempt: Attempt) -> Outcome:
    """The outcome of sending the attempt's payload.

    An unforeseen exception of the connector proves nothing about the post: the outcome is Unknown.
    """
    try:
        return connector.send(attempt.prepared)
    except Exception as error:
        log.exception("the connector of %s failed while sending", attempt.account)
        return Unknown(f"the connector failed while sending: {type(error).__name__}")


def claim(
    transitions: IntentTransition, delivery: Delivery, credit: Credit, intent: Intent
) -> Sending:
    """Record the intent to send the delivery, which fixes its credit."""
    fixed = delivery if credit is delivery.credit else replace(delivery, credit=credit)
    attempt = transitions.record_intent(fixed, intent)
    claimed = replace(
        fixed,
        state=State.SENDING,
        attempt=attempt.number,
        claimed_by=attempt.worker,
        wake_at=intent.lease_until,
        hold=None,
    )
    return Sending(attempt, claimed, resumes_thread=delivery.state is State.UNKNOWN)


def lease(account: AccountRules) -> timedelta:
    """Longest duration of a send on the account: well past the sum of its time-outs."""
    return 4 * account.timeout + timedelta(seconds=30)


def batch_result(steps: Sequence[Moved | Sending | ToPrepare]) -> BatchResult:
    """The steps of one transaction, sorted by kind."""
    moved = [step for step in steps if isinstance(step, Moved)]
    return BatchResult(
        dispositions=Counter(step.disposition for step in moved),
        to_send=[step for step in steps if isinstance(step, Sending)],
        to_prepare=[step.delivery for step in steps if isinstance(step, ToPrepare)],
        moved={step.account for step in moved},
        freed={step.account for step in moved if step.frees},
    )


def _delivery_id(result: SendResult) -> int:
    return result.sending.attempt.delivery


def _as_json(due: Delivery, decision: Allow, facts: Facts) -> dict[str, Json]:
    """The decision that allowed the delivery, as the attempt's row keeps it."""
    override: Json = None
    if due.override is not None:
        override = {"by": due.override.by, "reason": due.override.reason}
    checks: dict[str, Json] = dict(decision.trail)
    return {"checks": checks, "override": override, "numbers": numbers(facts)}
