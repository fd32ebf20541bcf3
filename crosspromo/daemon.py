"""The daemon: APScheduler as the clock, signals, and an orderly end.

Nothing is kept in the scheduler. It wakes for the next moment that the database names; when
somebody queues something meanwhile, the database gives notice.
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
"""The shortest rest between two rounds."""

LATER = timedelta(seconds=5)
"""The rest after a round that moved nothing although something is due: its account is not in the
settings any more, a fault of our own stands there, or another daemon is at work on it.
"""

DUE, NOTICED = "due", "noticed"
"""The two jobs that look at what is due: at the moment the database names, and on a notice. One
must not take the other's place.
"""

HEARTBEAT = timedelta(seconds=60)
"""How often the daemon says that it is alive; `status` believes it for three of these. Then it also
looks for sends that others have left behind, and at the queue, should a notice have been lost.
"""


def _settle_in() -> None:
    """Leave what has been loaded out of every later collection: it stays for good."""
    gc.collect()
    gc.freeze()


def cycle(workspace: Workspace, worker_lock: WorkerLock, stop: threading.Event) -> Cycle:
    """What is due in this workspace, worked on under this worker_lock."""
    return Cycle(
        dispatcher=workspace.dispatcher(worker_lock.worker),
        reconciler=workspace.reconciler(worker_lock),
        clock=workspace.clock,
        stopping=stop.is_set,
    )


def run_once(workspace: Workspace) -> CycleResult:
    """Publish and reconcile what is due."""
    stop = threading.Event()
    with workspace.worker_lock() as worker_lock, _ended_by_signal(stop):
        work = cycle(workspace, worker_lock, stop)
        work.reconciler.recover_abandoned()
        _settle_in()
        return work.run()


class Daemon:
    """Runs until a signal asks it to end; what is being sent then is sent and settled first."""

    def __init__(self, workspace: Workspace, worker_lock: WorkerLock) -> None:
        self._workspace = workspace
        self._presence = worker_lock
        self._stop = threading.Event()
        self._cycle = cycle(workspace, worker_lock, self._stop)
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def run(self) -> None:
        """Block until SIGTERM or SIGINT."""
        self._begin()
        _settle_in()
        self._scheduler.add_job(self._tick, id=DUE)
        self._scheduler.add_job(self._beat, "interval", seconds=HEARTBEAT.total_seconds())
        notices = self._workspace.store.notices()
        with _ended_by_signal(self._stop, notices.interrupt):
            self._scheduler.start()
            log.info("started as %s", self._presence.worker)
            while not self._stop.is_set():
                if notices.wait(HEARTBEAT):
                    self._come_back(NOTICED, self._workspace.clock.now())
            log.info("stopping")
            self._scheduler.shutdown(wait=True)
        notices.close()
        with self._workspace.store.write() as unit:
            unit.workers.stop(self._presence.worker)
        log.info("stopped")

    def _begin(self) -> None:
        """Settle what killed daemons left, forget them, and sign in."""
        with self._workspace.store.read() as unit:
            dead = [each for each in unit.workers.running() if self._presence.is_dead(each.name)]
        self._cycle.reconciler.recover_abandoned()  # first: a forgotten worker is not dead
        with self._workspace.store.write() as unit:
            for other in dead:
                unit.workers.stop(other.name)
                self._presence.forget(other.name)
            unit.workers.start(self._presence.worker, self._workspace.clock.now())

    def _beat(self) -> None:
        with self._workspace.store.write() as unit:
            unit.workers.seen(self._presence.worker, self._workspace.clock.now())
        self._cycle.reconciler.mark_abandoned()
        self._tick()

    def _tick(self) -> None:
        """Do what is due, and come back when more is."""
        rest = SOONEST
        if self._wakes_by(self._workspace.clock.now()) and not self._cycle.run().anything:
            rest = LATER
        if self._stop.is_set():
            return
        wake = self._next_wake()
        if wake is not None:
            self._come_back(DUE, max(wake, self._workspace.clock.now() + rest))

    def _come_back(self, job: str, moment: datetime) -> None:
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
    """SIGTERM and SIGINT ask for an orderly end while the block runs; `interrupt` ends a wait."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        interrupt()

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
