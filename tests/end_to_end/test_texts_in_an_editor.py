"""Texts of deliveries in the person's editor: nothing that was written there is lost."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from end_to_end.shell import Result, Shell

LONG = "x" * 300
"""Text that X refuses for its length."""

LATER = ("--at", "2030-05-01T09:00")


@pytest.fixture
def waiting(shell: Shell) -> Shell:
    """A post of our own that waits on X."""
    shell.ok("queue", "own", "--to", "x-main", "--text", "We meet on Monday.", *LATER)
    return shell


def editor(shell: Shell, *visits: str) -> Mapping[str, str]:
    """Environment with an editor that does one line of a shell at each visit; `$1` is the file."""
    for number, each in enumerate(visits, 1):
        shell.write(f"visit-{number}.sh", each)
    script = (
        f'cd "{shell.folder}"; n=$(( $(cat visits 2>/dev/null || echo 0) + 1 )); '
        'echo $n > visits; . "./visit-$n.sh"'
    )
    path = shell.write("editor.sh", script)
    return {"EDITOR": f"sh {path}", "VISUAL": "", "TMPDIR": str(drafts(shell))}


def drafts(shell: Shell) -> Path:
    """Folder in which the files of the editor lie."""
    folder = shell.folder / "drafts"
    folder.mkdir(exist_ok=True)
    return folder


def kept(shell: Shell, result: Result) -> bytes:
    """Bytes of the one file that is kept, and that the result names."""
    (file,) = drafts(shell).iterdir()
    assert result.err.count(f"What you wrote is kept in {file}\n") == 1, result
    return file.read_bytes()


def says(shell: Shell) -> str:
    text: str = shell.deliveries()[0]["text"]
    return text


@pytest.mark.parametrize("second", ["true", "touch $1"])
def test_a_refused_text_is_kept_when_the_editor_is_closed_unchanged(
    waiting: Shell, second: str
) -> None:
    env = editor(waiting, f"echo {LONG} > $1", second)
    result = waiting.at_a_terminal("queue", "edit", "1", typed="y\n", env=env)
    assert result.status == 1, result
    assert "nothing was changed" not in result.out
    assert kept(waiting, result) == f"{LONG}\n".encode()


@pytest.mark.parametrize("answer", ["n\n", "\x04"])
def test_a_refused_text_is_kept_when_it_is_not_edited_again(waiting: Shell, answer: str) -> None:
    env = editor(waiting, f"echo {LONG} > $1")
    result = waiting.at_a_terminal("queue", "edit", "1", typed=answer, env=env)
    assert result.status == 1, result
    assert kept(waiting, result) == f"{LONG}\n".encode()


def test_a_refused_text_that_is_mended_leaves_no_file(waiting: Shell) -> None:
    env = editor(waiting, f"echo {LONG} > $1", "echo We meet on Tuesday. > $1")
    result = waiting.at_a_terminal("queue", "edit", "1", typed="y\n", env=env)
    assert result.status == 0, result
    assert says(waiting) == "We meet on Tuesday."
    assert not list(drafts(waiting).iterdir())


def test_a_text_that_is_as_it_was_at_first_changes_nothing(waiting: Shell) -> None:
    env = editor(waiting, f"echo {LONG} > $1", "echo We meet on Monday. > $1")
    result = waiting.at_a_terminal("queue", "edit", "1", typed="y\n", env=env)
    assert (result.status, result.out[:19]) == (0, "nothing was changed")
    assert not list(drafts(waiting).iterdir())


@pytest.mark.parametrize(
    "saved", [b"Line one.\nCaf\xe9 on Monday.\n", "Café".encode("utf-16"), b"\xff\n"]
)
def test_a_text_in_another_encoding_is_refused_in_a_sentence_and_kept(
    waiting: Shell, saved: bytes
) -> None:
    (waiting.folder / "saved").write_bytes(saved)
    result = waiting.run("queue", "edit", "1", env=editor(waiting, "cat saved > $1"))
    line = 2 if saved.startswith(b"Line") else 1
    assert result.status == 2, result
    assert f"Error: line {line} was saved in another encoding than UTF-8" in result.err
    assert kept(waiting, result) == saved
    assert says(waiting) == "We meet on Monday."


def test_a_byte_order_mark_and_line_ends_of_windows_are_no_change(waiting: Shell) -> None:
    env = editor(waiting, r"printf '\357\273\277We meet on Monday.\r\n' > $1")
    assert waiting.run("queue", "edit", "1", env=env).out.startswith("nothing was changed")


def test_an_editor_that_removes_its_file_changes_nothing(waiting: Shell) -> None:
    result = waiting.run("queue", "edit", "1", env=editor(waiting, "rm $1"))
    assert result.err == "Error: the editor removed its file; nothing was changed\n"
    assert says(waiting) == "We meet on Monday."
    assert not list(drafts(waiting).iterdir())


def test_a_refused_text_is_kept_when_the_editor_then_removes_its_file(waiting: Shell) -> None:
    env = editor(waiting, f"echo {LONG} > $1", "rm $1")
    result = waiting.at_a_terminal("queue", "edit", "1", typed="y\n", env=env)
    assert result.status == 2, result
    assert kept(waiting, result) == f"{LONG}\n".encode()


def test_an_editor_that_fails_leaves_what_was_written(waiting: Shell) -> None:
    result = waiting.run("queue", "edit", "1", env=editor(waiting, "echo News. > $1; exit 3"))
    assert result.status == 1, result
    assert kept(waiting, result) == b"News.\n"


def test_an_empty_file_is_refused_and_not_kept(waiting: Shell) -> None:
    result = waiting.run("queue", "edit", "1", env=editor(waiting, ": > $1"))
    assert result.status != 0, result
    assert "Traceback" not in result.err
    assert says(waiting) == "We meet on Monday."
    assert not list(drafts(waiting).iterdir())
