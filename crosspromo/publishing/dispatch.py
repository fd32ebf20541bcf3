"""How a delivery goes out, once.

    peek      the account's delivery that has waited longest
    ready     sign in, refresh, resolve: everything slow that posts nothing
    claim     in one transaction: the delivery is still ours to take, the gate allows it, and the
              intent to send (its exact payload, its credit) is recorded and committed
    send      one request that could create a post, with a time-out and no retries
    settle    what came of it, in one guarded update

A crash before `claim` commits leaves the delivery queued, and nothing was sent. A crash after it
leaves it *sending*, and nobody sends it again: when its worker is known to be dead, or its lease
has run out, it becomes *unknown* and `reconcile` looks on the network. A worker that comes back
late finds its claim gone (LostClaimError) and settles nothing.
"""

import logging
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from crosspromo.domain.attempts import Attempt, Ending, Json, Prepared
from crosspromo.domain.backoff import wait_before
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, Fault, HoldNote
from crosspromo.domain.errors import CrosspromoError, LostClaimError
from crosspromo.domain.outcomes import NotSent, Outcome, Rejected, Sent, Unknown
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Allow, Facts, Hold, Refuse
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.rules import AccountRules, OrganisationRules, judge, numbers
from crosspromo.publishing.storage import Intent, Store, Unit

log = logging.getLogger(__name__)

SHORTEST_WAIT = timedelta(seconds=1)
"""However soon a network says to come back: its clock and ours differ."""


class Step(StrEnum):
    """How far one delivery was taken."""

    PUBLISHED = "published"
    HELD = "held"
    POSTPONED = "postponed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    MISSED = "missed"
    EXPIRED = "expired"
    OVERTAKEN = "overtaken"  # another worker, or a person, was faster


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

    def publish_next(self, account: str) -> Step | None:
        """Take the account's next due delivery as far as it goes; None when nothing is due."""
        due, parked = self._peek(account)
        if due is None:
            return None
        try:
            if parked:
                return self._hold(due)
            connector = reach(self.connector, due)
            if isinstance(connector, NotSent | Rejected):
                return self._set_aside(due, connector)
            attempt = self._claim(due, connector)
            if not isinstance(attempt, Attempt):
                return attempt
            return self._settle(attempt, send(connector, attempt))
        except LostClaimError as lost:
            log.info("%s", lost)
            return Step.OVERTAKEN

    def _peek(self, account: str) -> tuple[Delivery | None, bool]:
        """The delivery, and whether its account is set aside: then the gate will say so."""
        with self.store.read() as unit:
            due = unit.deliveries.next_due(account, self.clock.now())
            parked = unit.accounts.fault(account) is not None
            return due, parked or unit.pauses.over(account) is not None

    def _hold(self, due: Delivery) -> Step:
        """The account is set aside: the gate says so, and its connector is left alone."""
        claimed = self._claim(due, connector=None)
        return claimed if isinstance(claimed, Step) else Step.OVERTAKEN

    def _claim(self, due: Delivery, connector: Connector | None) -> Attempt | Step:
        """Claim, gate and intent are one transaction: no two can use the same headroom.

        Without a connector nothing can be sent, so an Allow that comes too soon waits for the next
        round.
        """
        rules = self.accounts[due.account]
        with self.store.write() as unit:
            for account in sorted({due.account, *rules.one_voice_with}):
                unit.accounts.lock(account)
            now = self.clock.now()
            if unit.deliveries.next_due(due.account, now) != due:
                return Step.OVERTAKEN
            judgement = judge(unit, due, rules, self.organisation, now)
            decision = judgement.decision
            match decision:
                case Allow():
                    if connector is None:
                        return Step.OVERTAKEN
                    intent = Intent(
                        worker=self.worker,
                        prepared=self._prepare(unit, due, connector, now),
                        decision=_as_json(due, decision, judgement.facts),
                        lease_until=now + rules.lease,
                        now=now,
                    )
                    fixed = replace(due, credit=judgement.credit)
                    return unit.transitions.intend(fixed, intent)
                case Hold():
                    note = HoldNote(decision.code, decision.reason, decision.until)
                    unit.transitions.hold(due, note)
                    return Step.HELD
                case Refuse():
                    fault = Fault(decision.code, decision.reason)
                    unit.transitions.refuse(due, decision.into, fault)
                    unit.transitions.wake_held(due.account)
                    return Step(decision.into.value)
                case _:
                    assert_never(decision)

    def _prepare(self, unit: Unit, due: Delivery, connector: Connector, now: datetime) -> Prepared:
        """The exact send. One that was ever in doubt is repeated as it was, token and all."""
        if due.attempt:
            last = unit.deliveries.attempt(due.id, due.attempt)
            if last.ending is Ending.ABSENT:
                return last.prepared
        return connector.prepare(due.content, now)

    def _set_aside(self, due: Delivery, obstacle: NotSent | Rejected) -> Step:
        """It could not even be tried: nothing was sent, so no attempt is recorded."""
        with self.store.write() as unit:
            now = self.clock.now()
            match obstacle:
                case NotSent():
                    until = self._park_or_wait(unit, due.account, due.attempt + 1, obstacle, now)
                    unit.transitions.postpone(due, Fault("not-sent", obstacle.reason), until)
                    return Step.POSTPONED
                case Rejected():
                    fault = Fault(obstacle.code, obstacle.reason)
                    unit.transitions.refuse(due, State.FAILED, fault)
                    return Step.FAILED

    def _settle(self, attempt: Attempt, outcome: Outcome) -> Step:
        with self.store.write() as unit:
            now = self.clock.now()
            sending = claimed(unit, attempt)
            rules = self.accounts[attempt.account]
            match outcome:
                case Sent(receipt):
                    unit.transitions.publish(sending, receipt, now)
                    step = Step.PUBLISHED
                case NotSent():
                    until = self._park_or_wait(unit, attempt.account, attempt.number, outcome, now)
                    fault = Fault("not-sent", outcome.reason)
                    unit.transitions.requeue(sending, Ending.NOT_SENT, fault, until, now)
                    step = Step.POSTPONED
                case Rejected():
                    unit.transitions.fail(sending, Fault(outcome.code, outcome.reason), now)
                    step = Step.FAILED
                case Unknown():
                    look_up_at = None
                    if not outcome.needs_person:
                        look_up_at = max(now, attempt.started_at + rules.look_up_after[0])
                    unit.transitions.doubt(
                        sending,
                        Fault("unknown", outcome.detail),
                        look_up_at,
                        now,
                        needs_person=outcome.needs_person,
                    )
                    step = Step.UNKNOWN
                case _:
                    assert_never(outcome)
            unit.transitions.wake_held(attempt.account)
        log.info("delivery %d on %s: %s", attempt.delivery, attempt.account, step)
        return step

    def _park_or_wait(
        self, unit: Unit, account: str, tries: int, outcome: NotSent, now: datetime
    ) -> datetime:
        """When to try again. A fault of the account parks it until a person has looked."""
        if outcome.account_fault:
            unit.accounts.set_fault(account, outcome.reason, now)
            return now
        at_once = now + SHORTEST_WAIT
        return max(outcome.retry_at or now + wait_before(tries, self.spread()), at_once)


def reach(
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


def claimed(unit: Unit, attempt: Attempt) -> Delivery:
    """The delivery as this attempt claimed it; LostClaimError where it has been taken over."""
    delivery = unit.deliveries.get(attempt.delivery)
    is_ours = (
        delivery.state is State.SENDING
        and delivery.attempt == attempt.number
        and delivery.claimed_by == attempt.worker
    )
    if not is_ours:
        raise LostClaimError(
            f"delivery {delivery.id}, attempt {attempt.number}: {attempt.worker} came too late"
        )
    return delivery


def _as_json(due: Delivery, decision: Allow, facts: Facts) -> dict[str, Json]:
    override: Json = None
    if due.override is not None:
        override = {"by": due.override.by, "reason": due.override.reason}
    checks: list[Json] = [
        {"check": passed.check, "sentence": passed.sentence} for passed in decision.trail
    ]
    return {"checks": checks, "override": override, "numbers": numbers(facts)}
