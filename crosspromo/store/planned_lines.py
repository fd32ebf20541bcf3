"""What planning placed, and what people skipped, in the store; each item by its key."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, Row, delete, func, literal, select

from crosspromo.domain.planned import BY_PLANNING, PlannedLine
from crosspromo.domain.states import State
from crosspromo.store.schema import (
    IS_COUNTED,
    deliveries,
    events,
    plan_runs,
    plan_skips,
    planned_lines,
    posts,
)
from crosspromo.store.schema import ledger as ledger_rows

ANY_DRAFTS = (
    select(literal(1).label("is_so"))
    .where(
        deliveries.c.state == State.DRAFT,
        select(planned_lines.c.key)
        .where(
            planned_lines.c.delivery_id == deliveries.c.id,
            planned_lines.c.placed_by == BY_PLANNING,
        )
        .exists(),
    )
    .limit(1)
)
"""SQL: one row if any draft was made by the daemon's planning."""


class PlannedLines:
    """Planned and skipped items within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, lines: Sequence[PlannedLine]) -> None:
        """Store lines, each in the place of an earlier one of its key."""
        if not lines:
            return
        keys = [line.key for line in lines]
        self._connection.execute(delete(planned_lines).where(planned_lines.c.key.in_(keys)))
        self._connection.execute(
            planned_lines.insert(),
            [
                {
                    "key": line.key,
                    "delivery_id": line.delivery,
                    "mark": line.mark,
                    "placed_at": line.placed_at,
                    "placed_by": line.placed_by,
                }
                for line in lines
            ],
        )

    def since(self, moment: datetime) -> Mapping[str, PlannedLine]:
        """Lines placed after the moment, by key."""
        query = select(planned_lines).where(planned_lines.c.placed_at > moment)
        return {row.key: _line(row) for row in self._connection.execute(query)}

    def skip(self, key: str, at: datetime, who: str) -> None:
        """Remember that a person does not want to have an item proposed."""
        self._connection.execute(delete(plan_skips).where(plan_skips.c.key == key))
        values = {"key": key, "skipped_at": at, "skipped_by": who}
        self._connection.execute(plan_skips.insert().values(values))

    def skipped_since(self, moment: datetime) -> frozenset[str]:
        """Keys of items that were skipped after the moment."""
        query = select(plan_skips.c.key).where(plan_skips.c.skipped_at > moment)
        return frozenset(self._connection.execute(query).scalars())

    def claim(self, due_at: datetime, now: datetime) -> bool:
        """Note that the plan of this time is made; False: it has been made already."""
        # Only the dialect in use is imported, as in `tellings`.
        dialect = import_module(f"sqlalchemy.dialects.{self._connection.dialect.name}")
        row = {"due_at": due_at, "planned_at": now}
        added = self._connection.execute(
            dialect.insert(plan_runs).values(row).on_conflict_do_nothing(),
            execution_options={"preserve_rowcount": True},
        )
        return bool(added.rowcount)

    def was_made(self, due_at: datetime) -> bool:
        """Whether the plan of this time has been made."""
        query = select(plan_runs.c.due_at).where(plan_runs.c.due_at == due_at)
        return self._connection.execute(query).first() is not None

    def drafts(self, placed_by: str, since: datetime) -> tuple[int, datetime | None]:
        """Number of drafts that were placed by this name after `since`, and when the first was."""
        query = (
            select(func.count(), func.min(planned_lines.c.placed_at))
            .join_from(planned_lines, deliveries, deliveries.c.id == planned_lines.c.delivery_id)
            .where(
                planned_lines.c.placed_at > since,
                planned_lines.c.placed_by == placed_by,
                deliveries.c.state == State.DRAFT,
            )
        )
        total, first = self._connection.execute(query).one()
        return int(total), first

    def counted(self, since: datetime) -> Sequence[tuple[str, datetime, int, int, int | None]]:
        """Rows of the ledger that count, later than `since`.

        Of each the account, the time, what it counts (others, self), and the id of its delivery;
        None: the post was made without crosspromo.
        """
        row = ledger_rows.c
        query = select(row.account, row.at, row.others, row.self, row.delivery_id)
        found = self._connection.execute(query.where(IS_COUNTED, row.at > since).order_by(row.at))
        return [(account, at, others, self_, of) for account, at, others, self_, of in found]

    def steps(self, events_: Sequence[str]) -> frozenset[tuple[str, str, str]]:
        """Steps of ladders of these events that were queued or sent, and not given up since.

        Of each the slug of the event, the step and the account.
        """
        query = (
            select(events.c.slug, posts.c.step, deliveries.c.account)
            .join_from(events, posts, posts.c.event_id == events.c.id)
            .join(deliveries, deliveries.c.post_id == posts.c.id)
            .where(
                events.c.slug.in_(events_),
                posts.c.step.is_not(None),
                deliveries.c.state != State.CANCELLED,
            )
            .distinct()
        )
        rows = self._connection.execute(query) if events_ else ()
        return frozenset((slug, step, account) for slug, step, account in rows)

    def sent_ids(self, accounts: Iterable[str], since: datetime) -> Sequence[int]:
        """Ids of deliveries of the accounts that were sent, or may have been, after `since`."""
        query = select(deliveries.c.id).where(
            deliveries.c.account.in_(list(accounts)),
            deliveries.c.sent_at.is_not(None),
            deliveries.c.sent_at > since,
        )
        return list(self._connection.execute(query.order_by(deliveries.c.id)).scalars())


def _line(row: Row[Any]) -> PlannedLine:
    return PlannedLine(row.key, row.delivery_id, row.mark, row.placed_at, row.placed_by)
