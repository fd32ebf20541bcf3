"""Campaigns, which group posts and events, and notes on posts"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_day", sa.String()),
        sa.Column("last_day", sa.String()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.UniqueConstraint("slug", name=op.f("uq_campaigns_slug")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_campaigns_ends_after_begin")),
    )
    # Alembic adds a foreign key by itself, which SQLite cannot: here the column brings it.
    for table in ("events", "posts"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN campaign_id INTEGER"
            f" CONSTRAINT fk_{table}_campaign_id REFERENCES campaigns (id)"
        )
        op.create_index(op.f(f"ix_{table}_campaign_id"), table, ["campaign_id"])
    op.add_column(
        "posts", sa.Column("note", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
