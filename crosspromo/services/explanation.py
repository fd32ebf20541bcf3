"""Why a delivery is held, or was allowed: each check, the arithmetic, and the rows counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from crosspromo.domain.approval import Approval
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.gate import candidate_of, legally_barred, survey
from crosspromo.domain.ledger import LedgerRow
from crosspromo.domain.ratio import Window
from crosspromo.domain.states import State
from crosspromo.domain.verdicts import Decision, Hold, Refuse
from crosspromo.publishing.facts import judge, numbers
from crosspromo.publishing.rules import AccountRules, OrganisationRules

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

MOST_READY = 5
"""How many partners are proposed at once."""

MOST_LOOKED_AT = 50
"""How many partners are looked at: the law may bar us from sharing some of them."""


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """One check of the gate and its answer: a sentence where it passed, else a hold or refusal,
    whose sentence `phrasing.explanations.of_check` makes.
    """

    name: str
    answer: str | Hold | Refuse


@dataclass(frozen=True, slots=True)
class Release:
    """What would end a hold by the ratio: `posts_needed` partner posts, or the moment `at`. It is
    not the act of releasing one.

    `ready` are partners to share, the longest waiting first, each with when the account last did.
    """

    posts_needed: int
    at: datetime | None
    ready: tuple[tuple[str, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a delivery stands as it does.

    `decision` is the gate's of this moment, for a delivery that waits; None for one that does not,
    or whose account crosspromo.toml has no more (`account_gone`). `numbers` are the counts and
    targets, of now or of the moment it was sent; `rows` what was counted for them.
    """

    delivery: Delivery
    account_gone: bool = False
    decision: Decision | None = None
    approval: Approval | None = None
    checks: Sequence[CheckAnswer] = ()
    numbers: Mapping[str, Any] | None = None
    rows: Sequence[LedgerRow] = ()
    release: Release | None = None


@dataclass(frozen=True)
class Explanations:
    """Explains deliveries under the rules of each account and of the organisation. `own_group` are
    the slugs of partners who count as us.
    """

    store: "Store"
    clock: Clock
    rules: Mapping[str, AccountRules]
    organisation: OrganisationRules
    own_group: frozenset[str]

    def explain(self, delivery_id: int) -> Explanation:
        """By the gate's decision of this moment while the delivery waits, else by the one that let
        it go. NotFoundError where there is no such delivery.
        """
        with self.store.read() as unit:
            delivery = unit.deliveries.get(delivery_id)
            rules = self.rules.get(delivery.account)
            if delivery.state in {State.DRAFT, State.QUEUED}:
                if rules is None:
                    return Explanation(delivery, account_gone=True)
                return self._waiting(unit, delivery, rules)
            return _past(unit, delivery, rules)

    def _waiting(self, unit: "Unit", delivery: Delivery, rules: AccountRules) -> Explanation:
        now = self.clock.now()
        judgement = judge(unit, delivery, rules, self.organisation, now)
        decision = judgement.decision
        by_floor = isinstance(decision, Hold) and decision.code == "floor"
        account, window = (
            (None, self.organisation.window)
            if by_floor
            else (delivery.account, rules.policy.window)
        )
        rows = unit.ledger.rows(account, window, now)
        answers = survey(judgement.facts, candidate_of(delivery), now)
        return Explanation(
            delivery,
            decision=decision,
            approval=judgement.facts.approval,
            checks=[CheckAnswer(name, answer) for name, answer in answers],
            numbers=numbers(judgement.facts),
            rows=rows,
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
        ready = (
            (slug, last)
            for slug, last in waiting
            if not legally_barred(
                self.organisation.status, dict(unit.partners.statuses([slug]).values())
            )
        )
        return Release(decision.posts_needed, decision.until, tuple(islice(ready, MOST_READY)))


def _past(unit: "Unit", delivery: Delivery, rules: AccountRules | None) -> Explanation:
    """By the decision that its last attempt was made on, if there was one."""
    if not delivery.attempt:
        return Explanation(delivery)
    stored = unit.attempts.decision(delivery.id, delivery.attempt)
    return Explanation(
        delivery,
        checks=[CheckAnswer(name, sentence) for name, sentence in stored["checks"].items()],
        numbers=stored.get("numbers"),
        rows=[] if rules is None else _rows_before(unit, delivery, rules.policy.window),
    )


def _rows_before(unit: "Unit", delivery: Delivery, window: Window) -> Sequence[LedgerRow]:
    """What counted when it was let go, as the ledger has it today: a post deleted since counts no
    more for others. The numbers that the gate saw are stored with its decision.
    """
    allowed_at = unit.attempts.get(delivery.id, delivery.attempt).started_at
    rows = unit.ledger.rows(delivery.account, window, allowed_at)
    return [row for row in rows if row.at <= allowed_at and row.delivery != delivery.id]
