"""A database that is not the one seen before: copied, replaced, put back, taken away."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from end_to_end.shell import Shell

FILE = "crosspromo.db"


def sent_once(shell: Shell) -> None:
    """One post is queued, and goes out once."""
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
    shell.ok("run", "--once")
    assert shell.page("x-main").count("<article") == 1


def pauses(shell: Shell) -> list[str]:
    """The reasons for which everything is paused."""
    found = shell.run("status", "--json").json["paused"]
    return [pause["reason"] for pause in found if pause["account"] is None]


def put(source: Path, target: Path) -> None:
    """Put a database file in the place of another, as people do: the log goes with it."""
    for rest in ("-wal", "-shm"):
        target.with_name(target.name + rest).unlink(missing_ok=True)
    shutil.copy(source, target)


class TestPutBack:
    @pytest.fixture(params=["backup", "file copy"])
    def put_back(self, shell: Shell, request: pytest.FixtureRequest) -> Shell:
        """A workspace whose database stands before a send, by a copy that was put back."""
        shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
        copy = shell.folder / "copy.db"
        if request.param == "backup":
            shell.ok("db", "backup", copy.name)
        else:
            shutil.copy(shell.folder / FILE, copy)
        shell.ok("run", "--once")
        put(copy, shell.folder / FILE)
        return shell

    def test_nothing_goes_out_a_second_time(self, put_back: Shell) -> None:
        told = put_back.ok("run", "--once").err

        assert "everything is paused now: the database has gone back to an earlier state" in told
        assert put_back.page("x-main").count("<article") == 1
        assert [d["state"] for d in put_back.deliveries()] == ["queued"]

    def test_a_command_that_only_looks_finds_it_too(self, put_back: Shell) -> None:
        (reason,) = pauses(put_back)
        assert "what is queued here may be sent already" in reason
        assert (
            put_back.ok("audit", "list", "--json").json["entries"][0]["who"] == "crosspromo itself"
        )

    def test_it_is_told_once_and_the_person_goes_on(self, put_back: Shell) -> None:
        put_back.run("status")
        put_back.ok("queue", "cancel", "1")
        put_back.ok("resume")
        put_back.ok("queue", "spotlight", "valley-food-bank", "--to", "x-main")

        assert put_back.ok("run", "--once").err == ""
        assert pauses(put_back) == []
        assert put_back.page("x-main").count("<article") == 2

    def test_the_words_of_an_earlier_pause_stay(self, put_back: Shell) -> None:
        with closing(sqlite3.connect(put_back.folder / FILE)) as connection, connection:
            connection.execute(
                "INSERT INTO pauses (account, who, at, reason) VALUES "
                "('all', 'Ada', '2026-04-22 09:00:00.000000', 'the river')"
            )
        (reason,) = pauses(put_back)
        assert reason.endswith("(paused before by Ada: the river)")


class TestElsewhere:
    def test_a_copy_in_another_workspace_is_paused(self, shell: Shell, empty: Shell) -> None:
        sent_once(shell)
        put(shell.folder / FILE, empty.folder / FILE)
        (reason,) = pauses(empty)
        assert reason.startswith("the database was copied here")

    def test_a_copy_of_the_whole_workspace_is_paused(self, shell: Shell, tmp_path: Path) -> None:
        sent_once(shell)
        copy = Shell(shutil.copytree(shell.folder, tmp_path / "copied"))
        (reason,) = pauses(copy)
        assert reason.startswith("the database was copied here")
        assert pauses(shell) == []

    def test_a_workspace_that_is_renamed_goes_on(self, shell: Shell, tmp_path: Path) -> None:
        sent_once(shell)
        assert pauses(Shell(shell.folder.rename(tmp_path / "renamed"))) == []

    def test_another_database_in_its_place_is_paused(self, shell: Shell, empty: Shell) -> None:
        sent_once(shell)
        shutil.copy(shell.folder / "crosspromo.toml", empty.folder)
        (empty.folder / FILE).unlink()
        empty.ok("db", "upgrade")
        empty.ok("queue", "own", "--to", "x-main", "--text", "Hello")
        put(empty.folder / FILE, shell.folder / FILE)
        (reason,) = pauses(shell)
        assert reason.startswith("another database is in the place")

    def test_a_new_database_with_an_empty_queue_is_not(self, shell: Shell) -> None:
        sent_once(shell)
        (shell.folder / FILE).unlink()
        shell.ok("db", "upgrade")
        assert pauses(shell) == []

    def test_a_database_that_was_moved_with_our_copy_goes_on(self, shell: Shell) -> None:
        sent_once(shell)
        shell.ok("db", "copy", f"sqlite:///{FILE}", "sqlite:///new.db")
        settings = (shell.folder / "crosspromo.toml").read_text(encoding="utf-8")
        shell.configure(f'{settings}\n[database]\nurl = "sqlite:///new.db"\n')

        assert pauses(shell) == []
        shell.ok("queue", "spotlight", "valley-food-bank", "--to", "x-main")
        shell.ok("run", "--once")

        assert shell.page("x-main").count("<article") == 2
        shell.configure(settings)
        (reason,) = pauses(shell)
        assert reason.startswith("the database has gone back")
        assert "everything was moved to" in reason


class TestUnderARunningDaemon:
    def test_a_daemon_that_was_killed_starts_again_without_a_pause(self, shell: Shell) -> None:
        with shell.daemon() as daemon:
            daemon.says("started as")
            shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
            daemon.says("published")
            daemon.kill()
        shell.ok("run", "--once")
        assert pauses(shell) == []

    @pytest.mark.parametrize("new", [True, False], ids=["replaced", "gone"])
    def test_a_daemon_whose_file_was_taken_away_stops(self, shell: Shell, new: bool) -> None:
        copy = shell.folder / "copy.db"
        shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "+20s")
        shell.ok("db", "backup", copy.name)
        with shell.daemon() as daemon:
            daemon.says("started as")
            if new:
                copy.replace(shell.folder / FILE)
            else:
                (shell.folder / FILE).unlink()
            said = daemon.says("Error: the database")
            assert ("was replaced by another file" if new else "is gone") in said
            assert daemon.status() == 1
        assert shell.page("x-main") == ""

    def test_its_file_alone_is_whole_after_it_stopped(self, shell: Shell, tmp_path: Path) -> None:
        """Somebody else has the database open, so SQLite does not fold its log by itself."""
        with closing(sqlite3.connect(shell.folder / FILE)) as other, shell.daemon() as daemon:
            other.execute("SELECT count(*) FROM deliveries").fetchone()
            daemon.says("started as")
            shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
            daemon.says("published")
            assert daemon.terminate() == 0
            alone = Path(shutil.copy(shell.folder / FILE, tmp_path / "alone.db"))
        with closing(sqlite3.connect(alone)) as copy:
            assert copy.execute("SELECT state FROM deliveries").fetchall() == [("published",)]
