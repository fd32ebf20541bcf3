"""Delivery explanation: each gate check, the arithmetic, and the counted ledger rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from crosspromo.domain.approval import Approval
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, PastHold
from crosspromo.domain.forecasts import Forecast
from crosspromo.domain.gate import candidate_of, legally_barred, survey
from crosspromo.domain.ledger import LedgerRow
from crosspromo.domain.ratio import Window
from crosspromo.domain.recorded_decisions import checks_of
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Decision, Hold, Refuse
from crosspromo.publishing.facts import judge, numbers
from crosspromo.publishing.rules import AccountRules, OrganisationRules

if TYPE_CHECKING:
    from crosspromo.services.play.forecasting import Forecasting
    from crosspromo.store.unit import Store, Unit

MOST_READY = 5
"""Largest number of partners proposed at once."""

MOST_LOOKED_AT = 50
"""Largest number of partners read for a proposal: the law may bar us from sharing some of them."""


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """Gate check with its answer: a sentence if the check passed, else a hold or a refusal.

    `phrasing.explanations.of_check` makes the sentence of a hold or a refusal.
    """

    name: str
    answer: str | Hold | Refuse


@dataclass(frozen=True, slots=True)
class Release:
    """Conditions that end a ratio hold: `posts_needed` partner posts, or the time `at`.

    `at` None: waiting alone does not end the hold. `ready` are partners to share, the longest
    waiting first, each with the time of the account's last post about the partner (None: no post).
    Not to be confused with the act of releasing a delivery.
    """

    posts_needed: int
    at: datetime | None
    ready: tuple[tuple[str, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Delivery state with its reasons.

    `decision` is the gate's present decision about a draft or a queued delivery; None for other
    states, and for a delivery whose account is missing from crosspromo.toml (`account_gone`).
    `numbers` are counts and targets, of now or of the send; `rows` are the ledger rows behind the
    counts, or the oldest of them, and `counted` is the number of all. `holds` are the delivery's
    holds until now, the first one first. `forecast` is what should become of a draft or a queued
    delivery. `is_due` False: its time is still to come, and the decision is that of a send now.
    """

    delivery: Delivery
    account_gone: bool = False
    decision: Decision | None = None
    approval: Approval | None = None
    checks: Sequence[CheckAnswer] = ()
    numbers: Mapping[str, Any] | None = None
    rows: Sequence[LedgerRow] = ()
    counted: int = 0
    release: Release | None = None
    holds: Sequence[PastHold] = ()
    forecast: Forecast | None = None
    is_due: bool = True


@dataclass(frozen=True)
class Explanations:
    """Explains deliveries under account rules and organisation rules.

    `own_group` are the slugs of partners that count as us.
    """

    store: "Store"
    clock: Clock
    rules: Mapping[str, AccountRules]
    organisation: OrganisationRules
    own_group: frozenset[str]
    forecasting: "Forecasting | None" = None

    def explain(self, delivery_id: int) -> Explanation:
        """Explanation of one delivery (`explain_all`)."""
        return self.explain_all([delivery_id])[0]

    def explain_all(self, delivery_ids: Sequence[int]) -> Sequence[Explanation]:
        """Explanations by a new gate decision (draft, queued) or by the stored decision (other
        states).

        The stored decision is that of the last attempt. NotFoundError for an unknown delivery.
        """
        found = [self._explained(delivery_id) for delivery_id in delivery_ids]
        if self.forecasting is None or not found:
            return found
        foretold = self.forecasting.of(delivery_ids)
        return [replace(each, forecast=foretold.get(each.delivery.id)) for each in found]

    def _explained(self, delivery_id: int) -> Explanation:
        with self.store.read() as unit:
            return self.within(unit, unit.deliveries.get(delivery_id))

    def within(self, unit: "Unit", delivery: Delivery) -> Explanation:
        """Explanation of a delivery within a transaction, without a forecast."""
        explanation = self.judged(unit, delivery)
        return replace(explanation, holds=unit.hold_history.of(delivery.id))

    def judged(
        self, unit: "Unit", delivery: Delivery, oldest_rows: int | None = None
    ) -> Explanation:
        """The same without the holds until now.

        Of the ledger rows it has at most `oldest_rows`, those that leave the window first; None:
        all of them.
        """
        rules = self.rules.get(delivery.account)
        if delivery.state not in {State.DRAFT, State.QUEUED}:
            return _past(unit, delivery, rules, oldest_rows)
        if rules is None:
            return Explanation(delivery, account_gone=True)
        return self._waiting(unit, delivery, rules, oldest_rows)

    def _waiting(
        self, unit: "Unit", delivery: Delivery, rules: AccountRules, oldest_rows: int | None
    ) -> Explanation:
        now = self.clock.now()
        judgement = judge(unit, delivery, rules, self.organisation, now)
        decision = judgement.decision
        by_floor = isinstance(decision, Hold) and decision.code == "floor"
        account, window = (
            (None, self.organisation.window)
            if by_floor
            else (delivery.account, rules.policy.window)
        )
        rows, counted = unit.ledger.oldest_rows(account, window, now, oldest_rows)
        answers = survey(judgement.facts, candidate_of(delivery), now)
        return Explanation(
            delivery,
            is_due=delivery.due_at <= now,
            decision=decision,
            approval=judgement.facts.approval,
            checks=[CheckAnswer(name, answer) for name, answer in answers],
            numbers=numbers(judgement.facts),
            rows=rows,
            counted=counted,
            release=self._release(unit, delivery, decision, window, rows),
        )

    def _release(
        self,
        unit: "Unit",
        delivery: Delivery,
        decision: Decision,
        window: Window,
        rows: Sequence[LedgerRow],
    ) -> Release | None:
        if not isinstance(decision, Hold) or decision.posts_needed is None:
            return None
        now = self.clock.now()
        since = window.opens_after(now) or min((row.at for row in rows), default=now)
        waiting = unit.partners.ready(delivery.account, since, self.own_group, MOST_LOOKED_AT)
        ours = self.organisation.status  # without one, no law keeps us from sharing anybody
        statuses = unit.partners.statuses([slug for slug, _ in waiting]) if ours else {}
        ready = (
            (slug, last)
            for slug, last in waiting
            if not (slug in statuses and legally_barred(ours, dict([statuses[slug]])))
        )
        return Release(decision.posts_needed, decision.until, tuple(islice(ready, MOST_READY)))


def _past(
    unit: "Unit", delivery: Delivery, rules: AccountRules | None, oldest_rows: int | None
) -> Explanation:
    """Explanation by the decision of the delivery's last attempt; without an attempt, no checks."""
    if not delivery.attempt:
        return Explanation(delivery)
    stored = unit.attempts.decision(delivery.id, delivery.attempt)
    rows, counted = (
        ((), 0) if rules is None else _rows_before(unit, delivery, rules.policy.window, oldest_rows)
    )
    return Explanation(
        delivery,
        checks=[
            CheckAnswer(*each) for each in checks_of(stored["checks"], delivery.account).items()
        ],
        numbers=stored.get("numbers"),
        rows=rows,
        counted=counted,
    )


def _rows_before(
    unit: "Unit", delivery: Delivery, window: Window, oldest_rows: int | None
) -> tuple[Sequence[LedgerRow], int]:
    """Ledger rows counted when the gate allowed the delivery, with present values, and their
    number.

    A post deleted since then no longer counts as others. The numbers that the gate saw are stored
    with its decision.
    """
    allowed_at = unit.attempts.get(delivery.id, delivery.attempt).started_at
    return unit.ledger.oldest_rows(
        delivery.account, window, allowed_at, oldest_rows, besides=delivery.id
    )
