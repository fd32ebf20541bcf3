"""Fixtures of the unit tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crosspromo.store.engine import open_engine
from crosspromo.store.unit import Store
from crosspromo.store.versions import upgrade


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite, built as a user's is."""
    engine = open_engine("sqlite:///store.db", tmp_path)
    upgrade(engine)
    store = Store(engine)
    yield store
    store.close()
