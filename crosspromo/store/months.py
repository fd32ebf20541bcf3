"""Months: what went out, what a person released, and what did not go out, between two times."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from crosspromo.domain.states import State
from crosspromo.store.queue.attention import ENDED_UNSENT
from crosspromo.store.schema import IS_COUNTED, deliveries, ledger


class CountedRow(NamedTuple):
    """Ledger row with its columns; `sent` and `overridden` as in the table."""

    account: str
    at: datetime
    others: int
    self_: int
    sent: int
    overridden: int


class ReleasedPost(NamedTuple):
    """Self post that went out because a person released it past the ratio, with the reason."""

    post: int
    account: str
    at: datetime
    title: str | None
    text: str
    who: str
    reason: str


class UnsentPost(NamedTuple):
    """Delivery that was due, and failed, was missed or expired."""

    post: int
    account: str
    due_at: datetime
    title: str | None
    text: str
    state: State


class Months:
    """Reads a stretch of time within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counted(self, after: datetime, until: datetime) -> Sequence[CountedRow]:
        """Ledger rows that count, later than `after` and not later than `until`."""
        columns = ledger.c.account, ledger.c.at, ledger.c.others, ledger.c.self
        query = select(*columns, ledger.c.sent, ledger.c.overridden).where(
            IS_COUNTED, ledger.c.at > after, ledger.c.at <= until
        )
        return [CountedRow(*row) for row in self._connection.execute(query)]

    def released(self, begins: datetime, until: datetime) -> Sequence[ReleasedPost]:
        """Released posts that went out from `begins` until `until`, in order of time."""
        query = (
            select(
                deliveries.c.post_id,
                deliveries.c.account,
                ledger.c.at,
                deliveries.c.title,
                deliveries.c.text,
                func.coalesce(deliveries.c.override_by, ""),
                func.coalesce(deliveries.c.override_reason, ""),
            )
            .join(deliveries, deliveries.c.id == ledger.c.delivery_id)
            .where(
                IS_COUNTED,
                ledger.c.at >= begins,
                ledger.c.at <= until,
                ledger.c.self > 0,
                ledger.c.overridden > 0,
            )
            .order_by(ledger.c.at, ledger.c.id)
        )
        return [ReleasedPost(*row) for row in self._connection.execute(query)]

    def unsent(
        self, begins: datetime, until: datetime, most: int
    ) -> tuple[Sequence[UnsentPost], int]:
        """The first `most` deliveries due then that did not go out, and how many there are."""
        where = (
            deliveries.c.state.in_(ENDED_UNSENT),
            deliveries.c.due_at >= begins,
            deliveries.c.due_at <= until,
        )
        columns = deliveries.c.post_id, deliveries.c.account, deliveries.c.due_at
        words = deliveries.c.title, deliveries.c.text, deliveries.c.state
        query = select(*columns, *words).where(*where)
        query = query.order_by(deliveries.c.due_at, deliveries.c.id).limit(most + 1)
        found = [
            UnsentPost(post, account, due_at, title, text, State(state))
            for post, account, due_at, title, text, state in self._connection.execute(query)
        ]
        if len(found) <= most:
            return found, len(found)
        total = self._connection.execute(select(func.count(deliveries.c.id)).where(*where))
        return found[:most], int(total.scalar_one())
