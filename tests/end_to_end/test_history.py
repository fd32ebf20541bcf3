"""History: when and why a post was held, what the ledger took back, and by what we were judged."""

import sqlite3
from contextlib import closing

import pytest
from end_to_end.shell import WORKSPACE, Shell

OWN = ("queue", "own", "--text", "Our report is out.", "--to", "x-main")
DRY_RUN = (*OWN[:3], "Another one.", *OWN[4:], "--dry-run")
HISTORY = """\
account,published_at,credit,partner,text,url,remote_id
x-main,2026-01-05T10:00:00Z,{credit},,Meet them,,1
"""


@pytest.fixture
def held(shell: Shell) -> Shell:
    """A post about ourselves on X that the ratio holds."""
    shell.ok(*OWN)
    shell.ok("run", "--once")
    return shell


def policies(shell: Shell) -> list[tuple[str, str | None, bool]]:
    """Account, target, and whether it is in force, as the file has them."""
    with closing(sqlite3.connect(shell.folder / "crosspromo.db")) as database:
        query = "SELECT account, target, until IS NULL FROM policies ORDER BY id"
        return [(name, target, bool(lasts)) for name, target, lasts in database.execute(query)]


class TestHolds:
    def test_show_and_explain_say_since_when_a_post_is_held(self, held: Shell) -> None:
        for line in (("queue", "show", "1"), ("explain", "1")):
            (hold,) = held.ok(*line, "--json").json["holds"]
            assert (hold["code"], hold["ended_at"]) == ("ratio", None), line
            assert hold["reason"].startswith("x-main shared others 0 times"), line
            assert "\nHeld:\n  since " in held.ok(*line).out, line

    def test_a_hold_that_ended_says_from_when_to_when_and_why(self, held: Shell) -> None:
        held.ok("pause", "x-main", "--reason", "flood")
        held.ok("queue", "release", "1", "--reason", "it cannot wait")
        held.ok("run", "--once")
        held.ok("resume", "x-main")
        held.ok("run", "--once")

        shown = held.ok("queue", "show", "1", "--json").json

        assert shown["state"] == "published"
        assert [hold["code"] for hold in shown["holds"]] == ["ratio", "paused"]
        ratio, paused = shown["holds"]
        assert ratio["since"] < ratio["ended_at"] == paused["since"] < paused["ended_at"]
        out = held.ok("explain", "1").out
        assert "  ratio: x-main shared others 0 times and itself 0 times in the last" in out
        assert "  paused: x-main was paused by tester at " in out

    def test_what_was_never_held_says_nothing_of_holds(self, shell: Shell) -> None:
        shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
        shell.ok("run", "--once")
        for line in (("queue", "show", "1"), ("explain", "1")):
            assert shell.ok(*line, "--json").json["holds"] == []
            assert "Held:" not in shell.ok(*line).out


class TestTheLedger:
    def test_what_a_correction_takes_back_is_shown_with_all(self, shell: Shell) -> None:
        for credit in ("others", "self"):
            shell.write("history.csv", HISTORY.format(credit=credit))
            shell.ok("ledger", "import", "history.csv")

        (row,) = shell.ok("ledger", "list", "--json").json["rows"]
        both = shell.ok("ledger", "list", "--all", "--json").json["rows"]

        assert (row["self"], row["taken_back_at"]) == (1, None)
        assert [(each["others"], each["self"]) for each in both] == [(0, 1), (1, 0)]
        assert both[1]["taken_back_at"] == row["recorded_at"] > both[1]["recorded_at"]
        assert "taken back" in shell.ok("ledger", "list", "--all").out
        assert "taken back" not in shell.ok("ledger", "list").out
        shell.ok("db", "check")


class TestPolicies:
    def test_are_recorded_by_the_first_command_that_acts(self, empty: Shell) -> None:
        for line in (("status",), ("report", "ratio"), ("account", "list"), DRY_RUN):
            empty.run(*line)
            assert policies(empty) == [], line

        empty.ok(*OWN)
        recorded = [("", "1:1", True), ("x-main", "3:1", True)]
        recorded += [("bluesky-main", "1:1", True), ("reddit-main", "9:1", True)]
        assert policies(empty) == recorded

        empty.ok("run", "--once")
        assert policies(empty) == recorded

    def test_a_change_is_recorded_when_somebody_acts_under_it(self, shell: Shell) -> None:
        shell.ok("run", "--once")
        before = policies(shell)
        shell.configure(WORKSPACE.replace('imitates = "x"', 'imitates = "x"\nratio = "2:1"'))
        shell.ok("status")
        assert policies(shell) == before

        shell.ok("run", "--once")

        changed = [(name, target, name != "x-main") for name, target, _ in before]
        assert policies(shell) == [*changed, ("x-main", "2:1", True)]
