"""Facts for the gate: read in few queries for many deliveries, and judged one delivery at a time.

`GateFacts` reads in about a dozen queries, however many deliveries it is made for; an account with
a cap above one, a budget, a duplicate rule or a window of posts costs a few more. Self posts are
judged in sequence: each sees the headroom that the posts allowed before it have used.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import (
    UNASKED,
    Approval,
    ApprovalNames,
    Approvers,
    Signature,
    approval_of,
    asked_for,
)
from crosspromo.domain.attempts import Json
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.duplicates import DUPLICATE_WINDOW, EarlierDelivery, PriorDelivery
from crosspromo.domain.errors import InputError
from crosspromo.domain.gate import candidate_of, decide, legally_barred
from crosspromo.domain.mourning import Silence
from crosspromo.domain.pacing import BELIEVED_AHEAD, Wait, start_of_month
from crosspromo.domain.partner_limits import PartnerLimits, Shared, limit_wait, notice_wait
from crosspromo.domain.pauses import AccountState, Pause
from crosspromo.domain.permissions import lacking
from crosspromo.domain.photos import photos_lacking
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Stretch, Tally, Target, Window, earliest_by_roll_off
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.timing import first_free_turn, next_free_slot
from crosspromo.domain.values import Value
from crosspromo.domain.verdicts import SLOT, Allow, Decision, Facts, Hold, Standing
from crosspromo.publishing.ports import GateApprovals, GateHistory, GateLedger, GateUnit
from crosspromo.publishing.rules import AccountRules, OrganisationRules

_A_MOMENT = timedelta(microseconds=1)

_UNKNOWN_ACCOUNT = AccountState()


class Judgement(Value, frozen=True):
    """The gate's decision, the facts behind it, and the credit that an intent would fix."""

    decision: Decision
    facts: Facts
    credit: Credit


def judge(
    unit: GateUnit,
    delivery: Delivery,
    account: AccountRules,
    organisation: OrganisationRules,
    now: datetime,
) -> Judgement:
    """The gate's decision on one delivery."""
    return GateFacts(unit, [delivery], {account.name: account}, organisation, now).judge(delivery)


class GateFacts:
    """Everything the gate needs for a batch of deliveries, at most one for each account.

    `states` are the states of locked accounts, None where they are still to be read. A self post
    that is allowed counts for the deliveries judged after it, as if it were in flight.
    """

    def __init__(
        self,
        unit: GateUnit,
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
        self._organisation_tally = self._tallies[None]
        wanted = {name: _sends_wanted(rules[name]) for name in names}
        self._sent = unit.history.latest_sent(wanted, now + BELIEVED_AHEAD)
        self._sign_offs = unit.approvals.sign_offs(slugs) if slugs else frozenset()
        self._signatures = self._read_signatures(due, rules)
        self._statuses = self._read_statuses(slugs)
        opens = {window: window.opens_after(now) for window in windows.values()}
        self._window_start = {
            name: opens[windows[name]] or self._first_in_window(rules[name]) for name in names
        }
        self._same_text = self._read_same_text(due)
        self._same_subject = self._read_same_subject(due)
        self._today = now.astimezone(organisation.zone).date()
        self._needs = unit.permissions.asked([delivery.id for delivery in due])
        pictured = [delivery.id for delivery in due if delivery.content.images]
        self._consents = unit.photo_consents.of_deliveries(pictured) if pictured else {}
        self._limits = unit.partner_limits.of(slugs, self._today) if slugs else {}
        self._shared = self._read_shared(locks=states is not None)
        self._queued_at = self._read_queued_at(due)

    def is_parked(self, account: str) -> bool:
        """Whether the account is paused, or has a fault that needs a person."""
        return self._pause(account) is not None or self._state(account).fault is not None

    def judge(self, delivery: Delivery) -> Judgement:
        """The gate's decision on one delivery of the batch. To be called once for each delivery.

        A self post that is allowed counts for the deliveries judged after it.
        """
        judgement = self._judge(delivery)
        if isinstance(judgement.decision, Allow):
            for slug in self._shared.keys() & set(delivery.partners):
                self._shared[slug].append(Shared(delivery.post, self.now))
        if isinstance(judgement.decision, Allow) and judgement.credit.counts_self:
            tally = self._organisation_tally
            self._organisation_tally = Tally(tally.others, tally.self_ + 1)
        return judgement

    def _judge(self, delivery: Delivery) -> Judgement:
        """Gate's decision; a hold is decided again with the time of its end.

        That time needs more rows, so it is worked out for holds only.
        """
        account = self.accounts[delivery.account]
        credit = self.credit(delivery)
        facts, candidate = self.facts(delivery, credit), candidate_of(delivery)
        if credit is not delivery.credit:
            candidate = replace(candidate, credit=credit)
        decision = decide(facts, candidate, self.now)
        if not isinstance(decision, Hold) or decision.code not in {"ratio", "floor", SLOT}:
            return Judgement(decision, facts, credit)
        if decision.code == SLOT:
            free = _next_free(self.unit, account, facts, delivery.id, self.now)
            facts = replace(facts, next_free=free)
        else:
            facts = _with_roll_off(
                self.unit.ledger,
                facts,
                account,
                self.now,
                credit=credit,
                earns_at=self._earns_at(delivery),
            )
        return Judgement(decide(facts, candidate, self.now), facts, credit)

    def facts(self, delivery: Delivery, credit: Credit) -> Facts:
        """Facts about one delivery of the batch with this credit, as the gate takes them."""
        name, organisation = delivery.account, self.organisation
        account = self.accounts[name]
        state, pause = self._state(name), self._pause(name)
        recently = self.now - DUPLICATE_WINDOW
        sharing = account.accounts_sharing_duplicate_rule
        history = self.unit.history
        needs, consents = self._needs.get(delivery.id), self._consents.get(delivery.id)
        return Facts(
            policy=account.policy,
            account=Standing(self._tallies[name]),
            organisation=Standing(self._organisation_tally),
            floor=organisation.floor,
            floor_window=organisation.window,
            paused=pause,
            account_fault=state.fault,
            rests_until=state.rests_until,
            approval=self._approval(delivery, account),
            zone=organisation.zone,
            sent=self._sent.get(name, ()),
            spent=spent(history, account, organisation.zone, self.now),
            blackouts=self._silences(delivery, credit),
            legally_barred=self._legally_barred(delivery),
            lacks=lacking(needs, account.text_network, self._today) if needs else (),
            photo_lacks=(
                photos_lacking(consents, account.text_network, self._today) if consents else ()
            ),
            agreed=tuple(self._waits(delivery)) if self._limits else (),
            duplicate_here=_latest(self._same_text.get(delivery.id, ()), recently),
            duplicate_elsewhere=(
                history.find_near_duplicate(sharing, delivery.content, recently)
                if sharing
                else None
            ),
        )

    def credit(self, delivery: Delivery) -> Credit:
        """Credit of the delivery if it goes now. An intent that was recorded fixed its credit.

        A partner post is padding, with credit none, where the account has shared the same item in
        its window: the same text, the same post reshared, or the same event announced.
        """
        return delivery.credit.as_padding if self._shared_before(delivery) else delivery.credit

    def _shared_before(self, delivery: Delivery) -> Sequence[datetime]:
        """Times in the account's window at which the same item was shared there and earned."""
        if not _may_be_padding(delivery):
            return ()
        since = self._window_start[delivery.account]
        before = (
            *self._same_text.get(delivery.id, ()),
            *self._same_subject.get(delivery.id, ()),
        )
        return [
            prior.sent_at
            for prior in before
            if prior.sent_at > since and prior.credit.counts_others
        ]

    def _earns_at(self, delivery: Delivery) -> datetime | None:
        """Time at which padding earns again: the last of the same item leaves the window.

        None for what is no padding, and in a window of posts (no post leaves by itself).
        """
        span = self.accounts[delivery.account].policy.window.span
        before = self._shared_before(delivery)
        return max(before) + span if before and span is not None else None

    # -- what was read -------------------------------------------------------------------------

    def _pause(self, account: str) -> Pause | None:
        return self._pauses.get(None) or self._pauses.get(account)

    def _state(self, account: str) -> AccountState:
        return self._states.get(account, _UNKNOWN_ACCOUNT)

    def _approval(self, delivery: Delivery, account: AccountRules) -> Approval:
        if delivery.id not in self._signatures:
            return UNASKED
        return approval_of(
            account.policy.approval,
            delivery.author,
            self._sign_offs.intersection(delivery.partners),
            self._signatures[delivery.id],
            delivery.content.fingerprint(account.name),
            names=account.policy.approval_names,
        )

    def _legally_barred(self, delivery: Delivery) -> tuple[str, ...]:
        about = (self._statuses[slug] for slug in delivery.partners if slug in self._statuses)
        return legally_barred(self.organisation.status, dict(about))

    def _agreed(self, delivery: Delivery) -> Sequence[PartnerLimits]:
        """Limits of the partners whom the delivery is about."""
        return [self._limits[slug] for slug in delivery.partners if slug in self._limits]

    def _silences(self, delivery: Delivery, credit: Credit) -> tuple[Silence, ...]:
        """Days of silence of the organisation and of its partners that concern the delivery."""
        ours = self.organisation.blackouts
        if not ours and not self._limits:
            return ()
        about, tone = delivery.partners, delivery.effective_tone
        theirs = (each for limits in self._agreed(delivery) for each in limits.blackouts)
        return (*(each for each in ours if each.concerns(about, credit, tone)), *theirs)

    def _waits(self, delivery: Delivery) -> Iterator[Wait]:
        for limits in self._agreed(delivery):
            since = self.now - timedelta(days=limits.days)
            sent = [each for each in self._shared.get(limits.partner, ()) if each.at > since]
            queued_at = self._queued_at.get(delivery.post, self.now)
            waits = (
                limit_wait(limits, sent, delivery.post),
                notice_wait(limits, queued_at, self.now),
            )
            yield from (wait for wait in waits if wait is not None)

    # -- reading -------------------------------------------------------------------------------

    def _read_signatures(
        self, due: Sequence[Delivery], rules: Mapping[str, AccountRules]
    ) -> Mapping[int, Sequence[Signature]]:
        """Signatures by delivery id, for deliveries that need approval."""
        asking = [
            delivery.id
            for delivery in due
            if self._sign_offs.intersection(delivery.partners)
            or asked_for(rules[delivery.account].policy.approval, delivery.author).needed
        ]
        return self.unit.approvals.signatures(asking) if asking else {}

    def _read_statuses(self, slugs: Sequence[str]) -> Mapping[str, tuple[str, str]]:
        """Name and legal status by slug; empty where we have no legal status ourselves."""
        return self.unit.partners.statuses(slugs) if self.organisation.status else {}

    def _read_shared(self, *, locks: bool) -> dict[str, list[Shared]]:
        """Posts about the partners with a limit, in its window, by slug.

        `locks`: other workers wait, so that no two sends use the same room.
        """
        limited = {each.partner: each for each in self._limits.values() if each.most is not None}
        if not limited:
            return {}
        if locks:
            self.unit.partner_limits.lock(limited)
        longest = max(each.days for each in limited.values())
        found = self.unit.partner_limits.shared(limited, self.now - timedelta(days=longest))
        return {slug: list(each) for slug, each in found.items()}

    def _read_queued_at(self, due: Sequence[Delivery]) -> Mapping[int, datetime]:
        """Times of queueing by post, of posts about partners who want notice."""
        wanting = {each.partner for each in self._limits.values() if each.notice is not None}
        about = {each.post for each in due if wanting.intersection(each.partners)}
        return self.unit.partner_limits.queued_at(about) if about else {}

    def _first_in_window(self, account: AccountRules) -> datetime:
        """Moment just before the first post of the account's window of so many posts."""
        counted = self.unit.ledger.counted(account.name, account.policy.window, self.now)
        return min((row.at for row in counted), default=self.now) - _A_MOMENT

    def _read_same_text(self, due: Sequence[Delivery]) -> Mapping[int, Sequence[PriorDelivery]]:
        since = min([self.now - DUPLICATE_WINDOW, *self._window_start.values()])
        return self.unit.history.same_text_sent([delivery.id for delivery in due], since)

    def _read_same_subject(self, due: Sequence[Delivery]) -> Mapping[int, Sequence[PriorDelivery]]:
        ids = [
            delivery.id
            for delivery in due
            if _may_be_padding(delivery) and (delivery.event or delivery.content.reshare_of)
        ]
        return self.unit.history.same_subject_sent(ids) if ids else {}


def approval_for(
    approvals: GateApprovals, delivery: Delivery, account: AccountRules | None
) -> Approval:
    """Approvals of a delivery: those needed for its present content, and those given.

    `account` is None where crosspromo.toml no longer has the account: no approval is needed then.
    """
    return approval_of(
        Approvers.NONE if account is None else account.policy.approval,
        delivery.author,
        approvals.sign_offs(delivery.partners),
        approvals.signatures([delivery.id])[delivery.id],
        delivery.content.fingerprint(delivery.account),
        names=ApprovalNames.TRUSTED if account is None else account.policy.approval_names,
    )


def spent(history: GateHistory, account: AccountRules, zone: ZoneInfo, now: datetime) -> float:
    """Cost of the account's posts this month in `zone`, in US dollars; 0 without a budget."""
    if account.policy.monthly_budget is None:
        return 0.0
    since = start_of_month(now, zone)
    return history.spent(account.name, since, now + BELIEVED_AHEAD)


def roll_off(
    ledger: GateLedger,
    account: str | None,
    target: Target | None,
    window: Window,
    now: datetime,
    *,
    credit: Credit = Credit.SELF,
) -> datetime | None:
    """Earliest moment at which expiries alone allow a post of this credit.

    `account` None means the whole organisation. None where there is no target, or no such moment.
    """
    if target is None:
        return None
    stretches = ledger.stretches_of([account], window, now)[account]
    return earliest_by_roll_off(stretches, target, window, now, credit=credit)


def numbers(facts: Facts) -> dict[str, Json]:
    """Counts, targets and windows of the account and of the organisation, as JSON."""
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


def _may_be_padding(delivery: Delivery) -> bool:
    return not delivery.attempt and delivery.credit.counts_others


def _sends_wanted(account: AccountRules) -> int:
    """Number of latest sends that the account's caps must see; at least one."""
    policy = account.policy
    return max(policy.max_per_day or 1, policy.max_per_week or 1)


def _latest(priors: Iterable[PriorDelivery], since: datetime) -> EarlierDelivery | None:
    """The first of these deliveries, newest first, that was sent after `since`."""
    return next((prior.earlier for prior in priors if prior.sent_at > since), None)


def _next_free(
    unit: GateUnit,
    account: AccountRules,
    facts: Facts,
    delivery: int,
    now: datetime,
) -> datetime:
    """Time of the account's next free slot, or without slots of its next free turn.

    Deliveries that are due by now find their own turn after this one: they take no slot from it.
    """
    policy = account.policy
    if policy.slots:
        times = unit.deliveries.timetable(account.name, besides=delivery, waiting_after=now)
        spacing = Spacing(policy, facts.zone, facts.blackouts, times)
        try:
            return next_free_slot(policy.slots, facts.zone, now, spacing)
        except InputError:  # no slot of a year is free
            return now + timedelta(days=1)
    taken = unit.deliveries.taken_slots(account.name)
    turn = max([now, *(last + policy.pace for last in facts.sent[:1])])
    return first_free_turn(turn, policy.pace, taken)


def _with_roll_off(
    ledger: GateLedger,
    facts: Facts,
    account: AccountRules,
    now: datetime,
    *,
    credit: Credit,
    earns_at: datetime | None,
) -> Facts:
    """The facts with the moments at which expiries alone could end the hold.

    At `earns_at` a repeated joint post counts as others, too, and may need less headroom.
    """
    policy, floor = facts.policy, facts.floor
    asked = {account.name: (policy.target, policy.window), None: (floor, facts.floor_window)}
    stretches: dict[str | None, Sequence[Stretch]] = {}
    for window in {window for target, window in asked.values() if target is not None}:
        names = [name for name, each in asked.items() if each[0] is not None and each[1] == window]
        stretches |= ledger.stretches_of(names, window, now)
    on_account, everywhere = (
        None
        if target is None
        else _earlier(
            earliest_by_roll_off(stretches[name], target, window, now, credit=credit), earns_at
        )
        for name, (target, window) in asked.items()
    )
    return replace(
        facts,
        account=replace(facts.account, roll_off=on_account),
        organisation=replace(facts.organisation, roll_off=everywhere),
    )


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((each for each in (one, other) if each is not None), default=None)
