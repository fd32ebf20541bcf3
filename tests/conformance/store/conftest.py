"""The stores that must pass this suite: one on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.databases import BACKENDS

from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, built by the migrations as a user's is."""
    store = Store(open_engine(BACKENDS[request.param](request), tmp_path))
    yield store
    store.close()
