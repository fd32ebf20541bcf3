"""Sums of the ledger by the hour, counts of deliveries by state, and a row to lock for all accounts"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("sent", "overridden"):
        op.add_column(
            "ledger", sa.Column(name, sa.Integer(), nullable=False, server_default="0")
        )
    op.execute(
        "UPDATE ledger SET sent = 1 WHERE self > 0 AND delivery_id IN "
        "(SELECT id FROM deliveries WHERE published_at IS NOT NULL)"
    )
    op.execute(
        "UPDATE ledger SET overridden = 1 WHERE sent = 1 AND delivery_id IN "
        "(SELECT id FROM deliveries WHERE override_by IS NOT NULL)"
    )
    op.create_table(
        "ledger_hours",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("hour", UtcDateTime(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("self", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("overridden", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "hour", name=op.f("pk_ledger_hours")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "delivery_counts",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account", "state", name=op.f("pk_delivery_counts")),
        sqlite_with_rowid=False,
    )
    organisation = op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_organisation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.bulk_insert(organisation, [{"id": 1}])
    op.drop_index("ix_deliveries_held", "deliveries")
    op.create_index(
        "ix_deliveries_held",
        "deliveries",
        ["hold_code", "account", "credit", "due_at", "id"],
        sqlite_where=sa.text("hold_code IS NOT NULL"),
        postgresql_where=sa.text("hold_code IS NOT NULL"),
    )
    op.create_index(
        "ix_deliveries_reshared",
        "deliveries",
        ["account", "reshare_of"],
        sqlite_where=sa.text("reshare_of IS NOT NULL"),
        postgresql_where=sa.text("reshare_of IS NOT NULL"),
    )
