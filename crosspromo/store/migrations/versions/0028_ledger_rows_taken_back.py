"""Index over ledger rows that were taken back, for reports, and mails of reports"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    taken_back = sa.text("taken_back_at IS NOT NULL")
    op.create_index(
        "ix_ledger_taken_back",
        "ledger",
        ["at"],
        sqlite_where=taken_back,
        postgresql_where=taken_back,
    )
    op.create_table(
        "report_mails",
        sa.Column("month", sa.String, primary_key=True),
        sa.Column("partner", sa.String, primary_key=True),
        sa.Column("address", sa.String, primary_key=True),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("claimed_by", sa.String),
        sa.Column("claimed_at", UtcDateTime, nullable=False),
        sa.Column("told_at", UtcDateTime),
        sa.Column("error", sa.Text),
        sa.Index("ix_report_mails_error", "error"),
    )
