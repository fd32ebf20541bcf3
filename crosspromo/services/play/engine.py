"""Engine of a play: the real cycle on a copy, with a clock that jumps to the next wake-up.

A play does what a daemon does that starts now, and people do nothing but what was asked of them:
drafts are approved in time, and posts by hand are posted when they are due. Pauses and faults of
accounts stay, and a send in doubt counts as it counts now. Nothing of the workspace changes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from time import thread_time
from typing import TYPE_CHECKING, Self

from crosspromo.domain.approval import PARTNER_PREFIX, Signature
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import Outcome, PlayedStep, races
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally
from crosspromo.domain.reasons.faults import FaultReason, SameTextSent
from crosspromo.domain.reasons.holds import BelowRatio, HoldReason
from crosspromo.domain.states import State
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.results import Disposed, Disposition, Sending, Step
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.clock_watch import FutureTimes
from crosspromo.services.play.networks import AcceptingNetwork, on_accepting_networks
from crosspromo.services.play.reach import reach_of
from crosspromo.services.settings_version import settings_version
from crosspromo.store.queue.listing import Filter

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit

BETWEEN_ROUNDS = timedelta(seconds=1)
"""Rest of the daemon between two rounds."""

MOST_IDLE_ROUNDS = 3
"""Rounds in a row that move nothing although something is due, after which a play ends."""

_OPEN = frozenset({State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN})
_PLAYERS = ("a first person", "a second person")
"""Names of the people who approve drafts in a play."""

_OUTCOMES = {
    Disposition.PUBLISHED: Outcome.SENT,
    Disposition.HELD: Outcome.HELD,
    Disposition.MISSED: Outcome.MISSED,
    Disposition.EXPIRED: Outcome.EXPIRED,
    Disposition.FAILED: Outcome.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of the ledger at a moment, each in the window of its account (None: of the floor)."""

    at: datetime
    tallies: Mapping[str | None, Tally]


@dataclass(frozen=True, slots=True)
class Played:
    """Coming weeks as they were played. `steps` are by time.

    `deliveries` are the open ones as they stood at `begins`. The play reached `ends`, which is
    earlier than what was asked for if it was not `complete`. `resting` are accounts of which the
    network had asked for patience. `sharing` has for each account the others on which its network
    forbids the same text.
    """

    begins: datetime
    ends: datetime
    complete: bool
    deliveries: Mapping[int, Delivery]
    steps: Sequence[PlayedStep]
    standings: Sequence[Standing]
    resting: frozenset[str]
    sharing: Mapping[str, Collection[str]]


class _JumpingClock:
    """Clock that shows the time to which the play has come."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def jump(self, moment: datetime) -> None:
        """Show this time from now on."""
        self._now = moment


@dataclass(frozen=True)
class _PlayingDispatcher(Dispatcher):
    """Dispatcher that keeps its steps in `seen` and logs nothing: nothing has happened."""

    seen: list[tuple[datetime, Step]] = field(default_factory=list)

    def report(self, steps: Sequence[Step], now: datetime) -> None:
        self.seen.extend((now, step) for step in steps)


class Stage:
    """Copy with its rules and its clock, on which a play goes. To be closed by who has it made."""

    def __init__(
        self,
        unit: "Unit",
        accounts: Mapping[str, AccountRules],
        organisation: OrganisationRules,
        now: datetime,
        until: datetime,
    ) -> None:
        """Copy the queue, as the transaction of `unit` sees it, for a play from `now` to `until`.

        The play itself needs the transaction no more.
        """
        self._reach = reach_of(accounts, organisation, now, until)
        store = unit.excerpt(self._reach)
        accounts = on_accepting_networks(accounts)
        version = settings_version(
            accounts,
            organisation,
            organisation.blackouts,
            organisation.zone,
            organisation.status,
        )
        self._store, self._accounts, self._organisation = store, accounts, organisation
        self._version = version
        self._begins, self._until = now, until
        self._clock = _JumpingClock(now)
        self._future_times = FutureTimes(self._clock)
        network = AcceptingNetwork()
        self._dispatcher = _PlayingDispatcher(
            store, lambda _: network, accounts, organisation, self._clock, "play"
        )
        reconciler = Reconciler(
            store,
            lambda _: network,
            accounts,
            self._clock,
            lambda _: False,
            "play",
            organisation.zone,
        )
        self._cycle = Cycle(self._dispatcher, reconciler, self._clock)
        self._steps: list[PlayedStep] = []
        self._standings: list[Standing] = []
        self._credits: dict[int, Credit] = {}
        self._short: set[int] = set()  # ids of deliveries that wait for partner posts
        self._waiting: set[int] = set()

    def add(self, unit: "Unit", new_ids: Sequence[int]) -> None:
        """Add deliveries that the transaction of `unit` has queued or moved, before the play.

        The transaction began after the copy was made. It may be rolled back then.
        """
        unit.add_to_excerpt(self._store, self._reach, new_ids)

    @property
    def standings(self) -> Sequence[Standing]:
        """Counts at those moments of the play that it has reached."""
        return self._standings

    @property
    def steps(self) -> Sequence[PlayedStep]:
        """Steps that were played, in order."""
        return self._steps

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def have_settled(self, wanted: Iterable[int]) -> Callable[[], bool]:
        """Question whether the play has come to an end of all these deliveries (ids), no hold."""
        left, seen = set(wanted), 0

        def answer() -> bool:
            nonlocal seen
            ended = (each for each in self._steps[seen:] if each.outcome is not Outcome.HELD)
            left.difference_update(each.delivery for each in ended)
            seen = len(self._steps)
            return not left

        return answer

    def play(
        self,
        moments: Sequence[datetime] = (),
        goes_on: Callable[[], bool] = lambda: True,
    ) -> Played:
        """Play from the beginning to the end, once, or while `goes_on` says so.

        The ledger's counts are read at each of the `moments`, which are in order.
        """
        until = self._until
        with self._store.read() as unit:
            found = unit.deliveries.matching(Filter(states=_OPEN))
            resting = frozenset(unit.accounts.resting(self._begins))
        self._begin(found)
        left = [moment for moment in moments if moment <= until]
        complete, idle = True, 0
        while True:
            wake = self._next_wake()
            while left and (wake is None or wake > left[0]):
                self._take_standing(left.pop(0))
            if wake is None or wake > until:
                break
            if idle == MOST_IDLE_ROUNDS or not goes_on():
                complete = False
                break
            self._clock.jump(wake)
            idle = 0 if self._round() else idle + 1
        return Played(
            begins=self._begins,
            ends=until if complete else self._clock.now(),
            complete=complete,
            deliveries={each.id: each for each in found},
            steps=self._steps,
            standings=self._standings,
            resting=resting,
            sharing={
                name: rules.accounts_sharing_duplicate_rule
                for name, rules in self._accounts.items()
            },
        )

    # -- the beginning -------------------------------------------------------------------------

    def _begin(self, found: Sequence[Delivery]) -> None:
        """Start the play with expected approvals, settled sends, and a daemon's first steps."""
        self._credits = {each.id: each.credit for each in found}
        self._short = {
            each.id for each in found if each.hold and isinstance(each.hold.reason, BelowRatio)
        }
        self._waiting = {each.id for each in found if each.state in {State.DRAFT, State.QUEUED}}
        now = self._begins
        with self._store.write() as unit:
            for delivery in found:
                if delivery.state is State.DRAFT:
                    self._approve(unit, delivery)
                elif delivery.state is State.SENDING:
                    unit.transitions.publish(delivery, Receipt("played"), now)
                elif delivery.state is State.UNKNOWN:
                    unit.transitions.record_look_up(delivery, "", None, absent=False)
            unit.holds.judge_anew_by(self._version, now)
            self._future_times.begin(unit, self._accounts)

    def _approve(self, unit: "Unit", draft: Delivery) -> None:
        fingerprint = draft.content.fingerprint(draft.account)
        names = (*_PLAYERS, *(f"{PARTNER_PREFIX}{slug}" for slug in draft.partners))
        for name in names:
            signature = Signature(name, fingerprint, self._begins, signed_in=True)
            unit.approvals.sign(draft.id, signature)
        unit.transitions.approve(draft, self._begins)

    # -- rounds --------------------------------------------------------------------------------

    def _next_wake(self) -> datetime | None:
        """Time of the next round: something is due, or a post dated in the future begins to count.

        Never the time of the last round: the daemon rests in between.
        """
        now = self._clock.now()
        with self._store.read() as unit:
            wakes = unit.deliveries.next_wake(), unit.dated_ahead.next_partner_post(now)
        wake = min((at for at in wakes if at is not None), default=None)
        if wake is None:
            return None
        return max(wake, now + BETWEEN_ROUNDS) if self._dispatcher.seen else max(wake, now)

    def _round(self) -> bool:
        """Work on everything that is due now; whether anything moved."""
        seen = self._dispatcher.seen
        before, first = self._whole_tally(), len(seen)
        with self._store.write() as unit:
            self._future_times.care(unit, self._accounts)
        self._cycle.run()
        steps = [step for at, each in seen[first:] if (step := self._played(at, each)) is not None]
        self._steps += self._with_turns(self._with_races(steps, before))
        for step in steps:
            (self._short.add if _is_short(step) else self._short.discard)(step.delivery)
        return len(seen) > first

    def _played(self, at: datetime, step: Step) -> PlayedStep | None:
        match step:
            case Sending(attempt, delivery):
                self._credits[attempt.delivery] = delivery.credit
                return None
            case Disposed():
                line = step.line
                if not line.is_news:
                    return None
                return PlayedStep(
                    at=at,
                    delivery=line.delivery,
                    account=step.account,
                    credit=self._credits[line.delivery],
                    outcome=_OUTCOMES[step.disposition],
                    reason=self._told_now(step.reason),
                    until=line.until if step.disposition is Disposition.HELD else None,
                )
            case _:
                return None

    def _told_now(self, reason: HoldReason | FaultReason | None) -> HoldReason | FaultReason | None:
        """The reason as it is true now: what goes out in the play has not gone out yet."""
        if isinstance(reason, SameTextSent) and reason.earlier.delivery in self._waiting:
            return reason._replace(earlier=replace(reason.earlier, went_out=None))
        return reason

    def _whole_tally(self) -> Tally | None:
        """Organisation's counts; None without a floor, or with a single account."""
        if self._organisation.floor is None or len(self._accounts) < 2:
            return None
        with self._store.read() as unit:
            return unit.ledger.tally(None, self._organisation.window, self._clock.now())

    def _with_races(self, steps: list[PlayedStep], before: Tally | None) -> list[PlayedStep]:
        """The steps of one moment, with those marked whose order is chance."""
        floor = self._organisation.floor
        if floor is None or before is None or len({step.account for step in steps}) < 2:
            return steps
        sent = [step for step in steps if step.outcome is Outcome.SENT]
        judged = [
            step
            for step in steps
            if step.credit.counts_self and (step.outcome is Outcome.SENT or _is_held_by_floor(step))
        ]
        racing = races(before, floor, sent, judged)
        return [step._replace(races=step.delivery in racing) for step in steps]

    def _with_turns(self, steps: list[PlayedStep]) -> list[PlayedStep]:
        """The steps of one moment, with those marked that take turns whose order is chance.

        A partner post that goes lets posts be judged that waited for it, while others are due: with
        several daemons either may be first, and has the earlier turn then.
        """
        chance: set[int] = set()
        for account in {step.account for step in steps}:
            here = [step for step in steps if step.account == account]
            first = next((place for place, step in enumerate(here) if _frees(step)), len(here))
            after = here[first + 1 :]
            woken = {step.delivery for step in after if step.delivery in self._short}
            others = {step.delivery for step in after} - woken
            if woken and others and any(step.outcome is Outcome.HELD for step in after):
                chance |= woken | others
        return [step._replace(races=True) if step.delivery in chance else step for step in steps]

    def _take_standing(self, moment: datetime) -> None:
        self._clock.jump(max(moment, self._clock.now()))
        windows = {name: rules.policy.window for name, rules in self._accounts.items()}
        with self._store.read() as unit:
            tallies = unit.ledger.tallies(windows, self._organisation.window, moment)
        self._standings.append(Standing(moment, tallies))


def _is_short(step: PlayedStep) -> bool:
    """Whether the step leaves the delivery waiting for partner posts."""
    return step.outcome is Outcome.HELD and isinstance(step.reason, BelowRatio)


def _frees(step: PlayedStep) -> bool:
    return step.outcome is Outcome.SENT and step.credit.counts_others


def _is_held_by_floor(step: PlayedStep) -> bool:
    return isinstance(step.reason, BelowRatio) and step.reason.whole


def within(seconds: float) -> Callable[[], bool]:
    """Function that tells whether this thread has not worked for so many seconds yet."""
    end = thread_time() + seconds
    return lambda: thread_time() < end
