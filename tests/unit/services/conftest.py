"""Fixtures of the services' tests."""

from collections.abc import Iterator

import pytest
from servers.databases import memory_store

from crosspromo.services.play import forecasting
from crosspromo.store.unit import Store


@pytest.fixture
def store() -> Iterator[Store]:
    """An empty store on SQLite in memory."""
    store = memory_store()
    yield store
    store.close()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time for each play to end: the second that a person waits is short on a busy machine."""
    monkeypatch.setattr(forecasting, "PATIENCE", 60.0)
