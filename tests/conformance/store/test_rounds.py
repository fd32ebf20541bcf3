"""Rounds of a daemon on each database: what they claim at once, and on which connections."""

import threading
from pathlib import Path

import pytest
from servers.databases import BACKENDS
from sqlalchemy import event

from crosspromo.daemon import cycle
from crosspromo.publishing.cycle import MOST_LOCAL, MOST_LOCAL_BESIDE_OTHERS
from crosspromo.workspace import Workspace


@pytest.mark.parametrize(
    ("backend", "most", "connections"),
    [("sqlite", MOST_LOCAL, 1), ("postgresql", MOST_LOCAL_BESIDE_OTHERS, 2)],
)
def test_a_round_leaves_accounts_for_others_where_others_can_claim_meanwhile(
    backend: str, most: int, connections: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = BACKENDS[backend](request)
    (tmp_path / "crosspromo.toml").write_text(
        f'[organisation]\nname = "River"\n[database]\nurl = "{url}"\n'
        '[accounts.page]\nnetwork = "sandbox"\n',
        encoding="utf-8",
    )
    taken: list[object] = []
    with Workspace.open(tmp_path) as workspace, workspace.worker_lock() as lock:
        event.listen(workspace.store.engine, "checkout", lambda each, *_: taken.append(each))
        of_daemon = cycle(workspace, lock, threading.Event())
        assert of_daemon.most_local == most
        with of_daemon.one_connection():
            for _ in range(2):
                of_daemon.dispatcher.accounts_with_work(workspace.clock.now())
    assert len(taken) == connections
