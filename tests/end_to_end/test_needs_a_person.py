"""`status` names what needs a person until somebody acts on it or dismisses it."""

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from end_to_end.shell import Shell

SETTINGS = """\
[organisation]
name = "River Valley Alliance"
[accounts.hand]
network = "manual"
imitates = "reddit"
subreddit = "rivervalley"
ratio = "none"
[accounts.page]
network = "sandbox"
ratio = "none"
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (folder / "crosspromo.toml").write_text(SETTINGS, encoding="utf-8")
    shell = Shell(folder)
    shell.ok("db", "upgrade")
    shell.ok("partner", "add", "River Keepers")
    return shell


def test_a_post_by_hand_has_the_command_first_and_its_long_address_last(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "hand")
    shell.ok("run", "--once")

    said = shell.run("status")

    assert said.status == 1
    assert (
        "1 on hand is to be posted by you; then: crosspromo queue mark-posted 1\n"
        "  waits for a person to post it: open https://www.reddit.com/"
    ) in said.out
    (matter,) = shell.run("status", "--json").json["needs_person"]
    assert (matter["code"], matter["delivery"], matter["account"]) == ("by-hand", 1, "hand")
    assert matter["mend"] == {"act": "mark-posted", "delivery": 1}


def test_what_was_dismissed_needs_nobody_and_keeps_its_state(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "hand")
    shell.ok("run", "--once")
    assert shell.run("queue", "dismiss", "1", "--reason", " ").status == 2

    shell.ok("queue", "dismiss", "1", "--reason", "the campaign is over", "--as", "ana")

    assert "nothing needs a person" in shell.ok("status").out
    assert shell.ok("queue", "show", "1", "--json").json["state"] == "unknown"
    (entry,) = [
        each
        for each in shell.ok("audit", "list", "--json").json["entries"]
        if each["act"] == "dismiss"
    ]
    assert (entry["who"], entry["reason"]) == ("ana", "the campaign is over")


def test_an_account_that_was_renamed_is_named_with_its_posts_and_moves_by_one_command(
    shell: Shell,
) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "page", "--at", "+2d")
    settings = shell.folder / "crosspromo.toml"
    settings.write_text(SETTINGS.replace("accounts.page", "accounts.our-page"), encoding="utf-8")

    said = shell.run("status")
    assert said.status == 1
    assert "crosspromo.toml has no account page, and 1 delivery (1) waits there" in said.out
    assert "crosspromo account rename page NEW" in said.out

    moved = shell.ok("account", "rename", "page", "our-page", "--as", "ana").out

    assert moved == "page is our-page now; 1 delivery moved with it\n"
    assert shell.ok("queue", "show", "1", "--json").json["account"] == "our-page"
    assert "nothing needs a person" in shell.ok("status").out
    assert shell.ok("db", "check").status == 0


def test_monitoring_hears_of_the_machine_only(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "hand")
    shell.ok("run", "--once")

    said = shell.run("status", "--machine", "--json")

    assert said.status == 1, "no daemon runs"
    assert said.json["daemon"]["alive"] is False
    assert said.json["needs_person"] == []


def test_monitoring_hears_of_a_database_that_was_copied_but_of_no_pause_of_a_person(
    shell: Shell, tmp_path: Path
) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "page")
    shell.ok("pause", "--reason", "the river has flooded")
    copy = Shell(shutil.copytree(shell.folder, tmp_path / "copy"))

    here, there = (each.run("status", "--machine", "--json").json for each in (shell, copy))

    assert here["needs_person"] == []
    assert [each["code"] for each in there["needs_person"]] == ["paused"]


def test_a_clock_that_was_set_back_is_said_by_doctor_and_status(shell: Shell) -> None:
    """A partner post went out while the clock was two hours ahead."""
    shell.ok("queue", "spotlight", "river-keepers", "--to", "page")
    shell.ok("run", "--once")
    later = f"{datetime.now(UTC) + timedelta(hours=2):%Y-%m-%d %H:%M:%S.%f}"
    with closing(sqlite3.connect(shell.folder / "crosspromo.db")) as database, database:
        database.execute("UPDATE deliveries SET sent_at = ?, published_at = ?", (later, later))
        database.execute("UPDATE ledger SET at = ?", (later,))

    assert "1 post went out later" in shell.run("doctor").out
    for said in shell.run("status"), shell.run("status", "--machine"):
        assert said.status == 1
        assert "1 post is dated in the future" in said.out
        assert "set the clock right" in said.out
