"""Dismissals, tellings, the database's identity, and what is known of accounts and daemons"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import EnumMember, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

POSTPONED = "state = 'queued' AND fault_code IS NOT NULL"
ENDED_BEFORE = "ended before the upgrade to version 0006"


def upgrade() -> None:
    dismissals = op.create_table(
        "dismissals",
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("state", EnumMember(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
    )
    op.create_table(
        "tellings",
        sa.Column("matter", sa.String(), primary_key=True),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("claimed_by", sa.String()),
        sa.Column("claimed_at", UtcDateTime()),
        sa.Column("told_at", UtcDateTime()),
        sa.Column("error", sa.Text()),
    )
    identity = op.create_table(
        "database_identity",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_database_identity_only_one")),
    )
    op.add_column("accounts", sa.Column("identity", sa.String()))
    op.add_column("accounts", sa.Column("clock_offset", sa.Float()))
    op.add_column("workers", sa.Column("trouble", sa.Text()))

    op.create_index(
        "ix_deliveries_postponed",
        "deliveries",
        ["due_at", "id"],
        sqlite_where=sa.text(POSTPONED),
        postgresql_where=sa.text(POSTPONED),
    )
    connection = op.get_bind()
    connection.execute(identity.insert().values(id=1, name=uuid4().hex, beats=0))
    deliveries = sa.table(
        "deliveries", sa.column("id"), sa.column("state", sa.String()), sa.column("attempt")
    )
    ended = sa.select(
        deliveries.c.id,
        deliveries.c.state,
        deliveries.c.attempt,
        sa.func.current_timestamp(),
        sa.literal("crosspromo"),
        sa.literal(ENDED_BEFORE),
    ).where(deliveries.c.state.in_(["failed", "missed", "expired"]))
    names = ["delivery_id", "state", "attempt", "at", "who", "reason"]
    connection.execute(dismissals.insert().from_select(names, ended))
