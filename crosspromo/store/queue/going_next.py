"""Queued deliveries that go next, of all accounts together, sought without reading the queue.

No index has the whole queue by its due time, but one has that of each account. Of the deliveries
that go next, `most` in number, each is among the first `most` of its account, and the first one of
that account is among the `most` earliest.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, or_, select, union_all

from crosspromo.domain.states import State
from crosspromo.store.schema import (
    accounts,
    deliveries,
    is_draft_or_queued,
    is_put_off,
    waits_to_be_allowed,
)

_BY_DUE_TIME = deliveries.c.due_at, deliveries.c.id
_BY_ACCOUNT = deliveries.c.wake_at, *_BY_DUE_TIME


def going_next(
    connection: Connection, now: datetime, most: int, until: datetime | None
) -> CompoundSelect[Any]:
    """SQL: ids of queued deliveries due at or after `now`, among them the first `most` of all.

    With `until`, those due then or later are left out, and those that are held past their time are
    among them.
    """
    before = () if until is None else (deliveries.c.due_at < until,)
    due = deliveries.c.due_at >= now
    or_held = due if until is None else or_(due, ~waits_to_be_allowed())
    put_off = select(deliveries.c.id).where(is_put_off(), due, *before)
    held = select(deliveries.c.id).where(deliveries.c.hold_code.is_not(None), or_held, *before)
    names = connection.execute(_first_accounts(now, most, *before)).scalars()
    in_time = [_in_time(now, deliveries.c.account == name, *before) for name in names]
    firsts = [
        *(each.order_by(*_BY_ACCOUNT).limit(most) for each in in_time),
        *(each.order_by(*_BY_DUE_TIME).limit(most) for each in (put_off, held)),
    ]
    # Each is a query of its own, since SQLite orders no part of a union.
    return union_all(*(select(each.subquery()) for each in firsts))


def _first_accounts(now: datetime, most: int, *before: ColumnElement[bool]) -> Select[Any]:
    """SQL: names of the accounts with the earliest deliveries in time, at most `most`."""
    of_account = _in_time(now, deliveries.c.account == accounts.c.name)
    first = of_account.order_by(*_BY_ACCOUNT).limit(1).correlate(accounts).scalar_subquery()
    names = select(accounts.c.name).select_from(accounts)
    having = names.join(deliveries, deliveries.c.id == first).where(*before)
    return having.order_by(*_BY_DUE_TIME).limit(most)


def _in_time(now: datetime, *where: ColumnElement[bool]) -> Select[Any]:
    """SQL: of what is queued that which is neither held nor put off."""
    return select(deliveries.c.id).where(
        deliveries.c.state == State.QUEUED,
        is_draft_or_queued(),
        deliveries.c.hold_code.is_(None),
        deliveries.c.wake_at == deliveries.c.due_at,
        deliveries.c.wake_at >= now,
        *where,
    )
