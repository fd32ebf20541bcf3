"""Deliveries of the editorial calendar: all open ones, and those that were sent of late."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from crosspromo.domain.values import Value
from crosspromo.store.queue.listing import UNFINISHED
from crosspromo.store.schema import accounts, deliveries, waits_to_be_allowed


class Times(Value, frozen=True):
    """Times between which deliveries are due or were sent, aware; `until` is not included.

    None: no bound. A delivery without a time of its own is within them only if both are None.
    """

    due_since: datetime | None
    due_until: datetime | None
    sent_since: datetime
    sent_until: datetime


def editorial_ids(connection: Connection, times: Times, most: int) -> Sequence[int]:
    """Ids of at most `most` deliveries: open ones in the order they were queued, then sent ones,
    the latest first.
    """
    open_ = select(deliveries.c.id).where(deliveries.c.state.in_(UNFINISHED))
    if times.due_since is not None:
        open_ = open_.where(deliveries.c.due_at >= times.due_since)
    if times.due_until is not None:
        open_ = open_.where(deliveries.c.due_at < times.due_until)
    if times.due_since is not None or times.due_until is not None:
        open_ = open_.where(~waits_to_be_allowed())
    # Accounts are named: the index of sent deliveries begins with them.
    names = connection.execute(select(accounts.c.name)).scalars().all()
    sent = (
        select(deliveries.c.id)
        .where(
            deliveries.c.account.in_(names),
            deliveries.c.sent_at.is_not(None),
            deliveries.c.published_at.is_not(None),
            deliveries.c.sent_at >= times.sent_since,
            deliveries.c.sent_at < times.sent_until,
        )
        .order_by(deliveries.c.sent_at.desc())
    )
    found = list(connection.execute(open_.order_by(deliveries.c.id).limit(most)).scalars())
    if len(found) < most:
        found += connection.execute(sent.limit(most - len(found))).scalars()
    return list(dict.fromkeys(found))
