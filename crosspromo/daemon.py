"""The daemon: an APScheduler loop around the cycle, with signal handling and an orderly end.

The scheduler stores nothing. It wakes at the next moment that the database names; when a delivery
is queued meanwhile, the database sends a notice.
"""

import gc
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from crosspromo.publishing.cycle import Cycle, CycleResult
from crosspromo.worker_locks import WorkerLock
from crosspromo.workspace import Workspace

log = logging.getLogger(__name__)

SOONEST = timedelta(seconds=1)
"""Shortest rest between two rounds."""

LATER = timedelta(seconds=5)
"""Rest after a round that moved no delivery although one is due.

The reason may be that its account is no longer in the settings, that a fault of our own stopped its
account, or that another daemon is working on it.
"""

DUE, NOTICED = "due", "noticed"
"""Ids of the two jobs that process due deliveries.

DUE runs at the moment that the database names, NOTICED on a notice. The ids differ so that neither
job replaces the other.
"""

HEARTBEAT = timedelta(seconds=60)
"""Interval between two signs of life of the daemon; `status` believes each for three intervals.

At each sign of life the daemon also looks for sends that other workers abandoned, and at the queue,
in case a notice was lost.
"""


def _freeze_loaded_objects() -> None:
    """Exclude all objects loaded so far from garbage collection: they live until the end."""
    gc.collect()
    gc.freeze()


def cycle(workspace: Workspace, worker_lock: WorkerLock, stop: threading.Event) -> Cycle:
    """Cycle that works on due deliveries of the workspace, under this worker lock."""
    return Cycle(
        dispatcher=workspace.dispatcher(worker_lock.worker),
        reconciler=workspace.reconciler(worker_lock),
        clock=workspace.clock,
        stopping=stop.is_set,
    )


def run_once(workspace: Workspace) -> CycleResult:
    """Publish and reconcile all due deliveries once."""
    stop = threading.Event()
    with workspace.worker_lock() as worker_lock, _ended_by_signal(stop):
        work = cycle(workspace, worker_lock, stop)
        work.reconciler.recover_abandoned()
        _freeze_loaded_objects()
        return work.run()


class Daemon:
    """Publisher on schedule, until a signal asks for its end.

    Sends in progress at that moment are completed and settled first.
    """

    def __init__(self, workspace: Workspace, worker_lock: WorkerLock) -> None:
        self._workspace = workspace
        self._worker_lock = worker_lock
        self._stop = threading.Event()
        self._cycle = cycle(workspace, worker_lock, self._stop)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def run(self) -> None:
        """Publish until SIGTERM or SIGINT; blocks."""
        self._begin()
        _freeze_loaded_objects()
        self._scheduler.add_job(self._tick, id=DUE)
        self._scheduler.add_job(self._beat, "interval", seconds=HEARTBEAT.total_seconds())
        notices = self._workspace.store.notices()
        with _ended_by_signal(self._stop, notices.interrupt):
            self._scheduler.start()
            log.info("started as %s", self._worker_lock.worker)
            while not self._stop.is_set():
                if notices.wait(HEARTBEAT):
                    self._schedule_tick(NOTICED, self._workspace.clock.now())
            log.info("stopping")
            self._scheduler.shutdown(wait=True)
        notices.close()
        with self._workspace.store.write() as unit:
            unit.workers.stop(self._worker_lock.worker)
        log.info("stopped")

    def _begin(self) -> None:
        """Settle the sends of killed daemons, remove those daemons, and register this daemon."""
        with self._workspace.store.read() as unit:
            dead = [each for each in unit.workers.running() if self._worker_lock.is_dead(each.name)]
        # Recover first: `is_dead` is false for a worker whose lock file is gone.
        self._cycle.reconciler.recover_abandoned()
        with self._workspace.store.write() as unit:
            for other in dead:
                unit.workers.stop(other.name)
                self._worker_lock.forget(other.name)
            unit.workers.start(self._worker_lock.worker, self._workspace.clock.now())

    def _beat(self) -> None:
        with self._workspace.store.write() as unit:
            unit.workers.seen(self._worker_lock.worker, self._workspace.clock.now())
        self._cycle.reconciler.mark_abandoned()
        self._tick()

    def _tick(self) -> None:
        """Process due deliveries, and schedule the next tick."""
        rest = SOONEST
        if self._wakes_by(self._workspace.clock.now()) and not self._cycle.run().anything:
            rest = LATER
        if self._stop.is_set():
            return
        wake = self._next_wake()
        if wake is not None:
            self._schedule_tick(DUE, max(wake, self._workspace.clock.now() + rest))

    def _schedule_tick(self, job: str, moment: datetime) -> None:
        self._scheduler.add_job(self._tick, "date", run_date=moment, id=job, replace_existing=True)

    def _wakes_by(self, moment: datetime) -> bool:
        wake = self._next_wake()
        return wake is not None and wake <= moment

    def _next_wake(self) -> datetime | None:
        with self._workspace.store.read() as unit:
            return unit.deliveries.next_wake()


@contextmanager
def _ended_by_signal(
    stop: threading.Event, interrupt: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Set `stop` on SIGTERM or SIGINT while the block runs; `interrupt` then ends a wait."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        interrupt()

    before = {
        number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
