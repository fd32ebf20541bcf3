"""Tellings in the store: which matter was told by which channel, and who tells it now.

A telling is claimed, in a transaction of its own, before anything is told: of two daemons one wins.
"""

from importlib import import_module
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from crosspromo.domain.notices import Telling
from crosspromo.store.schema import tellings


class Tellings:
    """Tellings of matters that last. The column `matter` holds channel and key, with a space."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Telling]:
        """All tellings, by channel and key."""
        rows = self._connection.execute(select(tellings).order_by(tellings.c.matter))
        return [_telling(row) for row in rows]

    def claim(self, new: Telling, last: Telling | None) -> bool:
        """Claim a telling: a first one (`last` None), or one more after the last as it was read.

        False where another worker was faster, or has told it meanwhile.
        """
        if last is None:
            # Only the dialect in use is imported: importing both takes longer than a short command.
            dialect = import_module(f"sqlalchemy.dialects.{self._connection.dialect.name}")
            row = {
                "matter": _matter(new),
                "since": new.since,
                "claimed_by": new.claimed_by,
                "claimed_at": new.claimed_at,
            }
            statement = dialect.insert(tellings).values(row).on_conflict_do_nothing()
        else:
            statement = (
                update(tellings)
                .where(_as_read(last), tellings.c.told_at.is_(None))
                .values(claimed_by=new.claimed_by, claimed_at=new.claimed_at)
            )
        keeping_count = {"preserve_rowcount": True}  # PostgreSQL's is lost for an INSERT otherwise
        done = self._connection.execute(statement, execution_options=keeping_count)
        return done.rowcount > 0

    def end(self, claimed: Telling, ended: Telling) -> None:
        """Record what came of a claimed telling, unless another worker has taken it over."""
        self._connection.execute(
            update(tellings)
            .where(_as_read(claimed))
            .values(claimed_by=ended.claimed_by, told_at=ended.told_at, error=ended.error)
        )

    def forget(self, telling: Telling) -> None:
        """Delete a telling, so that the matter is told anew, unless it was claimed since."""
        self._connection.execute(delete(tellings).where(_as_read(telling)))


def _matter(telling: Telling) -> str:
    return f"{telling.channel} {telling.key}"


def _as_read(telling: Telling) -> ColumnElement[bool]:
    """SQL: the row still has the claim that was read."""
    return (
        (tellings.c.matter == _matter(telling))
        & tellings.c.claimed_by.is_not_distinct_from(telling.claimed_by)
        & (tellings.c.claimed_at == telling.claimed_at)
    )


def _telling(row: Row[Any]) -> Telling:
    channel, _, key = row.matter.partition(" ")
    return Telling(channel, key, row.since, row.claimed_by, row.claimed_at, row.told_at, row.error)
