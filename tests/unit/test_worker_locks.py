"""Whoever can take a worker's lock knows that it is dead; the kernel lets go of it at once."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crosspromo.worker_locks import WorkerLock

CHILD = """
import sys
from pathlib import Path
from crosspromo.worker_locks import WorkerLock
with WorkerLock(Path(sys.argv[1])) as worker_lock:
    print(worker_lock.worker, flush=True)
    sys.stdin.readline()
"""


@contextmanager
def another_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A worker of its own, and its name."""
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


def test_a_living_worker_is_not_dead_and_one_that_was_killed_is_at_once(tmp_path: Path) -> None:
    with WorkerLock(tmp_path) as us, another_process(tmp_path) as (process, worker):
        assert not us.is_dead(worker)
        assert not us.is_dead(worker), "looking does not let go of its lock"
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert us.is_dead(worker)
        assert us.is_dead(worker), "it stays known to be dead"


def test_a_worker_that_ended_well_leaves_nothing(tmp_path: Path) -> None:
    with WorkerLock(tmp_path) as us:
        with another_process(tmp_path) as (process, worker):
            process.communicate("done\n", timeout=60)
        assert process.returncode == 0
        assert [path.name for path in tmp_path.iterdir()] == [f"{us.worker}.lock"]
        assert not us.is_dead(worker), "it settled what it had; its leases decide what is left"


def test_nobody_takes_itself_for_dead(tmp_path: Path) -> None:
    us = WorkerLock(tmp_path)
    assert not us.is_dead(us.worker)
    with us:
        assert not us.is_dead(us.worker)


def test_two_workers_in_one_process_see_each_other(tmp_path: Path) -> None:
    with WorkerLock(tmp_path) as one, WorkerLock(tmp_path) as other:
        assert one.worker != other.worker
        assert not one.is_dead(other.worker)
        assert not other.is_dead(one.worker)


def test_of_a_worker_elsewhere_nothing_is_known(tmp_path: Path) -> None:
    with WorkerLock(tmp_path) as us:
        assert not us.is_dead("another-machine-17-0badcafe")


def test_the_dead_are_forgotten_when_nothing_of_theirs_is_left(tmp_path: Path) -> None:
    with WorkerLock(tmp_path) as us:
        with another_process(tmp_path) as (process, worker):
            process.kill()
            process.wait()
        assert us.is_dead(worker)
        us.forget(worker)
        us.forget(worker)
        assert not us.is_dead(worker)
        assert [path.name for path in tmp_path.iterdir()] == [f"{us.worker}.lock"]


def test_a_workers_name_is_the_name_of_a_file_in_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "workers"
    outside = tmp_path / "outside.lock"
    outside.touch()
    with WorkerLock(folder) as us:
        us.forget("../outside")
        assert "/" not in us.worker
    assert outside.exists()
