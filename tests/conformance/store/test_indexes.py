"""What the indexes of the deliveries cost to keep, and what an older database gets of that."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from old_databases import deliver, of_version, write
from sqlalchemy import inspect, select
from sqlalchemy.schema import CreateIndex
from stories import delivery, queued

from crosspromo.domain.attempts import Intent, Json, Prepared
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.states import State
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.partial_indexes import complete_for_postgresql
from crosspromo.store.schema import deliveries, metadata
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START

complete_for_postgresql()

INTENT = Intent("worker", Prepared("token", {}), {}, START + timedelta(minutes=1), START)
RECEIPT = Receipt("remote")


def claim(unit: Unit, it: Delivery) -> None:
    unit.transitions.record_intent(it, INTENT)


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


def test_an_older_database_with_deliveries_gets_the_same_indexes(
    store: Store, tmp_path: Path
) -> None:
    wanted = indexes(store)
    old = of_version(store, "0003", tmp_path)
    assert indexes(old) != wanted
    with transaction(old.engine, writes=True) as connection:
        out = {"attempt": 1, "sent_at": START, "published_at": START}
        deliver(connection, 1, "published", **out)
        deliver(connection, 2, "queued", wake_at=START)
    upgrading.upgrade(old.engine)
    assert indexes(old) == wanted
    assert delivery(old, 1).state is State.PUBLISHED
    with old.write() as unit:
        assert [each.id for each in unit.deliveries.next_due(["x-main"], START)] == [2]
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
    old = of_version(store, "0003", tmp_path)
    override: Json = {"by": "kim", "reason": "storm"}
    numbers: Json = {"account": {"others": 3, "target": None}}
    decision: dict[str, Json] = {"checks": then, "override": override, "numbers": numbers}
    with transaction(old.engine, writes=True) as connection:
        lease = {"attempt": 1, "claimed_by": "worker", "sent_at": START, "wake_at": START}
        deliver(connection, 1, "sending", **lease)
        write(
            connection,
            "attempts",
            delivery_id=1,
            number=1,
            account="x-main",
            worker="worker",
            token="token",
            payload="{}",
            fingerprint="f",
            credit="self",
            decision=json.dumps(decision),
            started_at=START,
            ending="open",
        )
    upgrading.upgrade(old.engine)
    with old.read() as unit:
        kept = unit.attempts.decision(1, 1)
    assert kept == {"checks": now, "override": override, "numbers": numbers}
    assert list(kept["checks"]) == list(now)
    old.close()
