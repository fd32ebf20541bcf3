"""A hundred stories, and the simulation's own test: bugs that it has to catch.

Each lot is the command that a person types, so that what it prints replays what failed. `make
simulate` plays thousands.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from simulation.bugs import BUGS

ROOT = Path(__file__).parents[2]
SEEDS = 120
LOT = 30
LOT_ON_SERVER = 15
REVEALING = {
    "expired-is-not-said": 1,
    "in-flight-as-others": 18,
    "intent-after-send": 32,
    "look-up-by-our-clock": 43,
    "lost-file-unnoticed": 5,
    "new-token-on-retry": 6,
    "past-that-came-back-unnoticed": 5,
    "restore-without-a-pause": 9,
    "retry-on-time-out": 3,
    "settle-without-the-guard": 50,
}
"""For each bug a seed that caught it once: played first, since it is likely to catch it again."""


def simulate(*arguments: str) -> "subprocess.CompletedProcess[str]":
    paths = [str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")]
    return subprocess.run(
        [sys.executable, "-m", "simulation", "--processes", "1", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("first", range(0, SEEDS, LOT))
def test_every_story_ends_well(first: int) -> None:
    played = simulate("--seeds", str(LOT), "--from", str(first))
    assert played.returncode == 0, played.stdout + played.stderr


def test_stories_end_well_on_postgresql() -> None:
    played = simulate("--seeds", str(LOT_ON_SERVER), "--database", "postgresql")
    assert played.returncode == 0, played.stdout + played.stderr


@pytest.mark.parametrize("bug", sorted(BUGS))
def test_a_bug_is_caught_within_200_seeds(bug: str) -> None:
    first = str(REVEALING.get(bug, 0))
    played = simulate("--seeds", "200", "--from", first, "--bug", bug)
    assert f"{bug} was caught by seed" in played.stdout, played.stdout + played.stderr
    assert played.returncode == 0


def test_the_same_seed_tells_the_same_story() -> None:
    once, again = (simulate("--replay", "7").stdout for _ in range(2))
    assert once == again
    assert "seed 7: all is well" in once
