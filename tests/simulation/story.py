"""One seed, one story: the real daemon, gate, services and store, and all that can go wrong.

For some days daemons run their rounds, alone or two at once, while people act, networks misbehave,
processes are killed, clocks jump, disks fill, and copies of the database come back. Then all is
quiet: networks behave, people look after what is theirs, time passes. After every commit and at the
end `Watch` looks at everything.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from simulation import world
from simulation.baton import Baton
from simulation.bugs import NO_BUG, Bug
from simulation.concerns import Ask, Concerns
from simulation.copies import Copies
from simulation.crew import Daemon
from simulation.errands import Errands
from simulation.machine import Machine
from simulation.networks import SimulatedConnector, good_weather
from simulation.people import People
from simulation.promise import Promise
from simulation.rows import File
from simulation.seams import PLACES, Disk, EndlessError, Seams
from simulation.stages import Stage
from simulation.watch import BrokenError, Watch
from simulation.world_time import WorldTime

from crosspromo.domain.states import State
from crosspromo.publishing import cycle

TURNS = 8
QUIET_ROUNDS = 80
QUIET_DAYS = timedelta(days=12)
A_MINUTE = timedelta(minutes=1)


class Ear(logging.Handler):
    """Hears of the errors that are logged."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._heard.append(f"{record.getMessage()}: {error}".partition("\n")[0])


@dataclass(frozen=True)
class Ending:
    """How a story ended: what was broken, or None, and what became of the deliveries.

    `crashed`: our own code raised what it must not; no promise was broken by that alone.
    """

    broken: str | None
    crashed: bool
    deliveries: dict[str, int]


class Story:
    """The story of one seed. `tell` hears of every step."""

    def __init__(
        self, seed: int, on: Stage, bug: Bug = NO_BUG, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self._draw = Random(seed)
        self._tell = tell
        self._bug = bug
        self._world = world.drawn(self._draw)
        self._time = WorldTime(self._world.start, self._draw, self._world.ahead)
        self._baton = Baton(self._draw)
        self._seams = Seams(self._baton, tell)
        self._disk = Disk(tell)
        self._file = File(on.clear())
        networks = self._world.networks
        promise = Promise(self._world.accounts, self._world.organisation, networks)
        self._machine = Machine(
            on, self._world, self._time.clock, self._seams, self._disk, self._look
        )
        concerns = Concerns(self._machine, self._file)
        self._watch = Watch(self._file, promise, networks, self._time, concerns, tell=tell)
        self._survived: list[str] = []
        self._daemons = [self._daemon(name) for name in ("one", "two")]
        self._people = People(
            self._world,
            self._machine,
            self._file,
            self._time,
            self._watch,
            lambda account: self._connectors()[account],
            self._draw,
            tell,
        )
        errands = Random(f"errands of {seed}")
        self._errands = Errands(self._machine, self._file, errands, tell)
        self._copies = Copies(
            self._machine,
            self._file,
            self._watch,
            self._daemons,
            self._draw,
            tell,
            self._people.forget,
        )

    def play(self) -> Ending:
        """The whole story, up to its end or to the first thing that must not happen."""
        broken, crashed = None, False
        try:
            with self._bug.at_work(), self._faults_of_our_own():
                self._busy_days()
                self._quiet_days()
            self._watch.look_back()
        except (BrokenError, EndlessError) as error:
            broken = str(error)
        except Exception as error:  # noqa: BLE001 (whatever our code raises is a find)
            broken, crashed = f"{type(error).__name__}: {error}".partition("\n")[0], True
        states = [row.state.value for row in self._file.rows().values()]
        self._file.close()
        counts = {state: states.count(state) for state in sorted(set(states))}
        return Ending(broken, crashed, counts)

    def _look(self) -> None:
        self._watch.look()

    def _connectors(self) -> dict[str, SimulatedConnector]:
        """The connectors of a process that starts now."""
        return {
            name: self._bug.connector(network, self._seams, self._time, self._draw)
            for name, network in self._world.networks.items()
        }

    def _daemon(self, name: str) -> Daemon:
        return Daemon(name, self._machine, self._connectors, self._time, self._draw, self._tell)

    # -- busy days -----------------------------------------------------------------------------

    def _busy_days(self) -> None:
        for turn in range(TURNS):
            self._people.queue_some(3 if turn < TURNS // 2 else 1)
            self._settings_change()
            self._time_passes()
            if self._draw.random() < 0.06:
                self._copies.put_back()
            self._play_turn()
            if self._disk.free < Disk.ROOM and self._draw.random() < 0.6:
                self._space_returns()
            if self._draw.random() < 0.3:
                self._people.answer_questions(self._world.networks)
            if self._draw.random() < 0.3:
                self._people.mend_accounts(self._world.networks)
            self._errands.happen()
            self._watch.look(Ask.NOW if turn % 3 == 2 else Ask.IF_CHANGED)

    def _settings_change(self) -> None:
        """Now and then somebody takes an account out of crosspromo.toml, or puts it back."""
        if self._draw.random() > (0.3 if self._world.gone else 0.04):
            return
        name = self._draw.choice(list(self._world.accounts))
        self._world.gone.symmetric_difference_update({name})
        self._tell(f"crosspromo.toml lacks {sorted(self._world.gone) or 'nothing'}")
        for daemon in self._daemons:
            daemon.restart()

    def _time_passes(self) -> None:
        self._clock_changes()
        if self._draw.random() < 0.5:
            self._pass_by_until_something_is_due(timedelta(seconds=1))
            return
        self._pass_by(timedelta(seconds=self._draw.choice((1, 25, 60, 320, 900, 3600, 30000))))

    def _clock_changes(self) -> None:
        """Somebody sets the clock back or ahead, or a time server sets it right."""
        match self._draw.randrange(25):
            case 0 | 1:
                length = timedelta(minutes=self._draw.choice((1, 15, 60, 1440)))
                self._time.set_back(length)
                self._tell(f"the clock is set back by {length}")
            case 2:
                length = timedelta(minutes=self._draw.choice((1, 3, 60)))
                self._jump_ahead(length)
                self._tell(f"the clock is set ahead by {length}")
            case 3:
                self._set_right()
            case _:
                pass

    def _jump_ahead(self, length: timedelta) -> None:
        self._let_networks_catch_up()
        self._time.jump_ahead(length)

    def _set_right(self) -> None:
        self._let_networks_catch_up()
        ahead = self._time.set_right().total_seconds()
        self._tell(f"the clock was {ahead:g} seconds ahead and is set right")

    def _let_networks_catch_up(self) -> None:
        """The time between two look-ups is long enough for a network, but not if a clock jumps.

        A network that is asked for a listing tells of such a jump by its own clock.
        """
        for network in self._world.networks.values():
            network.show_all(self._time)

    def _pass_by_until_something_is_due(self, least: timedelta) -> bool:
        """As a daemon would wait; false where nothing is ever due again."""
        now = self._time.clock.now()
        with self._machine.bare_store().read() as unit:
            wake = unit.deliveries.next_wake()
        leases = [
            row.wake_at
            for row in self._file.rows().values()
            if row.state is State.SENDING and row.wake_at is not None
        ]
        if wake is not None and wake < now and leases:  # what is due waits for the end of a send
            wake = min(leases)
        self._pass_by(least if wake is None else max(wake - now, least))
        return wake is not None

    def _pass_by(self, length: timedelta) -> None:
        self._time.pass_by(length)
        for network in self._world.networks.values():
            network.carry_out_late(self._time)
        self._tell(f"-- {self._time.clock.now():%a %d %b %H:%M:%S} --")

    def _play_turn(self) -> None:
        self._begin_turn(sleeps=int(self._draw.random() < 0.1))
        daemons = self._daemons if self._draw.random() < 0.5 else self._daemons[:1]
        parts: dict[str, Callable[[], None]] = {}
        for daemon in daemons:
            parts[daemon.name] = daemon.round
            if self._draw.random() < 0.3:
                where, times = self._draw.choice(PLACES), self._draw.choice((1, 1, 2, 3))
                self._seams.doom(daemon.name, where, times)
        if self._draw.random() < 0.5:
            parts["editor"] = self._people.act
        if self._draw.random() < 0.12:
            parts["keeper"] = self._copies.take
        elif self._draw.random() < 0.06 and self._machine.stage.file is not None:
            parts["keeper"] = self._copies.swap_under_daemons
        if self._draw.random() < 0.05:
            parts["disk"] = self._disk_fills
        self._baton.run(parts)
        self._check_books()

    def _begin_turn(self, *, sleeps: int) -> None:
        self._seams.begin_turn()
        self._disk.begin_turn()
        self._time.begin_turn(sleeps=sleeps)

    def _disk_fills(self) -> None:
        for _ in range(self._draw.randrange(12)):
            self._seams.at("while the disk fills")
        self._disk.fill(self._draw.choice((0, 0, 50_000_000)))

    def _space_returns(self) -> None:
        """What was due by then is looked at within a minute, if a daemon runs."""
        self._disk.fill(Disk.ROOM)
        returned, until = self._time.clock.now(), self._time.clock.now() + A_MINUTE
        daemon = self._daemons[0]
        if not daemon.runs:
            return
        while (at := daemon.next_job()) is not None and at <= until:
            self._pass_by(max(at - self._time.clock.now(), timedelta()))
            self._begin_turn(sleeps=0)
            self._baton.run({daemon.name: daemon.round})
        if daemon.runs:
            self._watch.nothing_waits(since=returned)

    def _check_books(self) -> None:
        """What `db check` checks, but for the file itself; and what a daemon survived."""
        with self._machine.bare_store().read() as unit:
            faults = [*unit.ledger.faults(), *unit.deliveries.faults()]
        if self._survived:
            raise RuntimeError("; ".join(self._survived))
        if faults:
            raise BrokenError("db check: " + "; ".join(faults))

    @contextmanager
    def _faults_of_our_own(self) -> Iterator[None]:
        """A round goes on with the other accounts after a fault of its own, and logs it."""
        ear = Ear(self._survived)
        log = logging.getLogger(cycle.__name__)
        log.addHandler(ear)
        try:
            yield
        finally:
            log.removeHandler(ear)

    # -- quiet days ----------------------------------------------------------------------------

    def _quiet_days(self) -> None:
        self._tell("-- from now on all is quiet --")
        self._draw.shuffle(self._daemons)
        last = self._time.real + QUIET_DAYS
        with good_weather(self._world.networks):
            self._look_after_everything()
            self._rounds_until(last)
        self._check_books()
        self._watch.look(Ask.NOW)

    def _rounds_until(self, last: datetime) -> None:
        for _ in range(QUIET_ROUNDS):
            self._begin_turn(sleeps=0)
            self._baton.run({self._daemons[0].name: self._daemons[0].round})
            self._people.answer_questions(self._world.networks)
            self._watch.look(Ask.IF_CHANGED)
            if not self._pass_by_until_something_is_due(timedelta(minutes=10)):
                break
            if self._time.real > last:
                break

    def _look_after_everything(self) -> None:
        if self._disk.free < Disk.ROOM:
            self._disk.fill(Disk.ROOM)
        if self._world.gone:
            self._world.gone.clear()
            for daemon in self._daemons:
                daemon.restart()
        if self._draw.random() < 0.5:
            self._set_right()
        self._begin_turn(sleeps=0)
        self._people.mend_accounts(self._world.networks)
        self._errands.see_to_all()
        self._people.resume_all()
        self._people.approve_all()
