"""The migrations build exactly the tables that the code believes in."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from exact import exact
from sqlalchemy import inspect

from crosspromo.domain.errors import DatabaseStateError
from crosspromo.domain.reasons.database import DatabaseMissing, DatabaseTooNew
from crosspromo.store.database import engine as engine_module
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import open_engine, transaction
from crosspromo.store.partial_indexes import complete_for_postgresql
from crosspromo.store.schema import metadata
from crosspromo.store.unit import Store

complete_for_postgresql()


def test_nothing_is_left_to_migrate(store: Store) -> None:
    with transaction(store.engine, writes=False) as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_every_check_of_the_schema_is_in_the_database(store: Store) -> None:
    inspector = inspect(store.engine)
    for table in metadata.sorted_tables:
        wanted = {
            str(constraint.name)
            for constraint in table.constraints
            if type(constraint).__name__ == "CheckConstraint"
        }
        there = {constraint["name"] for constraint in inspector.get_check_constraints(table.name)}
        assert wanted <= there, table.name


def test_head_names_the_newest_migration() -> None:
    folder = upgrading.FOLDER
    assert ScriptDirectory(str(folder)).get_current_head() == engine_module.HEAD


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    upgrading.upgrade(store.engine)
    engine_module.require_current(store.engine)


def test_an_empty_database_is_refused_with_the_mend(tmp_path: Path) -> None:
    engine = open_engine("sqlite:///new.db", tmp_path)
    with pytest.raises(DatabaseStateError) as error:
        engine_module.require_current(engine)
    assert exact(error.value.reason) == exact(DatabaseMissing())
    engine.dispose()


def test_a_newer_database_is_refused(store: Store) -> None:
    with transaction(store.engine, writes=True) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseStateError) as error:
        engine_module.require_current(store.engine)
    assert exact(error.value.reason) == exact(DatabaseTooNew("9999", engine_module.HEAD))


KEPT: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "sqlite": (
        "PRAGMA",
        {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "wal_autocheckpoint": 40_000,
            "cache_size": -65_536,
        },
    ),
    "postgresql": (
        "SHOW",
        {
            "synchronous_commit": "on",
            "TimeZone": "UTC",
            "transaction_isolation": "read committed",
            "lock_timeout": "30s",
        },
    ),
}


def test_the_database_keeps_what_it_has_committed(store: Store) -> None:
    ask, wanted = KEPT[store.engine.dialect.name]
    with store.engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"{ask} {name}").scalar_one() for name in wanted}
    assert found == wanted
