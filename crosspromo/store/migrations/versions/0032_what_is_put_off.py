"""An index of what a fault or a wait delays, in place of one of what met a fault"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

PUT_OFF = (
    "state = 'queued' AND hold_code IS NULL AND (fault_code IS NOT NULL OR wake_at != due_at)"
)


def upgrade() -> None:
    op.drop_index("ix_deliveries_postponed", "deliveries")
    op.create_index(
        "ix_deliveries_put_off",
        "deliveries",
        ["state", "due_at", "id"],
        sqlite_where=sa.text(PUT_OFF),
        postgresql_where=sa.text(PUT_OFF),
    )
