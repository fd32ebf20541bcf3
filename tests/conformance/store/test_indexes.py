"""What the indexes of the deliveries cost to keep, and what an older database gets of that."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.schema import CreateIndex
from stories import delivery, queued

from crosspromo.domain.attempts import Json, Prepared
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.states import State
from crosspromo.publishing.storage import Intent
from crosspromo.store import (
    partial_indexes,  # noqa: F401  (completes the tables)
    versions,
)
from crosspromo.store.engine import open_engine, transaction
from crosspromo.store.schema import deliveries, metadata
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

INTENT = Intent("worker", Prepared("token", {}), {}, START + timedelta(minutes=1), START)
RECEIPT = Receipt("remote")


def claim(unit: Unit, it: Delivery) -> None:
    unit.transitions.intend(it, INTENT)


def settle(unit: Unit, it: Delivery) -> None:
    unit.transitions.publish(it, RECEIPT, START + timedelta(seconds=1))


def make(store: Store, delivery_id: int, move: Callable[[Unit, Delivery], None]) -> None:
    with store.write() as unit:
        move(unit, unit.deliveries.get(delivery_id))


def entries(store: Store) -> set[tuple[object, ...]]:
    """What the indexes of the deliveries hold, each entry with the index's name."""
    found: set[tuple[object, ...]] = set()
    with transaction(store.engine, writes=False) as connection:
        for index in deliveries.indexes:
            where = index.dialect_options[store.engine.dialect.name]["where"]
            query = select(*index.columns, deliveries.c.id)
            rows = connection.execute(query if where is None else query.where(where))
            found |= {(index.name, *row) for row in rows}
    return found


def rewritten(store: Store, delivery_id: int, move: Callable[[Unit, Delivery], None]) -> list[str]:
    """The index of each entry that goes or comes as the delivery is moved."""
    before = entries(store)
    make(store, delivery_id, move)
    return sorted(str(name) for name, *_ in before ^ entries(store))


def test_sending_rewrites_few_entries(store: Store) -> None:
    """The old state and the new, what waits, what is in flight, and when it went out."""
    delivery_id = queued(store)
    state = ["ix_deliveries_state"] * 2
    in_flight = "uq_deliveries_in_flight"
    claimed = ["ix_deliveries_sent", *state, "ix_deliveries_wake", in_flight]
    assert rewritten(store, delivery_id, claim) == claimed
    settled = [*["ix_deliveries_sent"] * 2, *state, in_flight]
    assert rewritten(store, delivery_id, settle) == settled


def test_every_index_is_made_on_the_condition_that_the_code_believes_in(store: Store) -> None:
    """In the words of SQLite, which keeps them as they were said."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL says them in its own words")
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    with transaction(store.engine, writes=False) as connection:
        said = {row.name: row.sql for row in connection.exec_driver_sql(query)}
    assert said == {
        index.name: str(CreateIndex(index).compile(store.engine))
        for table in metadata.sorted_tables
        for index in table.indexes
    }


def indexes(store: Store) -> dict[str | None, tuple[object, ...]]:
    """Of the deliveries, as the database has them: their columns and conditions by name."""
    where = f"{store.engine.dialect.name}_where"
    return {
        each["name"]: (each["column_names"], str(each.get("dialect_options", {}).get(where)))
        for each in inspect(store.engine).get_indexes("deliveries")
    }


def build_0003(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(versions.__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "0003")


def emptied(engine: Engine, folder: Path) -> Engine:
    """This database with nothing in it, or another that has nothing."""
    if engine.dialect.name == "sqlite":
        return open_engine("sqlite:///old.db", folder)
    with transaction(engine, writes=True) as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return engine


def of_0003(store: Store, folder: Path) -> Store:
    """An older database."""
    old = Store(emptied(store.engine, folder))
    with transaction(old.engine, writes=True) as connection:
        build_0003(connection)
    return old


def test_an_older_database_with_deliveries_gets_the_same_indexes(
    store: Store, tmp_path: Path
) -> None:
    wanted = indexes(store)
    old = of_0003(store, tmp_path)
    assert indexes(old) != wanted
    sent, waits = queued(old), queued(old)
    make(old, sent, claim)
    make(old, sent, settle)
    versions.upgrade(old.engine)
    assert indexes(old) == wanted
    assert delivery(old, sent).state is State.PUBLISHED
    with old.write() as unit:
        assert [each.id for each in unit.deliveries.heads(["account"], START)] == [waits]
    old.close()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        (
            [
                {"check": "paused", "sentence": 'The "account" is not paused.'},
                {"check": "approval", "sentence": "Für Zoë muss niemand zustimmen."},
            ],
            {
                "paused": 'The "account" is not paused.',
                "approval": "Für Zoë muss niemand zustimmen.",
            },
        ),
        ([], {}),
        ({"paused": "It is not."}, {"paused": "It is not."}),
    ],
)
def test_the_decisions_of_an_older_database_are_read_as_those_of_today(
    store: Store, tmp_path: Path, then: Json, now: dict[str, str]
) -> None:
    old = of_0003(store, tmp_path)
    override: Json = {"by": "kim", "reason": "storm"}
    numbers: Json = {"account": {"others": 3, "target": None}}
    decision: dict[str, Json] = {"checks": then, "override": override, "numbers": numbers}
    intent = replace(INTENT, decision=decision)
    sent = queued(old)

    def allow(unit: Unit, it: Delivery) -> None:
        unit.transitions.intend(it, intent)

    make(old, sent, allow)
    versions.upgrade(old.engine)
    with old.read() as unit:
        kept = unit.deliveries.decision(sent, 1)
    assert kept == {"checks": now, "override": override, "numbers": numbers}
    assert list(kept["checks"]) == list(now)
    old.close()
