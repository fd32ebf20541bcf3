"""Contestants: each gets ready in a process of its own, and all are timed from a common start.

    python -m bench.contest MODULE:FUNCTION FOLDER COUNT URL

is that process. FUNCTION takes a `Given`, makes everything ready, and returns what is timed: a
callable that does the work and returns how many deliveries it did. Where the work is a drain,
making ready includes one of the deliveries, so that what a process does only once is not timed.
"""

import json
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]

READY, GO = "ready", "go"


@dataclass(frozen=True, slots=True)
class Given:
    """An empty folder of its own (or a prepared one), how much to do, and a server's URL if any."""

    folder: Path
    count: int
    url: str = ""


Work = Callable[[], int]


@dataclass(frozen=True, slots=True)
class Timed:
    """What one contestant did, and in how many seconds by the clock and of the processor.

    The processor's are those of its process and of the processes that it ended itself.
    """

    seconds: float
    processor: float
    done: int


class ContestError(RuntimeError):
    """A contestant failed; the message is what it said."""


def race(contestant: str, givens: Sequence[Given], checkout: Path = ROOT) -> Timed:
    """As many of the same contestant as there are givens, side by side: how long until the last
    was done, and how many they did together. They run the code of this checkout.
    """
    runners = [_Runner(contestant, given, checkout) for given in givens]
    for runner in runners:
        runner.expect(READY)
    for runner in runners:
        runner.start()
    ends = [runner.result() for runner in runners]
    return Timed(
        max(end.seconds for end in ends),
        sum(end.processor for end in ends),
        sum(end.done for end in ends),
    )


def drained(contestant: str, given: Given) -> Timed:
    """What one contestant did; ContestError where it left some, one before the clock apart."""
    timed = race(contestant, [given])
    if timed.done != given.count - 1:
        raise ContestError(f"{contestant} did {timed.done} of {given.count - 1}")
    return timed


@dataclass(frozen=True, slots=True)
class Measured:
    """The median of what was measured, and how far the measurements lie apart.

    `each` are the measurements in the order of the rounds.
    """

    median: float
    low: float
    high: float
    each: tuple[float, ...] = ()

    @classmethod
    def of(cls, values: Sequence[float]) -> "Measured":
        """These values in short."""
        return cls(statistics.median(values), min(values), max(values), tuple(values))

    def __str__(self) -> str:
        low, median, high = (_short(value) for value in (self.low, self.median, self.high))
        return f"{median} ({low} to {high})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def take_turns(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, Measured]:
    """Each measured so many times, in turns, so that whatever else the machine does hits all."""
    values: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            value = measure()
            print(f"    {name}: {_short(value)}", file=sys.stderr, flush=True)
            values[name].append(value)
    return {name: Measured.of(found) for name, found in values.items()}


@dataclass(frozen=True, slots=True)
class Drains:
    """Drains of several contestants, which took turns.

    By contestant: deliveries a second, and microseconds of processor time for each delivery.
    """

    rates: Mapping[str, Measured]
    processor: Mapping[str, Measured]


def drain_in_turns(measures: Mapping[str, Callable[[], Timed]], rounds: int) -> Drains:
    """Each drained so many times, in turns as `take_turns` does."""
    processor: dict[str, list[float]] = {name: [] for name in measures}

    def measure(name: str) -> float:
        timed = measures[name]()
        processor[name].append(1e6 * timed.processor / timed.done)
        return timed.done / timed.seconds

    rates = take_turns({name: partial(measure, name) for name in measures}, rounds)
    return Drains(rates, {name: Measured.of(found) for name, found in processor.items()})


class _Runner:
    def __init__(self, contestant: str, given: Given, checkout: Path) -> None:
        self._name = contestant
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "bench.contest", contestant),
                *(str(given.folder), str(given.count), given.url),
            ],
            cwd=checkout,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def expect(self, word: str) -> None:
        """Wait until it says so."""
        assert self._process.stdout is not None
        if self._process.stdout.readline().strip() != word:
            self._process.wait()
            raise ContestError(f"{self._name} did not get ready")

    def start(self) -> None:
        """Let it begin."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{GO}\n")
        self._process.stdin.flush()

    def result(self) -> Timed:
        """What it did, once it has ended."""
        out, _ = self._process.communicate()
        if self._process.returncode != 0:
            raise ContestError(f"{self._name} ended with status {self._process.returncode}")
        return Timed(**json.loads(out.splitlines()[-1]))


def _processor_seconds() -> float:
    """Processor time of this process so far, and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main(contestant: str, folder: str, count: str, url: str) -> None:
    """Be a contestant."""
    module, _, function = contestant.partition(":")
    prepare = getattr(import_module(module), function)
    work: Work = prepare(Given(Path(folder), int(count), url))
    print(READY, flush=True)
    sys.stdin.readline()
    began, began_processor = perf_counter(), _processor_seconds()
    done = work()
    timed = Timed(perf_counter() - began, _processor_seconds() - began_processor, done)
    print(json.dumps(asdict(timed)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
