"""The stores that must pass this suite. Another database is added to `BACKENDS`, nowhere else."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from crosspromo.store.engine import open_engine
from crosspromo.store.unit import Store
from crosspromo.store.versions import upgrade

if TYPE_CHECKING:
    from servers.postgres import PostgresServer

Backend = Callable[[pytest.FixtureRequest], str]


def postgres(request: pytest.FixtureRequest) -> str:
    """A new database on the real server, which starts when the first test wants it."""
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.database()


BACKENDS: dict[str, Backend] = {
    "sqlite": lambda _request: "sqlite:///store.db",
    "postgresql": postgres,
}
"""Each database with what makes one and says its URL."""


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, built by the migrations as a user's is."""
    engine = open_engine(BACKENDS[request.param](request), tmp_path)
    upgrade(engine)
    store = Store(engine)
    yield store
    store.close()
