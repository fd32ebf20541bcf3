"""Everything that is due, once: settle what is in doubt, then publish account by account.

Accounts go side by side, each strictly one delivery after another, so that a slow or limited
account delays no other.
"""

import logging
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field

from crosspromo.domain.clock import Clock
from crosspromo.publishing.dispatch import Dispatcher, Step
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.publishing.storage import Store

log = logging.getLogger(__name__)

MOST_AT_ONCE = 16
"""How many accounts are worked on side by side."""


def _threads() -> Executor:
    return ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="account")


@dataclass
class Done:
    """What a cycle did."""

    steps: Counter[Step] = field(default_factory=Counter)
    reconciled: int = 0


@dataclass(frozen=True)
class Cycle:
    """Runs what is due. `stopping` is asked before each delivery: true ends the cycle early.

    `side_by_side` makes what the network calls of several accounts run on.
    """

    store: Store
    dispatcher: Dispatcher
    reconciler: Reconciler
    clock: Clock
    stopping: Callable[[], bool] = lambda: False
    side_by_side: Callable[[], Executor] = _threads

    def run(self) -> Done:
        """Work until nothing more is due; what one publication opens for another goes, too."""
        done = Done()
        self.reconciler.sweep()
        with self.side_by_side() as pool:
            while not self.stopping():
                reconciled = self.reconciler.look_up_due()
                done.reconciled += reconciled
                steps = Counter[Step]()
                for counted in pool.map(self._drain, self._accounts()):
                    steps += counted
                done.steps += steps
                if not reconciled and not steps.total():
                    return done
        return done

    def _accounts(self) -> list[str]:
        with self.store.read() as unit:
            waiting = unit.deliveries.accounts_with_work(self.clock.now())
        return [account for account in waiting if account in self.dispatcher.accounts]

    def _drain(self, account: str) -> Counter[Step]:
        """Publish everything due on the account. A fault of ours there stops no other account."""
        steps = Counter[Step]()
        try:
            while not self.stopping():
                step = self.dispatcher.publish_next(account)
                if step is None or step is Step.OVERTAKEN:
                    break
                steps[step] += 1
        except Exception:  # a fault of ours is logged whole, and stays with this account
            log.exception("%s: publishing stopped on a fault of our own", account)
        return steps
