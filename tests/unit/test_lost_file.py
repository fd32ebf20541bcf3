"""Stores whose database file is gone, or replaced by another, while they have it open."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from crosspromo.domain.errors import DatabaseError
from crosspromo.store.database.engine import OpenFile, require_current
from crosspromo.store.unit import Store

Opening = Callable[[Store], AbstractContextManager[object]]

OPENINGS: dict[str, Opening] = {
    "read": Store.read,
    "write": Store.write,
    "moment": Store.moment,
    "one connection": Store.one_connection,
}


@pytest.fixture
def used(store: Store) -> Store:
    """A store with one account."""
    add(store, "before")
    return store


def add(store: Store, name: str) -> None:
    with store.write() as unit:
        unit.accounts.register([name])


def names(store: Store) -> list[str]:
    with store.read() as unit:
        return unit.accounts.names()


def file_of(store: Store) -> Path:
    assert store.file is not None
    return store.file


def replace_file(store: Store) -> None:
    """Have a copy of the database as it is now take the place of its file."""
    store.fold_log()
    file = file_of(store)
    other = file.with_name("other.db")
    other.write_bytes(file.read_bytes())
    other.replace(file)


def take_file_away(store: Store) -> None:
    store.fold_log()
    file_of(store).unlink()


@pytest.mark.parametrize("opening", OPENINGS.values(), ids=OPENINGS)
@pytest.mark.parametrize(
    ("lose", "words"),
    [(replace_file, "was replaced by another file"), (take_file_away, "is gone")],
    ids=["replaced", "gone"],
)
def test_no_transaction_begins_any_more(
    used: Store, opening: Opening, lose: Callable[[Store], None], words: str
) -> None:
    lose(used)
    with pytest.raises(DatabaseError, match=words), opening(used):
        raise AssertionError("it began")
    assert used.is_lost


def test_neither_file_is_written(used: Store) -> None:
    """Not even by the connections that one block shares, which have the old file open."""
    with used.one_connection():
        add(used, "within")
        replace_file(used)
        with pytest.raises(DatabaseError, match="nothing more is kept in it"):
            add(used, "lost")
    used.close()
    assert names(used) == ["before", "within"]


def test_a_file_that_is_replaced_before_the_first_transaction_is_noticed(used: Store) -> None:
    """A process looks at the version first, through a connection that it keeps."""
    begun = Store(used.engine)
    require_current(begun.engine)
    replace_file(used)
    with pytest.raises(DatabaseError, match="was replaced by another file"), begun.read():
        raise AssertionError("it began")


def test_it_stays_lost_where_the_file_comes_back(used: Store) -> None:
    file = file_of(used)
    kept = file.rename(file.with_name("kept.db"))
    with pytest.raises(DatabaseError), used.read():
        raise AssertionError("it began")
    kept.rename(file)
    with pytest.raises(DatabaseError), used.read():
        raise AssertionError("it began")


def test_a_store_that_was_closed_opens_the_file_that_is_there(used: Store) -> None:
    replace_file(used)
    used.close()
    add(used, "after")
    assert names(used) == ["after", "before"]
    assert not used.is_lost


def test_an_open_file_is_lost_once_its_path_leads_elsewhere(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    file.write_text("a")
    opened, replaced = OpenFile(file), OpenFile(file)
    assert loss(opened) == ""
    kept = file.rename(tmp_path / "kept")
    assert f"{file} is gone while" in loss(opened)
    file.write_text("a")
    assert "was replaced by another file" in loss(replaced)
    kept.replace(file)
    assert "is gone while" in loss(opened), "whoever was lost stays so"
    assert loss(OpenFile(None)) == ""


def test_a_path_that_cannot_be_looked_at_proves_no_loss(tmp_path: Path) -> None:
    """A loop of links stands for whatever keeps somebody from looking."""
    file = tmp_path / "a.db"
    file.write_text("a")
    opened = OpenFile(file)
    kept = file.rename(tmp_path / "kept")
    file.symlink_to(file)
    assert loss(opened) == ""
    file.unlink()
    kept.rename(file)
    assert loss(opened) == ""


def loss(file: OpenFile) -> str:
    """What became of the file; empty while it is there."""
    return file.loss if file.is_lost else ""
