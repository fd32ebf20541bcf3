"""Checks of tables: none makes SQLite build a tree for each row, and none has another meaning."""

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path

import pytest
from old_databases import of_version
from sqlalchemy import CheckConstraint, Connection, Engine, inspect
from sqlalchemy.exc import IntegrityError

from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import metadata
from crosspromo.store.unit import Store

LONG_LIST = re.compile(r"\bIN\s*\([^)]*,[^)]*,", re.IGNORECASE)
"""List of three or more after IN."""

WORDS = re.compile(r"'([^']*)'")
COLUMNS = re.compile(r"\b[a-z_]+\b(?!')")
KEYWORDS = {"in", "or", "and", "not", "is", "null", "true", "false"}


def checks_of(engine: Engine) -> Mapping[str, str]:
    """Conditions of all checks in the database, by name."""
    inspector = inspect(engine)
    return {
        str(check["name"]): check["sqltext"]
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def outcomes(connection: Connection, old: str, new: str) -> list[tuple[object, object]]:
    """What both conditions say of each combination of values in their columns."""
    unquoted = WORDS.sub("", old.replace('"', ""))
    columns = sorted({each for each in COLUMNS.findall(unquoted.lower()) if each not in KEYWORDS})
    values = [None, "", "another", 0, 1, *WORDS.findall(old)]
    rows = ", ".join(f":{column} AS {column}" for column in columns)
    query = f"SELECT ({old}), ({new}) FROM (SELECT {rows})"
    return [
        tuple(connection.exec_driver_sql(query, dict(zip(columns, row, strict=True))).one())
        for row in product(values, repeat=len(columns))
    ]


def test_no_check_of_the_schema_has_a_list_of_three_or_more() -> None:
    found = [
        constraint.name
        for table in metadata.sorted_tables
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint) and LONG_LIST.search(str(constraint.sqltext))
    ]
    assert found == []


def test_no_check_of_the_database_has_a_list_of_three_or_more(store: Store) -> None:
    if store.engine.dialect.name != "sqlite":
        return  # PostgreSQL writes both forms as one
    checks = checks_of(store.engine)
    assert len(checks) > 40
    assert [name for name, text in checks.items() if LONG_LIST.search(text)] == []


@pytest.fixture
def before(tmp_path: Path, store: Store) -> Store:
    """A database from before the checks were written anew."""
    return of_version(store, "0028", tmp_path)


def test_each_check_says_of_every_row_what_it_said_before(before: Store) -> None:
    if before.engine.dialect.name != "sqlite":
        return
    old = checks_of(before.engine)
    upgrading.upgrade(before.engine)
    new = checks_of(before.engine)
    changed = [name for name in old if old[name] != new[name]]
    assert old.keys() == new.keys()
    assert {"ck_deliveries_state", "ck_deliveries_sent_has_time"} <= {*changed}
    with transaction(before.engine, writes=False) as connection:
        for name in changed:
            said = outcomes(connection, old[name], new[name])
            assert [one for one, _ in said] == [other for _, other in said], name
            assert {0, 1} <= {one for one, _ in said}, name


def test_an_upgraded_database_refuses_what_it_refused_and_keeps_its_rows(before: Store) -> None:
    upgrading.upgrade(before.engine)
    with transaction(before.engine, writes=False) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM posts").scalar_one() == 1
    with (
        pytest.raises(IntegrityError, match="ck_posts_kind"),
        transaction(before.engine, writes=True) as connection,
    ):
        connection.exec_driver_sql("UPDATE posts SET kind = 'poem'")


def test_a_connection_that_was_open_sees_the_checks_written_anew(
    before: Store, tmp_path: Path
) -> None:
    """The number of the schema grows, so that nobody goes on with the old text."""
    with before.engine.connect() as open_before:
        open_before.exec_driver_sql("SELECT count(*) FROM posts").scalar_one()
        open_before.rollback()
        upgrading.upgrade(before.engine)
        with pytest.raises(IntegrityError, match="ck_posts_kind"):
            open_before.exec_driver_sql("UPDATE posts SET kind = 'poem'")
