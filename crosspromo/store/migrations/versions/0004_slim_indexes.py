"""Fewer and smaller indexes of deliveries, for a claim and a settlement to rewrite"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_deliveries_clock", "deliveries")
    op.create_index(
        "ix_deliveries_clock",
        "deliveries",
        ["wake_at"],
        sqlite_where=sa.text("state = 'unknown'"),
        postgresql_where=sa.text("state = 'unknown'"),
    )
    op.drop_index("ix_deliveries_text", "deliveries")
    op.create_index("ix_deliveries_text", "deliveries", ["account", "text_hash"])
    op.drop_index("ix_deliveries_wake", "deliveries")
    op.create_index(
        "ix_deliveries_wake",
        "deliveries",
        ["account", "state", "wake_at", "due_at", "id"],
        sqlite_where=sa.text("state IN ('draft', 'queued')"),
        postgresql_where=sa.text("state IN ('draft', 'queued')"),
    )
