"""The daemons of a story: they run their rounds, are killed, and others take over.

Each is the real daemon but for its threads: the story tells it when to work.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast

from simulation.baton import Inline, Killed
from simulation.machine import Lock, Machine, Workplace
from simulation.seams import SeamedStore
from simulation.watch import BrokenError
from simulation.world_time import WorldTime

from crosspromo import daemon
from crosspromo.domain.errors import DatabaseError
from crosspromo.publishing.networks import Connector
from crosspromo.services.clock_watch import ClockWatch

Connectors = Mapping[str, Connector]


class Agenda:
    """The scheduler's place: when the daemon wants to work next, by job."""

    def __init__(self) -> None:
        self.jobs: dict[str, datetime] = {}

        self.begins_anew = False
        """Whether the clock was set back, so that all waits are worked out anew."""

    def add_job(self, _job: object, trigger: str = "now", **named: Any) -> None:
        if trigger == "date" and "executor" not in named:
            self.jobs[named["id"]] = named["run_date"]
        self.begins_anew |= named["id"] == daemon.SET_BACK


class Process(daemon.Daemon):
    """The real daemon without its threads."""

    def __init__(self, workplace: Workplace, lock: Lock, time: WorldTime) -> None:
        super().__init__(cast("Any", workplace), cast("Any", lock))
        self._clock_watch = ClockWatch(workplace.clock, time.passed)
        self.agenda = Agenda()
        self._disk = workplace.machine.disk
        self._cycle = replace(self._cycle, side_by_side=Inline)
        self._scheduler = cast("Any", self.agenda)

    def begin(self) -> None:
        self._begin()

    def mind_clock(self) -> bool:
        """What the thread that waits does; whether the clock was set back."""
        self._mind_clock()
        asks, self.agenda.begins_anew = self.agenda.begins_anew, False
        return asks

    def begin_anew(self) -> None:
        self.agenda.jobs.clear()
        self._begin_anew()

    def beat(self) -> None:
        self.agenda.jobs.clear()
        self._beat()

    def tick(self) -> None:
        self.agenda.jobs.clear()
        self._tick()

    def end(self) -> None:
        self._survives(self._end)

    @property
    def has_stopped(self) -> bool:
        return self._stop.is_set()

    def _warn(self, error: DatabaseError | OSError) -> None:
        super()._warn(error)
        if not (self._disk.was_full or self.workspace.store.is_lost):
            raise RuntimeError(f"the database failed without a cause: {error}")


@dataclass
class Daemon:
    """One daemon, and whoever runs in its place once it was killed. Each has a name of its own.

    `connectors` makes the connectors of a new process.
    """

    name: str
    machine: Machine
    connectors: Callable[[], Connectors]
    time: WorldTime
    draw: Random
    tell: Callable[[str], None]
    _lives: int = 0
    _process: Process | None = None
    _store: SeamedStore | None = None
    _beats_at: datetime | None = None

    def round(self) -> None:
        """Take over first where it has just begun, then do what is due; it may die meanwhile."""
        lost = self._has_lost_its_file
        try:
            if self._process is None:
                self._begin()
            self._work()
        except Killed:
            self._process = None
            if self.draw.random() < 0.6:  # else it was on another machine
                self.machine.known_dead.add(self._worker)
        except DatabaseError as error:
            self._process = None
            self.machine.known_dead.add(self._worker)
            self.tell(f"{self._worker} cannot start: {error}")
        finally:
            self.machine.seams.spare(self.name)
        if lost and self._process is not None:
            raise BrokenError(f"{self._worker} runs on in a file that is gone")

    def restart(self) -> None:
        """It ends in good order; the next round is its successor's."""
        if self._process is not None:
            self._process.end()
        self._process = None

    @property
    def runs(self) -> bool:
        return self._process is not None

    def next_job(self) -> datetime | None:
        """When it works next by itself, by the machine's clock; None: it does not run."""
        if self._process is None or self._beats_at is None:
            return None
        to_beat = self.time.clock.now() + (self._beats_at - self.time.real)
        return min([to_beat, *self._process.agenda.jobs.values()])

    @property
    def _worker(self) -> str:
        return f"{self.name}-{self._lives}"

    @property
    def _has_lost_its_file(self) -> bool:
        engine = None if self._store is None else self._store.engine
        return self._process is not None and engine is not self.machine.stage.engine

    def _begin(self) -> None:
        self._lives += 1
        self._store = self.machine.open()
        workplace = Workplace(self.machine, self._store, self.connectors, self.draw.random)
        process = Process(workplace, Lock(self._worker, self.machine.known_dead), self.time)
        process.begin()
        self.machine.notice(self._store)
        self._process = process

    def _work(self) -> None:
        process = self._process
        assert process is not None
        if process.mind_clock():
            self._beats_at = self.time.real + timedelta(seconds=60)
            process.begin_anew()
        elif self._beats_at is None or self.time.real >= self._beats_at:
            self._beats_at = self.time.real + timedelta(seconds=60)
            process.beat()
        else:
            process.tick()
        if process.has_stopped:
            self.tell(f"{self._worker} stops: its database is gone")
            self._process = None
