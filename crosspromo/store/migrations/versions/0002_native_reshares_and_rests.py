"""Native reshares, and accounts that rest until their network takes more"""

import sqlalchemy as sa
from alembic import op
from crosspromo.store.sql.types import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "deliveries",
        sa.Column("native", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.add_column("accounts", sa.Column("rests_until", UtcDateTime(), nullable=True))
