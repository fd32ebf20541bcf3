"""Less for a claim and a settlement to write: fewer and smaller indexes, shorter decisions"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


SHORTER = {
    "sqlite": """
        UPDATE attempts SET decision = json_set(decision, '$.checks', json((
            SELECT json_group_object(
                json_extract(value, '$.check'), json_extract(value, '$.sentence')
            )
            FROM json_each(decision, '$.checks')
        )))
        WHERE json_type(decision, '$.checks') = 'array'
    """,
    "postgresql": """
        UPDATE attempts SET decision = json_build_object(
            'checks', coalesce((
                SELECT json_object_agg(passed ->> 'check', passed ->> 'sentence')
                FROM json_array_elements(decision -> 'checks') AS passed
            ), '{}'),
            'override', decision -> 'override',
            'numbers', decision -> 'numbers'
        )
        WHERE json_typeof(decision -> 'checks') = 'array'
    """,
}
"""SQL by dialect: the checks of a decision, a list of named pairs, as sentences by check."""


def upgrade() -> None:
    op.execute(SHORTER[op.get_context().dialect.name])
    op.drop_index("ix_deliveries_clock", "deliveries")
    op.create_index(
        "ix_deliveries_clock",
        "deliveries",
        ["wake_at"],
        sqlite_where=sa.text("state = 'unknown'"),
        postgresql_where=sa.text("state = 'unknown'"),
    )
    op.drop_index("ix_deliveries_text", "deliveries")
    op.create_index("ix_deliveries_text", "deliveries", ["account", "text_hash"])
    op.drop_index("ix_deliveries_wake", "deliveries")
    op.create_index(
        "ix_deliveries_wake",
        "deliveries",
        ["account", "state", "wake_at", "due_at", "id"],
        sqlite_where=sa.text("state IN ('draft', 'queued')"),
        postgresql_where=sa.text("state IN ('draft', 'queued')"),
    )
