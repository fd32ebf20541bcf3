"""What a real PostgreSQL refuses, said in sentences; and what it survives."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from servers.postgres import GUARDED, PASSWORD, PostgresServer
from sqlalchemy.engine import make_url
from stories import queued

from crosspromo.domain.errors import ConfigError, DatabaseError, DatabaseStateError
from crosspromo.domain.states import State
from crosspromo.phrasing.mends import BuildDatabase
from crosspromo.phrasing.refusal_mends import of_refusal
from crosspromo.store.database.engine import (
    current_version,
    open_engine,
    require_current,
    transaction,
)
from crosspromo.store.database.notices import PostgresNotices
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.unit import Store


@pytest.fixture
def url(postgres_server: PostgresServer) -> str:
    return postgres_server.database()


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    store = Store(open_engine(url, tmp_path))
    yield store
    store.close()


def refusal(url: str, folder: Path) -> str:
    """What is said when nothing but the version is asked."""
    engine = open_engine(url, folder)
    try:
        with pytest.raises(DatabaseError) as error:
            current_version(engine)
    finally:
        engine.dispose()
    return str(error.value)


class TestWhatIsRefused:
    def test_a_server_that_is_not_there(self, tmp_path: Path) -> None:
        said = refusal(f"postgresql+psycopg://us@/queue?host={tmp_path}", tmp_path)
        assert f"the database at {tmp_path} cannot be reached: " in said
        assert said.endswith("is it running, and is [database] url right?")

    def test_a_port_where_nobody_listens(self, tmp_path: Path) -> None:
        said = refusal("postgresql+psycopg://us:hush-hush@127.0.0.1:1/queue", tmp_path)
        assert said.startswith("the database at 127.0.0.1, port 1 cannot be reached: ")
        assert "hush" not in said

    def test_a_database_that_is_not_there(
        self, postgres_server: PostgresServer, tmp_path: Path
    ) -> None:
        said = refusal(postgres_server.url("nowhere"), tmp_path)
        assert said.endswith("has none called nowhere; make it with: createdb nowhere")

    @pytest.mark.parametrize("password", ["wrong-horse", None])
    def test_a_wrong_password_and_it_is_not_said(
        self, url: str, tmp_path: Path, password: str | None
    ) -> None:
        asked = make_url(url).set(username=GUARDED, password=password)
        said = refusal(asked.render_as_string(hide_password=False), tmp_path)
        assert f"does not know the user {GUARDED}, or refuses the password" in said
        assert "wrong-horse" not in said

    def test_a_user_who_is_not_there(self, postgres_server: PostgresServer, tmp_path: Path) -> None:
        said = refusal(postgres_server.url("postgres", user="stranger"), tmp_path)
        assert "refuses the user stranger" in said

    def test_a_user_who_may_not_look(self, url: str, tmp_path: Path) -> None:
        asked = make_url(url).set(username=GUARDED, password=PASSWORD)
        said = refusal(asked.render_as_string(hide_password=False), tmp_path)
        assert f"does not allow this to the user {GUARDED}" in said

    @pytest.mark.parametrize(
        ("url", "fault"),
        [
            ("postgresql+psycopg://us@here", "names no database"),
            ("mysql://us@here/queue", '"mysql" is no database that we know'),
            ("postgresql://us@here:port/queue", "cannot be read"),
            ("the database", "cannot be read"),
        ],
    )
    def test_a_url_that_is_none_of_ours(self, url: str, fault: str, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=fault):
            open_engine(url, tmp_path)

    def test_an_empty_database_is_said_with_the_mend(
        self, postgres_server: PostgresServer, tmp_path: Path
    ) -> None:
        engine = open_engine(postgres_server.empty_database(), tmp_path)
        with pytest.raises(DatabaseStateError) as error:
            require_current(engine)
        assert of_refusal(error.value.reason) == BuildDatabase()
        upgrade(engine)
        require_current(engine)
        engine.dispose()


class TestWhatHappensToTransactions:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("40001", "could not do this beside what others do; nothing was written"),
            ("53100", "has no room left on its disk"),
            ("53300", "run fewer daemons"),
        ],
    )
    def test_a_fault_of_the_server_is_a_sentence(self, store: Store, code: str, words: str) -> None:
        raising = f"DO $$ BEGIN RAISE EXCEPTION 'so' USING ERRCODE = '{code}'; END $$"
        with (
            pytest.raises(DatabaseError, match=words),
            transaction(store.engine, writes=True) as connection,
        ):
            connection.exec_driver_sql(raising)

    def test_a_lock_that_is_held_too_long(self, store: Store, url: str, tmp_path: Path) -> None:
        queued(store, account="one")
        impatient = Store(open_engine(f"{url}&options=-c lock_timeout=20ms", tmp_path))
        with store.write() as unit:
            unit.accounts.lock("one")
            with (
                pytest.raises(DatabaseError, match="what somebody else has locked"),
                impatient.write() as other,
            ):
                other.accounts.lock("one")
        impatient.close()

    def test_who_queues_a_post_waits_for_no_claim(
        self, store: Store, url: str, tmp_path: Path
    ) -> None:
        queued(store, account="one")
        impatient = Store(open_engine(f"{url}&options=-c lock_timeout=20ms", tmp_path))
        with store.write() as unit:
            assert "one" in unit.accounts.lock_free(["one"])
            queued(impatient, "Another", account="one")
            with impatient.write() as other:
                assert other.accounts.lock_free(["one"]) == {}, "one claim at a time"
        impatient.close()

    def test_a_deadlock_ends_one_of_two(self, store: Store) -> None:
        for name in ("one", "two"):
            queued(store, account=name)
        both_hold_one = threading.Barrier(2)
        said: list[str] = []

        def lock(first: str, second: str) -> None:
            try:
                with store.write() as unit:
                    unit.accounts.lock(first)
                    both_hold_one.wait(10)
                    unit.accounts.lock(second)
            except DatabaseError as error:
                said.append(str(error))

        ring = [
            threading.Thread(target=lock, args=names) for names in (("one", "two"), ("two", "one"))
        ]
        for thread in ring:
            thread.start()
        for thread in ring:
            thread.join(30)
        assert len(said) == 1
        assert "nothing was written" in said[0]

    def test_who_is_cut_off_says_so_and_the_next_is_let_in(
        self, store: Store, url: str, postgres_server: PostgresServer
    ) -> None:
        def write_and_be_cut_off() -> None:
            with store.write() as unit:
                unit.accounts.register(["one"])
                postgres_server.end_connections(url)
                unit.accounts.register(["two"])

        with pytest.raises(DatabaseError, match="may be there or not"):
            write_and_be_cut_off()
        queued(store)
        with store.read() as unit:
            assert unit.deliveries.counts() == {State.QUEUED: 1}


class TestWhoListens:
    def test_finds_the_way_back_and_looks_at_once(
        self,
        store: Store,
        url: str,
        postgres_server: PostgresServer,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        notices = PostgresNotices(store.engine, retry=timedelta(milliseconds=10))
        postgres_server.end_connections(url)
        assert notices.wait(timedelta(seconds=60)), "something may have been said meanwhile"
        assert "cannot be listened to" in caplog.text
        queued(store)
        assert notices.wait(timedelta(seconds=60))
        notices.close()

    def test_waits_in_patience_for_a_server_that_is_away(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        engine = open_engine(f"postgresql+psycopg://us@/queue?host={tmp_path}", tmp_path)
        notices = PostgresNotices(engine, retry=timedelta(milliseconds=10))
        assert not notices.wait(timedelta(milliseconds=50))
        notices.interrupt()
        assert not notices.wait(timedelta(seconds=60))
        assert f"({tmp_path})" in caplog.text
        notices.close()
        engine.dispose()
