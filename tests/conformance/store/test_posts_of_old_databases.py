"""A database of 0007 does not know what its posts were made of: they are kept, and that is said."""

from pathlib import Path

import pytest
from old_databases import deliver, of_version
from sqlalchemy import inspect

from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START


@pytest.fixture
def old(store: Store, tmp_path: Path) -> Store:
    """A database as 0007 left it, with a post that waits."""
    older = of_version(store, "0007", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(connection, 1, "queued", wake_at=START)
    return older


def test_what_waits_is_kept_and_nothing_is_made_up(old: Store) -> None:
    upgrading.upgrade(old.engine)
    with old.read() as unit:
        waits = unit.deliveries.get(1)
        assert (waits.content.text, waits.composed) == ("Hello", None)
        assert unit.posts.making(waits.post) is None
    columns = {column["name"] for column in inspect(old.engine).get_columns("posts")}
    assert "making" in columns
