"""A pause whose reason may follow"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("pauses") as pauses:
        pauses.alter_column("reason", existing_type=sa.Text(), nullable=True)
