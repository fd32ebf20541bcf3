"""What holds secrets or words of networks is made for its owner only, whatever the umask."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crosspromo.secrets.sessions import SessionCipher
from crosspromo.services.database import copy_file
from crosspromo.store.database.engine import open_engine
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.unit import Store
from crosspromo.worker_locks import WorkerLock


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_database_with_its_log_and_its_copy(tmp_path: Path) -> None:
    engine = open_engine("sqlite:///crosspromo.db", tmp_path)
    upgrade(engine)
    with closing(Store(engine)) as store:
        with store.write() as unit:
            unit.accounts.register(["a"])
        files = [tmp_path / f"crosspromo.db{end}" for end in ("", "-wal", "-shm")]
        assert [mode(file) for file in files] == [0o600] * 3
        copy_file(files[0], tmp_path / "copy.db")
    assert mode(tmp_path / "copy.db") == 0o600


def test_a_database_that_exists_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "crosspromo.db"
    file.touch(mode=0o660)
    engine = open_engine("sqlite:///crosspromo.db", tmp_path)
    upgrade(engine)
    engine.dispose()
    assert mode(file) == 0o660


def test_the_state_folder_of_workers_and_of_the_session_key(tmp_path: Path) -> None:
    with WorkerLock(tmp_path / "one" / "workers"):
        assert [mode(tmp_path / "one"), mode(tmp_path / "one" / "workers")] == [0o700, 0o700]
    SessionCipher(tmp_path / "two", environment={}).encrypt("session")
    assert mode(tmp_path / "two") == 0o700


READER = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT 1 FROM deliveries')"


def test_a_second_connection_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    """Without them the next process that ends would take the log away under this one."""
    engine = open_engine("sqlite:///crosspromo.db", tmp_path)
    upgrade(engine)
    database = tmp_path / "crosspromo.db"
    with engine.connect() as first, engine.connect() as second:
        for connection in first, second:
            connection.exec_driver_sql("SELECT 1 FROM deliveries")
            connection.rollback()
        subprocess.run([sys.executable, "-c", READER, str(database)], check=True)
        assert database.with_name("crosspromo.db-wal").exists()
    engine.dispose()
