"""Steps of ladders and tones of posts, and flyers of events"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("step", sa.String()))
    op.add_column("posts", sa.Column("tone", sa.String()))
    op.add_column("events", sa.Column("image", sa.JSON()))
