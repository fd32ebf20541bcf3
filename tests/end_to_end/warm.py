"""Commands at the speed of tests: a process imports what every command imports, and forks for each.

A test types hundreds of commands, and most of the time of each goes into importing modules. A child
runs the installed command's own `main` with its own folder, environment, files and end. Where no
such process can be had, nothing changes but the time.

Run as a script by the Python of the installed command, this file is that process.
"""

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from threading import Lock

LARGEST_REQUEST = 1 << 17
"""Bytes of a request: arguments and environment."""

LEFT_OUT = {"connectors", "migrations", "testing", "web", "calendar_workbook", "__main__"}
"""Parts of the package that few commands import; libraries of networks and workbooks are large."""

OTHERS = ("alembic.command", "encodings.idna", "regex", "sqlalchemy.dialects.sqlite")
"""Modules that commands import, and none of ours does."""

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


def _import_modules() -> None:
    """Import the modules of most commands, and with them nearly all that they need."""
    package = import_module("crosspromo")
    for module in walk_packages(package.__path__, "crosspromo."):
        if not LEFT_OUT.intersection(module.name.split(".")):
            with suppress(ImportError):  # its extra is not installed
                import_module(module.name)
    for name in OTHERS:
        import_module(name)
    gc.collect()
    gc.freeze()  # the collector of a child then leaves the parent's pages alone


def _run(main: Callable[[], object]) -> None:
    """Run the command, and end at once where only the interpreter would still clear up.

    That would write to, and so copy, every page which the child shares with its parent.
    """
    try:
        main()
        status = 0
    except SystemExit as ended:
        if not (ended.code is None or isinstance(ended.code, int)):
            raise  # words, which the interpreter prints
        status = ended.code or 0
    if threading.active_count() > 1:
        sys.exit(status)  # which waits for them
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _import_modules()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    from crosspromo.cli.main import main

    _run(main)
