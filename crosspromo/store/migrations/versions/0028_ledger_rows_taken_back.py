"""Index over ledger rows that were taken back, for reports of what was known before"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0025"
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
