"""What a daemon takes that has nothing to do."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import sleep

from bench.contest import Measured
from bench.machine import processor_seconds, resident_megabytes
from bench.queues import Size
from bench.scenarios.commands import COMMAND
from bench.table import Found, Row, Run

SETTLED = 5.0
"""Seconds until the daemon has started and done all there was to do."""

WATCHED = 60
MEMORY, PROCESSOR = 70, 2.0
WHAT = "idle daemon, no SDK loaded"


def scenario(run: Run) -> Iterator[Found]:
    """Memory resident, and processor time, of a daemon with sandbox accounts and nothing due."""
    bar = f"≤ {MEMORY} MB, ≤ {PROCESSOR:g} ms of processor a second"
    if not Path("/proc/self/status").exists():
        yield Found((Row(WHAT, bar, "not measured: there is no /proc here", None),))
        return
    folder = run.filled(Size(10, 0, ahead=1_000))
    daemon = subprocess.Popen(
        [COMMAND, "-w", str(folder), "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        sleep(SETTLED)
        seconds = run.size(WATCHED)
        before = processor_seconds(daemon.pid)
        sleep(seconds)
        used = 1000 * (processor_seconds(daemon.pid) - before) / seconds
        memory = resident_megabytes(daemon.pid)
    finally:
        daemon.send_signal(signal.SIGTERM)
        daemon.wait()
    met = memory <= MEMORY and used <= PROCESSOR
    yield Found(
        (Row(WHAT, bar, f"{memory:.1f} MB, {used:.1f} ms a second", met),),
        f"over {seconds} seconds",
        {"MB resident": Measured.of([memory]), "ms of processor a second": Measured.of([used])},
    )
