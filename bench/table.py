"""What a scenario finds: rows of the table, each with its bar, and the figures behind them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.contest import Measured
from bench.queues import Size, copy, make


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `met` is None where nothing was measured; `measured` says why."""

    what: str
    bar: str
    measured: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Found:
    """What a scenario found. `figures` are medians in `unit`, with how far they lie apart.

    `processor` are microseconds of processor time for each delivery, by the names of `figures`.
    """

    rows: tuple[Row, ...]
    unit: str = ""
    figures: Mapping[str, Measured] = field(default_factory=dict)
    notes: str = ""
    processor: Mapping[str, Measured] = field(default_factory=dict)


def at_least(what: str, bar: float, ratio: float, of: str) -> Row:
    """A bar that is met by as much or more."""
    return Row(what, f"≥ {bar:g} × {of}", f"{ratio:.2f} ×", ratio >= bar)


def at_most(what: str, bar: float, ratio: float, of: str) -> Row:
    """A bar that is met by as much or less."""
    return Row(what, f"≤ {bar:g} × {of}", f"{ratio:.2f} ×", ratio <= bar)


class Run:
    """One run of the benchmarks: its folder, how often each is measured, and what was made in it.

    `shrink` divides every size.
    """

    def __init__(self, folder: Path, rounds: int, shrink: int) -> None:
        self.rounds = rounds
        self._folder = folder
        self._shrink = shrink
        self._made: dict[Size, Path] = {}
        self._names = 0

    def size(self, whole: int) -> int:
        """So many of them in this run."""
        return max(1, whole // self._shrink)

    def folder(self) -> Path:
        """A new name for a folder, which is not there yet."""
        self._names += 1
        return self._folder / str(self._names)

    def empty_folder(self) -> Path:
        """A new folder."""
        folder = self.folder()
        folder.mkdir()
        return folder

    def filled(self, size: Size) -> Path:
        """A workspace on SQLite of this size, to be read; made once in a run."""
        if size not in self._made:
            self._made[size] = make(self.folder(), size)
        return self._made[size]

    def copy(self, size: Size) -> Path:
        """A workspace of this size, to be worked on."""
        return copy(self.filled(size), self.folder())


Scenario = Callable[[Run], Iterator[Found]]
