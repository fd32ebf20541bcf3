"""`crosspromo db copy` underneath: everything arrives, in either direction, or nothing does."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from servers.postgres import PostgresServer
from sqlalchemy import Engine, select
from stories import ACCOUNT, delivery, queued

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.deliveries import HoldNote
from crosspromo.domain.errors import DatabaseError, DatabaseStateError
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.pauses import Pause
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.reasons.database import DatabaseEmpty
from crosspromo.domain.reasons.holds import Paused
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.phrasing.errors import of_error
from crosspromo.services.policy_history import terms_of
from crosspromo.store.database.copying import Mover
from crosspromo.store.database.engine import open_engine, require_current, transaction
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.schema import metadata
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

New = Callable[[str], Engine]
"""Makes an empty database of that kind, without a table."""

WAYS = [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("postgresql", "postgresql")]


@pytest.fixture
def new(postgres_server: PostgresServer, tmp_path: Path) -> Iterator[New]:
    numbers = count()
    opened: list[Engine] = []

    def make(kind: str) -> Engine:
        sqlite = f"sqlite:///{next(numbers)}.db"
        url = sqlite if kind == "sqlite" else postgres_server.empty_database()
        opened.append(open_engine(url, tmp_path))
        return opened[-1]

    yield make
    for engine in opened:
        engine.dispose()


@pytest.fixture
def old(new: New) -> Store:
    """A database on SQLite in which something has happened."""
    return lived_in(new("sqlite"))


def lived_in(engine: Engine) -> Store:
    """One delivery deleted, one in doubt, one held by a pause; and a policy that changed."""
    upgrade(engine)
    store = Store(engine)
    for text in ("Ünder the bridge 🌉", "Perhaps", "Later"):
        queued(store, text, credit=Credit.OTHERS, cost=0.015)
    begin(store, 1)
    with store.write() as unit:
        sent = Receipt("1", "https://example.org/1", START)
        unit.transitions.publish(unit.deliveries.get(1), sent, START)
        unit.audit.add(START, "Ada", "release", "delivery 1", "she was asked")
        pause = Pause(ACCOUNT, "Ada", START, "the river has flooded")
        unit.pauses.begin(pause)
        unit.transitions.hold(unit.deliveries.get(3), HoldNote(Paused(pause)), START)
        unit.transitions.delete(unit.deliveries.get(1), START)
        unit.policies.record({ACCOUNT: terms_of(Policy())}, START)
        unit.policies.record({ACCOUNT: terms_of(Policy(quota=2, target=None))}, START)
    return store


def begin(store: Store, delivery_id: int) -> None:
    intent = Intent("worker", Prepared("token", {"text": "…"}), {"checks": {}}, START, START)
    with store.write() as unit:
        unit.transitions.record_intent(unit.deliveries.get(delivery_id), intent)


def rows(engine: Engine) -> dict[str, list[Any]]:
    """Everything there is, table by table."""
    with transaction(engine, writes=False) as connection:
        return {
            table.name: [*connection.execute(select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
        }


def mover(told: dict[str, int] | None = None, *, dead: bool = False) -> Mover:
    said = {} if told is None else told
    return Mover("Ada", START, lambda _worker: dead, said.__setitem__)


def refusal(source: Engine, target: Engine) -> str:
    with pytest.raises(DatabaseError) as error:
        mover().move(source, target)
    return of_error(error.value, UTC_ZONE)


class TestMoving:
    @pytest.mark.parametrize(("from_", "to"), WAYS)
    def test_everything_arrives(self, new: New, from_: str, to: str) -> None:
        source, target = lived_in(new(from_)).engine, new(to)
        before = rows(source)
        assert {"ledger", "delivery_holds", "policies"} <= {name for name in before if before[name]}
        told: dict[str, int] = {}

        copied = mover(told).move(source, target)

        require_current(target)
        assert rows(target) == before
        assert told == {name: len(found) for name, found in before.items() if name != "workers"}
        assert copied == sum(told.values())
        with Store(target).read() as unit:
            assert unit.ledger.faults() == []

    @pytest.mark.parametrize(("from_", "to"), WAYS)
    def test_the_next_row_has_the_next_number(self, new: New, from_: str, to: str) -> None:
        source, target = lived_in(new(from_)).engine, new(to)
        mover().move(source, target)
        assert queued(Store(target), "The first one here") == 4

    @pytest.mark.parametrize(("from_", "to"), WAYS)
    def test_what_is_left_behind_sends_nothing_more(self, new: New, from_: str, to: str) -> None:
        source, target = lived_in(new(from_)).engine, new(to)
        mover().move(source, target)
        with Store(source).read() as unit:
            pause = unit.pauses.over("whatever account")
        assert pause is not None
        assert str(pause.reason).startswith("everything was moved to ")
        with Store(target).read() as unit:
            assert unit.pauses.over("whatever account") is None

    def test_a_target_that_was_built_already_will_do(self, old: Store, new: New) -> None:
        target = new("postgresql")
        upgrade(target)
        mover().move(old.engine, target)
        assert rows(target)["deliveries"] == rows(old.engine)["deliveries"]


class TestWhatIsRefused:
    def test_a_target_with_anything_in_it(self, old: Store, new: New) -> None:
        target = new("postgresql")
        upgrade(target)
        queued(Store(target), "I was here first")
        before = rows(target)
        assert "is not empty: " in refusal(old.engine, target)
        assert rows(target) == before

    def test_a_second_copy(self, old: Store, new: New) -> None:
        target = new("postgresql")
        mover().move(old.engine, target)
        assert "is not empty: " in refusal(old.engine, target)

    def test_what_is_being_sent(self, old: Store, new: New) -> None:
        begin(old, 2)
        said = refusal(old.engine, new("postgresql"))
        assert "1 being sent, or left so by a daemon that was killed (delivery 2);" in said
        assert delivery(old, 2).state is State.SENDING

    def test_a_daemon_that_may_run(self, old: Store, new: New) -> None:
        with old.write() as unit:
            unit.workers.start("elsewhere-17", START - timedelta(minutes=1))
        said = refusal(old.engine, new("postgresql"))
        assert said.startswith("a daemon runs on the database: elsewhere-17; stop it")

    def test_a_daemon_that_is_known_to_be_dead_is_none(self, old: Store, new: New) -> None:
        with old.write() as unit:
            unit.workers.start("here-17", START - timedelta(minutes=1))
        assert mover(dead=True).move(old.engine, new("postgresql"))

    def test_a_daemon_that_has_not_been_heard_of_is_none(self, old: Store, new: New) -> None:
        with old.write() as unit:
            unit.workers.start("elsewhere-17", START - timedelta(minutes=4))
        assert mover().move(old.engine, new("postgresql"))

    def test_a_copy_onto_itself(self, old: Store) -> None:
        assert "cannot be copied onto itself" in refusal(old.engine, old.engine)

    def test_a_source_that_is_not_there(self, new: New) -> None:
        assert "no database yet" in refusal(new("sqlite"), new("postgresql"))

    def test_what_the_target_cannot_hold_and_nothing_arrives(self, old: Store, new: New) -> None:
        """SQLite holds any text; PostgreSQL none with a NUL in it."""
        queued(old, "Hello\0world")
        target = new("postgresql")
        said = refusal(old.engine, target)
        assert "cannot hold a row of deliveries" in said
        assert said.endswith("nothing was copied")
        with pytest.raises(DatabaseStateError) as error:
            require_current(target)
        assert error.value.reason == DatabaseEmpty()
        with old.read() as unit:
            assert unit.pauses.over("whatever account") is None
