"""What a template's text was made of, so that a changed event can make it anew"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("making", sa.JSON()))
    op.add_column("deliveries", sa.Column("composed", sa.String()))
