"""Forecasts with what they rest on, posts that go when they are allowed, and judged settings"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "deliveries",
        sa.Column("when_allowed", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.create_table(
        "forecasts",
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime()),
        sa.Column("reason", sa.Text()),
        sa.Column("held_at", UtcDateTime()),
        sa.Column("hangs_on", sa.String()),
        sa.Column("other_delivery", sa.Integer()),
        sa.Column("other_account", sa.String()),
    )
    op.create_table(
        "forecast_basis",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("played_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_forecast_basis_only_one")),
    )
    op.create_table(
        "judged_settings",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_judged_settings_only_one")),
    )
