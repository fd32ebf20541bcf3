"""Attempts without the fingerprint of their content, which nobody read"""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Alembic would copy the table on SQLite; all databases know this statement themselves.
    op.execute("ALTER TABLE attempts DROP COLUMN fingerprint")
