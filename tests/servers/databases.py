"""The databases that crosspromo runs on. Another is added to `BACKENDS`, nowhere else."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

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
"""Each database with what makes one and says its URL, relative to a folder of the test's own."""
