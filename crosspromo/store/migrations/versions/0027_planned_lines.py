"""What planning placed, and what people do not want to have proposed"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_lines",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("placed_at", UtcDateTime(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
    )
    op.create_index(op.f("ix_planned_lines_delivery_id"), "planned_lines", ["delivery_id"])
    op.create_index(op.f("ix_planned_lines_placed_at"), "planned_lines", ["placed_at"])
    op.create_table(
        "plan_skips",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("skipped_at", UtcDateTime(), nullable=False),
        sa.Column("skipped_by", sa.String(), nullable=False),
    )
    op.create_index(op.f("ix_plan_skips_skipped_at"), "plan_skips", ["skipped_at"])
    op.create_table(
        "plan_runs",
        sa.Column("due_at", UtcDateTime(), primary_key=True),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
    )
