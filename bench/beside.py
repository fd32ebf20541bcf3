"""Processor time of a delivery, beside another checkout of crosspromo, in one run.

    git worktree add ../before COMMIT
    python -m bench.beside ../before [--rounds N]

Each drains workspaces that its own code has made, of two sizes. What the larger one costs more is
what deliveries cost: start-up, imports and the compiling of statements are in both. The two
checkouts take turns, so that other load on the machine affects both.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.contest import ROOT, Given, race, take_turns
from bench.scenarios.drain import ACCOUNTS

FEW, MANY = 2_000, 12_000
BAR = 0.55
MAKE = """
import sys
from pathlib import Path
from bench.queues import Size, make
make(Path(sys.argv[1]), Size(int(sys.argv[2]), int(sys.argv[3])))
"""


def main() -> int:
    """1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("before", type=Path, help="the other checkout")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="crosspromo-bench-") as folder:
        figures = take_turns(
            {
                "before": lambda: microseconds(given.before, Path(folder)),
                "now": lambda: microseconds(ROOT, Path(folder)),
            },
            given.rounds,
        )
    for name, measured in figures.items():
        print(f"{name}: {measured} µs of the processor for each delivery")
    ratio = figures["now"].median / figures["before"].median
    print(f"{ratio:.2f} × (bar ≤ {BAR})")
    return int(ratio > BAR)


def microseconds(checkout: Path, folder: Path) -> float:
    """Processor time of one delivery by the code of this checkout, in workspaces below `folder`."""
    used: list[float] = []
    done: list[int] = []
    for due in (FEW, MANY):
        made = folder / str(due)
        words = [sys.executable, "-c", MAKE, str(made), str(ACCOUNTS), str(due)]
        subprocess.run(words, cwd=checkout, check=True)
        timed = race("bench.peers.ours:drain", [Given(made, due)], checkout)
        used.append(timed.processor)
        done.append(timed.done)
        shutil.rmtree(made)
    return 1e6 * (used[1] - used[0]) / (done[1] - done[0])


if __name__ == "__main__":
    sys.exit(main())
