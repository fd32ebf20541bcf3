"""`make simulate SEEDS=5000`: play that many stories; a seed that fails says how to replay it."""

import argparse
import gc
import logging
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing import get_context

from simulation.bugs import BUGS, NO_BUG
from simulation.stages import STAGES
from simulation.story import Ending, Story

A_LOT = 50
"""How many seeds one process plays before it reports."""

SELDOM = (20_000, 50, 100)
"""When garbage is collected: statements leave much of it, and a story ends soon."""


def main() -> int:
    asked = _parser().parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":
        # Sets are walked in another order in every process, and a replay has to be a replay.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "simulation", *sys.argv[1:]])
    logging.getLogger().addHandler(logging.NullHandler())
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    if asked.replay is not None:
        return _replay(asked.replay, asked.bug, asked.database)
    seeds = range(asked.first, asked.first + asked.seeds)
    return _play(seeds, asked.bug, asked.database, asked.processes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=300, help="how many seeds")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first seed")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--replay", type=int, help="tell the story of one seed, step by step")
    parser.add_argument("--bug", choices=sorted(BUGS), help="play with a bug, and stop when caught")
    parser.add_argument(
        "--database", choices=sorted(STAGES), default="sqlite", help="where the stories play"
    )
    return parser


def _replay(seed: int, bug: str | None, database: str) -> int:
    with STAGES[database]() as on:
        ending = Story(seed, on, BUGS.get(bug or "", NO_BUG), print).play()
    print(f"seed {seed}: {ending.broken or 'all is well'}; {ending.deliveries}")
    return int(ending.broken is not None)


def _play(seeds: range, bug: str | None, database: str, processes: int) -> int:
    began, played, broken = time.monotonic(), 0, 0
    states = Counter[str]()
    for seed, ending in _endings(seeds, bug, database, processes):
        played += 1
        states.update(ending.deliveries)
        if bug and ending.crashed:
            continue  # it broke down before it could break a promise
        if ending.broken is not None:
            broken += 1
            option = f" --bug {bug}" if bug else ""
            option += f" --database {database}" if database != "sqlite" else ""
            print(f"seed {seed}: {ending.broken}")
            print(
                f"  replay: PYTHONPATH=tests .venv/bin/python -m simulation --replay {seed}{option}"
            )
            if bug:
                print(f"{bug} was caught by seed {seed}, the {played}th of {len(seeds)}")
                return 0
        if played % 100 == 0:
            took = time.monotonic() - began
            print(f"{played} of {len(seeds)} seeds, {took:.0f} s", file=sys.stderr)
    took = time.monotonic() - began
    print(f"{played} seeds, {broken} broken, {took:.1f} s; {dict(sorted(states.items()))}")
    return int(broken > 0 or bug is not None)


def _endings(
    seeds: range, bug: str | None, database: str, processes: int
) -> Iterator[tuple[int, Ending]]:
    if processes == 1:
        yield from _one_by_one(seeds, bug, database)
        return
    lots = [(seeds[at : at + A_LOT], bug, database) for at in range(0, len(seeds), A_LOT)]
    with get_context("fork").Pool(processes) as pool:
        for endings in pool.imap(_play_lot, lots):
            yield from endings


def _play_lot(lot: tuple[range, str | None, str]) -> list[tuple[int, Ending]]:
    return list(_one_by_one(*lot))


def _one_by_one(seeds: range, bug: str | None, database: str) -> Iterator[tuple[int, Ending]]:
    with STAGES[database]() as on:
        for seed in seeds:
            yield seed, Story(seed, on, BUGS.get(bug or "", NO_BUG)).play()


if __name__ == "__main__":
    sys.exit(main())
