"""A disk that is full for a while, under a daemon: a real one, of 6 MB, in memory.

It is mounted in a namespace of its own, which needs no rights where the system allows it.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from end_to_end.shell import PATIENCE, WORKSPACE, Daemon, Shell, installed_command
from servers.mail import MailServer

BY_MAIL = """
[smtp]
server = "smtp://127.0.0.1:{port}"
from = "River Valley <news@rva.example.org>"

[notify]
mail = ["ana@rva.example.org"]
"""

UNSHARE = ("unshare", "--user", "--map-root-user", "--mount")


def may_mount() -> bool:
    """Whether this user may mount a disk in a namespace."""
    if shutil.which("unshare") is None or shutil.which("nsenter") is None:
        return False
    trial = [*UNSHARE, "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(trial, capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not may_mount(), reason="no disk may be mounted here")


class SmallDisk:
    """A workspace on a disk of 6 MB, and a shell beside it in the same namespace."""

    def __init__(self, folder: Path) -> None:
        self._disk = folder / "disk"
        self._disk.mkdir()
        script = f'mount -t tmpfs -o size=6m none "{self._disk}" && echo mounted && exec cat'
        self.keeper = subprocess.Popen(
            [*UNSHARE, "sh", "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.keeper.stdout is not None
        assert self.keeper.stdout.readline() == "mounted\n"
        self.seen_from_here = Path(f"/proc/{self.keeper.pid}/root") / self._disk.relative_to("/")
        self.workspace = self._disk / "workspace"

    def _line(self, *args: str) -> list[str]:
        enter = ("nsenter", "--user", "--mount", "--preserve-credentials")
        there = ("--target", str(self.keeper.pid))
        return [*enter, *there, installed_command(), "-w", str(self.workspace), *args]

    def run(self, *args: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._line(*args), capture_output=True, text=True, timeout=60, check=False
        )

    def daemon(self) -> Daemon:
        return Daemon(
            subprocess.Popen(
                self._line("run"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                encoding="utf-8",
            )
        )

    def configure(self, text: str) -> None:
        """Another crosspromo.toml."""
        settings = self.seen_from_here / "workspace" / "crosspromo.toml"
        settings.write_text(text, encoding="utf-8")

    def queue(self) -> None:
        """Have something due in a moment, so that the daemon has something to write."""
        spotlight = ("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "+4s")
        assert self.run(*spotlight).returncode == 0

    def fill(self) -> None:
        """Leave not a byte."""
        with (self.seen_from_here / "filler").open("wb", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(os.urandom(size))
                except OSError:
                    continue

    def empty(self) -> None:
        """Somebody makes room."""
        (self.seen_from_here / "filler").unlink()


@pytest.fixture
def disk(shell: Shell, tmp_path: Path) -> Iterator[SmallDisk]:
    small = SmallDisk(tmp_path)
    shutil.copytree(shell.folder, small.seen_from_here / "workspace")  # empty: no copy in doubt
    yield small
    small.keeper.kill()
    small.keeper.communicate()


def test_a_daemon_survives_says_which_disk_and_goes_on_within_a_minute(disk: SmallDisk) -> None:
    with disk.daemon() as daemon:
        daemon.says("started as")
        disk.queue()
        disk.fill()
        said = daemon.says("trying again every 20 seconds")
        assert "the database cannot be written: the disk of " in said
        assert f"{disk.workspace.parent} has 0 kB free" in said
        disk.empty()
        daemon.says("published")
        daemon.says("the database works again")
        assert daemon.terminate() == 0
        daemon.says("stopped")
        told = daemon.heard
    assert "Traceback" not in told
    assert told.count("make room there") == 1
    assert disk.run("queue", "list", "--json").stdout.count('"published"') == 1


def mailed(mail: MailServer) -> list[str]:
    """Texts of the mails so far, each in one line."""
    return [" ".join(str(message.get_content()).split()) for message in mail.messages]


def test_a_mail_tells_of_the_full_disk_while_it_is_full(disk: SmallDisk) -> None:
    """The daemon cannot claim in the database what it tells, so it tells without a claim."""
    with MailServer() as mail:
        disk.configure(WORKSPACE + BY_MAIL.format(port=mail.port))
        with disk.daemon() as daemon:
            daemon.says("started as")
            disk.queue()
            disk.fill()
            daemon.says("trying again every 20 seconds", 2 * PATIENCE)
            while not any("the database cannot be written" in text for text in mailed(mail)):
                daemon.says("told by mail", 2 * PATIENCE)
            disk.empty()
            daemon.says("the database works again")
            assert daemon.terminate() == 0
    (full,) = [text for text in mailed(mail) if "the database cannot be written" in text]
    assert f"the disk of {disk.workspace.parent} has 0 kB free" in full
    assert "make room there" in full


def test_a_command_says_which_disk_is_full(disk: SmallDisk) -> None:
    disk.fill()
    done = disk.run("queue", "spotlight", "valley-food-bank", "--to", "x-main")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"the disk of {disk.workspace.parent} has 0 kB free" in done.stderr
    found = disk.run("doctor")
    assert f"FAIL disk: the disk of {disk.workspace.parent} has 0 kB free" in found.stdout
