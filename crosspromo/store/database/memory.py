"""Database in memory: an empty SQLite database of the present version, gone once it is closed.

It has no foreign keys in force, since an excerpt has rows without those that they refer to.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable

from crosspromo.store import partial_indexes as _indexes  # noqa: F401 (they belong to the tables)
from crosspromo.store.schema import metadata
from crosspromo.store.sql.types import from_json, to_json
from crosspromo.store.unit import Store

PAGE_SIZE = 16_384
"""Bytes in a page: larger than on disk, since nothing is written there."""


def store_in_memory() -> Store:
    """Empty store in memory, for one thread; the caller closes it.

    It has no indexes: rows are copied faster before `add_indexes`.
    """
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.isolation_level = None  # the engine's transactions issue BEGIN
    connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    engine = create_engine(
        "sqlite://",
        creator=lambda: connection,
        poolclass=StaticPool,
        json_serializer=to_json,
        json_deserializer=from_json,
        paramstyle="qmark",
    )
    with engine.begin() as transaction:
        for table in metadata.sorted_tables:
            transaction.execute(CreateTable(table))
    return Store(engine)


NEEDLESS = frozenset(
    {"ix_ledger_partner", "ix_ledger_taken_back", "uq_ledger_opening", "uq_ledger_remote_id"}
)
"""Indexes that an excerpt does without: all rows would be read, to find hardly any for them."""


def add_indexes(connection: Connection) -> None:
    """Build all indexes but those NEEDLESS."""
    for table in metadata.sorted_tables:
        for index in table.indexes:
            if index.name not in NEEDLESS:
                connection.execute(CreateIndex(index))


@contextmanager
def unchecked(connection: Connection) -> Iterator[None]:
    """Within it, no CHECK constraint is in force: rows of another database were checked there."""
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    yield
    connection.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")
