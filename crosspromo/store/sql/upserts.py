"""INSERT that may meet a row with the same key, on either database."""

from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Table


def insert_into(connection: Connection, table: Table) -> Any:
    """INSERT into the table, to be completed by `on_conflict_do_nothing` or `_do_update`."""
    # Only the dialect in use is imported: importing both takes longer than a short command.
    return import_module(f"sqlalchemy.dialects.{connection.dialect.name}").insert(table)
