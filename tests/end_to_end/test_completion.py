"""Completion in bash, zsh and fish: accounts, slugs and ids, at once, and never with a fault."""

import shutil
import subprocess
from time import monotonic

import pytest
from end_to_end.shell import PATIENCE, Shell, installed_command
from end_to_end.typist import offered

SHELLS = ("bash", "zsh", "fish")


@pytest.fixture
def waiting(shell: Shell) -> Shell:
    """A spotlight on X and on Reddit that waits, and one on Bluesky that is out of the queue."""
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main,reddit-main", "--at", "+5d")
    shell.ok("queue", "own", "--text", "Hello", "--to", "bluesky-main", "--at", "+5d")
    shell.ok("queue", "cancel", "3")
    return shell


@pytest.mark.parametrize("of", SHELLS)
def test_what_is_there_is_offered(waiting: Shell, of: str) -> None:
    assert offered(waiting, "crosspromo queue spotlight riv", of=of) == ["river-keepers"]
    assert offered(waiting, "crosspromo queue spotlight x --to b", of=of) == ["bluesky-main"]
    assert offered(waiting, "crosspromo queue own --to x-main,blu", of=of) == [
        "x-main,bluesky-main"
    ]
    assert offered(waiting, "crosspromo queue cancel ", of=of) == ["2", "1"]
    assert offered(waiting, "crosspromo queue edit --post ", of=of) == ["1"]
    assert offered(waiting, "crosspromo queue show ", of=of) == ["3", "2", "1"]
    assert "spring-river-cleanup-2030-04-20" in offered(
        waiting, "crosspromo queue event spring", of=of
    )


@pytest.mark.parametrize("of", SHELLS)
def test_where_there_is_nothing_to_offer_it_is_silent(
    outside: Shell, waiting: Shell, of: str
) -> None:
    line = "crosspromo queue cancel "
    assert offered(outside, line, of=of) == []
    waiting.configure("this is no [settings")
    assert offered(waiting, line, of=of) == []
    assert offered(waiting, f"crosspromo -w {outside.folder}/nowhere queue cancel ", of=of) == []


def test_a_server_that_is_out_of_reach_keeps_nobody_waiting(waiting: Shell) -> None:
    text = (waiting.folder / "crosspromo.toml").read_text(encoding="utf-8")
    # an address that no machine has: a connection there is neither taken nor refused
    url = "postgresql+psycopg://crosspromo@198.51.100.1/crosspromo"
    waiting.configure(f'{text}\n[database]\nurl = "{url}"\n')
    started = monotonic()
    assert offered(waiting, "crosspromo queue cancel ") == []
    assert monotonic() - started < PATIENCE / 4


@pytest.mark.parametrize("of", SHELLS)
def test_the_script_of_the_shell_is_printed(outside: Shell, of: str) -> None:
    said = outside.run(env={"_CROSSPROMO_COMPLETE": f"{of}_source"})
    assert said.status == 0
    assert "_CROSSPROMO_COMPLETE" in said.out


def test_bash_itself_completes(waiting: Shell) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    (waiting.folder / "bin").mkdir()
    (waiting.folder / "bin" / "crosspromo").symlink_to(installed_command())
    script = """
        PATH="$PWD/bin:$PATH"
        eval "$(_CROSSPROMO_COMPLETE=bash_source crosspromo)"
        COMP_WORDS=(crosspromo queue spotlight riv) COMP_CWORD=3
        _crosspromo_completion crosspromo
        echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        [bash, "-c", script],
        cwd=waiting.folder,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=True,
    )
    assert done.stdout.split() == ["river-keepers"]
