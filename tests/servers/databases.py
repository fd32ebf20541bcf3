"""The databases that crosspromo runs on. Another is added to `BACKENDS`, nowhere else."""

import sqlite3
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from crosspromo.store.database.engine import _configure_sqlite, open_engine
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.sql.types import from_json, to_json
from crosspromo.store.unit import Store

if TYPE_CHECKING:
    from servers.postgres import PostgresServer

Backend = Callable[[pytest.FixtureRequest], str]


def new_store(folder: Path) -> Store:
    """An empty store on SQLite in this folder, as `db upgrade` leaves it."""
    return Store(open_engine(_new_file(folder), folder))


def memory_store() -> Store:
    """An empty store on SQLite in memory, as `db upgrade` leaves it; gone once it is closed."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.deserialize(_without_log(_upgraded()))
    engine = create_engine(
        "sqlite://",
        creator=lambda: connection,
        poolclass=StaticPool,
        json_serializer=to_json,
        json_deserializer=from_json,
        paramstyle="qmark",
    )
    _configure_sqlite(connection, None)
    return Store(engine)


def _without_log(file: bytes) -> bytes:
    """The file as one without a write-ahead log, which a database in memory cannot have: its
    header says so at 18 and 19.
    """
    return file[:18] + b"\x01\x01" + file[20:]


def _new_file(folder: Path) -> str:
    file = folder / "store.db"
    file.write_bytes(_upgraded())
    file.chmod(0o600)
    return "sqlite:///store.db"


@cache
def _upgraded() -> bytes:
    """The file that the migrations build: once, since they take longer than most tests."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine("sqlite:///template.db", Path(folder))
        upgrade(engine)
        engine.dispose()
        return (Path(folder) / "template.db").read_bytes()


def sqlite(request: pytest.FixtureRequest) -> str:
    """A new database in a file in the test's own folder."""
    folder: Path = request.getfixturevalue("tmp_path")
    return _new_file(folder)


def postgres(request: pytest.FixtureRequest) -> str:
    """A new database on the real server, which starts when the first test wants it; it goes
    when whoever asked is done.
    """
    server: PostgresServer = request.getfixturevalue("postgres_server")
    url = server.database()
    request.addfinalizer(partial(server.drop, url))
    return url


BACKENDS: dict[str, Backend] = {"sqlite": sqlite, "postgresql": postgres}
"""Each database with what makes one and says its URL, relative to the test's own folder.

It is empty, and of the version that the migrations lead to.
"""
