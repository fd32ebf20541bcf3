"""The machine of a story: its processes, the database file with its marks, and the disk.

Each process opens the database that has the name when the process starts. A process that runs on
while the file is replaced goes on in the old one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from simulation.seams import Disk, SeamedStore, Seams
from simulation.stages import Stage
from simulation.world import World

from crosspromo.domain.clock import Clock
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.networks import Connector
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.services.back_up import Backups
from crosspromo.services.database import Databases
from crosspromo.services.database_watch import DatabaseWatch
from crosspromo.services.restore import Restores
from crosspromo.services.settings_version import settings_version
from crosspromo.store.database.engine import open_engine
from crosspromo.store.database.identity import MarkFile
from crosspromo.store.unit import Store


@dataclass
class Machine:
    """Opens the database for processes that start now.

    `committed` is called after each commit. `known_dead` are workers that surely run no more.
    """

    stage: Stage
    world: World
    clock: Clock
    seams: Seams
    disk: Disk
    committed: Callable[[], None]
    known_dead: set[str] = field(default_factory=set)
    in_doubt: bool = False
    """Whether a copy was put in the database's place, and nobody has looked through it."""
    is_resuming: bool = False
    """Whether somebody who has looked through it ends the pause at this moment."""
    noticed: bool = False
    """Whether crosspromo has run since."""
    came_empty: bool = False
    """Whether the copy had no delivery, so that nothing of it can be sent twice."""

    @property
    def state_folder(self) -> Path:
        return self.stage.folder / ".crosspromo"

    @property
    def marks(self) -> MarkFile:
        return MarkFile(self.state_folder / "databases.json")

    @property
    def settings(self) -> Any:
        """What services read of the settings."""
        policies = {name: rules.policy for name, rules in self.world.settings.items()}
        return SimpleNamespace(
            organisation=SimpleNamespace(zone=self.world.organisation.zone),
            policies=policies,
            accounts={},  # none has a secret in a file
            session_key=None,
            database_url=None,
        )

    def is_dead(self, worker: str) -> bool:
        return worker in self.known_dead

    def bare_store(self) -> Store:
        """The store without seams: for what takes no time in a story."""
        return Store(self.stage.engine)

    def open(self) -> SeamedStore:
        """The store of a process that starts now."""
        return SeamedStore(self.bare_store(), self.seams, self.committed, self.disk)

    def queued(self) -> None:
        """A delivery was queued: in a copy at which nobody looked it may have come with that."""
        self.in_doubt |= self.came_empty and not self.noticed

    def notice(self, store: SeamedStore) -> None:
        """A process has looked whether its database is the one seen before."""
        self.noticed |= store.engine is self.stage.engine

    def watch_of(self, store: SeamedStore) -> DatabaseWatch:
        return DatabaseWatch(cast("Store", store), self.marks, self.clock)

    def backups(self, store: SeamedStore) -> Backups:
        return Backups(self.stage.folder, self.state_folder, self._databases(store), bytes)

    def restores(self, store: SeamedStore) -> Restores:
        cipher: Any = SimpleNamespace()  # no account has a session
        databases = self._databases(store)
        return Restores(self.stage.folder, self.state_folder, databases, self.settings, cipher)

    def _databases(self, store: SeamedStore) -> Databases:
        return Databases(
            store=lambda: cast("Store", store),
            bare_store=lambda: cast("Store", store),
            open_store=lambda url, _: Store(open_engine(url, self.stage.folder)),
            clock=self.clock,
            is_dead=self.is_dead,
            watch=lambda: self.watch_of(store),
        )


@dataclass
class Workplace:
    """What a daemon takes of a workspace. `connectors` makes the connectors of a process.

    Its settings do not change: in a story, whoever changes them starts the daemons anew.
    """

    machine: Machine
    store: SeamedStore
    connectors: Callable[[], Mapping[str, Connector]]
    spread: Callable[[], float]
    settings_stamp: None = None

    def __post_init__(self) -> None:
        self.folder = self.machine.stage.folder
        self.template_folder = self.folder / "templates"
        self.clock = self.machine.clock
        self._connected = self.connectors()
        self.settings = self.machine.settings
        self.rules = self.machine.world.settings

    @property
    def settings_version(self) -> str:
        whole = self.machine.world.organisation
        return settings_version(self.rules, whole, whole.blackouts, whole.zone, whole.status)

    def connect(self, account: str) -> Connector:
        return self._connected[account]

    def close_connectors(self) -> None:
        self._connected = self.connectors()

    @property
    def database_watch(self) -> DatabaseWatch:
        return self.machine.watch_of(self.store)

    def dispatcher(self, worker: str) -> Dispatcher:
        return Dispatcher(
            self.store,
            self.connect,
            self.rules,
            self.machine.world.organisation,
            self.clock,
            worker,
            spread=self.spread,
        )

    def reconciler(self, lock: "Lock") -> Reconciler:
        return Reconciler(
            self.store, self.connect, self.rules, self.clock, lock.is_dead, lock.worker
        )


@dataclass(frozen=True)
class Lock:
    """The lock of a worker; no two have one name."""

    worker: str
    known_dead: set[str]

    def is_dead(self, worker: str) -> bool:
        return worker in self.known_dead

    def dead(self) -> list[str]:
        return sorted(self.known_dead)

    def forget(self, worker: str) -> None:
        """Its lock file is of no use any more."""
        self.known_dead.discard(worker)
