"""Databases of older versions: built by the migrations up to there, and filled in plain SQL, since
the code of today speaks today's schema.
"""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import open_engine, transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START


def of_version(store: Store, version: str, folder: Path) -> Store:
    """A database of this version, with the account x-main and a post; on the server of `store`, or
    for SQLite in the folder.
    """
    older = Store(_emptied(store.engine, folder))
    config = Config()
    config.set_main_option("script_location", str(upgrading.FOLDER))
    with transaction(older.engine, writes=True) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        write(connection, "accounts", name="x-main")
        write(connection, "posts", id=1, kind="own", author="ana", created_at=START)
    return older


def _emptied(engine: Engine, folder: Path) -> Engine:
    """This database with nothing in it, or another that has nothing."""
    if engine.dialect.name == "sqlite":
        return open_engine("sqlite:///old.db", folder)
    with transaction(engine, writes=True) as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return engine


def write(connection: Connection, table: str, **values: Any) -> None:
    """Insert a row; moments end in `at`."""
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    given = {
        name: value.isoformat(" ", "microseconds")[:26] if name.endswith("at") else value
        for name, value in values.items()
    }
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), given)


def deliver(connection: Connection, number: int, state: str, **values: Any) -> None:
    """Insert a delivery of the post on x-main."""
    write(
        connection,
        "deliveries",
        **{
            "id": number,
            "post_id": 1,
            "account": "x-main",
            "network": "x",
            "state": state,
            "credit": "self",
            "text": "Hello",
            "text_hash": str(number),
            "pinned": False,
            "images": "[]",
            "parts": "[]",
            "dropped": "[]",
            "due_at": START,
            **values,
        },
    )
