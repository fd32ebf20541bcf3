"""Locks that show which workers on this machine are alive.

Each worker holds a lock on its own file as long as it lives; the kernel releases the lock however
the process ends. A process that can take the lock therefore knows that the owner is dead, and need
not wait for a lease to run out. Of workers on other machines nothing is known: their leases decide.
"""

import os
import socket
from pathlib import Path
from typing import Self
from uuid import uuid4

from filelock import FileLock, Timeout

from crosspromo.private_folders import make_private_folder


class WorkerLock:
    """Worker lock of this process, with a liveness test for other workers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        host = "".join(c if c.isalnum() or c in "-." else "-" for c in socket.gethostname())
        self.worker = f"{host}-{os.getpid()}-{uuid4().hex[:8]}"
        self._lock: FileLock | None = None

    def __enter__(self) -> Self:
        make_private_folder(self._folder)
        self._lock = FileLock(self._file(self.worker), thread_local=False)
        self._lock.acquire()
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.release()
            self.forget(self.worker)

    def is_dead(self, worker: str) -> bool:
        """Whether the worker ran on this machine and has surely ended."""
        path = self._file(worker)
        if worker == self.worker or not path.exists():
            return False
        try:
            with FileLock(path, timeout=0):
                pass
        except Timeout:
            return False
        path.touch()  # keeps the file, so that later calls find the worker dead, too
        return True

    def dead(self) -> list[str]:
        """Names of all workers on this machine that ended without order, in order."""
        names = sorted(path.stem for path in self._folder.glob("*.lock"))
        return [name for name in names if self.is_dead(name)]

    def forget(self, worker: str) -> None:
        """Remove the lock file of a worker that has nothing left to settle."""
        self._file(worker).unlink(missing_ok=True)

    def _file(self, worker: str) -> Path:
        return self._folder / f"{Path(worker).name}.lock"
