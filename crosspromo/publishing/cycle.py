"""The cycle: everything that is due, worked through once.

Accounts are worked on side by side, and each account strictly one step after another, so that a
slow or limited account delays no other. One thread uses the database; many threads call networks.
Results that arrive during a transaction are settled together in the next one.

`Roster` is pure: it knows which accounts wait, are busy or are set aside, and answers who is next.
`_Run` is the loop around it.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import DatabaseError, LostClaimError
from crosspromo.domain.outcomes import Begun, LookUp
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.reconcile import Reconciler, Settled, Settlement, UncertainDelivery
from crosspromo.publishing.results import (
    BatchResult,
    Disposition,
    Preparation,
    Sending,
    SendResult,
)

log = logging.getLogger(__name__)

MOST_AT_ONCE = 64
"""Accounts on networks that are worked on side by side: one thread each."""

MOST_LOCAL = 1_000
"""Accounts on this machine that one transaction claims: their sends are made at once."""

MOST_LOCAL_BESIDE_OTHERS = 250
"""The same where other workers can claim at the same time: some accounts are left for them."""

PATIENCE = 0.5
"""Seconds to wait for networks before the queue is read again."""

GRACE = 0.002
"""Seconds that a result may wait for the next, to be settled in the same transaction."""

BETWEEN_LOOKS = timedelta(seconds=0.5)
"""Time between two reads of the whole queue while results keep arriving."""


def _threads() -> Executor:
    return ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="account")


@dataclass(frozen=True, slots=True)
class LookUpResult:
    """The network's answer about one delivery whose outcome is unknown."""

    uncertain: UncertainDelivery
    answer: LookUp


JobResult = SendResult | Preparation | LookUpResult
Job = Future[JobResult]


@dataclass
class CycleResult:
    """Deliveries by disposition, and the number of unknown deliveries that were settled."""

    dispositions: Counter[Disposition] = field(default_factory=Counter)
    reconciled: int = 0

    @property
    def anything(self) -> bool:
        """Whether the cycle moved any delivery."""
        return bool(self.dispositions or self.reconciled)


@dataclass
class Roster:
    """Accounts of one run by condition: waiting, busy or faulty.

    `local` names the accounts on this machine, of which `most_local` are taken together. Waiting
    accounts are served in the order in which they came. A busy account has one job on its network;
    a faulty one is left alone until the run ends, for a fault of ours or of the database stopped
    it.
    """

    known: frozenset[str]
    local: frozenset[str]
    most_local: int
    waiting: dict[str, None] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    faulty: set[str] = field(default_factory=set)

    @property
    def free(self) -> int:
        """Number of further accounts on networks that can be worked on."""
        return MOST_AT_ONCE - len(self.busy)

    @property
    def anyone_next(self) -> bool:
        """Whether an account waits and a thread is free for it."""
        return bool(self.waiting) and self.free > 0

    def wait(self, accounts: Iterable[str]) -> None:
        """Add accounts that may have work, unless they are unknown, busy or faulty."""
        out = self.busy | self.faulty
        self.waiting |= {name: None for name in accounts if name in self.known and name not in out}

    def is_free(self, account: str) -> bool:
        """Whether the account has no job, and was not set aside."""
        return account not in self.busy and account not in self.faulty

    def take_next(self) -> list[str]:
        """Take the next accounts out of the waiting ones.

        At most as many on networks as are free, and at most `most_local` on this machine.
        """
        far = [name for name in self.waiting if name not in self.local][: self.free]
        near = [name for name in self.waiting if name in self.local][: self.most_local]
        for name in (*far, *near):
            del self.waiting[name]
        return [*far, *near]

    def begin(self, account: str) -> None:
        """Note that a job of the account has begun."""
        self.busy.add(account)
        self.waiting.pop(account, None)

    def end(self, account: str) -> None:
        """Note that the account's job has ended."""
        self.busy.discard(account)

    def set_aside(self, accounts: Iterable[str]) -> None:
        """Leave these accounts alone for the rest of the run."""
        self.faulty.update(accounts)


@dataclass(frozen=True)
class Cycle:
    """Works through everything that is due.

    `stopping` is asked before anything new is begun; true ends the run early. `side_by_side`
    makes the executor that network calls run on. `progress` is called after each transaction and
    each call of a network that ended; it must not raise. `most_local` is how many accounts on this
    machine one transaction claims. `one_connection` makes a block in which the transactions of its
    thread may share a connection.
    """

    dispatcher: Dispatcher
    reconciler: Reconciler
    clock: Clock
    stopping: Callable[[], bool] = lambda: False
    progress: Callable[[], None] = lambda: None
    side_by_side: Callable[[], Executor] = _threads
    most_local: int = MOST_LOCAL_BESIDE_OTHERS
    one_connection: Callable[[], AbstractContextManager[None]] = nullcontext

    def run(self) -> CycleResult:
        """Work until nothing more is due, including deliveries that a published post lets go."""
        self.reconciler.mark_abandoned()
        with self.side_by_side() as pool, self.one_connection():
            return _Run(self, pool).to_the_end()


class _Run:
    """Run of a cycle: network jobs, and results for the next transaction."""

    def __init__(self, cycle: Cycle, pool: Executor) -> None:
        self._cycle = cycle
        self._dispatcher = cycle.dispatcher
        self._reconciler = cycle.reconciler
        self._pool = pool
        accounts = cycle.dispatcher.accounts
        local = (name for name, rules in accounts.items() if rules.capabilities.local)
        self._roster = Roster(frozenset(accounts), frozenset(local), cycle.most_local)
        self._done = CycleResult()
        self._jobs: dict[Job, str] = {}
        self._ended: SimpleQueue[Job] = SimpleQueue()
        self._results: list[SendResult] = []
        self._preparations: dict[str, Preparation] = {}
        self._looked_at: datetime | None = None
        self._has_failed = False
        self._failure: DatabaseError | None = None

    def to_the_end(self) -> CycleResult:
        """Run until a read of the whole queue finds nothing that can be moved.

        DatabaseError, at the end, if the answer of a look-up could not be recorded.
        """
        while True:
            idle = not self._jobs and not self._has_work
            looks = idle or self._look_is_due
            if looks:
                self._read_queue()
            moved = self._has_work and self._advance()
            if self._jobs:
                self._collect()
            elif looks and not moved and not self._has_work:
                if self._failure is not None:
                    raise self._failure
                return self._done

    @property
    def _has_work(self) -> bool:
        """Whether a transaction has results to settle or accounts to claim for."""
        return bool(self._results) or (self._roster.anyone_next and not self._cycle.stopping())

    # -- reading the queue ---------------------------------------------------------------------

    @property
    def _look_is_due(self) -> bool:
        """Whether the queue was never read, not read for a while, or the clock was set back."""
        looked_at = self._looked_at
        if looked_at is None:
            return True
        return not looked_at <= self._cycle.clock.now() < looked_at + BETWEEN_LOOKS

    def _read_queue(self) -> None:
        """Find the look-ups that are due, and the accounts that have work."""
        now = self._looked_at = self._cycle.clock.now()
        if self._cycle.stopping():
            return
        for uncertain in self._reconciler.due():
            account = uncertain.delivery.account
            if self._roster.free > 0 and self._roster.is_free(account):
                self._begin(account, self._look_up, uncertain)
        self._roster.wait(self._dispatcher.accounts_with_work(now))

    # -- one transaction -----------------------------------------------------------------------

    def _advance(self) -> bool:
        """Settle the results at hand, and claim for the accounts that are next.

        Whether anything was moved. A transaction that the database fails is tried once more (two
        daemons were in each other's way): the networks' results are not thrown away.
        """
        results, self._results = self._results, []
        accounts: list[str] = []
        if not self._cycle.stopping():
            self._roster.wait(_account_of(result) for result in results)
            accounts = self._roster.take_next()
        try:
            moved = self._transact(results, accounts)
        except DatabaseError as error:
            if self._has_failed:
                raise
            log.debug("once more, since %s", error)  # the second failure is raised, and told
            self._has_failed = True
            self._results = [*results, *self._results]
            return True
        self._has_failed = False
        self._cycle.progress()
        return moved

    def _transact(self, results: Sequence[SendResult], accounts: Sequence[str]) -> bool:
        """Advance all accounts in one transaction or, after a failure, each in one of its own.

        So a fault stops one account only. The jobs that a transaction allows begin as soon as it is
        committed. DatabaseError is raised on: it concerns every account. Returns whether anything
        was moved.
        """
        try:
            batch = self._dispatcher.advance(results, accounts, self._preparations)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, it stays with its account)
            if len(results) + len(accounts) <= 1:
                self._give_up([*accounts, *map(_account_of, results)], error)
                return False
            moved = [self._transact([result], []) for result in results]
            return any([*moved, *(self._transact([], [name]) for name in accounts)])
        self._done.dispositions.update(batch.dispositions)
        self._roster.wait(batch.moved)
        self._begin_jobs(batch)
        return bool(batch.moved or batch.to_send or batch.to_prepare)

    def _give_up(self, accounts: list[str], error: Exception) -> None:
        """Leave the accounts alone: another worker is at work there, or a fault of ours is."""
        if isinstance(error, LostClaimError):
            log.info("%s", error)
            return
        self._roster.set_aside(accounts)
        log.error("%s: stopped on a fault of our own", ", ".join(accounts), exc_info=error)

    def _begin_jobs(self, batch: BatchResult) -> None:
        """Begin the sends and preparations that a transaction allows.

        Sends on this machine are made here, when those on networks are under way.
        """
        local = [each for each in batch.to_send if each.attempt.account in self._roster.local]
        for sending in batch.to_send:
            if sending.attempt.account not in self._roster.local:
                self._begin_send(sending)
        for delivery in batch.to_prepare:
            self._begin(delivery.account, self._dispatcher.make_ready, delivery)
        self._results += [self._dispatcher.send(sending) for sending in local]

    # -- the networks --------------------------------------------------------------------------

    def _begin(self, account: str, work: Callable[..., JobResult], on: object) -> None:
        self._roster.begin(account)
        job = self._pool.submit(work, on)
        self._jobs[job] = account
        job.add_done_callback(self._ended.put)

    def _begin_send(self, sending: Sending) -> None:
        self._preparations.pop(sending.attempt.account, None)
        self._begin(sending.attempt.account, self._dispatcher.send, sending)

    def _look_up(self, uncertain: UncertainDelivery) -> LookUpResult:
        return LookUpResult(uncertain, self._reconciler.look_up(uncertain))

    def _collect(self) -> None:
        """Process arrived job results; wait for one if there is nothing else to do."""
        waits = not self._has_work
        try:
            self._take_in(self._ended.get(timeout=PATIENCE) if waits else self._ended.get_nowait())
            while self._jobs:
                self._take_in(self._ended.get(timeout=GRACE))
        except Empty:
            if waits and not self._has_work:
                self._looked_at = None

    def _take_in(self, job: Job) -> None:
        self._roster.end(self._jobs.pop(job))
        match job.result():
            case SendResult() as result:
                self._results.append(result)
            case Preparation() as preparation:
                account = preparation.delivery.account
                self._preparations[account] = preparation
                self._roster.wait([account])
            case LookUpResult(uncertain, answer):
                self._settle(uncertain, answer)
        self._cycle.progress()

    def _settle(self, uncertain: UncertainDelivery, answer: LookUp) -> None:
        if self._cycle.stopping() and isinstance(answer, Begun):
            return  # to send the rest of a thread is something new: it is looked up again
        try:
            settlement = self._settle_or_again(uncertain, answer)
        except DatabaseError as error:  # results of sends must not be lost with this one
            log.warning("delivery %d is looked up again: %s", uncertain.delivery.id, error)
            self._roster.set_aside([uncertain.delivery.account])  # else at once, and for ever
            self._failure = error
            return
        self._looked_at = None  # the delivery may be due again already
        if isinstance(settlement, Sending):
            self._begin_send(settlement)
            return
        self._done.reconciled += isinstance(settlement, Settled)
        self._roster.wait([uncertain.delivery.account])

    def _settle_or_again(self, uncertain: UncertainDelivery, answer: LookUp) -> Settlement:
        """Settle the delivery, at the second try if the database fails once, as in `_advance`."""
        try:
            return self._reconciler.settle(uncertain, answer)
        except DatabaseError as error:
            log.debug("once more, since %s", error)
            return self._reconciler.settle(uncertain, answer)


def _account_of(result: SendResult) -> str:
    return result.sending.attempt.account
