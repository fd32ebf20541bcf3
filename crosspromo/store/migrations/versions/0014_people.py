"""People with sessions and links, approvals of people signed in, the audit by subject, undo"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import EnumMember, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "approvals",
        sa.Column("signed_in", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mail", sa.String()),
        sa.Column("role", EnumMember(), nullable=False),
        sa.Column("password", sa.String()),
        sa.Column("second_step", sa.Text()),
        sa.Column("last_code", sa.Integer()),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime()),
        sa.UniqueConstraint("key", name=op.f("uq_people_key")),
        sa.UniqueConstraint("mail", name=op.f("uq_people_mail")),
        sa.CheckConstraint(
            "role IN ('reader', 'author', 'approver', 'admin')", name=op.f("ck_people_role")
        ),
    )
    op.create_table(
        "one_time_links",
        sa.Column("token", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("purpose", EnumMember(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "purpose IN ('invitation', 'reset')", name=op.f("ck_one_time_links_purpose")
        ),
    )
    op.create_index(op.f("ix_one_time_links_person_id"), "one_time_links", ["person_id"])
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
    )
    op.create_index(op.f("ix_audit_subject"), "audit", ["subject", "id"])
    op.create_index(op.f("ix_sessions_person_id"), "sessions", ["person_id"])
    op.create_table(
        "undoable_acts",
        sa.Column("delivery_id", sa.Integer(), sa.ForeignKey("deliveries.id"), primary_key=True),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("act", EnumMember(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("state", EnumMember(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("moved_to", UtcDateTime()),
    )
    op.create_index(op.f("ix_undoable_acts_who"), "undoable_acts", ["who", "at"])
