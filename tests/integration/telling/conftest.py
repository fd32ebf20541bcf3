"""Fixtures of the tests about telling: a store on each database, and a webhook."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.databases import BACKENDS
from servers.webhooks import Webhook

from crosspromo.store.database.engine import open_engine
from crosspromo.store.unit import Store


@pytest.fixture(params=BACKENDS)
def url(request: pytest.FixtureRequest) -> str:
    return BACKENDS[request.param](request)


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    store = Store(open_engine(url, tmp_path))
    yield store
    store.close()


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as server:
        yield server
