"""Recovery: what a worker does first about other workers that ended without order."""

from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.workers import Worker
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.store.workers import ALIVE_FOR
from crosspromo.worker_locks import WorkerLock

if TYPE_CHECKING:
    from crosspromo.store.unit import Store


def recover(
    store: "Store", reconciler: Reconciler, worker_lock: WorkerLock, now: datetime
) -> list[Worker]:
    """Finish what dead workers left undone; returns the dead daemons of this machine.

    Deliveries that wait for headroom are judged anew only if some worker ended without order: it
    may have settled a send and not have told them. After an orderly end nothing is judged anew, so
    that a restart changes no day to come.
    """
    with store.read() as unit:
        running = unit.workers.running()
    dead = [each for each in running if worker_lock.is_dead(each.name)]
    silent = any(each.seen_at <= now - ALIVE_FOR for each in running)
    others = worker_lock.dead()
    reconciler.recover_abandoned(wakes=bool(dead or silent or others))
    for name in set(others) - {each.name for each in running}:  # daemons are forgotten on the list
        worker_lock.forget(name)
    return dead
