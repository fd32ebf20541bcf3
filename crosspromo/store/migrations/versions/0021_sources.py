"""Sources, and what they suggest"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import EnumMember, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", EnumMember(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("partner_id", sa.Integer(), sa.ForeignKey("partners.id")),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=False),
        sa.Column("tried_at", UtcDateTime()),
        sa.Column("read_at", UtcDateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.Column("etag", sa.String()),
        sa.Column("last_modified", sa.String()),
        sa.Column("latest", sa.JSON(), nullable=False),
        sa.UniqueConstraint("address", name=op.f("uq_sources_address")),
        sa.CheckConstraint("kind IN ('feed', 'alerts')", name=op.f("ck_sources_kind")),
        sa.CheckConstraint(
            "(failures = 0) = (fault IS NULL)", name=op.f("ck_sources_failures_have_fault")
        ),
    )
    op.create_index(op.f("ix_sources_next_at"), "sources", ["next_at"])
    op.create_index(op.f("ix_sources_partner_id"), "sources", ["partner_id"])
    op.create_table(
        "suggestions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "source_id",
            sa.Integer(),
            sa.ForeignKey("sources.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("occasion", EnumMember(), nullable=False),
        sa.Column("partner_id", sa.Integer(), sa.ForeignKey("partners.id", ondelete="SET NULL")),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime()),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("state", EnumMember(), nullable=False),
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("posts.id")),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("decided_by", sa.String()),
        sa.Column("reason", sa.Text()),
        sa.UniqueConstraint("source_id", "identity", name=op.f("uq_suggestions_source_id_identity")),
        sa.CheckConstraint(
            "occasion IN ('share', 'congratulate', 'about-us')",
            name=op.f("ck_suggestions_occasion"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'past', 'used', 'dismissed')", name=op.f("ck_suggestions_state")
        ),
        sa.CheckConstraint(
            "(state IN ('used', 'dismissed')) = (decided_at IS NOT NULL)",
            name=op.f("ck_suggestions_decided_has_time"),
        ),
    )
    op.create_index(op.f("ix_suggestions_state"), "suggestions", ["state", "id"])
    op.create_index(op.f("ix_suggestions_page"), "suggestions", ["page"])
    op.create_index(op.f("ix_suggestions_partner_id"), "suggestions", ["partner_id"])
