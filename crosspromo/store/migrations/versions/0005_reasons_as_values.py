"""Reasons of holds and faults as values; stored sentences without the commands that were in them"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

COMMANDS = re.compile(
    r"; to go on: crosspromo resume(?: [^\s;]+)?"
    r"|; when it is mended: crosspromo account verify \S+"
    r"| Choose a new time with: crosspromo queue move"
    r"|; say so anew: crosspromo queue event \S+"
    r"|; then: crosspromo queue mark-posted"
    r"|(?<=copy the text) from: crosspromo queue show"
    r"| \(--as partner:[^)\s]+\)"
)
"""Commands in the sentences that were stored before this version."""

AS_VALUES = {
    "sqlite": "json_object('is', 'recorded', 'code', coalesce({0}_code, ''), 'sentence', {0}_values)",
    "postgresql": "json_build_object('is', 'recorded', 'code', coalesce({0}_code, ''), "
    "'sentence', {0}_values)::text",
}
"""SQL by dialect: a stored sentence as a reason of the type `Recorded`."""


def upgrade() -> None:
    _cut("deliveries", "hold_reason", ["id"])
    _cut("deliveries", "fault_message", ["id"])
    _cut("attempts", "detail", ["delivery_id", "number"])
    _cut("audit", "reason", ["id"], "AND act = 'cancel'")  # what a person wrote stays as it is
    op.execute("ALTER TABLE deliveries RENAME COLUMN hold_reason TO hold_values")
    op.execute("ALTER TABLE deliveries RENAME COLUMN fault_message TO fault_values")
    values = AS_VALUES[op.get_context().dialect.name]
    for name in ("hold", "fault"):
        op.execute(
            f"UPDATE deliveries SET {name}_values = {values.format(name)} "
            f"WHERE {name}_values IS NOT NULL"
        )


def _cut(table: str, column: str, keys: list[str], where: str = "") -> None:
    """Remove commands from stored sentences in a column."""
    names = ", ".join(keys)
    looks_like = f"({column} LIKE '%crosspromo %' OR {column} LIKE '%(--as partner\\:%')"
    found = op.get_bind().execute(
        sa.text(f"SELECT {names}, {column} FROM {table} WHERE {looks_like} {where}")
    )
    rows = [(dict(zip(keys, row, strict=False)), COMMANDS.sub("", row[-1])) for row in found.all()]
    same = " AND ".join(f"{key} = :{key}" for key in keys)
    change = sa.text(f"UPDATE {table} SET {column} = :cut WHERE {same}")
    if rows:
        op.get_bind().execute(change, [{**key, "cut": text} for key, text in rows])
