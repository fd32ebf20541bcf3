"""Queued deliveries that go next, of all accounts together, sought without reading the queue.

No index has the whole queue by its due time, but one has that of each account. Of the deliveries
that go next, `most` in number, each is among the first `most` of its account, and the first one of
that account is among the `most` earliest.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Select,
    Subquery,
    func,
    or_,
    select,
    union_all,
)

from crosspromo.domain.states import State
from crosspromo.store.schema import (
    accounts,
    deliveries,
    is_draft_or_queued,
    is_put_off,
    waits_to_be_allowed,
)

_LAST = datetime.max.replace(tzinfo=UTC)

_BY_DUE_TIME = deliveries.c.due_at, deliveries.c.id
_BY_ACCOUNT = deliveries.c.wake_at, *_BY_DUE_TIME


def going_next(now: datetime, most: int, until: datetime | None) -> CompoundSelect[Any]:
    """SQL: ids of queued deliveries due at or after `now`, among them the first `most` of all.

    With `until`, those due then or later are left out, and those that are held past their time are
    among them.
    """
    before = deliveries.c.due_at < (until or _LAST)
    due = deliveries.c.due_at >= now
    or_held = due if until is None else or_(due, ~waits_to_be_allowed())
    ids = select(deliveries.c.id)
    ways = (
        ids.where(is_put_off(), due, before),
        ids.where(deliveries.c.hold_code.is_not(None), or_held, before),
        _in_time(now, most, until or _LAST),
    )
    # Each is a query of its own, since SQLite orders no part of a union.
    firsts = (each.order_by(*_BY_DUE_TIME).limit(most).subquery() for each in ways)
    return union_all(*(select(each) for each in firsts))


def _in_time(now: datetime, most: int, until: datetime) -> Select[Any]:
    """SQL: ids of what is neither held nor put off, of some accounts the first `most` each."""
    account = _first_accounts(now, most, until)
    last = _nth_in_time(deliveries.c.wake_at, account, now, most)
    of_account = _are_in_time(account, now)
    query = select(deliveries.c.id).select_from(account)
    return query.join(
        deliveries, (deliveries.c.wake_at <= func.coalesce(last, _LAST)) & of_account
    ).where(deliveries.c.due_at < until)


def _first_accounts(now: datetime, most: int, until: datetime) -> Subquery:
    """SQL: names of the accounts with the earliest deliveries in time, at most `most`."""
    firsts = select(
        accounts.c.name,
        _nth_in_time(deliveries.c.wake_at, accounts, now, 1).label("at"),
        _nth_in_time(deliveries.c.id, accounts, now, 1).label("id"),
    ).subquery()
    earliest = select(firsts.c.name).where(firsts.c.at < until).order_by(firsts.c.at, firsts.c.id)
    return earliest.limit(most).subquery()


def _nth_in_time(column: ColumnElement[Any], account: FromClause, now: datetime, nth: int) -> Any:
    """SQL: this column of the account's delivery that goes as the `nth`, the first one being 1."""
    query = select(column).where(_are_in_time(account, now)).order_by(*_BY_ACCOUNT)
    return query.limit(1).offset(nth - 1).correlate(account).scalar_subquery()


def _are_in_time(account: FromClause, now: datetime) -> ColumnElement[bool]:
    """SQL: queued deliveries of the account that are neither held nor put off.

    PostgreSQL takes it for seldom that two times are equal, and would read the whole queue for it.
    """
    return (
        (deliveries.c.account == account.c.name)
        & (deliveries.c.state == State.QUEUED)
        & is_draft_or_queued()
        & (deliveries.c.wake_at >= now)
        & deliveries.c.wake_at.between(deliveries.c.due_at, deliveries.c.due_at)
        & deliveries.c.hold_code.is_(None)
    )
