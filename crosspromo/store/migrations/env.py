"""Entry point of Alembic; `crosspromo.store.database.upgrading` passes the connection."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from crosspromo.store.partial_indexes import complete_for_postgresql
from crosspromo.store.schema import metadata
from crosspromo.store.sql.types import UtcDateTime


def render_item(_kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Source text of our own column type in a generated migration."""
    if isinstance(item, UtcDateTime):
        autogenerate.imports.add("from crosspromo.store.sql.types import UtcDateTime")
        return "UtcDateTime()"
    return False


complete_for_postgresql()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
