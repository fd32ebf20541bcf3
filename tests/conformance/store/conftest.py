"""The stores that must pass this suite. Another database is added to `BACKENDS`, nowhere else."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crosspromo.store.engine import open_engine
from crosspromo.store.unit import Store
from crosspromo.store.versions import upgrade

Backend = Callable[[Path], str]

BACKENDS: dict[str, Backend] = {"sqlite": lambda _folder: "sqlite:///store.db"}
"""Each database with what makes an empty one and says its URL."""


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store, built by the migrations as a user's is."""
    engine = open_engine(BACKENDS[request.param](tmp_path), tmp_path)
    upgrade(engine)
    store = Store(engine)
    yield store
    store.close()
