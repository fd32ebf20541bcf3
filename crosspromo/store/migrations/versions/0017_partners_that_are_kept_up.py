"""What is known of partners, their diary, and slugs that were merged"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import EnumMember, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    empty, none = sa.text("''"), sa.text("'[]'")
    for name in ("owner", "support"):
        op.add_column(
            "partners", sa.Column(name, sa.String(), nullable=False, server_default=empty)
        )
    for name in ("goals", "languages", "needs", "offers"):
        op.add_column("partners", sa.Column(name, sa.JSON(), nullable=False, server_default=none))
    for name in ("cadence_days", "most_posts", "most_posts_days", "notice_hours"):
        op.add_column("partners", sa.Column(name, sa.Integer()))
    op.create_table(
        "partner_terms",
        sa.Column("id", sa.Integer(), primary_key=True),
        _partner(),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime()),
        sa.CheckConstraint("until >= since", name=op.f("ck_partner_terms_ends_after_begin")),
    )
    op.create_index(
        op.f("ix_partner_terms_partner_id"), "partner_terms", ["partner_id", "field", "since"]
    )
    op.create_table(
        "partner_entries",
        sa.Column("id", sa.Integer(), primary_key=True),
        _partner(),
        sa.Column("kind", EnumMember(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("last_day", sa.String()),
        sa.Column("side", sa.String()),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("closed_by", sa.String()),
        sa.Column("outcome", sa.String()),
        sa.CheckConstraint(
            "kind IN ('note', 'milestone', 'contact', 'follow-up', 'promise', 'blackout')",
            name=op.f("ck_partner_entries_kind"),
        ),
        sa.CheckConstraint(
            "(kind = 'blackout') = (last_day IS NOT NULL)",
            name=op.f("ck_partner_entries_blackout_has_end"),
        ),
        sa.CheckConstraint(
            "(kind = 'promise') = (side IS NOT NULL)",
            name=op.f("ck_partner_entries_promise_has_side"),
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)",
            name=op.f("ck_partner_entries_closed_by_somebody"),
        ),
    )
    op.create_index(
        op.f("ix_partner_entries_partner_id"), "partner_entries", ["partner_id", "kind", "day"]
    )
    op.create_index(
        op.f("ix_partner_entries_kind"), "partner_entries", ["kind", "closed_at", "day"]
    )
    op.create_table(
        "merged_partners",
        sa.Column("slug", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        _partner(),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
    )
    op.create_index(op.f("ix_merged_partners_partner_id"), "merged_partners", ["partner_id"])
    op.create_table(
        "received",
        sa.Column("id", sa.Integer(), primary_key=True),
        _partner(),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("account", sa.String()),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
    )
    op.create_index(op.f("ix_received_partner_id"), "received", ["partner_id", "at"])
    op.create_index(op.f("ix_received_at"), "received", ["at", "id"])
    names_partner = sa.text("partner_id IS NOT NULL")
    op.create_index(
        "ix_ledger_partner",
        "ledger",
        ["partner_id", "at"],
        sqlite_where=names_partner,
        postgresql_where=names_partner,
    )


def _partner() -> "sa.Column[int]":
    return sa.Column(
        "partner_id",
        sa.Integer(),
        sa.ForeignKey("partners.id", ondelete="CASCADE"),
        nullable=False,
    )
