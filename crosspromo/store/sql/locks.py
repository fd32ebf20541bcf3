"""Locks on whole tables that few write, and each time as a whole."""

from sqlalchemy import Connection, Table, text


def lock_out_writers(connection: Connection, table: Table) -> None:
    """Let no other transaction write the table until this one ends; others may read it.

    On SQLite a transaction that writes is alone already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
