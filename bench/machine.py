"""The machine that the benchmarks ran on, in words that name no machine."""

import os
import platform
import sqlite3
import statistics
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

SYNCS = 200


def describe(folder: Path) -> str:
    """Its cores, memory, software, and how fast its disk takes what must stay."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {cores} cores ({platform.machine()}), {memory:.0f} GiB of "
        f"memory, {platform.system()}, {platform.python_implementation()} "
        f"{platform.python_version()}, SQLite {sqlite3.sqlite_version}; an fsync of one page takes "
        f"{_fsync(folder):.2f} ms; load before the run {os.getloadavg()[0]:.1f}"
    )


def _fsync(folder: Path) -> float:
    """Milliseconds, the median."""
    file = os.open(folder / "fsync", os.O_CREAT | os.O_WRONLY)
    times = []
    for _ in range(SYNCS):
        os.write(file, b"\0" * 4096)
        began = perf_counter()
        os.fsync(file)
        times.append(perf_counter() - began)
    os.close(file)
    return 1000 * statistics.median(times)


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that a process has had so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> float:
    """Memory of a process that is resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1024
