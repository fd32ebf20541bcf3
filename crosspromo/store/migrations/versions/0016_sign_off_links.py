"""Links by which partners sign off"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import EnumMember, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_off_links",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("posts.id"), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("called_back_at", UtcDateTime()),
        sa.Column("answer", EnumMember()),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.UniqueConstraint("token", name=op.f("uq_sign_off_links_token")),
        sa.CheckConstraint(
            "answer IN ('yes', 'change', 'no')", name=op.f("ck_sign_off_links_answer")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)",
            name=op.f("ck_sign_off_links_answer_has_time"),
        ),
    )
    op.create_index(op.f("ix_sign_off_links_post_id"), "sign_off_links", ["post_id"])
    op.create_index(
        op.f("ix_sign_off_links_answer"), "sign_off_links", ["answer", "called_back_at"]
    )
