"""Fixtures of the services' tests."""

from collections.abc import Iterator

import pytest
from servers.databases import memory_store

from crosspromo.store.unit import Store


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store on SQLite in memory."""
    store = memory_store()
    yield store
    store.close()
