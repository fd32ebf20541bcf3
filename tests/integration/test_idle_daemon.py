"""A daemon with nothing to do: its heartbeat leaves the database file whole."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from apscheduler.events import EVENT_SCHEDULER_SHUTDOWN
from apscheduler.schedulers.base import STATE_RUNNING
from servers.databases import new_store
from stories import queued

from crosspromo.daemon import Daemon
from crosspromo.domain.errors import DatabaseError
from crosspromo.testing.clock import START
from crosspromo.workspace import Workspace

SETTINGS = """\
[organisation]
name = "River Valley Alliance"

[database]
url = "sqlite:///store.db"
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    new_store(tmp_path).close()
    (tmp_path / "crosspromo.toml").write_text(SETTINGS, encoding="utf-8")
    with Workspace.open(tmp_path) as workspace:
        yield workspace


def test_the_file_that_is_copied_under_an_idle_daemon_is_whole(
    workspace: Workspace, tmp_path: Path
) -> None:
    with workspace.worker_lock() as worker_lock:
        daemon = Daemon(workspace, worker_lock)
        queued(workspace.store)
        daemon._beat()
        alone = shutil.copy(tmp_path / "store.db", tmp_path / "alone.db")
    with closing(sqlite3.connect(alone)) as copy:
        assert copy.execute("SELECT count(*) FROM deliveries").fetchone() == (1,)


def test_a_heartbeat_on_a_file_that_was_taken_away_writes_nothing(
    workspace: Workspace, tmp_path: Path
) -> None:
    with workspace.worker_lock() as worker_lock:
        daemon = Daemon(workspace, worker_lock)
        database = tmp_path / "store.db"
        shutil.copy(database, tmp_path / "other.db")
        (tmp_path / "other.db").replace(database)
        before = database.read_bytes()
        daemon._beat()
        assert daemon._stop.is_set()
        assert database.read_bytes() == before


def test_an_end_in_the_moment_in_which_a_job_begins_fails_nothing(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scheduler takes a job off its list after its begin, which it cannot once it stopped."""
    begins, failed = threading.Event(), []
    monkeypatch.setattr(threading, "excepthook", lambda args: failed.append(args.exc_value))

    def submit(*_: object) -> None:
        begins.set()
        deadline = monotonic() + 30
        while daemon._scheduler.state == STATE_RUNNING and monotonic() < deadline:
            pass  # until the end has begun

    with workspace.worker_lock() as worker_lock:
        daemon = Daemon(workspace, worker_lock)
        monkeypatch.setattr(daemon._threads["default"], "submit_job", submit)
        daemon._scheduler.add_job(lambda: None)
        daemon._scheduler.start()
        assert begins.wait(30)
        daemon._end_jobs()
        daemon._live.close()
    assert failed == []


def test_a_job_that_schedules_another_at_the_end_holds_nothing_up(workspace: Workspace) -> None:
    ended = threading.Event()

    def tell(_: Workspace) -> None:
        daemon._stop.set()
        daemon._interrupt()
        assert ended.wait(30), "the scheduler waits for this job, which is about to schedule one"
        daemon._schedule_tick("last", START)

    with workspace.worker_lock() as worker_lock:
        daemon = Daemon(workspace, worker_lock, tell=tell)
        daemon._scheduler.add_listener(lambda _: ended.set(), EVENT_SCHEDULER_SHUTDOWN)
        daemon.run()
    with workspace.store.read() as unit:
        assert unit.workers.running() == []


def test_nobody_is_told_of_what_is_in_a_file_that_took_the_place_of_the_database(
    workspace: Workspace,
) -> None:
    told: list[Workspace] = []
    with workspace.worker_lock() as worker_lock:
        daemon = Daemon(workspace, worker_lock, tell=told.append)
        daemon._has_worked = True
        daemon._tell_well()
        assert told == [workspace]

        database = workspace.store.file
        assert database is not None
        other = database.with_name("other.db")
        other.write_bytes(database.read_bytes())
        other.replace(database)
        daemon._tell_well()
        assert told == [workspace], "the daemon stops, and tells of that alone"


def test_people_are_told_of_each_trouble_with_the_database_once(workspace: Workspace) -> None:
    told: list[str] = []
    matters: list[Workspace] = []

    def tell_trouble(_: Workspace, words: str) -> bool:
        told.append(words)
        return len(told) > 1  # the first time nobody can be reached

    with workspace.worker_lock() as worker_lock:
        daemon = Daemon(workspace, worker_lock, tell=matters.append, tell_trouble=tell_trouble)
        daemon._has_worked = True
        full = "the disk of /srv has 0 kB free; make room there"
        daemon._warn(DatabaseError(full))
        for _ in range(4):
            daemon._tell_well()
        assert told == [full, full]
        assert matters == [], "what needs a person cannot be claimed in such a database"

        daemon._tick()  # it works again
        daemon._tell_well()
        assert matters == [workspace]
        daemon._warn(DatabaseError(full))
        daemon._tell_well()
        assert len(told) == 3
