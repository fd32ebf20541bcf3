"""A crosspromo.toml with a fault: posts can still be paused, and `status` says what it knows."""

import sqlite3
from contextlib import closing

import pytest
from end_to_end.shell import WORKSPACE, Shell

MISTYPED = WORKSPACE.replace('timezone = "America/Chicago"', 'timezone = "Chicago"')
TORN = WORKSPACE.replace('imitates = "reddit"', 'imitates = "reddit')


@pytest.fixture(params=[MISTYPED, TORN], ids=["mistyped", "torn"])
def broken(shell: Shell, request: pytest.FixtureRequest) -> Shell:
    """A post is due, and somebody has just broken the settings."""
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    shell.configure(request.param)
    return shell


def test_a_pause_stands_although_the_settings_have_a_fault(broken: Shell) -> None:
    said = broken.ok("pause", "--reason", "the river has flooded")
    assert "Everything was paused by tester" in said.out
    assert "Paused in the database sqlite:///crosspromo.db" in said.err
    assert f"{broken.folder / 'crosspromo.toml'}" in said.err

    broken.configure(WORKSPACE)
    broken.ok("run", "--once")
    assert broken.page("x-main") == ""
    assert broken.ok("resume").out.startswith("everything goes on\n1 delivery overdue")


def test_an_account_is_paused_that_the_database_knows(broken: Shell) -> None:
    assert broken.ok("pause", "x-main", "--reason", "storm", "--json").json["account"] == "x-main"
    said = broken.refused("pause", "x-mian", "--reason", "storm")
    assert "x-mian" in said
    assert "x-main" in said


def test_status_names_the_fault_in_one_sentence_and_shows_the_queue(broken: Shell) -> None:
    broken.ok("pause", "--reason", "the river has flooded")
    said = broken.run("status")
    assert (said.status, said.err) == (1, "")
    assert "queue: 1 queued, 1 of them held" in said.out
    assert "Everything was paused by tester" in said.out
    assert said.out.count("the settings cannot be used, and no daemon can start with them: ") == 1
    matters = broken.run("status", "--json").json["needs_person"]
    assert [each["code"] for each in matters] == ["settings"], "no account counts as gone"
    machine = broken.run("status", "--machine", "--json").json
    assert [each["code"] for each in machine["needs_person"]] == ["settings"]


@pytest.mark.parametrize("command", [("status",), ("pause", "--reason", "storm")])
def test_a_database_that_fails_as_well_is_told_with_the_fault_of_the_settings(
    broken: Shell, command: tuple[str, ...]
) -> None:
    (broken.folder / "crosspromo.db").unlink()
    said = broken.refused(*command)
    assert f"{broken.folder / 'crosspromo.toml'}" in said
    assert "Besides: the database" in said
    assert "is gone, with everything in the queue" in said


def test_no_policy_is_taken_for_changed(broken: Shell) -> None:
    broken.ok("pause", "--reason", "the river has flooded")
    with closing(sqlite3.connect(broken.folder / "crosspromo.db")) as database:
        ended = database.execute("SELECT count(*) FROM policies WHERE until IS NOT NULL")
        assert ended.fetchone() == (0,)


@pytest.mark.parametrize("command", [("status",), ("pause", "--reason", "storm")])
def test_where_the_database_cannot_be_told_people_read_what_to_do(
    shell: Shell, command: tuple[str, ...]
) -> None:
    shell.configure('[organisation\nname = "River"\n[database\nurl = "env:DATABASE_URL"\n')
    said = shell.refused(*command)
    assert "is not valid TOML" in said
    assert "It cannot be read which database is used, either, so correct the file" in said
    assert "end the daemon" in said
