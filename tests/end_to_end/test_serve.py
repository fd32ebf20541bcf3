"""`crosspromo serve` and `run --serve`: the console as a user starts it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from end_to_end.shell import Daemon, Shell

CONSOLE = re.compile(r"console at (http://127\.0\.0\.1:\d+)")


@contextmanager
def served(shell: Shell, *line: str) -> Iterator[tuple[Daemon, str]]:
    """The process of this line, and where its console is."""
    process = subprocess.Popen(
        [shell.command, *line, "--port", "0"],
        cwd=shell.folder,
        env=shell.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    with Daemon(process) as daemon:
        found = CONSOLE.search(daemon.says("console at"))
        assert found is not None
        yield daemon, found[1]


def test_an_invited_person_signs_in_and_sees_the_queue(shell: Shell) -> None:
    shell.ok("queue", "own", "--to", "bluesky-main", "--text", "Hello")
    link = shell.ok("user", "add", "Ana Ruiz", "--role", "admin", "--json").json["link"]
    path = link.partition("8017")[2]
    with served(shell, "serve") as (daemon, address), httpx.Client(base_url=address) as browser:
        token = re.search(r'name="form-token" value="(\w+)"', browser.get(path).text)
        assert token is not None
        password = "three calm herons wade"
        fields = {"form-token": token[1], "password": password, "again": password}
        assert browser.post(path, data=fields).status_code == 303
        assert len(browser.get("/queue.json").json()["deliveries"]) == 1
        assert "Ana Ruiz" in browser.get("/").text
        assert daemon.terminate() == 0
    assert "use invitation link" in shell.ok("audit", "list").out


def test_the_daemon_and_the_console_run_in_one_process(shell: Shell) -> None:
    with served(shell, "run", "--serve") as (daemon, address):
        daemon.says("started as")
        assert httpx.get(f"{address}/sign-in").status_code == 200
        assert daemon.terminate() == 0


def test_a_port_that_is_taken_is_said(shell: Shell) -> None:
    with served(shell, "serve") as (_, address):
        said = shell.refused("serve", "--port", address.rpartition(":")[2])
    assert "cannot be listened on" in said


def test_options_of_the_console_need_it(shell: Shell) -> None:
    assert "--serve, too" in shell.refused("run", "--port", "8017", status=2)
    assert "--serve is for the daemon" in shell.refused("run", "--once", "--serve", status=2)


@pytest.mark.parametrize("missing", ["starlette", "argon2"])
def test_without_the_extra_the_sentence_names_it(shell: Shell, missing: str) -> None:
    """Python is told that the package is not there, as on a machine without the extra."""
    code = (
        "import sys, importlib.abc\n"
        "class Absent(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name.partition('.')[0] == {missing!r}:\n"
        "            raise ModuleNotFoundError(name=name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import importlib.util\n"
        "there = importlib.util.find_spec\n"
        "def find(name, *rest):\n"
        "    try:\n"
        "        return there(name, *rest)\n"
        "    except ModuleNotFoundError:\n"
        "        return None\n"
        "importlib.util.find_spec = find\n"
        "from crosspromo.cli.main import run\n"
        "sys.exit(run(['serve']))\n"
    )
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=shell.folder,
        env={**shell.environment, "PYTHONPATH": os.environ.get("PYTHONPATH", root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"the console needs {missing}" in done.stderr
    assert "pip install 'crosspromo[web]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_settings_of_the_console_are_checked(shell: Shell) -> None:
    shell.configure('[organisation]\nname = "us"\n[serve]\nuser_header = "X-User"\n')
    assert "anybody could send this header" in shell.refused("user", "list")
    shell.configure('[organisation]\nname = "us"\n[serve]\npublic_url = "http://posts.example"\n')
    assert "must be an https address" in shell.refused("user", "list")


def test_people_are_looked_after_from_the_command_line(shell: Shell) -> None:
    assert "nobody may sign in yet" in shell.ok("user", "list").out
    shell.ok("user", "add", "Ana Ruiz", "--role", "admin", "--mail", "Ana@rva.example")
    assert 'the name "ana ruiz" is taken' in shell.refused("user", "add", "ana ruiz")
    assert "the address of another" in shell.refused(
        "user", "add", "A", "--mail", "ana@rva.example"
    )
    assert "is the only admin" in shell.refused("user", "remove", "Ana Ruiz")
    shell.ok("user", "add", "Dan", "--role", "admin")
    assert "is author now" in shell.ok("user", "role", "ANA  ruiz", "author").out
    assert "no person" in shell.refused("user", "reset", "Kim")
    assert "may no longer sign in" in shell.ok("user", "remove", "Ana Ruiz").out
    assert [each["name"] for each in shell.ok("user", "list", "--json").json["people"]] == ["Dan"]


def test_an_account_may_ask_for_names_that_are_signed_in(shell: Shell) -> None:
    shell.write(
        "crosspromo.toml",
        (shell.folder / "crosspromo.toml")
        .read_text()
        .replace("[accounts.x-main]", '[defaults]\napproval_names = "signed-in"\n[accounts.x-main]')
        .replace('imitates = "x"\n', 'imitates = "x"\napproval = "one"\n'),
    )
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    said = shell.refused("queue", "approve", "1", "--as", "somebody else")
    assert "takes approvals of people who are signed in" in said
