"""Commands at the speed of tests: a process imports what every command imports, and forks for each.

A test types hundreds of commands, and most of the time of each goes into importing the same
modules. A child runs the installed command's own `main` with its own folder, environment, files and
end. Where no such process can be had, nothing changes but the time.

Run as a script by the Python of the installed command, this file is that process.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from threading import Lock

LARGEST_REQUEST = 1 << 17
"""Bytes of a request: arguments and environment."""

IMPORTED = (
    *("cli.main", "cli.queue_list", "cli.queue_posts", "cli.queue_acts", "cli.run", "cli.status"),
    *("assembly", "documents", "services.explanation", "services.play.forecasting", "workspace"),
)
"""Modules of the package whose import takes the most time of most commands."""

OF_A_START = ("PYTHON", "LD_", "MALLOC_")
"""Beginnings of variables that a process reads when it starts, and a child would not."""


class WarmCommand:
    """Process that runs the installed command, one at a time."""

    def __init__(self, command: str) -> None:
        self._command = command
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    def run(
        self,
        arguments: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        files: tuple[int, int, int],
        patience: float,
    ) -> int | None:
        """Exit status of the command with these files as stdin, stdout and stderr.

        None: it was not run, since it has to be started as a process of its own. TimeoutExpired if
        it does not end within `patience` seconds.
        """
        if self._python is None or _starts_otherwise(environment):
            return None
        request = json.dumps([self._command, list(arguments), str(folder), dict(environment)])
        if len(request.encode()) > LARGEST_REQUEST or not self._lock.acquire(blocking=False):
            return None
        try:
            ours = self._started()
            ours.settimeout(patience)
            socket.send_fds(ours, [request.encode()], files)
            try:
                return int(ours.recv(100))
            except TimeoutError:
                self.close()
                raise subprocess.TimeoutExpired([self._command, *arguments], patience) from None
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process, and the command that it runs."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._socket is not None:
            self._socket.close()
        self._process = self._socket = None

    @property
    def _python(self) -> str | None:
        """Interpreter of the command; None: the command is no Python script."""
        with Path(self._command).open("rb") as script:
            begin = script.readline(1000).decode(errors="replace").strip()
        named = begin.removeprefix("#!")
        return named if begin.startswith("#!") and Path(named).name.startswith("python") else None

    def _started(self) -> socket.socket:
        if self._socket is None:
            self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self._process = subprocess.Popen(
                    [str(self._python), "-P", __file__, str(theirs.fileno())],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
        return self._socket


def _starts_otherwise(environment: Mapping[str, str]) -> bool:
    """Whether a variable asks for another start than that of this process."""
    names = {each for each in (*environment, *os.environ) if each.startswith(OF_A_START)}
    return any(environment.get(each) != os.environ.get(each) for each in names)


# -- the process -------------------------------------------------------------------------------


def _serve(theirs: socket.socket) -> None:
    """Fork a child for each request; returns in the child, which then runs the command."""
    while True:
        text, files, _, _ = socket.recv_fds(theirs, LARGEST_REQUEST, 3)
        if not text:
            os._exit(0)
        command, arguments, folder, environment = json.loads(text)
        child = os.fork()
        if child == 0:
            theirs.close()
            _become(files, folder, environment)
            sys.argv = [command, *arguments]
            return
        for file in files:
            os.close(file)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        theirs.send(str(status).encode())


def _become(files: Sequence[int], folder: str, environment: Mapping[str, str]) -> None:
    for place, file in enumerate(files):
        os.dup2(file, place)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()


if __name__ == "__main__":
    for name in IMPORTED:
        import_module(f"crosspromo.{name}")
    _serve(socket.socket(fileno=int(sys.argv[1])))
    from crosspromo.cli.main import main

    main()
