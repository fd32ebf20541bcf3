"""Texts known again by the wider rule, and how a network reads the texts of a delivery"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op
from crosspromo.domain.duplicates import text_hash
from crosspromo.domain.posts import Content

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

AT_A_TIME = 1_000
"""Deliveries whose hashes are worked out between two queries."""


def upgrade() -> None:
    # Texts from before go out as they were previewed and approved: as they are.
    op.add_column(
        "deliveries", sa.Column("plain", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "deliveries", sa.Column("addresses", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
    _hash_anew()


def _hash_anew() -> None:
    """Work out the hash of each text anew: case, white space, punctuation and tracking are gone."""
    connection = op.get_bind()
    deliveries = sa.table(
        "deliveries",
        *(sa.column(name) for name in ("id", "text", "title", "reshare_of", "text_hash")),
        sa.column("native", sa.Boolean()),
    )
    after = sa.select(
        *(deliveries.c[name] for name in ("id", "text", "title", "reshare_of", "native"))
    ).order_by(deliveries.c.id)
    change = (
        deliveries.update()
        .where(deliveries.c.id == sa.bindparam("delivery"))
        .values(text_hash=sa.bindparam("hashed"))
    )
    last = 0
    while rows := connection.execute(
        after.where(deliveries.c.id > last).limit(AT_A_TIME)
    ).mappings().all():
        last = rows[-1]["id"]
        connection.execute(change, _hashes(rows))


def _hashes(rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "delivery": row["id"],
            "hashed": text_hash(
                Content(
                    row["text"],
                    title=row["title"],
                    reshare_of=row["reshare_of"],
                    native=row["native"],
                )
            ),
        }
        for row in rows
    ]
