"""Times in the future, which a clock that was ahead has left, or that a clock behind sees.

The times of posts are facts and stay as they are. Waits are no facts: a wait that is longer than
any rule gives is shortened.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select, union_all, update

from crosspromo.domain.backoff import LONGEST_REST
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.ledger import Origin
from crosspromo.store.queue.counts import DeliveryCounts
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.schema import (
    IS_COUNTED,
    accounts,
    deliveries,
    is_put_off,
    is_sending,
    is_unknown,
    ledger,
    workers,
)

MOST_COUNTED = 1_000
"""Posts of each kind that are counted: with a clock years behind all of them are in the future."""

LongestWait = Callable[[Delivery], timedelta | None]
"""Longest time from now to the next look at a delivery; None: not known."""


class DatedAhead:
    """Times in the future within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def posts(self, after: datetime) -> tuple[int, datetime | None]:
        """Number of posts dated later than `after`, and the latest time; None without any.

        Outside posts and deliveries; at most MOST_COUNTED of each kind are counted.
        """
        # By account: the index of sends leads from the account to the time.
        known = select(accounts.c.name)
        sent = select(deliveries.c.sent_at).where(
            deliveries.c.account.in_(known),
            deliveries.c.sent_at.is_not(None),
            deliveries.c.sent_at > after,
        )
        outside = select(ledger.c.at).where(
            IS_COUNTED, ledger.c.origin != Origin.DELIVERY, ledger.c.at > after
        )
        parts = []
        for query in sent, outside:
            column = query.selected_columns[0]
            some = query.order_by(column.desc()).limit(MOST_COUNTED).subquery()
            parts.append(select(some.c[0]))
        found = self._connection.execute(union_all(*parts)).scalars().all()
        return len(found), max(found, default=None)

    def next_partner_post(self, after: datetime) -> datetime | None:
        """Earliest time later than `after` from which a partner post counts; None without any."""
        query = select(func.min(ledger.c.at)).where(
            IS_COUNTED, ledger.c.at > after, ledger.c.others > 0
        )
        return self._connection.execute(query).scalar_one_or_none()

    def shorten_waits(self, now: datetime, longest_wait: LongestWait) -> None:
        """End rests, look-ups and leases that are later than any rule gives.

        A rest is bounded by LONGEST_REST. A look-up or a lease gets the whole of
        `longest_wait` from now on: a look-up that comes early proves nothing, and a send that may
        be under way is not called abandoned. A daemon that was heard of tomorrow is heard of now.
        """
        latest = now + LONGEST_REST
        self._connection.execute(
            update(accounts).where(accounts.c.rests_until > latest).values(rests_until=latest)
        )
        for condition in is_sending(), is_unknown():
            self._shorten(condition, now, longest_wait)
        self._connection.execute(
            update(workers).where(workers.c.seen_at > now + timedelta(days=1)).values(seen_at=now)
        )

    def retry_postponed(self, now: datetime) -> None:
        """Have tries made now that are later than any rule gives.

        A retry after a fault may be LONGEST_REST away. Without a fault and a hold, a delivery past
        its due time was released, or found absent, at the time for which it waits.
        """
        latest = now + LONGEST_REST
        postponed = (
            is_put_off(),
            deliveries.c.fault_code.is_not(None),
            deliveries.c.wake_at > latest,
            deliveries.c.wake_at > deliveries.c.due_at,
        )
        self._connection.execute(update(deliveries).where(*postponed).values(wake_at=now))
        untried = (
            is_put_off(),
            deliveries.c.fault_code.is_(None),
            deliveries.c.wake_at > now,
            deliveries.c.wake_at > deliveries.c.due_at,
        )
        self._connection.execute(
            update(deliveries).where(*untried).values(wake_at=deliveries.c.due_at)
        )

    def _shorten(
        self, condition: ColumnElement[bool], now: datetime, longest_wait: LongestWait
    ) -> None:
        """Shorten the waits of deliveries in doubt or in flight, of which there are few."""
        counts = DeliveryCounts(self._connection)
        later = condition, deliveries.c.wake_at > now
        for delivery in Deliveries(self._connection, counts).some(*later):
            longest = longest_wait(delivery)
            if longest is None or delivery.wake_at is None or delivery.wake_at <= now + longest:
                continue
            as_read = deliveries.c.id == delivery.id, deliveries.c.wake_at == delivery.wake_at
            self._connection.execute(
                update(deliveries).where(condition, *as_read).values(wake_at=now + longest)
            )
