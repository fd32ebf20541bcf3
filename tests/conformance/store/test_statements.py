"""Statements that are compiled once: their values, their lists and their failures, as if SQLAlchemy
had run them.
"""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, bindparam, literal, select, update
from sqlalchemy.exc import IntegrityError
from stories import ACCOUNT, queued

from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.states import State
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import accounts, attempts, delivery_counts
from crosspromo.store.sql.statements import (
    Among,
    CompiledSelect,
    CompiledWrite,
    add_to_sums,
    insert_rows,
)
from crosspromo.store.unit import Store


def named(among: Among) -> Select[Any]:
    return select(accounts.c.name).where(among(accounts.c.name, "names"))


NAMED = CompiledSelect(named, "names")
RESTS = CompiledWrite(
    lambda given, _: (
        update(accounts)
        .where(accounts.c.name == given["of"])
        .values(rests_until=given["rests_until"])
    ),
    {"of": accounts.c.name, "rests_until": accounts.c.rests_until},
)
ATTEMPTS = insert_rows(
    attempts,
    *("delivery_id", "number", "account", "worker", "token", "payload"),
    *("credit", "decision", "started_at", "ending"),
)
COUNTS = add_to_sums(delivery_counts, key=("account", "state"), sums=("count",))

NOON = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
MANY = [f"account-{number}" for number in range(9)]


@pytest.fixture
def many(store: Store) -> Store:
    with store.write() as unit:
        unit.accounts.register(MANY)
    return store


def attempt(delivery: int, **others: object) -> dict[str, object]:
    return {
        "delivery_id": delivery,
        "number": 1,
        "account": ACCOUNT,
        "worker": "worker",
        "token": "token",
        "payload": {"texts": ["Grüße 🌊", 'a "quote" and a \\'], "none": None, "big": 2**70},
        "credit": "others",
        "decision": {"checks": {"paused": "It is not."}},
        "started_at": NOON,
        "ending": "open",
        **others,
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names=st.lists(st.sampled_from([*MANY, "nobody"]), max_size=20))
def test_a_list_says_who_is_meant_however_long_it_is(many: Store, names: list[str]) -> None:
    with transaction(many.engine, writes=False) as connection:
        rows = NAMED.rows(connection, names=names)
    assert sorted(row.name for row in rows) == sorted(set(names) - {"nobody"})


def test_lists_of_many_lengths_have_few_texts(many: Store) -> None:
    """So that the databases, which keep what they have prepared, keep it all."""
    reading = CompiledSelect(named, "names")
    with transaction(many.engine, writes=False) as connection:
        for length in range(1, 257):
            reading.rows(connection, names=[f"name-{number}" for number in range(length)])
    assert len(reading._compiled) == (9 if many.engine.dialect.name == "sqlite" else 1)


@pytest.mark.parametrize("how_many", [1, 2, 9])
def test_every_row_is_written_with_its_values(many: Store, how_many: int) -> None:
    elsewhere = timezone(timedelta(hours=5, minutes=45))
    moments = {
        name: (NOON + timedelta(hours=number)).astimezone(elsewhere)
        for number, name in enumerate(MANY[:how_many])
    }
    rows = [{"of": name, "rests_until": moment} for name, moment in moments.items()]
    with transaction(many.engine, writes=True) as connection:
        assert RESTS.run(connection, rows) == how_many
    with many.read() as unit:
        assert unit.accounts.resting(NOON - timedelta(hours=1)) == moments


def test_an_hour_that_comes_twice_is_two_hours(many: Store) -> None:
    """Python takes the two times for equal."""
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    rows = [
        {"of": name, "rests_until": first.replace(fold=fold)} for fold, name in enumerate(MANY[:2])
    ]
    with transaction(many.engine, writes=True) as connection:
        RESTS.run(connection, rows)
    with many.read() as unit:
        ends = unit.accounts.resting(NOON - timedelta(days=60))
    assert ends[MANY[1]] - ends[MANY[0]] == timedelta(hours=1)


LISTED_TWICE = CompiledSelect(
    lambda among: select(accounts.c.name, literal("told").label("told")).where(
        among(accounts.c.rests_until, "ends"),
        among(accounts.c.name, "names"),
        accounts.c.rests_until > bindparam("after"),
        among(accounts.c.name, "names"),
    ),
    "names",
    "ends",
)


@pytest.mark.parametrize("how_many", [1, 2, 3, 5])
def test_lists_and_values_stand_where_they_belong(many: Store, how_many: int) -> None:
    """Lists of times, which are converted; a list that is used twice; values between them."""
    if many.engine.dialect.name != "sqlite":
        pytest.skip("a list is one value there, of numbers or words")
    ends = {name: NOON + timedelta(hours=number) for number, name in enumerate(MANY)}
    with transaction(many.engine, writes=True) as connection:
        RESTS.run(connection, [{"of": name, "rests_until": end} for name, end in ends.items()])
        rows = LISTED_TWICE.rows(
            connection, names=MANY[:how_many], ends=[*ends.values()], after=NOON
        )
    assert sorted((row.name, row.told) for row in rows) == [
        (name, "told") for name in MANY[1:how_many]
    ]


def test_a_row_that_meets_nothing_is_not_counted(many: Store) -> None:
    rows = [{"of": name, "rests_until": None} for name in ("nobody", MANY[0], "neither")]
    with transaction(many.engine, writes=True) as connection:
        assert RESTS.run(connection, rows) == 1


def test_documents_come_back_as_they_were(store: Store) -> None:
    rows = [attempt(queued(store, text)) for text in ("one", "two")]
    with transaction(store.engine, writes=True) as connection:
        ATTEMPTS.run(connection, rows)
        kept = connection.execute(select(attempts).order_by(attempts.c.delivery_id)).all()
    assert [row.payload for row in kept] == [row["payload"] for row in rows]
    assert [row.started_at for row in kept] == [NOON, NOON]
    assert [row.detail for row in kept] == [None, None]


def test_a_sum_grows_by_what_is_added_to_it(many: Store) -> None:
    def add(*counts: tuple[str, State, int]) -> None:
        rows = [{"account": name, "state": state, "count": count} for name, state, count in counts]
        with transaction(many.engine, writes=True) as connection:
            COUNTS.run(connection, rows)

    add((MANY[0], State.QUEUED, 3), (MANY[1], State.QUEUED, 1))
    add((MANY[0], State.QUEUED, -1), (MANY[0], State.SENDING, 1))
    with transaction(many.engine, writes=False) as connection:
        kept: set[object] = {tuple(row) for row in connection.execute(select(delivery_counts))}
    assert kept == {(MANY[0], "queued", 2), (MANY[0], "sending", 1), (MANY[1], "queued", 1)}


def test_a_moment_without_a_zone_is_refused(many: Store) -> None:
    naive = [{"of": MANY[0], "rests_until": NOON.replace(tzinfo=None)}]
    with (
        transaction(many.engine, writes=True) as connection,
        pytest.raises(ValueError, match="without a zone"),
    ):
        RESTS.run(connection, naive)


def test_what_breaks_a_rule_of_the_schema_is_called_so(store: Store) -> None:
    """It is a fault of ours, and no trouble of the database; nothing of it is kept."""
    known = queued(store, "known")
    with pytest.raises(IntegrityError), transaction(store.engine, writes=True) as connection:
        ATTEMPTS.run(connection, [attempt(known), attempt(known + 1)])
    with transaction(store.engine, writes=False) as connection:
        assert connection.execute(select(attempts)).all() == []


def cut_off(store: Store) -> None:
    """Read something on a connection that the server has closed."""
    with transaction(store.engine, writes=True) as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with store.engine.connect() as other:
            other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        NAMED.rows(connection, names=[MANY[0]])


def test_a_connection_that_was_lost_is_replaced(many: Store) -> None:
    if many.engine.dialect.name == "sqlite":
        pytest.skip("a file is not cut off")
    with pytest.raises(DatabaseError, match="was shut down, or cut us off"):
        cut_off(many)
    with transaction(many.engine, writes=False) as connection:
        assert len(NAMED.rows(connection, names=[MANY[0]])) == 1
