"""A database of 0007 did not say which posts are paid, nor who wrote a title: both are inferred."""

from pathlib import Path

import pytest
from old_databases import deliver, of_version, write

from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

PAID = "Meet them.\n\nPaid partnership."


@pytest.fixture
def upgraded(store: Store, tmp_path: Path) -> Store:
    """A database as 0007 left it, with waiting posts, brought up to date."""
    older = of_version(store, "0007", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        for number, kind in ((2, "spotlight"), (3, "spotlight")):
            write(connection, "posts", id=number, kind=kind, author="ana", created_at=START)
        waiting = {"wake_at": START}
        deliver(connection, 1, "queued", title="us: Hello", **waiting)
        deliver(connection, 2, "queued", title="News", **waiting)
        deliver(connection, 3, "queued", post_id=2, text=PAID, **waiting)
        deliver(connection, 4, "queued", post_id=3, credit="others", text=PAID, **waiting)
        deliver(connection, 5, "queued", text=PAID, **waiting)
        deliver(connection, 6, "queued", text="", title="Look at this", **waiting)
        deliver(connection, 7, "queued", text="Hello", title="Hello everybody", **waiting)
        long = "a word " * 40
        deliver(connection, 8, "queued", text=long, title=f"us: {long[:195]}…", **waiting)
    upgrading.upgrade(older.engine)
    return older


def test_a_post_about_others_that_counts_as_self_and_says_so_is_paid(upgraded: Store) -> None:
    with upgraded.read() as unit:
        paid = [number for number in range(1, 6) if unit.deliveries.get(number).paid]
    assert paid == [3]


def test_a_title_that_is_not_made_of_its_text_is_a_persons(upgraded: Store) -> None:
    with upgraded.read() as unit:
        given = [number for number in range(1, 9) if unit.deliveries.get(number).title_given]
    assert given == [2, 6, 7]
