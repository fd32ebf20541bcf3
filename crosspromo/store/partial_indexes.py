"""The indexes over part of a table, for migrations and for what checks them.

They stand apart from the tables because only whoever builds a database needs them, and naming a
condition for PostgreSQL loads all that SQLAlchemy knows of PostgreSQL.
"""

from sqlalchemy import ColumnElement, Index, Table, text

from crosspromo.store.schema import deliveries, is_sending, is_unknown, ledger, waits


def _index(
    table: Table, name: str, *columns: str, where: str | ColumnElement[bool], unique: bool = False
) -> None:
    condition = text(where) if isinstance(where, str) else where
    Index(
        name,
        *(table.c[column] for column in columns),
        unique=unique,
        sqlite_where=condition,
        postgresql_where=condition,
    )


# What cannot be told, by when it is looked up next.
_index(deliveries, "ix_deliveries_clock", "wake_at", where=is_unknown())

# What is due on an account, oldest first, and whatever else is to go out there. A claim takes its
# delivery out of it, and settling that writes nothing here.
_index(
    deliveries,
    "ix_deliveries_wake",
    *("account", "state", "wake_at", "due_at", "id"),
    where=waits(),
)

# The oldest held one, when the ledger moves.
_index(
    deliveries,
    "ix_deliveries_held",
    *("hold_code", "account", "credit", "due_at", "id"),
    where="hold_code IS NOT NULL",
)

# Whose post the account has shared already.
_index(
    deliveries,
    "ix_deliveries_reshared",
    *("account", "reshare_of"),
    where="reshare_of IS NOT NULL",
)

# What went out lately on an account: caps, gaps and budgets.
_index(
    deliveries, "ix_deliveries_sent", *("account", "sent_at", "cost"), where="sent_at IS NOT NULL"
)

# One at a time on an account, whatever the code above it believes.
_index(deliveries, "uq_deliveries_in_flight", "account", where=is_sending(), unique=True)

# The same outside post is never counted twice, and a balance is opened once.
_index(
    ledger,
    "uq_ledger_remote_id",
    *("account", "remote_id"),
    where="remote_id IS NOT NULL",
    unique=True,
)
_index(ledger, "uq_ledger_opening", "account", where="origin = 'opening'", unique=True)
