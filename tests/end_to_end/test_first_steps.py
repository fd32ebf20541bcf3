"""The first minutes: help, init, doctor, and what is said where there is no workspace."""

import re

import pytest
from end_to_end.shell import Shell


def test_init_makes_a_workspace_that_the_doctor_finds_sound(outside: Shell) -> None:
    made = outside.ok("init", "ours")

    assert "crosspromo -w ours doctor" in made.out
    assert (outside.folder / "ours" / "crosspromo.toml").is_file()
    assert (outside.folder / "ours" / "templates" / "spotlight" / "default.j2").is_file()
    report = outside.ok("-w", "ours", "doctor").out
    assert set(re.findall(r"^\w+", report, re.MULTILINE)) == {"ok"}


def test_init_never_makes_a_workspace_twice(outside: Shell) -> None:
    outside.ok("init", "ours")
    mine = outside.write("ours/crosspromo.toml", "# mine\n")

    refusal = outside.refused("init", "ours", status=2)

    assert "exists already; nothing was changed" in refusal
    assert mine.read_text(encoding="utf-8") == "# mine\n"


def test_init_leaves_templates_that_are_there_as_they_are(outside: Shell) -> None:
    mine = outside.write("ours/templates/spotlight/default.j2", "mine\n")

    outside.ok("init", "ours")

    assert mine.read_text(encoding="utf-8") == "mine\n"


def test_init_says_what_stands_in_its_way(outside: Shell) -> None:
    outside.write("ours", "a file where the folder should be")

    assert "ours: File exists" in outside.refused("init", "ours")


def test_without_a_workspace_it_says_how_to_make_one(outside: Shell) -> None:
    assert "make a workspace with: crosspromo init" in outside.refused("status", status=2)


def test_a_named_folder_without_a_workspace_is_refused_by_name(outside: Shell) -> None:
    refusal = outside.refused("-w", "elsewhere", "status")

    assert "elsewhere has no crosspromo.toml" in refusal


def test_the_workspace_is_found_from_a_folder_within(empty: Shell) -> None:
    within = Shell(empty.folder / "templates" / "spotlight")

    assert "nothing needs a person" in within.ok("status").out


def test_the_workspace_may_be_named_by_the_environment(empty: Shell, outside: Shell) -> None:
    named = {"CROSSPROMO_WORKSPACE": str(empty.folder)}

    assert outside.run("status", env=named).status == 0


@pytest.mark.parametrize(
    "line", [("frobnicate",), ("queue", "frobnicate"), ("queue", "show"), ("queue", "show", "x")]
)
def test_wrong_usage_is_status_2(outside: Shell, line: tuple[str, ...]) -> None:
    assert outside.refused(*line, status=2)


def test_a_reader_who_has_read_enough_causes_no_traceback(shell: Shell) -> None:
    """As in `crosspromo partner list | head -0`."""
    assert "Traceback" not in shell.into_a_closed_pipe("partner", "list")


def test_colour_is_for_terminals_only(shell: Shell) -> None:
    assert "\x1b" not in shell.ok("partner", "list").out
