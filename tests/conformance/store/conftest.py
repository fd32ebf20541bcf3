"""The stores that must pass this suite: one on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.databases import BACKENDS

from crosspromo.store.engine import open_engine
from crosspromo.store.unit import Store
from crosspromo.store.versions import upgrade


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, built by the migrations as a user's is."""
    engine = open_engine(BACKENDS[request.param](request), tmp_path)
    upgrade(engine)
    store = Store(engine)
    yield store
    store.close()
