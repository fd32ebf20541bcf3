"""The database as a whole: built, upgraded, checked, backed up, moved."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from servers.databases import new_store
from stories import ACCOUNT, delivery, queued

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.reasons.inputs import FileExists, NotOnSQLite
from crosspromo.services.database import Databases
from crosspromo.services.database_watch import DatabaseWatch
from crosspromo.store.database.engine import HEAD, open_engine, require_current
from crosspromo.store.database.identity import MarkFile
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock


def on(store: Store, folder: Path) -> Databases:
    """The acts on this store's database; other databases lie in the folder."""

    def current() -> Store:
        require_current(store.engine)
        return store

    return Databases(
        store=current,
        bare_store=lambda: store,
        open_store=lambda url, _place: Store(open_engine(url, folder)),
        clock=FakeClock(),
        is_dead=lambda _worker: False,
        watch=lambda: DatabaseWatch(store, MarkFile(folder / "marks.json"), FakeClock()),
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for the database of the workspace, `store.db`."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def databases(home: Path) -> Databases:
    return on(new_store(home), home)


@pytest.fixture
def bare(home: Path) -> Databases:
    """Where no database has been built yet."""
    return on(Store(open_engine("sqlite:///store.db", home)), home)


def change(folder: Path, statement: str) -> None:
    """Do to the database what no service would."""
    with closing(sqlite3.connect(folder / "store.db")) as connection, connection:
        connection.execute(statement)


def refusal(act: Callable[[], object]) -> CrosspromoError:
    with pytest.raises(CrosspromoError) as error:
        act()
    return error.value


class TestUpgrading:
    def test_a_new_database_is_built_and_an_old_one_says_what_it_was(self, bare: Databases) -> None:
        built = bare.upgrade()
        assert (built.version, built.before) == (HEAD, None)
        assert bare.check() == []
        again = bare.upgrade()
        assert (again.version, again.before) == (HEAD, HEAD)

    def test_a_newer_database_is_left_alone(self, databases: Databases, home: Path) -> None:
        change(home, "UPDATE alembic_version SET version_num = '9999'")
        assert refusal(databases.upgrade).code == "database-too-new"


class TestChecking:
    def test_a_row_that_refers_to_nothing_is_found(self, databases: Databases, home: Path) -> None:
        queued(databases.store())
        assert databases.check() == []
        change(home, "DELETE FROM posts")
        assert "deliveries row 1 refers to a missing posts" in databases.check()

    def test_there_has_to_be_a_database(self, bare: Databases) -> None:
        assert refusal(bare.check).code == "database-missing"


class TestBackingUp:
    def test_the_copy_is_a_whole_database(self, databases: Databases, tmp_path: Path) -> None:
        queued(databases.store(), "Hello")
        copy = tmp_path / "copy.db"

        databases.backup(copy)

        there = Store(open_engine(f"sqlite:///{copy}", tmp_path))
        require_current(there.engine)
        assert delivery(there, 1).content.text == "Hello"
        there.close()

    def test_nothing_is_overwritten(self, databases: Databases, tmp_path: Path) -> None:
        precious = tmp_path / "copy.db"
        precious.write_text("precious")

        error = refusal(lambda: databases.backup(precious))

        assert (error.code, error.args) == ("file-exists", (FileExists(str(precious)),))
        assert precious.read_text() == "precious"

    def test_postgresql_has_a_tool_of_its_own(self, tmp_path: Path) -> None:
        elsewhere = Store(open_engine("postgresql+psycopg://us@db.example/queue", tmp_path))
        file = tmp_path / "copy.db"
        databases = Databases(
            store=lambda: elsewhere,
            bare_store=lambda: elsewhere,
            open_store=lambda _url, _place: elsewhere,
            clock=FakeClock(),
            is_dead=lambda _worker: False,
            watch=lambda: DatabaseWatch(elsewhere, MarkFile(tmp_path / "marks"), FakeClock()),
        )

        error = refusal(lambda: databases.backup(file))

        assert (error.code, error.args) == ("not-on-sqlite", (NotOnSQLite("queue", str(file)),))

    def test_a_place_that_is_not_there_is_no_place(
        self, databases: Databases, tmp_path: Path
    ) -> None:
        error = refusal(lambda: databases.backup(tmp_path / "nowhere" / "copy.db"))
        assert error.code == "database"
        assert not (tmp_path / "nowhere").exists()

    def test_there_has_to_be_a_database(self, bare: Databases, tmp_path: Path) -> None:
        assert refusal(lambda: bare.backup(tmp_path / "copy.db")).code == "database-missing"


SOURCE, TARGET = "sqlite:///store.db", "sqlite:///new.db"


class TestMoving:
    def test_everything_moves_and_the_old_database_is_paused(
        self, databases: Databases, home: Path
    ) -> None:
        queued(databases.store())
        told: dict[str, int] = {}

        copied = databases.copy(SOURCE, TARGET, told.__setitem__, "Ada")

        assert copied.rows == sum(told.values()) > 0
        assert (copied.source, copied.target) == (str(home / "store.db"), str(home / "new.db"))
        with databases.store().read() as unit:
            pause = unit.pauses.over(ACCOUNT)
        assert pause is not None
        assert (pause.account, pause.who, pause.at) == (None, "Ada", START)
        moved = Store(open_engine(TARGET, home))
        assert delivery(moved, 1).content.text == "Hello"
        moved.close()

    @pytest.mark.parametrize(
        ("source", "target", "code"),
        [
            (SOURCE, SOURCE, "database"),
            ("sqlite:///nowhere.db", TARGET, "database-missing"),
            ("mysql://us@db.example/queue", TARGET, "configuration"),
            (SOURCE, "sqlite://", "configuration"),
        ],
        ids=["itself", "nothing", "not ours", "no file"],
    )
    def test_it_is_refused(self, databases: Databases, source: str, target: str, code: str) -> None:
        assert refusal(lambda: databases.copy(source, target, untold, "Ada")).code == code

    def test_a_target_that_holds_anything_is_refused(
        self, databases: Databases, home: Path
    ) -> None:
        other = Store(open_engine(TARGET, home))
        on(other, home).upgrade()
        queued(other)
        assert refusal(lambda: databases.copy(SOURCE, TARGET, untold, "Ada")).code == "database"
        other.close()

    def test_a_daemon_that_runs_is_in_the_way(self, databases: Databases) -> None:
        with databases.store().write() as unit:
            unit.workers.start("daemon", START)
        assert refusal(lambda: databases.copy(SOURCE, TARGET, untold, "Ada")).code == "database"

    def test_what_is_being_sent_is_settled_first(self, databases: Databases) -> None:
        queued(databases.store())
        intent = Intent("worker", Prepared("token", {"text": "…"}), {"checks": {}}, START, START)
        with databases.store().write() as unit:
            unit.transitions.record_intent(unit.deliveries.get(1), intent)
        assert (
            refusal(lambda: databases.copy(SOURCE, TARGET, untold, "Ada")).code == "sends-unsettled"
        )


def untold(_table: str, _rows: int) -> None:
    """Nobody listens."""
