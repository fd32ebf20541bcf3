"""Restores, as far as the clock is concerned; the others are tested through the command."""

from pathlib import Path

from stories import queued

from crosspromo.testing.clock import FakeClock
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
