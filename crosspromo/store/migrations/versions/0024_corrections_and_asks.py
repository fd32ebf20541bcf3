"""Corrections of announced events, and what partners are asked before an event"""

import sqlalchemy as sa
from alembic import op

from crosspromo.store.sql.types import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_corrections",
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("event_id", sa.Integer(), _asked("events"), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("drafted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "about IN ('cancelled', 'changed')", name=op.f("ck_event_corrections_about")
        ),
    )
    op.create_index(op.f("ix_event_corrections_event_id"), "event_corrections", ["event_id"])
    op.create_table(
        "event_asks",
        sa.Column("event_id", sa.Integer(), _asked("events"), primary_key=True),
        sa.Column("ask", sa.String(), primary_key=True),
        sa.Column("partner_id", sa.Integer(), _asked("partners"), primary_key=True),
        sa.Column("person", sa.Integer(), primary_key=True),
        sa.Column("claimed_by", sa.String()),
        sa.Column("claimed_at", UtcDateTime()),
        sa.Column("told_at", UtcDateTime()),
        sa.Column("error", sa.Text()),
        sa.Column("settled_by", sa.String()),
        sa.CheckConstraint(
            "ask IN ('partners', 'speakers', 'not-shared')", name=op.f("ck_event_asks_ask")
        ),
    )
    op.create_index(op.f("ix_event_asks_partner_id"), "event_asks", ["partner_id"])
    op.create_index(op.f("ix_event_asks_error"), "event_asks", ["error"])
    _find_corrections()


def _asked(table: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", ondelete="CASCADE")


def _find_corrections() -> None:
    """Corrections of cancelled events were known by the reason of their post."""
    op.execute(
        """
        INSERT INTO event_corrections
            (delivery_id, event_id, about, starts_at, zone, all_day, location, drafted_at)
        SELECT d.id, e.id, 'cancelled', e.starts_at, e.zone, e.all_day, e.location, p.created_at
        FROM events e
        JOIN posts p ON p.reason = e.slug || ' was cancelled after we had shared it'
        JOIN deliveries d ON d.post_id = p.id
        WHERE p.kind = 'notice'
        """
    )
