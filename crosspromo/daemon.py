"""The daemon: an APScheduler loop around the cycle, with signal handling and an orderly end.

The scheduler stores nothing. It wakes at the next moment that the database names; when a delivery
is queued meanwhile, the database sends a notice. One thread works on deliveries; others tell people
what needs them, foretell, read sources, plan, read back what came of posts, and mail reports, so
that nothing slow delays a post. Changed settings are applied by the first thread, between two
cycles.
"""

import gc
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from crosspromo import systemd
from crosspromo.domain.errors import DatabaseError, Refused
from crosspromo.domain.pauses import Pause
from crosspromo.domain.workers import Trouble
from crosspromo.live_workspace import LiveWorkspace
from crosspromo.phrasing.words import of_pause
from crosspromo.publishing.cycle import (
    MOST_LOCAL,
    MOST_LOCAL_BESIDE_OTHERS,
    Cycle,
    CycleResult,
)
from crosspromo.services.clock_watch import ClockWatch, FutureTimes
from crosspromo.services.health import Pulse
from crosspromo.services.recovery import recover
from crosspromo.signals import ended_by_signal
from crosspromo.worker_locks import WorkerLock
from crosspromo.workspace import Workspace

if TYPE_CHECKING:
    from crosspromo.store.database.notices import Notices
    from crosspromo.store.unit import Unit

log = logging.getLogger(__name__)

SOONEST = timedelta(seconds=1)
"""Shortest rest between two rounds."""

LATER = timedelta(seconds=5)
"""Rest after a round that moved no delivery although one is due.

The reason may be that its account is no longer in the settings, that a fault of our own stopped its
account, or that another daemon is working on it.
"""

DUE, NOTICED, SET_BACK = "due", "noticed", "set-back"
"""Ids of the jobs that process due deliveries.

DUE runs at the moment that the database names, NOTICED on a notice, SET_BACK when the clock was set
back. The ids differ so that no job replaces another.
"""

FIRST_TELLING = "first-telling"
"""Id of the job that tells people after the first round."""

AFTERWARDS = "afterwards"
"""Id of the job that renews the forecasts after a round."""

AFTER_WORK = timedelta(seconds=2)
"""Time from a round, or a notice, to the renewal of the forecasts: more may follow at once."""

HEARTBEAT = timedelta(seconds=60)
"""Interval between two signs of life of the daemon; `status` believes each for three intervals.

At each sign of life the daemon also looks for sends that other workers abandoned, and at the queue,
in case a notice was lost.
"""

LOOK = timedelta(seconds=5)
"""Interval between two looks at the settings file, the templates and the files of secrets."""

AGAIN = timedelta(seconds=20)
"""Rest after a failure of the database, such as a full disk, before the queue is read again."""


READING = timedelta(seconds=60)
"""Interval between two looks for sources that are due."""

FEW_COLLECTIONS = 250_000, 20, 50
"""New objects before a garbage collection, and collections before an older generation has one.

A round of deliveries makes a hundred thousand objects, none of which refers back to itself.
"""

READING_BACK = timedelta(seconds=60)
"""Interval between two looks for accounts whose figures or mentions are due."""

PLANNING = timedelta(seconds=60)
"""Interval between two looks whether a plan is due."""

WORKING, TELLING, FORETELLING, SUGGESTING = "default", "telling", "foretelling", "suggesting"
COUNTING, REPORTING = "counting", "reporting"
EXECUTORS = (WORKING, TELLING, FORETELLING, SUGGESTING, COUNTING, REPORTING)
"""Executors, each with a thread of its own."""


class _OneThread(ThreadPoolExecutor):  # type: ignore[misc]  # apscheduler ships no types
    """Executor with one thread, whose end can be waited for."""

    def __init__(self) -> None:
        super().__init__(1)

    def wait(self) -> None:
        """Wait until the job that runs has ended; no further one begins."""
        self._pool.shutdown(wait=True)


def _settle_in() -> None:
    """Exclude all objects loaded so far from garbage collection: they live until the end.

    From now on the collector looks seldom: what a delivery needs is freed without it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*FEW_COLLECTIONS)


def cycle(
    workspace: Workspace,
    worker_lock: WorkerLock,
    stop: threading.Event,
    progress: Callable[[], None] = lambda: None,
) -> Cycle:
    """Cycle that works on due deliveries of the workspace, under this worker lock."""
    most_local = MOST_LOCAL if workspace.store.has_one_writer else MOST_LOCAL_BESIDE_OTHERS
    return Cycle(
        dispatcher=workspace.dispatcher(worker_lock.worker),
        reconciler=workspace.reconciler(worker_lock),
        clock=workspace.clock,
        stopping=stop.is_set,
        progress=progress,
        most_local=most_local,
        one_connection=workspace.store.one_connection,
    )


def run_once(workspace: Workspace) -> CycleResult:
    """Publish and reconcile all due deliveries once."""
    stop = threading.Event()
    with workspace.worker_lock() as worker_lock, ended_by_signal(stop):
        work = cycle(workspace, worker_lock, stop)
        future_times = FutureTimes(workspace.clock)
        workspace.database_watch.beat(lambda unit: future_times.begin(unit, workspace.rules))
        recover(workspace.store, work.reconciler, worker_lock, workspace.clock.now())
        _settle_in()
        done = work.run()
        if done.anything:
            workspace.database_watch.beat()
        return done


class Daemon:
    """Publisher on schedule, until a signal asks for its end.

    Sends in progress at that moment are completed and settled first. `tell` tells people what newly
    needs them, by the settings of the workspace that it gets. `tell_trouble` tells them in words
    that the database fails, and answers whether they were told. `pulse` gets a sign of life
    whenever work went well.
    """

    def __init__(
        self,
        workspace: Workspace,
        worker_lock: WorkerLock,
        *,
        tell: Callable[[Workspace], None] = lambda _: None,
        tell_trouble: Callable[[Workspace, str], bool] = lambda *_: True,
        pulse: Pulse | None = None,
    ) -> None:
        self._stop = threading.Event()
        self._live = LiveWorkspace(workspace, self._stop.wait)
        self._worker_lock = worker_lock
        self._tell = tell
        self._tell_trouble = tell_trouble
        self._trouble_is_told = False
        self._has_worked = False
        """Whether a first round has ended: before that, what is overdue is nobody's matter."""
        self._pulse = pulse or Pulse(workspace.clock)
        self._moves = False
        """Whether the last round moved a delivery: while more is due, others follow at once."""
        self._seen_at = workspace.clock.now()
        self._is_sound = True
        self._paused: dict[str | None, Pause] = {}
        self._looked_at = monotonic()
        self._wants_change = False
        """Whether a file of the settings has changed, so that the cycle is to end."""
        self._reported: tuple[Trouble, ...] = ()
        self._to_judge: set[str] | None = set()
        """Accounts whose held deliveries are to be judged by new rules; None: all accounts."""
        self._clock_watch = ClockWatch(workspace.clock)
        self._future_times = FutureTimes(workspace.clock)
        self._trouble: str | None = None
        self._interrupt: Callable[[], None] = lambda: None
        self._cycle = self._new_cycle()
        self._threads = {name: _OneThread() for name in EXECUTORS}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors=self._threads,
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    @property
    def workspace(self) -> Workspace:
        """Workspace by the settings that are in force now."""
        return self._live.workspace

    def _new_cycle(self) -> Cycle:
        return replace(
            cycle(self.workspace, self._worker_lock, self._stop, self._progress),
            stopping=self._is_to_end,
        )

    def _is_to_end(self) -> bool:
        """Whether the cycle is to end: the daemon stops, or has changed settings to apply."""
        return self._stop.is_set() or self.workspace.store.is_lost or self._wants_change

    def run(self) -> None:
        """Publish until SIGTERM, SIGINT or SIGHUP; blocks.

        DatabaseError if the database file is gone or replaced: nothing more is sent then.
        """
        notices = self.workspace.store.notices()
        self._interrupt = notices.interrupt
        with ended_by_signal(self._stop, notices.interrupt):
            self._begin()
            _settle_in()
            self._add_jobs()
            self._scheduler.start()
            systemd.notify(systemd.READY)
            log.info("started as %s", self._worker_lock.worker)
            while not self._stop.is_set():
                self._wait(notices)
            systemd.notify(systemd.STOPPING)
            log.info("stopping")
            self._end_jobs()
        notices.close()
        self._live.close()
        if self.workspace.store.is_lost:
            raise DatabaseError(self.workspace.store.loss)
        self._survives(self._end)
        log.info("stopped")

    def _end_jobs(self) -> None:
        """End the scheduler, and wait for the jobs that run.

        The scheduler itself would wait with its locks held, and a job that schedules another at
        that moment needs them.
        """
        # Once it counts as stopped it does not find the job that it is about to begin and take off
        # its list: so it has nothing to begin before.
        self._scheduler.pause()
        self._scheduler.remove_all_jobs()
        self._scheduler.shutdown(wait=False)
        for thread in self._threads.values():
            thread.wait()

    def _wait(self, notices: "Notices") -> None:
        """Wait for a notice, and schedule a tick when one comes."""
        self._mind_clock()
        try:
            noticed = notices.wait(HEARTBEAT)
        except DatabaseError as error:
            self._warn(error)
            self._stop.wait(AGAIN.total_seconds())
            return
        if noticed:
            self._schedule_tick(NOTICED, self.workspace.clock.now())
            self._foretell_soon()

    def _mind_clock(self) -> None:
        """Begin anew with all intervals where the clock was set back.

        The scheduler goes by the clock: its next heartbeat would come when the clock shows the same
        time once more.
        """
        back = self._clock_watch.set_back()
        if back is None:
            return
        log.warning(
            "the clock of this machine was set back by %d seconds; waits are worked out anew",
            back.total_seconds(),
        )
        self._add_intervals()
        self._scheduler.add_job(self._begin_anew_well, id=SET_BACK, replace_existing=True)

    def _end(self) -> None:
        """Take this daemon off the list, and leave the database file whole."""
        with self.workspace.store.write() as unit:
            unit.workers.stop(self._worker_lock.worker)
        self.workspace.store.fold_log()

    def _add_jobs(self) -> None:
        self._scheduler.add_job(self._tick_well, id=DUE)
        self._add_intervals()

    def _add_intervals(self) -> None:
        """Add the jobs that are done at intervals, or begin their intervals anew; tell at once."""
        self._at_intervals(self._beat_well, HEARTBEAT)
        self._at_intervals(self._look_well, LOOK)
        now = self.workspace.clock.now()
        self._at_intervals(self._tell_well, HEARTBEAT, executor=TELLING, next_run_time=now)
        self._at_intervals(self._foretell_well, HEARTBEAT, executor=FORETELLING)
        self._at_intervals(self._read_sources_well, READING, executor=SUGGESTING, next_run_time=now)
        self._at_intervals(self._read_back_well, READING_BACK, executor=COUNTING)
        self._at_intervals(self._report_well, HEARTBEAT, executor=REPORTING)
        self._at_intervals(self._plan_well, PLANNING, executor=SUGGESTING)
        within = systemd.watchdog_interval()
        if within is not None:
            # In the thread of the work: while that hangs, systemd hears nothing.
            self._at_intervals(self._say_alive, within / 2)

    def _at_intervals(
        self, job: Callable[[], None], interval: timedelta, **options: object
    ) -> None:
        seconds = interval.total_seconds()
        self._scheduler.add_job(
            job, "interval", seconds=seconds, id=job.__name__, replace_existing=True, **options
        )

    def _begin(self) -> None:
        """Settle the sends of killed daemons, remove those daemons, and register this daemon."""
        # Recover first: `is_dead` is false for a worker whose lock file is gone.
        now = self.workspace.clock.now()
        dead = recover(self.workspace.store, self._cycle.reconciler, self._worker_lock, now)
        with self.workspace.store.write() as unit:
            for other in dead:
                unit.workers.stop(other.name)
                self._worker_lock.forget(other.name)
            unit.workers.start(self._worker_lock.worker, self.workspace.clock.now())
            # The settings, and the clock, may be others than those that held them.
            unit.holds.judge_anew_by(self.workspace.settings_version, self.workspace.clock.now())
            self._future_times.begin(unit, self.workspace.rules)
            self._log_pauses(unit.pauses.all())
        self.workspace.database_watch.beat()

    # -- jobs --------------------------------------------------------------------------------------

    def _tick_well(self) -> None:
        self._work(self._tick)

    def _beat_well(self) -> None:
        self._work(self._beat)

    def _begin_anew_well(self) -> None:
        self._work(self._begin_anew)

    def _look_well(self) -> None:
        """Have changed settings applied; a look that finds nothing is no sign of life."""
        if not self._stop.is_set() and self._live.has_changed():
            self._work(self._tick)

    def _tell_well(self) -> None:
        """Tell people; while the database fails, of that alone, once."""
        self._beside_work(self._tell_people, "telling people", while_database_fails=True)

    def _foretell_well(self) -> None:
        self._beside_work(self._foretell, "the forecasts")

    def _read_sources_well(self) -> None:
        self._beside_work(self._read_sources, "reading sources", from_start=True)

    def _read_back_well(self) -> None:
        self._beside_work(self._read_back, "reading figures", from_start=True)

    def _report_well(self) -> None:
        self._beside_work(self._report, "mailing reports")

    def _plan_well(self) -> None:
        self._beside_work(self._plan, "planning")

    def _beside_work(
        self,
        act: Callable[[], None],
        what: str,
        *,
        from_start: bool = False,
        while_database_fails: bool = False,
    ) -> None:
        """Do an act in a thread beside the work; its failure keeps no post from going out.

        Unless it is done `from_start`, it waits for the end of the first round. Nothing is done
        once the database file is gone or replaced: what is in the new file is not what this daemon
        began with, and the daemon stops.
        """
        if self._stop.is_set() or self.workspace.store.is_lost:
            return
        if not (self._has_worked or from_start):
            return
        if self._trouble is not None and not while_database_fails:
            return
        try:
            act()
        except DatabaseError as error:
            self._warn(error)
        except Exception:  # whatever it is, it must not end the thread
            log.exception("%s failed on a fault of our own", what)

    def _tell_people(self) -> None:
        trouble = self._trouble
        if trouble is None:
            self._trouble_is_told = False
            self._tell(self.workspace)
        elif not self._trouble_is_told:
            self._trouble_is_told = self._tell_trouble(self.workspace, trouble)

    def _foretell(self) -> None:
        """Renew the forecasts while no posts go out.

        Something may be due for ever: its account is missing from the settings, for example.
        """
        if not (self._moves and self._wakes_by(self.workspace.clock.now())):
            self.workspace.services.forecasting.renew(self._stop.is_set)

    def _read_sources(self) -> None:
        """Read the sources that are due."""
        for reading in self.workspace.services.due_sources.read(self._stop.is_set):
            if reading.fault is not None:
                log.warning("source %d: %s", reading.source.number, reading.fault)
            elif reading.new:
                log.info("source %d: %d new", reading.source.number, reading.new)

    def _read_back(self) -> None:
        """Read the figures and mentions that are due."""
        for reading in self.workspace.services.reading_back.read_due(self._stop.is_set):
            if reading.fault is not None:
                log.warning("reading %s: %s", reading.account, reading.fault)
            elif reading.heard:
                log.info("reading %s: %d new mentions", reading.account, reading.heard)

    def _report(self) -> None:
        """Mail the reports of the last month."""
        self.workspace.services.report_mails(self._worker_lock.worker).send(self._stop.is_set)

    def _plan(self) -> None:
        """Make drafts of the plan that is due."""
        try:
            made = self.workspace.services.weekly_planning.plan_if_due()
        except Refused as error:
            log.warning("no plan could be made: %s", error)
            return
        if made:
            log.info("planned %d posts as drafts", len(made))

    def _work(self, job: Callable[[], bool]) -> None:
        """Do the job; a sign of life where it ends well.

        A database that fails is no reason to have the daemon started anew, a fault of our own is.
        """
        try:
            went_well = job()
        except (
            Exception
        ):  # posts of other accounts go on; systemd starts a daemon anew that stays so
            log.exception("a cycle failed on a fault of our own")
            self._is_sound = False
        else:
            self._is_sound = True
            if went_well:
                self._pulse.beat()
        self._say_alive()
        if not self._has_worked:
            self._has_worked = True
            self._scheduler.add_job(self._tell_well, executor=TELLING, id=FIRST_TELLING)
            self._foretell_soon()

    def _say_alive(self) -> None:
        if self._is_sound:
            systemd.notify(systemd.ALIVE)

    def _progress(self) -> None:
        """Give signs of life during a long cycle, to systemd and to the database, too.

        A cycle ends early where settings have changed: the next one begins with the new ones.
        """
        self._pulse.beat()
        if monotonic() - self._looked_at >= LOOK.total_seconds():
            self._looked_at = monotonic()
            self._wants_change = self._live.has_changed()
        if timedelta() <= self._pulse.last - self._seen_at < HEARTBEAT:
            return  # else it is time, or the clock was set back
        self._say_alive()
        try:
            with self.workspace.store.write() as unit:
                self._seen(unit)
        except DatabaseError as error:  # the cycle itself meets it, and knows what to do
            self._warn(error)

    def _log_pauses(self, pauses: Iterable[Pause]) -> None:
        """Log the pauses that began or ended since the last look."""
        now = {pause.account: pause for pause in pauses}
        for account in self._paused.keys() - now.keys():
            log.info("%s is paused no more", "everything" if account is None else account)
        for account, pause in now.items():
            if self._paused.get(account) != pause:
                log.info("%s", of_pause(pause, self.workspace.settings.organisation.zone))
        self._paused = now

    def _beat(self) -> bool:
        """Give a sign of life, compare the database with its mark, and process due deliveries."""
        if self._stops_without_file():
            return False
        seen = self._survives(self._look_around)
        ticked = self._tick()
        return self._survives(self.workspace.store.fold_log) and ticked and seen

    def _look_around(self) -> None:
        self.workspace.database_watch.beat(self._seen_and_cared)
        self._cycle.reconciler.mark_abandoned()

    def _begin_anew(self) -> bool:
        """Have all holds judged by the time of now, and forget times that connectors keep."""
        self._to_judge = None
        self.workspace.close_connectors()
        return self._beat()

    def _seen_and_cared(self, unit: "Unit") -> None:
        self._seen(unit)
        self._future_times.care(unit, self.workspace.rules)

    def _seen(self, unit: "Unit") -> None:
        self._seen_at = self.workspace.clock.now()
        unit.workers.seen(self._worker_lock.worker, self._seen_at)
        unit.workers.report(self._worker_lock.worker, self._live.troubles)
        if self._to_judge is not None and not self._to_judge:
            unit.holds.judged_by(self.workspace.settings_version, self._seen_at)
        self._log_pauses(unit.pauses.all())

    def _tick(self) -> bool:
        """Process due deliveries, and schedule the next tick; False if the database failed."""
        if self._stops_without_file():
            return False
        self._follow_settings()
        went_well = self._survives(self._process)
        if not went_well and not self._stop.is_set():
            self._schedule_tick(DUE, self.workspace.clock.now() + AGAIN)
        return went_well

    def _follow_settings(self) -> None:
        """Apply changed settings, if they can be used. Between two cycles: nothing is sent."""
        if self._stop.is_set() or not self._live.has_changed():
            return
        change = self._live.follow()
        self._wants_change, self._looked_at = False, monotonic()
        if change is None:
            return
        before, self._cycle = self._cycle.dispatcher, self._new_cycle()
        self._cycle = replace(
            self._cycle,
            dispatcher=replace(
                self._cycle.dispatcher,
                outages=before.outages,
                noted_offsets=before.noted_offsets,
            ),
        )
        if change.accounts is None or self._to_judge is None:
            self._to_judge = None
        else:
            self._to_judge |= change.accounts

    def _record_change(self) -> None:
        """Record the troubles of the settings, and have deliveries judged by new rules."""
        troubles = self._live.troubles
        judges = self._to_judge is None or bool(self._to_judge)
        if troubles == self._reported and not judges:
            return
        with self.workspace.store.write() as unit:
            unit.workers.report(self._worker_lock.worker, troubles)
            if judges:
                unit.holds.judge_anew(self._to_judge)
                unit.holds.judged_by(self.workspace.settings_version, self.workspace.clock.now())
            if self._to_judge is None:  # the clock was set back, perhaps
                self._future_times.begin(unit, self.workspace.rules)
        self._reported, self._to_judge = troubles, set()

    def _process(self) -> None:
        self._record_change()
        rest = SOONEST
        if self._wakes_by(self.workspace.clock.now()):
            self._moves = self._cycle.run().anything
            if not self._moves:
                rest = LATER
            elif not self.workspace.store.is_lost:
                self.workspace.database_watch.beat()
                self._foretell_soon()
        if self._stop.is_set():
            return
        wake = self._next_wake()
        if wake is not None:
            self._schedule_tick(DUE, max(wake, self.workspace.clock.now() + rest))
        if self._trouble is not None:
            with self.workspace.store.write() as unit:  # what was not woken meanwhile
                unit.holds.wake_held_by_ratio_everywhere()
            log.warning("the database works again")
            self._trouble = None

    def _foretell_soon(self) -> None:
        """Have the forecasts renewed, once the change and what follows at once are over."""
        moment = self.workspace.clock.now() + AFTER_WORK
        self._scheduler.add_job(
            self._foretell_well,
            "date",
            run_date=moment,
            id=AFTERWARDS,
            replace_existing=True,
            executor=FORETELLING,
        )

    def _stops_without_file(self) -> bool:
        """Whether the database file is gone or replaced; the daemon then stops."""
        is_lost = self.workspace.store.is_lost
        if is_lost:
            self._stop.set()
            self._interrupt()
        return is_lost

    def _survives(self, act: Callable[[], None]) -> bool:
        """Act; False if the database or its disk failed, which is told once for each trouble."""
        try:
            act()
        except (DatabaseError, OSError) as error:
            self._warn(error)
            return False
        return True

    def _warn(self, error: DatabaseError | OSError) -> None:
        if self._stops_without_file():
            return
        if self._trouble is None:
            log.warning("%s; trying again every %g seconds", error, AGAIN.total_seconds())
        self._trouble = str(error)

    def _schedule_tick(self, job: str, moment: datetime) -> None:
        self._scheduler.add_job(
            self._tick_well, "date", run_date=moment, id=job, replace_existing=True
        )

    def _wakes_by(self, moment: datetime) -> bool:
        wake = self._next_wake()
        return wake is not None and wake <= moment

    def _next_wake(self) -> datetime | None:
        with self.workspace.store.read() as unit:
            return unit.deliveries.next_wake()
