"""The watch over the database: what it finds, when it writes, and what it survives."""

import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest
from servers.databases import new_store
from stories import queued

from crosspromo.domain.database_identity import Mark, Oddity
from crosspromo.domain.errors import DatabaseError
from crosspromo.services.database_watch import DatabaseWatch
from crosspromo.store.database.engine import open_engine, transaction
from crosspromo.store.database.identity import MarkFile
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in a file, which can be copied and put back."""
    store = new_store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def marks(tmp_path: Path) -> MarkFile:
    return MarkFile(tmp_path / "state" / "databases.json")


@pytest.fixture
def watch(store: Store, marks: MarkFile) -> DatabaseWatch:
    """A daemon has run on a database with a delivery."""
    queued(store)
    watch = DatabaseWatch(store, marks, FakeClock())
    assert watch.beat() is None
    return watch


def beats(store: Store) -> int:
    with store.read() as unit:
        return unit.identity.get().beats


def put_back_an_old_copy(watch: DatabaseWatch, folder: Path) -> None:
    """Write a copy from before a beat over the database in place, as SQLite's own tool does."""
    with (
        closing(sqlite3.connect(folder / "store.db")) as database,
        closing(sqlite3.connect(folder / "old.db")) as copy,
    ):
        database.backup(copy)
        watch.beat()
        copy.backup(database)


def test_a_mark_follows_each_beat(watch: DatabaseWatch, marks: MarkFile) -> None:
    watch.beat()
    assert [mark.beats for mark in marks.read().values()] == [2]


def test_a_look_writes_nothing_where_nothing_is_odd(watch: DatabaseWatch) -> None:
    before = beats(watch.store)
    assert watch.look() is None
    assert beats(watch.store) == before


def test_a_crash_between_commit_and_mark_is_nothing_odd(watch: DatabaseWatch, store: Store) -> None:
    with store.write() as unit:
        unit.identity.set_beats(unit.identity.lock().beats + 1)
    assert watch.look() is None


class DiesBeforeTheMark(MarkFile):
    """Marks of a process that is killed between its first commit and the mark of it."""

    def record(self, name: str, beats: int, files: Iterable[int]) -> None:
        if beats > 0:
            raise KeyboardInterrupt
        super().record(name, beats, files)


def test_a_crash_after_the_very_first_commit_is_nothing_odd(store: Store, tmp_path: Path) -> None:
    queued(store)
    path = tmp_path / "state" / "databases.json"
    with pytest.raises(KeyboardInterrupt):
        DatabaseWatch(store, DiesBeforeTheMark(path), FakeClock()).beat()
    assert beats(store) == 1

    assert DatabaseWatch(store, MarkFile(path), FakeClock()).beat() is None


def test_a_file_that_comes_in_its_place_during_a_beat_is_not_marked(
    watch: DatabaseWatch, marks: MarkFile, store: Store, tmp_path: Path
) -> None:
    file, copy = tmp_path / "store.db", tmp_path / "copy.db"
    before = file.stat().st_ino
    store.fold_log()
    shutil.copyfile(file, copy)

    def swap(_: object) -> None:
        copy.replace(file)

    watch.beat(swap)

    assert file.stat().st_ino != before
    assert [mark.files for mark in marks.read().values()] == [(before,)]


class ReadsEarly(MarkFile):
    """Marks whose last of `reads` comes just before another process makes a beat."""

    other: DatabaseWatch | None = None
    reads = 1

    def read(self) -> Mapping[str, Mark]:
        found = super().read()
        self.reads -= 1
        if self.other is not None and self.reads == 0:
            self.other.beat()
        return found


def test_of_two_that_begin_at_once_neither_finds_anything_odd(store: Store, tmp_path: Path) -> None:
    queued(store)
    path = tmp_path / "state" / "databases.json"
    early = ReadsEarly(path)
    early.other = DatabaseWatch(store, MarkFile(path), FakeClock())

    assert DatabaseWatch(store, early, FakeClock()).beat() is None

    assert beats(store) == 2
    with store.read() as unit:
        assert unit.pauses.all() == []


def test_of_two_that_look_at_once_neither_finds_anything_odd(store: Store, tmp_path: Path) -> None:
    queued(store)
    path = tmp_path / "state" / "databases.json"
    early = ReadsEarly(path)
    early.other = DatabaseWatch(store, MarkFile(path), FakeClock())

    assert DatabaseWatch(store, early, FakeClock()).look() is None


def test_what_another_process_finds_at_the_same_moment_is_told_here_too(
    watch: DatabaseWatch, store: Store, tmp_path: Path
) -> None:
    """Who resumes at this moment must hear of the pause first."""
    put_back_an_old_copy(watch, tmp_path)
    early = ReadsEarly(tmp_path / "state" / "databases.json")
    early.other, early.reads = watch, 2  # it looks, finds the same, and looks again to pause

    assert DatabaseWatch(store, early, FakeClock()).look() is Oddity.WENT_BACK


def test_under_a_daemon_that_goes_on_it_is_found_at_the_next_beat(
    watch: DatabaseWatch, store: Store, tmp_path: Path
) -> None:
    """A copy is written over the database in place, as SQLite's own tool restores one."""
    put_back_an_old_copy(watch, tmp_path)

    assert watch.beat() is Oddity.WENT_BACK
    assert watch.beat() is None
    with store.read() as unit:
        assert unit.pauses.over("whatever account") is not None


def test_what_comes_with_the_beat_is_written_with_it(watch: DatabaseWatch, store: Store) -> None:
    def refuse(_unit: object) -> None:
        raise DatabaseError("the disk is full")

    with pytest.raises(DatabaseError):
        watch.beat(refuse)
    assert beats(store) == 1


def test_a_higher_mark_is_never_lowered(marks: MarkFile) -> None:
    marks.record("ours", 7, [1])
    marks.record("ours", 6, [2])
    marks.record("other", 1, [])
    assert marks.read() == {"ours": Mark(7, (1,)), "other": Mark(1)}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"ours": 5}'])
def test_marks_that_cannot_be_read_are_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "marks.json"
    path.write_bytes(content)
    assert MarkFile(path).read() == {}


def test_a_full_database_is_said_to_be_on_a_full_disk(store: Store, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError) as error:
        fill(store)
    assert str(error.value).startswith("the database cannot be written: the disk of ")
    assert f"where {tmp_path / 'store.db'} is; make room there" in str(error.value)


def fill(store: Store) -> None:
    """Write more than the database may hold: SQLite itself says that it is full."""
    with transaction(store.engine, writes=True) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        for number in range(2000):
            connection.exec_driver_sql(
                "INSERT INTO audit (at, who, act, subject) VALUES ('2026-04-22', ?, ?, ?)",
                (str(number), "x" * 500, "x" * 500),
            )


def test_the_file_alone_is_whole_once_the_log_is_folded(store: Store, tmp_path: Path) -> None:
    queued(store)
    store.fold_log()
    alone = shutil.copy(tmp_path / "store.db", tmp_path / "alone.db")
    with closing(sqlite3.connect(alone)) as copy:
        assert copy.execute("SELECT count(*) FROM deliveries").fetchone() == (1,)


def test_a_reader_in_the_way_is_not_waited_for(store: Store, tmp_path: Path) -> None:
    queued(store)
    with closing(sqlite3.connect(tmp_path / "store.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM deliveries").fetchone()
        queued(store, "Another")
        store.fold_log()
        reader.execute("COMMIT")
    with store.read() as unit:
        assert sum(unit.deliveries.counts().values()) == 2


def test_after_the_log_was_folded_a_writer_waits_for_others_as_before(store: Store) -> None:
    store.fold_log()
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 30_000


def test_a_database_in_another_place_has_a_file(tmp_path: Path) -> None:
    store = Store(open_engine("sqlite:///elsewhere.db", tmp_path))
    assert store.file == tmp_path / "elsewhere.db"
    assert new_store(tmp_path).file == tmp_path / "store.db"
