"""Workers in processes of their own, told what to do and heard line by line."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[2]
OUR_PATH = [path for path in [os.environ.get("PYTHONPATH")] if path]
"""Where this process finds the code that it tests, unless that is installed."""

Worker = subprocess.Popen[str]


def start(script: str, *arguments: str | Path) -> Worker:
    """Run a script of this folder."""
    return subprocess.Popen(
        [sys.executable, TESTS / "integration/races" / script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *OUR_PATH])},
    )


def tell(worker: Worker, line: str) -> None:
    assert worker.stdin is not None
    worker.stdin.write(f"{line}\n")
    worker.stdin.flush()


def hear(worker: Worker) -> str:
    assert worker.stdout is not None
    return worker.stdout.readline().strip()
