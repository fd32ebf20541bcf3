"""Checks that compare values one by one, since SQLite builds a tree of each longer list

The rows stay as they are: the checks accept and refuse the same as before. So SQLite's own text of
the tables is rewritten, as https://sqlite.org/lang_altertable.html (section 7) describes for checks,
instead of a million rows. PostgreSQL needs no change: it compiles both forms to one.
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_MEMBERSHIP = re.compile(r"(\"?\w+\"?)\s+(NOT\s+)?IN\s*\((\s*'[^']*'(?:\s*,\s*'[^']*')*\s*)\)")


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        return
    tables = connection.execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%CHECK%'")
    ).all()
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for name, text in tables:
        connection.execute(
            sa.text("UPDATE sqlite_master SET sql = :text WHERE type = 'table' AND name = :name"),
            {"text": _MEMBERSHIP.sub(_one_by_one, text), "name": name},
        )
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")


def _one_by_one(found: re.Match[str]) -> str:
    column, negated, listed = found.groups()
    sign, joint = (" <> ", " AND ") if negated else (" = ", " OR ")
    values = re.findall(r"'[^']*'", listed)
    return "(" + joint.join(f"{column}{sign}{value}" for value in values) + ")"
