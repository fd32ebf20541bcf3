"""A Redis that keeps its promises: every write is on the disk before it is answered."""

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

PATIENCE = 10.0


def why_not() -> str | None:
    """Why there can be none here; None where there can."""
    if shutil.which("redis-server") is None:
        return "redis-server is not installed (Debian: apt-get install redis-server)"
    return None


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Its URL, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {"port": port, "bind": "127.0.0.1", "dir": folder, "save": ""}
    durable = {"appendonly": "yes", "appendfsync": "always", "loglevel": "warning"}
    words = [word for name, value in (options | durable).items() for word in (f"--{name}", value)]
    with (folder / "redis.log").open("w") as log:
        process = subprocess.Popen(["redis-server", *map(str, words)], stdout=log, stderr=log)
    try:
        _wait_for(port)
        yield f"redis://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    end = monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if monotonic() > end:
                raise
            sleep(0.02)
        else:
            return
