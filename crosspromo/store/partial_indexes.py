"""Partial indexes, for migrations and migration tests.

They are not in `schema` because only the building of a database needs them. Conditions for
PostgreSQL are set by `complete_for_postgresql` alone: they make SQLAlchemy import its PostgreSQL
dialect, which databases in memory do without.
"""

from sqlalchemy import ColumnElement, Index, Table, TextClause, text

from crosspromo.store.schema import (
    deliveries,
    delivery_holds,
    delivery_needs,
    delivery_photos,
    is_draft_or_queued,
    is_put_off,
    is_sending,
    is_unknown,
    ledger,
    policies,
)

_CONDITIONS: list[tuple[Index, TextClause | ColumnElement[bool]]] = []


def _index(
    table: Table, name: str, *columns: str, where: str | ColumnElement[bool], unique: bool = False
) -> None:
    condition = text(where) if isinstance(where, str) else where
    index = Index(
        name, *(table.c[column] for column in columns), unique=unique, sqlite_where=condition
    )
    _CONDITIONS.append((index, condition))


def complete_for_postgresql() -> None:
    """Give the indexes their conditions on PostgreSQL, too."""
    for index, condition in _CONDITIONS:
        index.dialect_kwargs["postgresql_where"] = condition


# Unknown deliveries, by the time of their next look-up.
_index(deliveries, "ix_deliveries_clock", "wake_at", where=is_unknown())

# Draft and queued deliveries of an account, oldest due first. A claim removes its delivery from the
# index; the settlement then writes nothing here.
_index(
    deliveries,
    "ix_deliveries_wake",
    *("account", "state", "wake_at", "due_at", "id"),
    where=is_draft_or_queued(),
)

# Queued deliveries that a fault or a wait delays. What goes out in time is never in it.
_index(deliveries, "ix_deliveries_put_off", *("state", "due_at", "id"), where=is_put_off())

# Oldest held delivery, to be woken when the ledger changes.
_index(
    deliveries,
    "ix_deliveries_held",
    *("hold_code", "account", "credit", "due_at", "id"),
    where="hold_code IS NOT NULL",
)

# Posts that the account has reshared.
_index(
    deliveries,
    "ix_deliveries_reshared",
    *("account", "reshare_of"),
    where="reshare_of IS NOT NULL",
)

# Latest sends of an account, for caps, gaps and budgets.
_index(
    deliveries, "ix_deliveries_sent", *("account", "sent_at", "cost"), where="sent_at IS NOT NULL"
)

# At most one delivery of an account in flight, enforced by the database.
_index(deliveries, "uq_deliveries_in_flight", "account", where=is_sending(), unique=True)

# Ledger rows that count, in a window. Rows that were taken back cost no work here.
_index(
    ledger,
    "ix_ledger_account_window",
    *("account", "at", "others", "self"),
    where="taken_back_at IS NULL",
)
_index(ledger, "ix_ledger_window", *("at", "others", "self"), where="taken_back_at IS NULL")

# Ledger rows that were taken back, for reports of what was known before.
_index(ledger, "ix_ledger_taken_back", "at", where="taken_back_at IS NOT NULL")

# Outside posts of a partner, for the last one.
_index(ledger, "ix_ledger_partner", *("partner_id", "at"), where="partner_id IS NOT NULL")

# A delivery and an outside post count once, and an account has one opening balance.
_index(
    ledger,
    "uq_ledger_delivery",
    "delivery_id",
    where="delivery_id IS NOT NULL AND taken_back_at IS NULL",
    unique=True,
)
_index(
    ledger,
    "uq_ledger_remote_id",
    *("account", "remote_id"),
    where="remote_id IS NOT NULL AND taken_back_at IS NULL",
    unique=True,
)
_index(
    ledger,
    "uq_ledger_opening",
    "account",
    where="origin = 'opening' AND taken_back_at IS NULL",
    unique=True,
)

# A delivery has one hold at a time.
_index(
    delivery_holds, "uq_delivery_holds_open", "delivery_id", where="ended_at IS NULL", unique=True
)

# An account has one policy in force, and the organisation one floor.
_index(policies, "uq_policies_in_force", "account", where="until IS NULL", unique=True)

# Deliveries that had gone out by a permission or a consent that was withdrawn since.
_index(
    delivery_needs,
    "ix_delivery_needs_withdrawn",
    "delivery_id",
    where="withdrawn_at IS NOT NULL",
)
_index(
    delivery_photos,
    "ix_delivery_photos_withdrawn",
    "delivery_id",
    where="withdrawn_at IS NOT NULL",
)
