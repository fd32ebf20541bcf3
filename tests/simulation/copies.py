"""Copies of the database: people take them, and put them back."""

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from simulation.concerns import Ask
from simulation.crew import Daemon
from simulation.machine import Machine
from simulation.refusals import words_of_refusal
from simulation.rows import File
from simulation.watch import Watch

from crosspromo.disks import file_number
from crosspromo.domain.errors import CrosspromoError
from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store


@dataclass(frozen=True)
class Copy:
    """A copy, and what the database was like: its beats, and whether anything was queued."""

    path: Path
    beats: int
    is_empty: bool


@dataclass
class Copies:
    """Takes copies and puts them back. `forget` is told when the past has come back."""

    machine: Machine
    file: File
    watch: Watch
    daemons: Iterable[Daemon]
    draw: Random
    tell: Callable[[str], None]
    forget: Callable[[], None]
    _taken: list[Path] = field(default_factory=list)

    def take(self) -> None:
        """Back up with the product's service, or copy the file behind its back."""
        how = self.draw.choice((".zip", ".db", "raw"))
        if self.machine.stage.file is None and how != ".zip":
            return  # a server is copied row by row, which takes long
        folder = self.machine.stage.folder
        path = folder / f"copy-{len(self._taken)}{'.db' if how == 'raw' else how}"
        if how == "raw":
            assert self.machine.stage.file is not None
            shutil.copyfile(self.machine.stage.file, path)  # without its log
        else:
            store = self.machine.open()
            try:
                self.machine.watch_of(store).look()
                self.machine.notice(store)
                self.machine.backups(store).back_up(path)
            except CrosspromoError as refused:
                self.tell(f"editor cannot back up: {words_of_refusal(refused)}")
                return
        self.tell(f"editor copies the database: {path.name}")
        self._taken.append(path)

    def swap_under_daemons(self) -> None:
        """Put one of the copies in the place of the file, in the middle of what daemons do."""
        files = [path for path in self._taken if path.suffix == ".db"]
        if files:
            for _ in range(self.draw.randrange(20)):
                self.machine.seams.at("while a copy is looked for")
            self._swap(self.draw.choice(files), stops_daemons=False)

    def put_back(self) -> None:
        """Bring one of the copies back."""
        if not self._taken:
            return
        path = self.draw.choice(self._taken)
        is_file = path.suffix == ".db" and self.machine.stage.file is not None
        acts = [self._restore]
        if is_file:
            acts += [self._restore, self._swap, self._swap, self._write_over]
        self.draw.choice(acts)(path)

    def _restore(self, path: Path) -> None:
        self._stop_daemons()
        store = self.machine.open()
        try:
            self.machine.restores(store).restore(
                path, force=True, passphrase=lambda: None, actor="editor"
            )
        except CrosspromoError as refused:
            self.tell(f"editor cannot restore {path.name}: {words_of_refusal(refused)}")
            return
        self._is_back(f"editor restores {path.name}", in_doubt=True, noticed=True)

    def _swap(self, path: Path, *, stops_daemons: bool | None = None) -> None:
        """The file gets another one in its place, whether daemons run or not."""
        stage = self.machine.stage
        assert stage.file is not None
        if self.draw.random() < 0.3 if stops_daemons is None else stops_daemons:
            self._stop_daemons()
        copy, now = self._copy(path), self._marked()
        told_apart = file_number(stage.file) is not None
        if now is not None and copy.beats >= now and not (told_apart or copy.is_empty):
            return  # such a disk does not tell a copy from its original
        stage.swap(path)
        in_doubt = now is not None and (copy.beats < now or not copy.is_empty)
        self._is_back(f"editor puts {path.name} in its place", in_doubt=in_doubt)
        self.machine.came_empty = now is not None and copy.is_empty

    def _write_over(self, path: Path) -> None:
        """The file is written over while nobody has it open."""
        self._stop_daemons()
        copy, now = self._copy(path), self._marked()
        if now is None or copy.beats >= now:
            return  # as decision 0025 says, that cannot be told from the original
        self.file.close()
        self.machine.stage.write_over(path)
        self._is_back(f"editor copies {path.name} over it", in_doubt=True)

    def _is_back(self, what: str, *, in_doubt: bool, noticed: bool = False) -> None:
        self.tell(what)
        self.file.reopen(self.machine.stage.connect())
        self.machine.in_doubt = in_doubt
        self.machine.noticed = noticed
        self.machine.came_empty = False
        self.watch.begin_anew()
        self.forget()
        self.watch.look(Ask.NOW)

    def _stop_daemons(self) -> None:
        for daemon in self.daemons:
            daemon.restart()

    def _marked(self) -> int | None:
        """The most beats that the machine has marked; None: it has never used a database."""
        return max((mark.beats for mark in self.machine.marks.read().values()), default=None)

    def _copy(self, path: Path) -> Copy:
        store = Store(open_engine(f"sqlite:///{path}", path.parent))
        with store.read() as unit:
            found = Copy(path, unit.identity.get().beats, not unit.identity.has_deliveries())
        store.close()
        return found
