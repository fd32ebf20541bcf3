"""Drafts of posts that are written in the console"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compose_drafts",
        sa.Column("token", sa.String(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("posts.id")),
    )
    op.create_index(
        op.f("ix_compose_drafts_person_id"), "compose_drafts", ["person_id", "saved_at"]
    )
