"""Fixtures of the unit tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.databases import new_store

from crosspromo.store.unit import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite, built as a user's is."""
    store = new_store(tmp_path)
    yield store
    store.close()
