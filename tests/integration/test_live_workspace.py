"""The workspace of a daemon follows its files: whole, between two looks, and without leaving
anything open.
"""

import gc
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from servers.databases import new_store

from crosspromo.daemon import HEARTBEAT, SET_BACK, Daemon
from crosspromo.domain.workers import TroubleKind
from crosspromo.live_workspace import MOST_LOOKS, REFUSED_FOR, LiveWorkspace
from crosspromo.services.clock_watch import ClockWatch
from crosspromo.testing.clock import START, FakeClock
from crosspromo.workspace import Workspace

HEAD = """\
[organisation]
name = "River Valley Alliance"

[database]
url = "sqlite:///store.db"

[accounts.b]
network = "bluesky"
credentials = { identifier = "river.example.org", password = "file:secret" }
"""
UNSET = '\n[accounts.n]\nnetwork = "bluesky"\ncredentials = { identifier = "n", password = "%s" }\n'


class Machine:
    """A folder with its files, and a clock that nobody sets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds = 0.0
        self.meanwhile: list[Callable[[], object]] = []
        """What others do while the daemon waits for the files to settle."""

    def write(self, name: str, text: str) -> None:
        """A file written as editors do: another file takes its place."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_name("draft").write_text(text, encoding="utf-8")
        path.with_name("draft").replace(path)

    def settings(self, text: str) -> None:
        self.write("crosspromo.toml", text)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        if self.meanwhile:
            self.meanwhile.pop(0)()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    new_store(tmp_path).close()
    machine = Machine(tmp_path)
    machine.write("secret", "first-password")
    machine.settings(HEAD)
    return machine


@pytest.fixture
def live(machine: Machine) -> Iterator[LiveWorkspace]:
    with Workspace.open(machine.folder, clock=FakeClock()) as workspace:
        live = LiveWorkspace(workspace, machine.wait, lambda: machine.seconds)
        with closing(live):
            yield live


def words(live: LiveWorkspace) -> dict[TroubleKind, str]:
    return {trouble.kind: trouble.words for trouble in live.troubles}


def test_without_a_change_there_is_nothing_to_do(live: LiveWorkspace) -> None:
    assert not live.has_changed()


def test_a_file_that_was_written_between_reading_and_watching_is_noticed(
    machine: Machine,
) -> None:
    with Workspace.open(machine.folder) as workspace:
        machine.settings(HEAD + 'ratio = "3:1"\n')
        live = LiveWorkspace(workspace, machine.wait)
        assert live.has_changed()


def test_changed_settings_are_in_force_as_a_whole_and_once(
    machine: Machine, live: LiveWorkspace
) -> None:
    before = live.workspace
    machine.settings(HEAD + 'ratio = "3:1"\n')
    change = live.follow()
    assert change is not None
    assert change.places == ["[accounts.b] ratio"]
    assert live.workspace is not before
    assert live.workspace.store is before.store
    assert str(live.workspace.rules["b"].policy.target) == "3:1"
    assert not live.has_changed()


def test_changed_observances_change_the_days_of_mourning(
    machine: Machine, live: LiveWorkspace
) -> None:
    machine.settings(
        HEAD.replace("\n[accounts.b]", "\n[observances]\nkeep = ['september-11']\n[accounts.b]")
    )
    change = live.follow()
    assert change is not None
    assert (change.places, change.accounts) == (["[observances] keep"], None)
    version = live.workspace.settings_version
    machine.write("observances.toml", "[september-11]\nrule = '09-12'\n")
    assert live.has_changed()
    change = live.follow()
    assert change is not None
    assert (change.places, change.accounts) == (["observances.toml"], None)
    assert live.workspace.settings_version != version
    machine.write("observances.toml", "[september-11]\nrule = 'someday'\n")
    assert live.follow() is None
    assert "someday" in words(live)[TroubleKind.SETTINGS]


def test_a_file_that_keeps_its_time_and_size_is_noticed(
    machine: Machine, live: LiveWorkspace
) -> None:
    machine.settings(HEAD + 'ratio = "3:1"\n')
    live.follow()
    file = machine.folder / "crosspromo.toml"
    seen = file.stat()
    file.write_text(HEAD + 'ratio = "2:1"\n', encoding="utf-8")
    os.utime(file, ns=(seen.st_atime_ns, seen.st_mtime_ns))
    assert live.has_changed()


def test_a_file_that_is_written_in_pieces_is_read_when_it_stands_still(
    machine: Machine, live: LiveWorkspace
) -> None:
    file = machine.folder / "crosspromo.toml"
    whole = HEAD + 'ratio = "3:1"\n'
    file.write_text(whole[:60], encoding="utf-8")  # valid: a workspace without accounts
    machine.meanwhile = [lambda: file.write_text(whole, encoding="utf-8")]
    change = live.follow()
    assert change is not None
    assert change.places == ["[accounts.b] ratio"]


def test_a_file_that_never_stands_still_is_left_for_later(
    machine: Machine, live: LiveWorkspace
) -> None:
    def scribble() -> None:
        machine.settings(HEAD + f"# {machine.seconds}\n")

    scribble()
    machine.meanwhile = [scribble] * (MOST_LOOKS + 1)
    assert live.follow() is None
    assert live.has_changed()
    assert live.troubles == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[organisation\n", "is not valid TOML"),
        ("", "[organisation]: this is missing"),
        (HEAD + 'ratio = "x"\n', "[accounts.b] ratio"),
        (HEAD.replace('"bluesky"', '"bluesk"'), "[accounts.b]"),
        (HEAD + 'colour = "red"\n', "bluesky has no key colour"),
        (HEAD.replace("file:secret", "file:nothing"), "[accounts.b] credentials, password"),
        (HEAD.replace("store.db", "other.db"), "a running daemon keeps its database"),
        (HEAD + UNSET % "env:CROSSPROMO_NOT_SET", "CROSSPROMO_NOT_SET is not set"),
        (HEAD + '[security]\nsession_key = "file:secret"\n', "is not a Fernet key"),
    ],
)
def test_settings_that_cannot_be_used_change_nothing_until_they_are_mended(
    machine: Machine, live: LiveWorkspace, text: str, said: str
) -> None:
    before = live.workspace
    machine.settings(text)
    assert live.follow() is None
    assert said in words(live)[TroubleKind.SETTINGS]
    assert live.troubles[0].since == START
    assert live.workspace is before
    assert not live.has_changed(), "it is not looked at again and again"
    machine.settings(HEAD)
    assert live.follow() is None, "nothing differs from what is in force"
    assert live.troubles == ()


def test_a_file_that_is_gone_or_may_not_be_read_changes_nothing(
    machine: Machine, live: LiveWorkspace
) -> None:
    file = machine.folder / "crosspromo.toml"
    file.unlink()
    assert live.follow() is None
    assert "cannot be read" in words(live)[TroubleKind.SETTINGS]
    file.mkdir()
    live.follow()
    assert "cannot be read" in words(live)[TroubleKind.SETTINGS]
    file.rmdir()
    machine.settings(HEAD)
    live.follow()
    assert live.troubles == ()


def test_a_changed_secret_is_used_and_a_lost_one_is_refused(
    machine: Machine, live: LiveWorkspace
) -> None:
    first = live.workspace
    first.connector("b")
    machine.write("secret", "second-password")
    change = live.follow()
    assert change is not None
    assert change.places == [f"the secret in {machine.folder / 'secret'}"]
    assert change.accounts == frozenset(), "no rule has changed"
    assert "second-password" not in live.workspace.redactor.redact("it is second-password")
    second = live.workspace
    assert second is not first
    (machine.folder / "secret").unlink()
    assert live.follow() is None
    assert "cannot be read" in words(live)[TroubleKind.SETTINGS]
    assert live.workspace is second
    machine.write("secret", "third-password")
    assert live.follow() is not None
    assert live.troubles == ()


def test_a_secret_that_refused_settings_name_is_watched_too(
    machine: Machine, live: LiveWorkspace
) -> None:
    machine.settings(HEAD + UNSET % "file:later")
    live.follow()
    assert TroubleKind.SETTINGS in words(live)
    machine.write("later", "a-password")
    assert live.has_changed()
    change = live.follow()
    assert change is not None
    assert "[accounts.n] (new)" in change.places


def test_refused_settings_are_checked_again_each_minute(
    machine: Machine, live: LiveWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a keyring that is unlocked at last: no file changes."""
    machine.settings(HEAD + UNSET % "env:CROSSPROMO_LATER")
    live.follow()
    assert not live.has_changed()
    monkeypatch.setenv("CROSSPROMO_LATER", "a-password")
    machine.seconds += REFUSED_FOR
    assert live.has_changed()
    assert live.follow() is not None


def test_an_account_that_could_not_be_used_before_keeps_nothing_from_the_others(
    machine: Machine,
) -> None:
    broken = HEAD + UNSET % "env:CROSSPROMO_NOT_SET"
    machine.settings(broken)
    with Workspace.open(machine.folder) as workspace:
        live = LiveWorkspace(workspace, machine.wait)
        machine.settings(broken.replace("[accounts.n]", 'ratio = "3:1"\n[accounts.n]'))
        change = live.follow()
        assert change is not None
        assert change.places == ["[accounts.b] ratio"]
        live.close()


def test_templates_with_faults_keep_no_settings_from_being_applied(
    machine: Machine, live: LiveWorkspace
) -> None:
    machine.write("templates/own/default.j2", "{{ text")
    machine.settings(HEAD + 'ratio = "3:1"\n')
    assert live.follow() is not None
    assert "templates/own/default.j2" in words(live)[TroubleKind.TEMPLATES]
    machine.write("templates/own/default.j2", "{{ text }}")
    assert live.follow() is None
    assert live.troubles == ()


def test_a_template_that_is_taken_away_is_noticed(machine: Machine, live: LiveWorkspace) -> None:
    machine.write("templates/own/default.j2", "{{ text")
    live.follow()
    (machine.folder / "templates" / "own" / "default.j2").unlink()
    assert live.has_changed()
    live.follow()
    assert live.troubles == ()


def open_clients() -> list[httpx.Client]:
    gc.collect()
    found = [each for each in gc.get_objects() if isinstance(each, httpx.Client)]
    return [client for client in found if not client.is_closed]


def test_what_the_old_settings_held_open_is_closed(machine: Machine, live: LiveWorkspace) -> None:
    live.workspace.connector("b")
    held = open_clients()
    assert held
    machine.settings(HEAD + "max_per_day = 4\n")
    assert live.follow() is not None
    assert all(client.is_closed for client in held)
    assert open_clients(), "those of the new settings"
    live.close()
    assert open_clients() == []


def test_a_hundred_changes_leave_no_thread_no_file_and_no_client_open(
    machine: Machine, live: LiveWorkspace
) -> None:
    def change(number: int) -> None:
        machine.settings(HEAD + f"max_per_day = {number + 1}\n")
        assert live.follow() is not None
        live.workspace.connector("b")

    def open_now() -> tuple[int, int, int]:
        clients = len(open_clients())  # collects garbage, too
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir())), clients

    for number in range(3):
        change(number)
    before = open_now()
    for number in range(3, 103):
        change(number)
    assert open_now() == before


# The daemon


def test_a_long_cycle_ends_early_for_new_settings_and_the_next_goes_by_them(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosspromo.daemon.LOOK", timedelta())
    with Workspace.open(machine.folder) as workspace, workspace.worker_lock() as lock:
        daemon = Daemon(workspace, lock)
        before = daemon._cycle
        daemon._progress()
        assert not before.stopping()
        machine.settings(HEAD + 'ratio = "3:1"\n')
        daemon._progress()
        assert before.stopping()
        daemon._tick()
        assert not daemon._cycle.stopping()
        assert str(daemon._cycle.dispatcher.accounts["b"].policy.target) == "3:1"
        assert str(before.dispatcher.accounts["b"].policy.target) == "1:1"
        daemon._live.close()


# The clock


def test_a_daemon_whose_clock_was_set_back_begins_its_intervals_anew(machine: Machine) -> None:
    """The scheduler goes by the clock: the next heartbeat seems to be an hour away."""
    clock = FakeClock()
    with Workspace.open(machine.folder, clock=clock) as workspace, workspace.worker_lock() as lock:
        daemon = Daemon(workspace, lock)
        scheduler = daemon._scheduler
        daemon._clock_watch = ClockWatch(clock, lambda: 0.0)
        daemon._mind_clock()
        daemon._add_intervals()
        scheduler.start(paused=True)
        heartbeat = scheduler.get_job("_beat_well")
        usual = heartbeat.next_run_time
        heartbeat.modify(next_run_time=usual + 60 * HEARTBEAT)
        daemon._mind_clock()
        assert scheduler.get_job(SET_BACK) is None
        clock.advance(-60 * HEARTBEAT)
        daemon._mind_clock()
        assert scheduler.get_job("_beat_well").next_run_time < usual + HEARTBEAT
        assert scheduler.get_job(SET_BACK) is not None
        scheduler.shutdown()
