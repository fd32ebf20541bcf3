"""The daemons of a story: they run their rounds, are killed, and others take over."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from simulation.baton import Inline, Killed
from simulation.seams import SeamedStore, Seams
from simulation.world import World

from crosspromo.domain.clock import Clock
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.reconcile import Reconciler


@dataclass
class Daemon:
    """One daemon, and whoever runs in its place once it was killed. Each has a name of its own."""

    name: str
    world: World
    store: SeamedStore
    connect: Callable[[str], Connector]
    clock: Clock
    seams: Seams
    draw: Random
    known_dead: set[str]
    _lives: int = 0
    _cycle: Cycle | None = None

    def round(self) -> None:
        """Take over first where it has just begun, then do what is due; it may die meanwhile."""
        try:
            if self._cycle is None:
                self._cycle = self._begin()
                self._cycle.reconciler.recover_abandoned()
            self._cycle.run()
        except Killed:
            self._cycle = None
            if self.draw.random() < 0.6:  # else it was on another machine
                self.known_dead.add(self._worker)
        finally:
            self.seams.spare(self.name)

    def restart(self) -> None:
        """It ends in good order; the next round is its successor's."""
        self._cycle = None

    @property
    def _worker(self) -> str:
        return f"{self.name}-{self._lives}"

    def _begin(self) -> Cycle:
        self._lives += 1
        return Cycle(
            dispatcher=Dispatcher(
                self.store,
                self.connect,
                self.world.accounts,
                self.world.organisation,
                self.clock,
                self._worker,
                spread=self.draw.random,
            ),
            reconciler=Reconciler(
                self.store,
                self.connect,
                self.world.accounts,
                self.clock,
                self.known_dead.__contains__,
                self._worker,
            ),
            clock=self.clock,
            side_by_side=Inline,
        )
