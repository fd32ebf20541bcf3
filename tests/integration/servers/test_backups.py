"""Backups of a workspace on a real PostgreSQL, and machines that share it when it goes back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from servers.postgres import PostgresServer
from sqlalchemy import text
from stories import delivery, queued

from crosspromo.domain.database_identity import Oddity
from crosspromo.domain.errors import DatabaseError, DatabaseStateError
from crosspromo.domain.reasons.database import WouldReplace
from crosspromo.store.database.engine import transaction
from crosspromo.testing.clock import START, FakeClock
from crosspromo.workspace import Workspace

SETTINGS = """\
[organisation]
name = "River Valley Alliance"

[database]
url = "env:SHARED_DATABASE"

[accounts.account]
network = "sandbox"
"""

Machine = Callable[[str], Workspace]
"""Opens the workspace of the machine with that name."""


def silent() -> str | None:
    return None


@pytest.fixture
def machine(
    postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Machine]:
    """Machines that share one PostgreSQL; each has a folder of its own."""
    monkeypatch.setenv("SHARED_DATABASE", postgres_server.database())
    opened: list[Workspace] = []

    def open_(name: str) -> Workspace:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "crosspromo.toml").write_text(SETTINGS, encoding="utf-8")
        clock = FakeClock()
        clock.advance(-(clock.now() - START))
        opened.append(Workspace.open(folder, clock=clock))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


def set_beats(workspace: Workspace, beats: int) -> None:
    """As a dump of that moment would, when it is restored with PostgreSQL's own tools."""
    with transaction(workspace.store.engine, writes=True) as connection:
        connection.execute(text(f"UPDATE database_identity SET beats = {beats}"))


def paused(workspace: Workspace) -> bool:
    with workspace.store.read() as unit:
        return any(pause.account is None for pause in unit.pauses.all())


class TestMachinesThatShareADatabase:
    def test_a_new_machine_is_welcome(self, machine: Machine) -> None:
        first = machine("east")
        queued(first.store)
        first.database_watch.beat()
        assert machine("west").database_watch.beat() is None

    def test_what_one_machine_told_is_not_told_again_by_another(self, machine: Machine) -> None:
        east, west = machine("east"), machine("west")
        queued(east.store)
        assert not paused(west), "its store is open from here on: only beats look"
        for each in (east, west, east, west, west):
            assert each.database_watch.beat() is None
        set_beats(east, 1)

        assert east.database_watch.beat() is Oddity.WENT_BACK
        assert paused(west)
        with west.store.write() as unit:
            unit.pauses.end(None)
        assert west.database_watch.beat() is None
        assert east.database_watch.beat() is None
        assert not paused(east)

    def test_a_command_of_any_machine_finds_it(self, machine: Machine) -> None:
        queued(machine("east").store)
        machine("east").database_watch.beat()
        set_beats(machine("west"), 0)
        assert paused(machine("east"))


class TestBackups:
    def test_a_backup_is_restored_paused_and_what_was_there_is_kept(self, machine: Machine) -> None:
        east = machine("east")
        queued(east.store, "Hello")
        backup = east.folder / "backup.zip"
        east.services.backups.back_up(backup)
        queued(east.store, "Queued since")
        with pytest.raises(DatabaseStateError) as error:
            east.services.restores.restore(backup, force=False, passphrase=silent, actor="Ada")
        assert error.value.reason == WouldReplace(2)

        done = east.services.restores.restore(backup, force=True, passphrase=silent, actor="Ada")

        with east.store.read() as unit:
            assert sum(unit.deliveries.counts().values()) == 1
            assert unit.ledger.faults() == []
        assert paused(east)
        assert done.aside is not None
        assert (done.aside / "database.db").is_file()
        assert east.database_watch.beat() is None, "a restore is nothing odd"
        assert queued(east.store, "The next one") == 2

    def test_it_is_restored_on_sqlite_too(self, machine: Machine, tmp_path: Path) -> None:
        east = machine("east")
        queued(east.store, "Ünder the bridge 🌉")
        east.services.backups.back_up(tmp_path / "backup.zip")
        home = tmp_path / "home"
        home.mkdir()
        settings = SETTINGS.replace("env:SHARED_DATABASE", "sqlite:///own.db")
        (home / "crosspromo.toml").write_text(settings, encoding="utf-8")
        with Workspace.open(home, clock=FakeClock()) as there:
            restores = there.services.restores
            done = restores.restore(
                tmp_path / "backup.zip", force=False, passphrase=silent, actor="Ada"
            )
            assert done.settings_differ
            assert delivery(there.store, 1).content.text == "Ünder the bridge 🌉"
            assert there.database_watch.beat() is None


def test_a_full_disk_of_the_server_is_said(machine: Machine) -> None:
    """The server's own error, as it raises it when a file cannot be extended."""
    full = 'could not extend file "base/1": No space left on device'
    raising = f"DO $$ BEGIN RAISE EXCEPTION '{full}' USING ERRCODE = '53100'; END $$"
    store = machine("east").store
    with (
        pytest.raises(DatabaseError) as error,
        transaction(store.engine, writes=True) as connection,
    ):
        connection.exec_driver_sql(raising)
    assert "has no room left on its disk: could not extend file" in str(error.value)
    assert "make room there" in str(error.value)
