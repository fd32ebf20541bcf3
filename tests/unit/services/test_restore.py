"""Restores, as far as the clock is concerned; the others are tested through the command."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from old_databases import of_version, write
from stories import queued

from crosspromo.domain.errors import DatabaseError
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.workspace import Workspace

SETTINGS = """\
[organisation]
name = "River Valley Alliance"

[accounts.account]
network = "sandbox"
"""


def test_two_restores_at_one_time_keep_what_each_of_them_replaced(tmp_path: Path) -> None:
    """A clock that was set back shows the same second once more."""
    (tmp_path / "crosspromo.toml").write_text(SETTINGS, encoding="utf-8")
    backup = tmp_path / "backup.db"
    with Workspace.open(tmp_path, clock=FakeClock()) as workspace:
        workspace.services.database.upgrade()
        queued(workspace.store)
        workspace.services.database.backup(backup)
        restores = workspace.services.restores
        once, again = (
            restores.restore(backup, force=True, passphrase=lambda: None, actor="ana").aside
            for _ in range(2)
        )

    assert once is not None
    assert again is not None
    assert once != again
    assert [len(list(each.glob("*.db"))) for each in (once, again)] == [1, 1]


@pytest.mark.parametrize("version", ["0001", "0004", "0006"])
def test_a_daemon_on_a_database_of_an_older_version_is_noticed(
    store: Store, tmp_path: Path, version: str
) -> None:
    """The new crosspromo is installed, and the daemon of the old one runs on."""
    with closing(of_version(store, version, tmp_path)) as older:
        with transaction(older.engine, writes=True) as connection:
            write(connection, "workers", name="host-1-ab", started_at=START, seen_at=START)
        settings = f'{SETTINGS}\n[database]\nurl = "sqlite:///{older.file}"\n'
    (tmp_path / "crosspromo.toml").write_text(settings, encoding="utf-8")
    backup = tmp_path / "backup.db"
    shutil.copy(tmp_path / "old.db", backup)
    before = (tmp_path / "old.db").read_bytes()

    with Workspace.open(tmp_path, clock=FakeClock()) as workspace:
        restores = workspace.services.restores
        with pytest.raises(DatabaseError, match="a daemon runs on the database: host-1-ab"):
            restores.restore(backup, force=True, passphrase=lambda: None, actor="ana")

    assert (tmp_path / "old.db").read_bytes() == before
