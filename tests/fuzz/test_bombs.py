"""No file, page, template or settings take more than 300 MB or 10 seconds, whatever is in them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.bombs import MOST_MEGABYTES, MOST_SECONDS

TESTS = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, float]]:
    """What each bomb took, in a process that reads them all."""
    data = os.environ.get("CROSSPROMO_CORPUS")
    faults = Path(data) / "faults" if data else None
    command = [sys.executable, "-m", "fuzz.bombs", str(tmp_path_factory.mktemp("bombs"))]
    command += [str(faults)] if faults is not None and faults.is_dir() else []
    paths = os.pathsep.join([str(TESTS), str(TESTS.parent), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": paths}, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_bomb_ends_soon(measured: list[dict[str, float]]) -> None:
    assert len(measured) > 50
    assert [each for each in measured if each["seconds"] > MOST_SECONDS] == []


def test_no_bomb_fills_the_memory(measured: list[dict[str, float]]) -> None:
    assert [each for each in measured if each["megabytes"] > MOST_MEGABYTES] == []
