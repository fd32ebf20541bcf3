"""Partners: archived ones, what imports changed, and what headings mean"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("partners", sa.Column("archived_at", UtcDateTime()))
    op.create_table(
        "partner_imports",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("undone_at", UtcDateTime()),
    )
    op.create_table(
        "partner_import_changes",
        sa.Column(
            "import_id",
            sa.Integer(),
            sa.ForeignKey("partner_imports.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("slug", sa.String(), primary_key=True),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
    )
    op.create_table(
        "sheet_headings",
        sa.Column("heading", sa.String(), primary_key=True),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
    )
