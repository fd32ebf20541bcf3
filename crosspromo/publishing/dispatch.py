"""Dispatch: how a delivery is sent, and why it is never sent twice.

    prepare   sign in, refresh, upload, resolve: slow network calls that post nothing
    advance   one transaction for many accounts
      settle    record the outcome of each send that has ended, by one guarded update
      claim     take the next due delivery of each account, if the gate allows it
      intend    record the exact payload and the credit of the send
    send      one request that can create a post (for a thread one for each part), with a time-out
              and without retries

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
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import assert_never

from crosspromo.domain.attempts import Attempt, Ending, Intent, Json, Prepared
from crosspromo.domain.backoff import SHORTEST_WAIT, rest_until, wait_before
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote
from crosspromo.domain.errors import CrosspromoError, DatabaseError
from crosspromo.domain.outcomes import NotSent, Outcome, Rejected, Sent, Unknown
from crosspromo.domain.pauses import AccountState
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons import faults
from crosspromo.domain.recorded_decisions import record_of
from crosspromo.domain.states import State
from crosspromo.domain.values import changed
from crosspromo.domain.verdicts import Allow, Facts, Hold, Refuse
from crosspromo.publishing import log_lines
from crosspromo.publishing.facts import GateFacts, numbers
from crosspromo.publishing.log_lines import LogLine, Outages
from crosspromo.publishing.logins import double_login, note_clock
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.ports import DispatchUnit, IntentTransition, Store
from crosspromo.publishing.results import (
    BatchResult,
    Disposed,
    Disposition,
    Preparation,
    Sending,
    SendResult,
    Step,
    ToPrepare,
)
from crosspromo.publishing.rules import AccountRules, OrganisationRules

log = logging.getLogger(__name__)


LEASE_ENDED = "its lease ran out before it could be sent"
"""Words for a send that was not made: the machine slept, and the network has no part in it."""


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
    outages: Outages = field(default_factory=Outages)
    noted_offsets: dict[str, timedelta] = field(default_factory=dict)

    def accounts_with_work(self, now: datetime) -> list[str]:
        """Names of the accounts that have a due delivery and may send now, longest due first."""
        with self.store.read() as unit:
            return unit.deliveries.accounts_with_work(now)

    def make_ready(self, delivery: Delivery) -> Preparation:
        """Make the delivery's connector ready (`Connector.ready`). Slow: it calls a network."""
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
            result = batch_result(steps := [*settled, *claimed])
            wakes = bool(result.freed) and unit.holds.any_held_by_ratio(result.freed)
        self.report(steps, now)
        if wakes:
            try:
                self._wake_held(result.freed)
            except DatabaseError as error:  # what was claimed above must be sent all the same
                log.warning("deliveries that wait for headroom are woken later: %s", error)
        return result

    def report(self, steps: Sequence[Step], now: datetime) -> None:
        """Log what a transaction at `now` changed, once it is committed."""
        for step in steps:
            match step:
                case Disposed(account, _, _, line, outcome):
                    line.write()
                    self._log_outcome(account, outcome, now)
                case Sending(attempt):
                    words = f"attempt {attempt.number}"
                    became = State.SENDING.value
                    LogLine(
                        attempt.delivery, attempt.account, became, words=words, is_news=False
                    ).write()
                case ToPrepare():
                    pass

    def _log_outcome(self, account: str, outcome: Outcome | None, now: datetime) -> None:
        """Log what an outcome says of the account: a fault, the begin or the end of an outage.

        A network that asks for patience (`retry_at`) has answered. A rejection proves nothing: some
        are made here, before anything is sent.
        """
        match outcome:
            case NotSent(words, account_fault=True):
                log_lines.account_fault(account, words)
            case NotSent(words, None) if words != LEASE_ENDED:
                self.outages.failed(account, words, now)
            case Sent() | NotSent(retry_at=datetime()):
                self.outages.answered(account, now)
            case _:  # doubt, too, proves nothing
                pass

    def send(self, sending: Sending) -> SendResult:
        """Send the attempt's payload, unless its lease has ended (the machine slept).

        After the end of its lease the delivery may have become *unknown*, and have been sent again.
        """
        attempt, lease_until = sending.attempt, sending.delivery.wake_at
        if lease_until is not None and self.clock.now() >= lease_until:
            return SendResult(sending, NotSent(LEASE_ENDED))
        return SendResult(sending, send(self.connector, attempt))

    # -- settle --------------------------------------------------------------------------------

    def _settle(
        self, unit: DispatchUnit, results: Sequence[SendResult], now: datetime
    ) -> list[Disposed]:
        """Record the outcomes, each by one guarded update that reads nothing first.

        Deliveries are updated in the order of their ids: every worker locks them in this order.
        """
        in_order = sorted(results, key=_delivery_id)
        steps = [self._settle_one(unit, result, now) for result in in_order]
        for result in in_order:
            self._note_clock(unit, result.sending.attempt.account)
        return steps

    def _note_clock(self, unit: DispatchUnit, account: str) -> None:
        """Record the offset of the network's clock, if the connector has learned another one."""
        if self.accounts[account].capabilities.local:
            return
        try:
            connector = self.connector(account)
        except Exception:  # it cannot be set up any more, which the settled outcome says already
            log.debug("the clock of %s's network is not known", account, exc_info=True)
            return
        note_clock(unit.accounts, account, connector, self.noted_offsets)

    def _settle_one(self, unit: DispatchUnit, result: SendResult, now: datetime) -> Disposed:
        attempt, delivery = result.sending.attempt, result.sending.delivery
        outcome = result.outcome
        if result.sending.resumes_thread:
            outcome = self._outcome_of_thread(unit, attempt.account, outcome, now)
        name = delivery.id, attempt.account
        match outcome:
            case Sent(receipt):
                unit.transitions.publish(delivery, receipt, now)
                became, line = Disposition.PUBLISHED, LogLine(*name, "published", None, receipt.url)
            case NotSent():
                until = self._retry_at(unit, attempt.account, attempt.number, outcome, now)
                fault = Fault(faults.NotSent(outcome.reason))
                unit.transitions.requeue(delivery, Ending.NOT_SENT, fault, until, now)
                became = Disposition.POSTPONED
                line = LogLine(*name, "postponed", fault.code, outcome.reason, until)
            case Rejected():
                fault = Fault(faults.Rejected(outcome.code, outcome.reason))
                unit.transitions.fail(delivery, fault, now)
                became = Disposition.FAILED
                line = LogLine(*name, "failed", fault.code, outcome.reason)
            case Unknown():
                look_up_at = self._mark_unknown(unit, delivery, attempt, outcome, now)
                became = Disposition.UNKNOWN
                line = LogLine(*name, "unknown", None, outcome.detail, look_up_at)
            case _:
                assert_never(outcome)
        return Disposed(attempt.account, became, frees=True, line=line, outcome=result.outcome)

    def _mark_unknown(
        self,
        unit: DispatchUnit,
        delivery: Delivery,
        attempt: Attempt,
        outcome: Unknown,
        now: datetime,
    ) -> datetime | None:
        """Have the delivery looked up later; on an account posted by hand a person is asked.

        Returns the time of the look-up.
        """
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
        return look_up_at

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
    ) -> list[Step]:
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
        locked = unit.accounts.lock_free(locks)
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
    ) -> Disposed | Sending | ToPrepare | None:
        """The next step of one due delivery; None where it stays as it is until the next batch.

        The connector of an account that is paused or at fault is left alone: the gate holds the
        delivery anyway.
        """
        if facts.is_parked(delivery.account):
            return self._carry_out(unit, delivery, facts, connector=None)
        if preparation is None or preparation.delivery != delivery:
            if not self.accounts[delivery.account].capabilities.ready_at_once:
                return ToPrepare(delivery)
            preparation = self.make_ready(delivery)
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
        """Obstacle if two accounts share a login, this account and another; else None."""
        if self.accounts[account].capabilities.local:
            return None
        networks = {name: rules.network for name, rules in self.accounts.items()}
        sentence = double_login(unit, account, connector, networks)
        return None if sentence is None else NotSent(sentence, account_fault=True)

    def _set_aside(
        self, unit: DispatchUnit, delivery: Delivery, obstacle: NotSent | Rejected, now: datetime
    ) -> Disposed:
        """Postpone or fail a delivery whose connector met an obstacle. No attempt is recorded."""
        name = delivery.id, delivery.account
        match obstacle:
            case NotSent():
                tries = delivery.attempt + 1
                until = self._retry_at(unit, delivery.account, tries, obstacle, now)
                fault = Fault(faults.NotSent(obstacle.reason))
                unit.transitions.postpone(delivery, fault, until, now)
                became = Disposition.POSTPONED
                line = LogLine(*name, "postponed", fault.code, obstacle.reason, until)
            case Rejected():
                fault = Fault(faults.Rejected(obstacle.code, obstacle.reason))
                unit.transitions.refuse(delivery, State.FAILED, fault, now)
                became = Disposition.FAILED
                line = LogLine(*name, "failed", fault.code, obstacle.reason)
            case _:
                assert_never(obstacle)
        return Disposed(delivery.account, became, frees=False, line=line, outcome=obstacle)

    def _carry_out(
        self,
        unit: DispatchUnit,
        delivery: Delivery,
        facts: GateFacts,
        *,
        connector: Connector | None,
    ) -> Disposed | Sending | None:
        """Ask the gate, and write its decision: an intent, a hold or the end of the delivery."""
        judgement, now = facts.judge(delivery), facts.now
        decision, rules = judgement.decision, self.accounts[delivery.account]
        name = delivery.id, delivery.account
        match decision:
            case Allow():
                if connector is None:  # nothing was made ready: the next batch looks again
                    return None
                intent = Intent(
                    worker=self.worker,
                    prepared=self._payload(unit, delivery, connector, now),
                    decision=_as_json(delivery, decision, judgement.facts),
                    lease_until=now + lease(rules, len(delivery.content.parts)),
                    now=now,
                )
                return claim(unit.transitions, delivery, judgement.credit, intent)
            case Hold():
                note, before = HoldNote(decision.reason, decision.until), delivery.hold
                unit.transitions.hold(delivery, note, now)
                is_news = before is None or (before.code, before.until) != (note.code, note.until)
                line = LogLine(*name, "held", note.code, None, note.until, is_news)
                return Disposed(
                    delivery.account,
                    Disposition.HELD,
                    frees=False,
                    line=line,
                    reason=decision.reason,
                )
            case Refuse():
                fault = Fault(decision.reason)
                unit.transitions.refuse(delivery, decision.into, fault, now)
                line = LogLine(*name, decision.into.value, fault.code)
                became = Disposition(decision.into.value)
                return Disposed(
                    delivery.account, became, frees=True, line=line, reason=decision.reason
                )
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
            unit.holds.wake_held_by_ratio(*accounts)


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


def send(connect: Callable[[str], Connector], attempt: Attempt) -> Outcome:
    """The outcome of sending the attempt's payload.

    An account that cannot be set up was sent nothing. An unforeseen exception during the send
    proves nothing about the post: the outcome is Unknown.
    """
    try:
        connector = connect(attempt.account)
    except CrosspromoError as error:
        return NotSent(str(error), account_fault=True)
    except Exception as error:
        log.exception("the connector of %s failed before the send", attempt.account)
        return NotSent(f"the connector failed before the send: {type(error).__name__}")
    try:
        return connector.send(attempt.prepared)
    except Exception as error:
        log.exception("the connector of %s failed while sending", attempt.account)
        return Unknown(f"the connector failed while sending: {type(error).__name__}")


def claim(
    transitions: IntentTransition, delivery: Delivery, credit: Credit, intent: Intent
) -> Sending:
    """Record the intent. From here on the delivery is *sending*, and its credit is fixed."""
    fixed = delivery if credit is delivery.credit else changed(delivery, credit=credit)
    attempt = transitions.record_intent(fixed, intent)
    claimed = changed(
        fixed,
        state=State.SENDING,
        attempt=attempt.number,
        claimed_by=attempt.worker,
        wake_at=intent.lease_until,
        hold=None,
    )
    return Sending(attempt, claimed, resumes_thread=delivery.state is State.UNKNOWN)


def lease(account: AccountRules, parts: int = 1) -> timedelta:
    """Time after which other workers may take a send of so many parts for abandoned.

    It is well past the time-outs of all requests that the send may make, one for each part.
    """
    return _lease(account.timeout, parts)


@lru_cache(maxsize=16)  # what is claimed together mostly has the same
def _lease(timeout: timedelta, parts: int) -> timedelta:
    return (3 + max(1, parts)) * timeout + timedelta(seconds=30)


def batch_result(steps: Sequence[Step]) -> BatchResult:
    """The steps of one transaction, sorted by kind."""
    moved = [step for step in steps if isinstance(step, Disposed)]
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
    checks = record_of(decision.trail, due.account)
    return {"checks": checks, "override": override, "numbers": numbers(facts)}
