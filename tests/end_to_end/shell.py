"""A person at a shell: types `crosspromo …` in a folder and reads what comes back."""

import atexit
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from types import TracebackType
from typing import IO, Any, Self

from end_to_end.warm import WarmCommand

COMMAND_VARIABLE = "CROSSPROMO_COMMAND"
PATIENCE = 60.0
"""Seconds that one command, or one line of a daemon, may take on a busy machine."""

WORKSPACE = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[accounts.x-main]
network = "sandbox"
imitates = "x"

[accounts.bluesky-main]
network = "sandbox"
imitates = "bluesky"

[accounts.reddit-main]
network = "sandbox"
imitates = "reddit"
"""
"""Three accounts that need no network: 3:1, 1:1 and 9:1 by their presets."""

BY_HAND = """
[accounts.reddit-by-hand]
network = "manual"
imitates = "reddit"
subreddit = "rivervalley"
ratio = "1:1"
"""


def installed_command() -> str:
    """The command under test: $CROSSPROMO_COMMAND, else the script beside this Python."""
    beside = Path(sys.executable).with_name("crosspromo")
    command = os.environ.get(COMMAND_VARIABLE) or shutil.which(str(beside))
    assert command, f"there is no {beside}; install crosspromo, or set {COMMAND_VARIABLE}"
    return command


def copied(workspace: Path, folder: Path) -> "Shell":
    """A shell in a copy of a workspace that ran before; what was held there is judged once more."""
    shell = Shell(shutil.copytree(workspace, folder))
    shell.ok("run", "--once")  # pauses: the database was copied
    shell.ok("resume")
    shell.ok("run", "--once")
    return shell


@dataclass(frozen=True, slots=True)
class Result:
    """What a command left behind."""

    line: str
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as the one JSON document that it must be."""
        return json.loads(self.out)

    def __str__(self) -> str:
        return f"$ {self.line}\n{self.out}{self.err}(exit status {self.status})"


class Shell:
    """A shell in a folder. Nothing of the caller's own crosspromo reaches into it."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        ours = {k: v for k, v in os.environ.items() if not k.startswith("CROSSPROMO_")}
        self.environment = {**ours, "CROSSPROMO_AS": "tester", **(environment or {})}
        self.command = installed_command()

    def run(
        self,
        *args: str,
        input: str | None = None,  # noqa: A002 (as subprocess names it)
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Type the command and wait for its end."""
        line = f"crosspromo {' '.join(args)}"
        environment = {**self.environment, **(env or {})}
        with TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write((input or "").encode())
            given.seek(0)
            files = given.fileno(), out.fileno(), err.fileno()
            status = warm(self.command).run(args, self.folder, environment, files, PATIENCE)
            if status is None:
                status = subprocess.run(
                    [self.command, *args],
                    cwd=self.folder,
                    env=environment,
                    stdin=given,
                    stdout=out,
                    stderr=err,
                    timeout=PATIENCE,
                    check=False,
                ).returncode
            return Result(line, status, *(_text_of(each) for each in (out, err)))

    def ok(self, *args: str, input: str | None = None) -> Result:  # noqa: A002 (as above)
        """Type a command that must succeed."""
        result = self.run(*args, input=input)
        assert result.status == 0, result
        return result

    def refused(self, *args: str, status: int = 1, env: Mapping[str, str] | None = None) -> str:
        """Type a command that must fail in plain words: stderr comes back."""
        result = self.run(*args, env=env)
        assert result.status == status, result
        assert "Traceback" not in result.err, result
        assert result.err.startswith(("Error: ", "Usage: ")), result
        return result.err

    def at_a_terminal(self, *args: str, typed: str, env: Mapping[str, str]) -> Result:
        """Type the command at a terminal, and then answers; stderr has what the screen shows."""
        screen, terminal = os.openpty()
        try:
            os.write(screen, typed.encode())
            done = subprocess.run(
                [self.command, *args],
                cwd=self.folder,
                env={**self.environment, **env},
                stdin=terminal,
                stdout=subprocess.PIPE,
                stderr=terminal,
                timeout=PATIENCE,
                check=False,
            )
            shown = os.read(screen, 65536).decode().replace("\r\n", "\n")
        finally:
            os.close(terminal)
            os.close(screen)
        line = f"crosspromo {' '.join(args)}"
        return Result(line, done.returncode, done.stdout.decode(), shown)

    def into_a_closed_pipe(self, *args: str) -> str:
        """Type a command whose stdout nobody reads; stderr comes back."""
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = subprocess.run(
                [self.command, *args],
                cwd=self.folder,
                env=self.environment,
                stdout=writer,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                timeout=PATIENCE,
                check=False,
            )
        finally:
            os.close(writer)
        return done.stderr

    def daemon(self, *options: str, env: Mapping[str, str] | None = None) -> "Daemon":
        """Start `crosspromo run`."""
        process = subprocess.Popen(
            [self.command, "run", *options],
            cwd=self.folder,
            env={**self.environment, **(env or {})},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        return Daemon(process)

    def write(self, name: str, text: str) -> Path:
        """A file in the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def configure(self, text: str) -> None:
        """Another crosspromo.toml."""
        self.write("crosspromo.toml", text)

    def deliveries(self, *options: str) -> list[dict[str, Any]]:
        """What `queue list` shows."""
        found: list[dict[str, Any]] = self.ok("queue", "list", *options, "--json").json[
            "deliveries"
        ]
        return found

    def delivery(self, number: int) -> dict[str, Any]:
        """What `queue show` shows."""
        found: dict[str, Any] = self.ok("queue", "show", str(number), "--json").json
        return found

    def page(self, account: str) -> str:
        """The page of a sandbox account, or nothing where it never posted."""
        page = self.folder / "sandbox" / f"{account}.html"
        return page.read_text(encoding="utf-8") if page.exists() else ""


@cache
def warm(command: str) -> WarmCommand:
    """The process that runs the command; it ends with the tests."""
    process = WarmCommand(command)
    atexit.register(process.close)
    return process


def _text_of(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8").replace("\r\n", "\n")


class Daemon:
    """A running `crosspromo run`, and the lines of its log as they come."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._seen: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._process.stderr is not None
        self._process.stderr.close()

    def says(self, words: str, patience: float = PATIENCE) -> str:
        """Wait for a line with these words in it; it comes back."""
        deadline = monotonic() + patience
        while True:
            try:
                line = self._lines.get(timeout=max(0.0, deadline - monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                raise AssertionError(f'never said "{words}":\n{"".join(self._seen)}')
            self._seen.append(line)
            if words in line:
                return line

    @property
    def heard(self) -> str:
        """Everything that it said so far, as far as somebody waited for it."""
        return "".join(self._seen)

    def kill(self) -> None:
        """As a machine that loses its power would."""
        self._process.kill()
        self._process.wait(PATIENCE)

    def status(self) -> int:
        """Wait for it to end by itself; its exit status."""
        return self._process.wait(PATIENCE)

    def terminate(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to end; its exit status."""
        self.send(how)
        return self._process.wait(PATIENCE)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._lines.put(line)
        self._lines.put(None)
