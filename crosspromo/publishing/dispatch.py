"""How a delivery goes out, once.

    ready     sign in, refresh, upload, resolve: everything slow that posts nothing
    advance   in one transaction, for many accounts at once
      settle    what came of the sends that have ended, each in one guarded move
      claim     the next delivery of each account is ours to take, and the gate allows it
      intend    its exact payload and its credit are recorded
    send      one request that could create a post, with a time-out and no retries

A crash before `advance` commits leaves the delivery queued, and nothing was sent. A crash after it
leaves it *sending*, and nobody sends it again: when its worker is known to be dead, or its lease
has run out, it becomes *unknown* and `reconcile` looks on the network. A worker that comes back
late finds its claim gone and settles nothing.

Who calls these, and what goes side by side, is `cycle`.
"""

import logging
import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from crosspromo.domain.attempts import Attempt, Ending, Intent, Json, Prepared
from crosspromo.domain.backoff import wait_before
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.outcomes import NotSent, Outcome, Rejected, Sent, Unknown
from crosspromo.domain.pauses import AccountState
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons import faults
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Allow, Facts, Hold, Refuse
from crosspromo.publishing.facts import GateFacts, Judgement, numbers
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.results import BatchResult, Disposition, Preparation, Sending, SendResult
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.publishing.storage import Store, Unit

log = logging.getLogger(__name__)

SHORTEST_WAIT = timedelta(seconds=1)
"""However soon a network says to come back: its clock and ours differ."""


@dataclass(frozen=True)
class Dispatcher:
    """Takes deliveries out of the queue and onto their networks.

    `connector` gives an account's connector. `worker` names this process in every claim.
    """

    store: Store
    connector: Callable[[str], Connector]
    accounts: Mapping[str, AccountRules]
    organisation: OrganisationRules
    clock: Clock
    worker: str
    spread: Callable[[], float] = random.random

    def advance(
        self,
        answers: Sequence[SendResult],
        accounts: Collection[str],
        preparations: Mapping[str, Preparation],
    ) -> BatchResult:
        """Settle these answers and claim what is due on these accounts: all of it, or nothing.

        LostClaimError, and nothing is settled, where another worker has taken one of them over.

        A delivery goes only if it was `preparations`, by its account, or where that keeps nobody
        waiting.
        """
        made = BatchResult()
        with self.store.write() as unit:
            now = self.clock.now()
            with unit.transitions.batch():
                self._settle(unit, answers, now, made)
            with unit.transitions.batch():
                self._claim(unit, accounts, preparations, now, made)
            wakes = bool(made.freed) and unit.holds.anything_held(made.freed)
        if wakes:
            self._wake_held(made.freed)
        return made

    def ready(self, delivery: Delivery) -> Preparation:
        """Have the connector of the delivery's account ready for it. Slow: it asks the network."""
        return Preparation(delivery, ready_connector(self.connector, delivery))

    def send(self, sending: Sending) -> SendResult:
        """Post it, unless its lease has run out meanwhile (the machine slept): then others may have
        doubted it, and sent it.
        """
        attempt, lease = sending.attempt, sending.delivery.wake_at
        if lease is not None and self.clock.now() >= lease:
            return SendResult(sending, NotSent("its lease ran out before it could be sent"))
        return SendResult(sending, send(self.connector(attempt.account), attempt))

    # -- settle --------------------------------------------------------------------------------

    def _settle(
        self, unit: Unit, answers: Sequence[SendResult], now: datetime, made: BatchResult
    ) -> None:
        """Each in one guarded move: it needs no look at how the delivery stands.

        In the order of their ids, in which every worker locks them.
        """
        for answer in sorted(answers, key=_by_id):
            attempt = answer.sending.attempt
            step = self._settle_one(unit, answer, now)
            made.count(step, attempt.account)
            made.freed.add(attempt.account)
            log.info("delivery %d on %s: %s", attempt.delivery, attempt.account, step)

    def _settle_one(self, unit: Unit, answer: SendResult, now: datetime) -> Disposition:
        attempt, sending = answer.sending.attempt, answer.sending.delivery
        outcome = answer.outcome
        if answer.sending.resumes_thread:
            outcome = self._of_the_rest(unit, attempt.account, outcome, now)
        match outcome:
            case Sent(receipt):
                unit.transitions.publish(sending, receipt, now)
                return Disposition.PUBLISHED
            case NotSent():
                until = self._park_or_wait(unit, attempt.account, attempt.number, outcome, now)
                fault = Fault(faults.NotSent(outcome.reason))
                unit.transitions.requeue(sending, Ending.NOT_SENT, fault, until, now)
                return Disposition.POSTPONED
            case Rejected():
                fault = Fault(faults.Rejected(outcome.code, outcome.reason))
                unit.transitions.fail(sending, fault, now)
                return Disposition.FAILED
            case Unknown():
                look_up_at = None
                if not outcome.needs_person:
                    after = self.accounts[attempt.account].look_up_after[0]
                    look_up_at = max(now, attempt.started_at + after)
                unit.transitions.mark_unknown(
                    sending,
                    Fault(self._doubt(attempt.account, outcome.detail)),
                    look_up_at,
                    now,
                    needs_person=outcome.needs_person,
                )
                if outcome.retry_at is not None:
                    unit.accounts.rest(attempt.account, outcome.retry_at)
                return Disposition.UNKNOWN
            case _:
                assert_never(outcome)

    def _doubt(self, account: str, words: str) -> faults.InDoubt | faults.ByHand:
        """What is in doubt: where a person does the posting, it is theirs to do."""
        by_hand = self.accounts[account].capabilities.by_hand
        return faults.ByHand(words) if by_hand else faults.InDoubt(words)

    def _of_the_rest(self, unit: Unit, account: str, outcome: Outcome, now: datetime) -> Outcome:
        """What it means for a thread that its rest was not sent: since its beginning stands there,
        the whole is in doubt, whatever befell the rest.
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

    def _park_or_wait(
        self, unit: Unit, account: str, tries: int, outcome: NotSent, now: datetime
    ) -> datetime:
        """When to try again. A fault of the account parks it until a person has looked; a time that
        its network named is kept for all its deliveries.
        """
        if outcome.account_fault:
            unit.accounts.set_fault(account, outcome.reason, now)
            return now
        at_once = now + SHORTEST_WAIT
        if outcome.retry_at is None:
            return max(now + wait_before(tries, self.spread()), at_once)
        until = max(outcome.retry_at, at_once)
        unit.accounts.rest(account, until)
        return until

    # -- claim and intend ----------------------------------------------------------------------

    def _claim(
        self,
        unit: Unit,
        accounts: Collection[str],
        preparations: Mapping[str, Preparation],
        now: datetime,
        made: BatchResult,
    ) -> None:
        """Claim, gate and intent are one transaction: no two can use the same headroom."""
        ours = self._ours(unit, accounts)
        due = unit.deliveries.next_due(ours, now) if ours else ()
        if not due:
            return
        if self.organisation.floor and any(delivery.credit.counts_self for delivery in due):
            unit.accounts.lock_organisation()
        gate_facts = GateFacts(unit, due, self.accounts, self.organisation, now, states=ours)
        for delivery, connector in self._within_reach(unit, due, gate_facts, preparations, made):
            judgement = gate_facts.judge(delivery)
            self._carry_out(unit, delivery, judgement, made, connector=connector, now=now)

    def _ours(self, unit: Unit, accounts: Collection[str]) -> dict[str, AccountState]:
        """Those of the accounts that nobody else is gating. Of accounts that must not say the same
        only one, and only with all of them locked.
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
        if missing:  # somebody else has it, unless it never had a delivery
            missing &= unit.accounts.states(missing).keys()
        return {
            name: locked[name]
            for name in wanted
            if name in locked
            and missing.isdisjoint(self.accounts[name].accounts_sharing_duplicate_rule)
        }

    def _within_reach(
        self,
        unit: Unit,
        due: Sequence[Delivery],
        gate_facts: GateFacts,
        preparations: Mapping[str, Preparation],
        made: BatchResult,
    ) -> Iterator[tuple[Delivery, Connector | None]]:
        """What can be judged now, each with its connector.

        With none where the account is set aside: then the gate says so, and its connector is left
        alone.
        """
        for delivery in due:
            known = preparations.get(delivery.account)
            if gate_facts.is_parked(delivery.account):
                yield delivery, None
            elif known is not None and known.delivery == delivery:
                yield from self._unless_set_aside(unit, known, gate_facts.now, made)
            elif self.accounts[delivery.account].capabilities.ready_at_once:
                here = self.ready(delivery)
                yield from self._unless_set_aside(unit, here, gate_facts.now, made)
            else:
                made.to_ready.append(delivery)

    def _unless_set_aside(
        self, unit: Unit, preparations: Preparation, now: datetime, made: BatchResult
    ) -> Iterator[tuple[Delivery, Connector | None]]:
        """It may be that it cannot even be tried: nothing was sent, so no attempt is recorded."""
        delivery, found = preparations.delivery, preparations.connector
        match found:
            case NotSent():
                tries = delivery.attempt + 1
                until = self._park_or_wait(unit, delivery.account, tries, found, now)
                unit.transitions.postpone(delivery, Fault(faults.NotSent(found.reason)), until)
                made.count(Disposition.POSTPONED, delivery.account)
            case Rejected():
                fault = Fault(faults.Rejected(found.code, found.reason))
                unit.transitions.refuse(delivery, State.FAILED, fault)
                made.count(Disposition.FAILED, delivery.account)
            case _:
                yield delivery, found

    def _carry_out(
        self,
        unit: Unit,
        delivery: Delivery,
        judgement: Judgement,
        made: BatchResult,
        *,
        connector: Connector | None,
        now: datetime,
    ) -> None:
        decision = judgement.decision
        match decision:
            case Allow():
                if connector is None:  # set aside no more: it goes in the next round
                    return
                intent = Intent(
                    worker=self.worker,
                    prepared=self._prepare(unit, delivery, connector, now),
                    decision=_as_json(delivery, decision, judgement.facts),
                    lease_until=now + self.accounts[delivery.account].lease,
                    now=now,
                )
                made.to_send.append(claim(unit, delivery, judgement.credit, intent))
            case Hold():
                note = HoldNote(decision.reason, decision.until)
                unit.transitions.hold(delivery, note, now)
                made.count(Disposition.HELD, delivery.account)
            case Refuse():
                fault = Fault(decision.reason)
                unit.transitions.refuse(delivery, decision.into, fault)
                made.count(Disposition(decision.into.value), delivery.account)
                made.freed.add(delivery.account)
            case _:
                assert_never(decision)

    def _prepare(self, unit: Unit, due: Delivery, connector: Connector, now: datetime) -> Prepared:
        """The exact send. One that was ever in doubt is repeated as it was, token and all."""
        if due.attempt and unit.deliveries.was_ever_unknown(due.id):
            return unit.deliveries.attempt(due.id, due.attempt).prepared
        return connector.prepare(due.content, now)

    def _wake_held(self, accounts: Collection[str]) -> None:
        """Have what waits for headroom looked at again.

        In a transaction of its own: it may have to wait for what another worker is holding just
        now, and has nothing that others wait for. One that is lost in a crash is made up for by
        the next worker (`Reconciler.recover_abandoned`).
        """
        with self.store.write() as unit:
            unit.holds.wake_held(*accounts)


def ready_connector(
    connect: Callable[[str], Connector], delivery: Delivery
) -> Connector | NotSent | Rejected:
    """The connector of the delivery's account, ready for it, or what stands in the way.

    An account that cannot even be set up (a secret that is gone) is one for a person to mend; a
    fault of the connector's own is an obstacle like any other.
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
    """What came of it. An exception no connector foresaw proves nothing: that is Unknown."""
    try:
        return connector.send(attempt.prepared)
    except Exception as error:
        log.exception("the connector of %s failed while sending", attempt.account)
        return Unknown(f"the connector failed while sending: {type(error).__name__}")


def claim(unit: Unit, delivery: Delivery, credit: Credit, intent: Intent) -> Sending:
    """Record the intent to send it, with the credit that this fixes."""
    fixed = delivery if credit is delivery.credit else replace(delivery, credit=credit)
    attempt = unit.transitions.record_intent(fixed, intent)
    resumes_thread = delivery.state is State.UNKNOWN
    claimed = replace(
        fixed,
        state=State.SENDING,
        attempt=attempt.number,
        claimed_by=attempt.worker,
        wake_at=intent.lease_until,
        hold=None,
    )
    return Sending(attempt, claimed, resumes_thread)


def _by_id(answer: SendResult) -> int:
    return answer.sending.attempt.delivery


def _as_json(due: Delivery, decision: Allow, facts: Facts) -> dict[str, Json]:
    override: Json = None
    if due.override is not None:
        override = {"by": due.override.by, "reason": due.override.reason}
    checks: dict[str, Json] = dict(decision.trail)
    return {"checks": checks, "override": override, "numbers": numbers(facts)}
