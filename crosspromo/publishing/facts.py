"""What the gate is asked about deliveries of many accounts at once, and what it answers.

The facts are gathered in a few queries, however many deliveries ask. Those that could use up what
the whole organisation has shared are decided one after another, each seeing what went before it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crosspromo.domain.approval import UNASKED, Approval, Signature, approval_of, asked_for
from crosspromo.domain.attempts import Json
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.duplicates import DUPLICATE_WINDOW, EarlierDelivery, PriorDelivery
from crosspromo.domain.errors import InputError
from crosspromo.domain.gate import decide
from crosspromo.domain.partners import legally_barred
from crosspromo.domain.pauses import AccountState, Pause
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.timing import first_free_turn, next_free_slot
from crosspromo.domain.verdicts import SLOT, Allow, Decision, Facts, Hold, Standing
from crosspromo.publishing.rules import AccountRules, OrganisationRules, roll_off, spent
from crosspromo.publishing.storage import Unit

_A_MOMENT = timedelta(microseconds=1)

_UNKNOWN_ACCOUNT = AccountState()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The gate's decision, the facts it was made on, and the credit that an intent fixes."""

    decision: Decision
    facts: Facts
    credit: Credit


def judge(
    unit: Unit,
    delivery: Delivery,
    account: AccountRules,
    organisation: OrganisationRules,
    now: datetime,
) -> Judgement:
    """The gate's decision on one delivery."""
    return GateFacts(unit, [delivery], {account.name: account}, organisation, now).judge(delivery)


class GateFacts:
    """What the store knows that bears on these deliveries, of which no two are of one account.

    What is allowed counts for those that are judged after it: then it is as good as in flight.
    """

    def __init__(
        self,
        unit: Unit,
        due: Sequence[Delivery],
        accounts: Mapping[str, AccountRules],
        organisation: OrganisationRules,
        now: datetime,
        *,
        states: Mapping[str, AccountState] | None = None,
    ) -> None:
        self.unit, self.accounts, self.organisation, self.now = unit, accounts, organisation, now
        names = [delivery.account for delivery in due]
        rules = {name: accounts[name] for name in names}
        windows = {name: rules[name].policy.window for name in names}
        slugs = sorted({slug for delivery in due for slug in delivery.partners})
        self._pauses = {pause.account: pause for pause in unit.pauses.all()}
        self._states = unit.accounts.states(names) if states is None else states
        self._tallies = unit.ledger.tallies(windows, organisation.window, now)
        self._whole = self._tallies[None]
        self._sent = unit.history.latest_sent({name: _asked(rules[name]) for name in names})
        self._sign_offs = unit.approvals.sign_offs(slugs) if slugs else frozenset()
        self._signatures = self._signed(due, rules)
        self._statuses = self._legal(slugs)
        self._since = {name: self._shared_since(rules[name]) for name in names}
        self._said, self._shared = self._prior_deliveries(due)

    def is_parked(self, name: str) -> bool:
        """Whether the account is set aside: paused, or in need of a person."""
        return self._pause(name) is not None or self._state(name).fault is not None

    def judge(self, delivery: Delivery) -> Judgement:
        """The gate's decision on one of them."""
        judgement = self._judge(delivery)
        if isinstance(judgement.decision, Allow) and judgement.credit.counts_self:
            self._whole = Tally(self._whole.others, self._whole.self_ + 1)
        return judgement

    def _judge(self, delivery: Delivery) -> Judgement:
        """When a hold will end by itself is worked out only for a hold: it needs more rows."""
        account = self.accounts[delivery.account]
        credit, facts, candidate = self.credit(delivery), self.facts(delivery), delivery.candidate
        if credit is not delivery.credit:
            candidate = replace(candidate, credit=credit)
        decision = decide(facts, candidate, self.now)
        if not isinstance(decision, Hold) or decision.code not in {"ratio", "floor", SLOT}:
            return Judgement(decision, facts, credit)
        if decision.code == SLOT:
            free = _next_free(self.unit, account, facts, self.organisation, self.now)
            facts = replace(facts, next_free=free)
        else:
            facts = _with_roll_off(self.unit, facts, account, self.now, credit=credit)
        return Judgement(decide(facts, candidate, self.now), facts, credit)

    def _pause(self, name: str) -> Pause | None:
        return self._pauses.get(None) or self._pauses.get(name)

    def _state(self, name: str) -> AccountState:
        return self._states.get(name, _UNKNOWN_ACCOUNT)

    def facts(self, delivery: Delivery) -> Facts:
        """What the gate is told about one of them."""
        name, organisation = delivery.account, self.organisation
        account = self.accounts[name]
        state, pause = self._state(name), self._pause(name)
        recently = self.now - DUPLICATE_WINDOW
        return Facts(
            policy=account.policy,
            account=Standing(self._tallies[name]),
            organisation=Standing(self._whole),
            floor=organisation.floor,
            floor_window=organisation.window,
            paused=pause,
            account_fault=state.fault,
            rests_until=state.rests_until,
            approval=self._approval(delivery, account),
            zone=organisation.zone,
            sent=self._sent.get(name, ()),
            spent=spent(self.unit, account, organisation.zone, self.now),
            blackouts=tuple(
                each for each in organisation.blackouts if each.concerns(delivery.partners)
            ),
            legally_barred=self._legally_barred(delivery),
            duplicate_here=_latest(self._said.get(delivery.id, ()), recently),
            duplicate_elsewhere=(
                self.unit.history.find_near_duplicate(
                    account.accounts_sharing_duplicate_rule, delivery.content, recently
                )
                if account.accounts_sharing_duplicate_rule
                else None
            ),
        )

    def credit(self, delivery: Delivery) -> Credit:
        """What the delivery counts as if it goes now. Once an intent has fixed that, it stays.

        A partner's item that the account shared already in its window is padding and earns nothing:
        the same post reshared, the same event announced again, the same text.
        """
        if not _may_be_padding(delivery):
            return delivery.credit
        since = self._since[delivery.account]
        before = (*self._said.get(delivery.id, ()), *self._shared.get(delivery.id, ()))
        shared = any(prior.sent_at > since and prior.credit.counts_others for prior in before)
        return delivery.credit.as_padding if shared else delivery.credit

    def _approval(self, delivery: Delivery, account: AccountRules) -> Approval:
        if delivery.id not in self._signatures:
            return UNASKED
        return approval_of(
            account.policy.approval,
            delivery.author,
            self._sign_offs.intersection(delivery.partners),
            self._signatures[delivery.id],
            delivery.content.fingerprint(account.name),
        )

    def _signed(
        self, due: Sequence[Delivery], rules: Mapping[str, AccountRules]
    ) -> Mapping[int, Sequence[Signature]]:
        """The signatures under those deliveries that need any."""
        asking = [
            delivery.id
            for delivery in due
            if self._sign_offs.intersection(delivery.partners)
            or asked_for(rules[delivery.account].policy.approval, delivery.author).needed
        ]
        return self.unit.approvals.under(asking) if asking else {}

    def _legal(self, slugs: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """Name and legal status by slug, where our own status makes that matter."""
        return self.unit.partners.statuses(slugs) if self.organisation.status else {}

    def _legally_barred(self, delivery: Delivery) -> tuple[str, ...]:
        about = (self._statuses[slug] for slug in delivery.partners if slug in self._statuses)
        return legally_barred(self.organisation.status, dict(about))

    def _shared_since(self, account: AccountRules) -> datetime:
        """After which moment a partner's item was shared lately."""
        window = account.policy.window
        since = window.opens_after(self.now)
        if since is not None:
            return since
        counted = self.unit.ledger.counted(account.name, window, self.now)
        return min((row.at for row in counted), default=self.now) - _A_MOMENT

    def _prior_deliveries(
        self, due: Sequence[Delivery]
    ) -> tuple[Mapping[int, Sequence[PriorDelivery]], Mapping[int, Sequence[PriorDelivery]]]:
        since = min([self.now - DUPLICATE_WINDOW, *self._since.values()])
        history = self.unit.history
        said = history.same_text_sent([delivery.id for delivery in due], since)
        shared = [
            delivery.id
            for delivery in due
            if _may_be_padding(delivery) and (delivery.event or delivery.content.reshare_of)
        ]
        return said, history.same_subject_sent(shared) if shared else {}


def _may_be_padding(delivery: Delivery) -> bool:
    return not delivery.attempt and delivery.credit.counts_others


def _asked(account: AccountRules) -> int:
    """How many of an account's latest sends its caps need to see: one at least."""
    policy = account.policy
    return max(policy.max_per_day or 1, policy.max_per_week or 1)


def _latest(priors: Iterable[PriorDelivery], since: datetime) -> EarlierDelivery | None:
    return next((prior.earlier for prior in priors if prior.sent_at > since), None)


def _next_free(
    unit: Unit,
    account: AccountRules,
    facts: Facts,
    organisation: OrganisationRules,
    now: datetime,
) -> datetime:
    """When the next delivery that has waited may go: the next slot, or turn, that nothing takes."""
    taken = unit.deliveries.taken_slots(account.name)
    if account.policy.slots:
        try:
            return next_free_slot(account.policy.slots, organisation.zone, now, taken)
        except InputError:  # every slot of a year is taken
            return now + timedelta(days=1)
    turn = max([now, *(last + account.policy.pace for last in facts.sent[:1])])
    return first_free_turn(turn, account.policy.pace, taken)


def _with_roll_off(
    unit: Unit, facts: Facts, account: AccountRules, now: datetime, *, credit: Credit
) -> Facts:
    policy = facts.policy
    on_account = roll_off(unit, account.name, policy.target, policy.window, now, credit=credit)
    everywhere = roll_off(unit, None, facts.floor, facts.floor_window, now, credit=credit)
    return replace(
        facts,
        account=replace(facts.account, roll_off=on_account),
        organisation=replace(facts.organisation, roll_off=everywhere),
    )


def numbers(facts: Facts) -> dict[str, Json]:
    """What was counted on the account and in the organisation, against which targets, as JSON."""
    policy = facts.policy
    return {
        "account": _counted(facts.account, policy.target, policy.window),
        "organisation": _counted(facts.organisation, facts.floor, facts.floor_window),
    }


def _counted(standing: Standing, target: Target | None, window: Window) -> dict[str, Json]:
    return {
        "others": standing.tally.others,
        "self": standing.tally.self_,
        "target": None if target is None else str(target),
        "window": str(window),
    }
