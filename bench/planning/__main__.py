"""The planner beside HiGHS: points, time and memory; exit code 1 where a bar is missed.

python -m bench.planning                  beside what is kept in highs.json
python -m bench.planning --solve LARGE…   have HiGHS solve these seeds again, and the small ones
"""

import argparse
import json
import sys
import tracemalloc
from pathlib import Path
from statistics import mean
from time import process_time

from bench.planning.instances import LARGE, SMALL, instance
from crosspromo.planning.board import Board
from crosspromo.planning.planner import plan
from crosspromo.planning.terrain import seconds, terrain_of
from crosspromo.planning.values import Plan, Task

KEPT = Path(__file__).with_name("highs.json")
SMALL_SEEDS = range(50)
SECONDS_TO_IMPROVE, SECONDS_FOR_A_BOUND, SECONDS_FOR_SMALL = 120.0, 40.0, 120.0
MOST_SECONDS, MOST_MEGABYTES = 5.0, 200.0
OF_FOUND, OF_OPTIMUM = 0.97, 0.98


def main() -> int:
    """Print the comparison, or solve."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--solve", type=int, nargs="*", metavar="LARGE")
    given = parser.parse_args()
    if given.solve is not None:
        solve_again(given.solve)
    kept = json.loads(KEPT.read_text())
    large = _large(kept["large"])
    return 0 if _small(kept["small"]) and large else 1


def _large(kept: list[dict[str, float]]) -> bool:
    print("8 accounts, 28 days x 3 slots, 60 partners, 40 events, 60 self posts")
    print(f"{'seed':>4}{'planner':>10}{'HiGHS':>10}{'of it':>8}{'bound':>10}{'of it':>8}{'s':>7}")
    shares, longest = [], 0.0
    for row in kept:
        made, took = _timed(instance(LARGE, int(row["seed"])))
        share = made.points / row["points"]
        shares.append(share)
        longest = max(longest, took)
        bound = row.get("bound")  # none where HiGHS did not come to one
        of_bound = "" if bound is None else f"{made.points / bound:.1%}"
        print(
            f"{row['seed']:>4}{made.points:>10}{row['points']:>10}{share:>8.1%}"
            f"{'' if bound is None else bound:>10}{of_bound:>8}{took:>7.1f}",
            flush=True,
        )
    most = _megabytes(instance(LARGE, 0))
    print(f"mean {mean(shares):.1%}, least {min(shares):.1%}, {longest:.1f} s, {most:.0f} MB")
    return mean(shares) >= OF_FOUND and longest <= MOST_SECONDS and most <= MOST_MEGABYTES


def _small(kept: list[dict[str, float]]) -> bool:
    shares = []
    for row in kept:
        made, _ = _timed(instance(SMALL, int(row["seed"])))
        shares.append(made.points / row["optimum"])
    exact = sum(share >= 1 for share in shares)
    print("2 accounts, 7 days x 3 slots, 8 partners, 3 events, 6 self posts")
    print(
        f"{len(shares)} instances, {exact} at the proven optimum;"
        f" mean {mean(shares):.2%}, least {min(shares):.1%}"
    )
    return mean(shares) >= OF_OPTIMUM


def _timed(task: Task) -> tuple[Plan, float]:
    """Plan, and the seconds of processor time that it took."""
    began = process_time()
    made = plan(task)
    return made, process_time() - began


def _megabytes(task: Task) -> float:
    """Most memory that a plan holds at once, beside what was there before."""
    tracemalloc.start()
    plan(task, most_steps=2_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def solve_again(large: list[int]) -> None:
    """Have HiGHS solve the small instances, and improve the plans of the large ones; keep it."""
    from bench.planning import highs  # noqa: PLC0415 (the comparison itself needs no HiGHS)

    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {"large": [], "small": []}
    rows = {row["seed"]: row for row in kept["large"]}
    for seed in large:
        task = instance(LARGE, seed)
        made = plan(task)
        lines = tuple((line.candidate.key, line.account, seconds(line.at)) for line in made.lines)
        found = highs.improve(task, lines, made.points, SECONDS_TO_IMPROVE, seed)
        assert replayed(task, found.lines) == found.points
        bound = highs.solve(task, SECONDS_FOR_A_BOUND, presolve=False).bound
        rows[seed] = {"seed": seed, "points": found.points, "bound": round(bound)}
    small = []
    for seed in SMALL_SEEDS:
        task = instance(SMALL, seed)
        found = highs.solve(task, SECONDS_FOR_SMALL)
        assert found.optimal
        assert replayed(task, found.lines) == found.points
        small.append({"seed": seed, "optimum": found.points})
    kept = {"large": [rows[seed] for seed in sorted(rows)], "small": small}
    KEPT.write_text(json.dumps(kept).replace("}, ", "},\n") + "\n")


def replayed(task: Task, lines: tuple[tuple[str, str, int], ...]) -> int | None:
    """Points of the lines by the planner's own board; None where it does not allow them."""
    board = Board(terrain_of(task))
    items = {item.candidate.key: item for item in board.terrain.items}
    names = [account.name for account in board.terrain.accounts]
    slots = {(names[slot.account], slot.at): slot for slot in board.terrain.slots}
    for key, account, at in sorted(lines, key=lambda line: line[2]):
        if board.against(items[key], slots[account, at]) is not None:
            return None
        board.put(items[key], slots[account, at])
    return None if board.too_many else board.points


if __name__ == "__main__":
    sys.exit(main())
