"""Everything that is due, once: what is in doubt is looked up, what is due goes out.

Accounts go side by side, each strictly one thing after another, so that a slow or limited account
delays no other. The database is touched by one thread; the networks by many. What the networks
answer while a transaction runs is settled in the next one, all together.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import DatabaseError, LostClaimError
from crosspromo.domain.outcomes import Begun, LookUp
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler, UncertainDelivery
from crosspromo.publishing.results import BatchResult, Disposition, Preparation, Sending, SendResult
from crosspromo.publishing.storage import Store

log = logging.getLogger(__name__)

MOST_AT_ONCE = 64
"""How many accounts are worked on side by side."""

MOST_LOCAL = 256
"""How many accounts on this machine itself are claimed together: their sends wait for nothing, and
are made at once.
"""

PATIENCE = 0.5
"""Seconds that the networks may keep silent before we see what else has become due."""

GRACE = 0.002
"""Seconds that one answer may wait for the next, to be settled in the same transaction."""

BETWEEN_LOOKS = timedelta(seconds=0.5)
"""So long we go on with the accounts that we know to have work, if something always answers."""


def _threads() -> Executor:
    return ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="account")


Work = SendResult | Preparation | tuple[UncertainDelivery, LookUp]
Job = Future[Work]


@dataclass
class CycleResult:
    """What a cycle did."""

    steps: Counter[Disposition] = field(default_factory=Counter)
    reconciled: int = 0

    @property
    def anything(self) -> bool:
        """Whether it did anything at all."""
        return bool(self.steps or self.reconciled)


@dataclass(frozen=True)
class Cycle:
    """Runs what is due. `stopping` is asked before anything new is begun: true ends it early.

    `side_by_side` makes what the network calls of several accounts run on.
    """

    store: Store
    dispatcher: Dispatcher
    reconciler: Reconciler
    clock: Clock
    stopping: Callable[[], bool] = lambda: False
    side_by_side: Callable[[], Executor] = _threads

    def run(self) -> CycleResult:
        """Work until nothing more is due; what one publication opens for another goes, too."""
        self.reconciler.sweep()
        with self.side_by_side() as pool:
            return _Run(self, pool).to_the_end()


class _Run:
    """One run of a cycle: what is under way, and what waits for the next transaction."""

    def __init__(self, cycle: Cycle, pool: Executor) -> None:
        self._cycle = cycle
        self._dispatcher = cycle.dispatcher
        self._reconciler = cycle.reconciler
        self._pool = pool
        self._done = CycleResult()
        self._jobs: dict[Job, str] = {}
        self._local = {
            name for name, rules in cycle.dispatcher.accounts.items() if rules.capabilities.local
        }
        self._ended: SimpleQueue[Job] = SimpleQueue()
        self._busy: set[str] = set()
        self._waiting: dict[str, None] = {}
        self._faulty: set[str] = set()
        self._answers: list[SendResult] = []
        self._preparations: dict[str, Preparation] = {}
        self._looked_at: datetime | None = None
        self._has_failed = False

    def to_the_end(self) -> CycleResult:
        """Until a look at the whole queue finds nothing that moves."""
        while True:
            idle = not self._jobs and not self._has_something
            looks = idle or self._it_is_time_to_look
            if looks:
                self._see_what_is_due()
            moved = self._has_something and self._advance()
            if self._jobs:
                self._collect()
            elif looks and not moved and not self._has_something:
                return self._done

    @property
    def _has_something(self) -> bool:
        """Whether there is something for a transaction to do."""
        return bool(self._answers) or self._may_claim()

    # -- what is due ---------------------------------------------------------------------------

    @property
    def _it_is_time_to_look(self) -> bool:
        """None was the last look, or it was long ago; or the clock was set back."""
        looked_at = self._looked_at
        if looked_at is None:
            return True
        return not looked_at <= self._cycle.clock.now() < looked_at + BETWEEN_LOOKS

    def _see_what_is_due(self) -> None:
        now = self._looked_at = self._cycle.clock.now()
        if self._cycle.stopping():
            return
        for doubt in self._reconciler.due():
            if self._room > 0 and doubt.delivery.account not in self._busy:
                self._begin(doubt.delivery.account, self._look_up, doubt)
        with self._cycle.store.read() as unit:
            names = unit.deliveries.accounts_with_work(now)
        self._wait_for(names)

    def _wait_for(self, names: Iterable[str]) -> None:
        out = self._busy | self._faulty
        known = self._dispatcher.accounts
        self._waiting |= {name: None for name in names if name in known and name not in out}

    @property
    def _room(self) -> int:
        return MOST_AT_ONCE - len(self._jobs)

    def _may_claim(self) -> bool:
        return bool(self._waiting) and self._room > 0 and not self._cycle.stopping()

    # -- one transaction -----------------------------------------------------------------------

    def _advance(self) -> bool:
        """Settle what came back, and claim for as many accounts as there is room for; whether
        anything moved.

        Where the database fails (two daemons were in each other's way), it is tried once more: what
        the networks have answered is not thrown away for that.
        """
        answers, self._answers = self._answers, []
        if not self._cycle.stopping():
            self._wait_for(answer.account for answer in answers)
        names = self._next()
        try:
            made = self._apart(answers, names)
        except DatabaseError as error:
            if self._has_failed:
                raise
            log.warning("once more, since %s", error)
            self._has_failed = True
            self._answers = answers
            return True
        self._has_failed = False
        self._take(made)
        return made.anything

    def _next(self) -> list[str]:
        """For which accounts there is room, those that have waited longest first."""
        if self._cycle.stopping():
            return []
        far = [name for name in self._waiting if name not in self._local][: self._room]
        near = [name for name in self._waiting if name in self._local][:MOST_LOCAL]
        for name in (*far, *near):
            del self._waiting[name]
        return [*far, *near]

    def _apart(self, answers: list[SendResult], names: list[str]) -> BatchResult:
        """All together; where that fails one by one, so that a fault stops only its own account."""
        try:
            return self._dispatcher.advance(answers, names, self._preparations)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, it stays with its account)
            whole = BatchResult()
            if len(answers) + len(names) <= 1:
                self._leave([*names, *(answer.account for answer in answers)], error)
                return whole
            for answer in answers:
                whole.add(self._apart([answer], []))
            for name in names:
                whole.add(self._apart([], [name]))
            return whole

    def _leave(self, names: list[str], error: Exception) -> None:
        """Let the accounts be: somebody else is at work there, or a fault of our own is."""
        if isinstance(error, LostClaimError):
            log.info("%s", error)
            return
        self._faulty.update(names)
        log.error("%s: stopped on a fault of our own", ", ".join(names), exc_info=error)

    def _take(self, made: BatchResult) -> None:
        """Go on with what the transaction allows."""
        self._done.steps += made.steps
        for sending in made.to_send:
            if sending.attempt.account not in self._local:
                self._begin_send(sending)
        for delivery in made.to_ready:
            self._begin(delivery.account, self._dispatcher.ready, delivery)
        self._wait_for(made.moved)
        self._answers += [
            self._dispatcher.send(sending)
            for sending in made.to_send
            if sending.attempt.account in self._local
        ]

    # -- the networks --------------------------------------------------------------------------

    def _begin(self, account: str, work: Callable[..., Work], on: object) -> None:
        self._busy.add(account)
        self._waiting.pop(account, None)
        job = self._pool.submit(work, on)
        self._jobs[job] = account
        job.add_done_callback(self._ended.put)

    def _begin_send(self, sending: Sending) -> None:
        self._preparations.pop(sending.attempt.account, None)
        self._begin(sending.attempt.account, self._dispatcher.send, sending)

    def _look_up(self, doubt: UncertainDelivery) -> tuple[UncertainDelivery, LookUp]:
        return doubt, self._reconciler.look_up(doubt)

    def _collect(self) -> None:
        """What has come back by now; wait for a while where there is nothing else to do."""
        waits = not self._has_something
        try:
            self._take_in(self._ended.get(timeout=PATIENCE) if waits else self._ended.get_nowait())
            while self._jobs:
                self._take_in(self._ended.get(timeout=GRACE))
        except Empty:
            if waits and not self._has_something:
                self._looked_at = None

    def _take_in(self, job: Job) -> None:
        self._busy.discard(self._jobs.pop(job))
        match job.result():
            case SendResult() as answer:
                self._answers.append(answer)
            case Preparation() as preparations:
                account = preparations.delivery.account
                self._preparations[account] = preparations
                self._wait_for([account])
            case (doubt, found):
                self._settle(doubt, found)

    def _settle(self, doubt: UncertainDelivery, answer: LookUp) -> None:
        if self._cycle.stopping() and isinstance(answer, Begun):
            return  # it would be something new; it is looked up again
        settled = self._reconciler.settle(doubt, answer)
        self._looked_at = None  # it may be due again already
        if isinstance(settled, Sending):
            self._begin_send(settled)
            return
        self._done.reconciled += settled
        self._wait_for([doubt.delivery.account])
