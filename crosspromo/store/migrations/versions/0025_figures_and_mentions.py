"""Figures of posts, followers and mentions, and what networks told of partners"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

FIGURES = ("likes", "reposts", "replies", "quotes", "views")


def upgrade() -> None:
    op.add_column("received", sa.Column("observed", sa.String()))
    op.create_index(op.f("uq_received_observed"), "received", ["observed"], unique=True)
    op.create_table(
        "account_readings",
        sa.Column("account", sa.String(), primary_key=True),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", UtcDateTime()),
        sa.Column("fault", sa.Text()),
        sa.Column("cursor", sa.Text()),
        sa.Column("listened_at", UtcDateTime()),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(failures = 0) = (fault IS NULL)", name=op.f("ck_account_readings_failures_have_fault")
        ),
    )
    op.create_table(
        "figures",
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("measured_at", UtcDateTime()),
        sa.Column("gone_at", UtcDateTime()),
        *(sa.Column(name, sa.Integer()) for name in FIGURES),
        sa.CheckConstraint(
            "gone_at IS NULL OR due_at IS NULL", name=op.f("ck_figures_gone_is_not_due")
        ),
    )
    op.create_index(op.f("ix_figures_due_at"), "figures", ["account", "due_at"])
    op.create_index(op.f("ix_figures_published_at"), "figures", ["account", "published_at"])
    op.create_table(
        "figure_history",
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("measured_at", UtcDateTime(), primary_key=True),
        *(sa.Column(name, sa.Integer()) for name in FIGURES),
    )
    op.create_table(
        "followers",
        sa.Column("account", sa.String(), primary_key=True),
        sa.Column("day", sa.String(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("measured_at", UtcDateTime(), nullable=False),
    )
    op.create_table(
        "mentions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("partner_id", sa.Integer(), sa.ForeignKey("partners.id", ondelete="SET NULL")),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("check_at", UtcDateTime()),
        sa.UniqueConstraint("account", "remote_id", name=op.f("uq_mentions_account_remote_id")),
    )
    op.create_index(op.f("ix_mentions_check_at"), "mentions", ["account", "check_at"])
    op.create_index(op.f("ix_mentions_latest"), "mentions", ["account", "at", "id"])
    op.create_index(op.f("ix_mentions_at"), "mentions", ["at"])
    op.create_index(op.f("ix_mentions_partner_id"), "mentions", ["partner_id"])
