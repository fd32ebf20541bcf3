"""Timetable of an account: the times of its waiting and sent deliveries, for gaps and caps.

Every query reads a bounded number of entries of an index, however long the queue and the past are.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from crosspromo.domain.spacing import Neighbour
from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, is_draft_or_queued, takes_a_time
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.types import UtcDateTime

_FIRST = datetime.min.replace(tzinfo=UTC)
_NOBODY = 0
"""Id that no delivery has."""

_LATER = bindparam("after", type_=UtcDateTime)
_UNTIL = bindparam("until", type_=UtcDateTime)


class Timetable:
    """Times of the account's deliveries except `besides` (an id), within one transaction.

    Waiting deliveries (drafts, queued) count at `wake_at`, else at `due_at`: a late or held one has
    another `wake_at`. Those that are due at or before `waiting_after` are left out.
    """

    def __init__(
        self,
        connection: Connection,
        account: str,
        besides: int | None = None,
        waiting_after: datetime | None = None,
    ) -> None:
        self._connection = connection
        self._given = {"account": account, "besides": _NOBODY if besides is None else besides}
        self._waiting_after = waiting_after or _FIRST

    def before(self, moment: datetime, least: timedelta) -> Neighbour | None:
        """Delivery at the moment, or less than `least` before it.

        The latest sent one, else the earliest waiting one.
        """
        waiting_after = max(moment - least, self._waiting_after)
        rows = _BEFORE.rows(
            self._connection,
            **self._given,
            after=waiting_after,
            sent_after=moment - least,
            until=moment,
        )
        found = [Neighbour(row.id, row.at, bool(row.sent)) for row in rows]
        return min(found, key=lambda each: (not each.sent, each.at), default=None)

    def after(self, moment: datetime, least: timedelta) -> Neighbour | None:
        """Earliest waiting delivery less than `least` after the moment."""
        later = max(moment, self._waiting_after)
        rows = _AFTER.rows(self._connection, **self._given, after=later, until=moment + least)
        found = [Neighbour(row.id, row.at) for row in rows]
        return min(found, key=lambda each: each.at, default=None)

    def count(self, after: datetime, until: datetime, most: int) -> int:
        """Number of deliveries later than `after` and not later than `until`, at most `most`."""
        later = max(after, self._waiting_after)
        (counts,) = _COUNT.rows(
            self._connection, **self._given, after=later, sent_after=after, until=until, most=most
        )
        return min(most, sum(map(int, counts)))


# -- statements --------------------------------------------------------------------------------

_AT_WAKE = (State.QUEUED, deliveries.c.wake_at, deliveries.c.wake_at.is_not(None))
_AT_DUE = tuple(
    (state, deliveries.c.due_at, deliveries.c.wake_at.is_(None))
    for state in (State.QUEUED, State.DRAFT)
)
_WAITING = (_AT_WAKE, *_AT_DUE)
"""State, column of the time, and condition for each kind of waiting delivery: one seek each."""


def _waiting(
    state: State, at: Any, known: ColumnElement[bool], *columns: Any, before: ColumnElement[bool]
) -> Select[Any]:
    return select(*columns).where(
        deliveries.c.account == bindparam("account"),
        deliveries.c.state == state,
        is_draft_or_queued(),
        takes_a_time(),
        known,
        at > _LATER,
        before,
        deliveries.c.id != bindparam("besides"),
    )


def _sent(*columns: Any) -> Select[Any]:
    return select(*columns).where(
        deliveries.c.account == bindparam("account"),
        deliveries.c.sent_at > bindparam("sent_after", type_=UtcDateTime),
        deliveries.c.sent_at <= _UNTIL,
        deliveries.c.sent_at.is_not(None),
        deliveries.c.id != bindparam("besides"),
    )


def _first(query: Select[Any], order: Any) -> Select[Any]:
    """First row of the query as a query of its own, since SQLite orders no part of a union."""
    return select(query.order_by(order).limit(1).subquery())


def _named(at: Any, *, sent: bool) -> tuple[Any, ...]:
    return deliveries.c.id, at.label("at"), literal(int(sent)).label("sent")


_BEFORE = CompiledSelect(
    lambda _: union_all(
        *(
            _first(_waiting(state, at, known, *_named(at, sent=False), before=at <= _UNTIL), at)
            for state, at, known in _WAITING
        ),
        _first(_sent(*_named(deliveries.c.sent_at, sent=True)), deliveries.c.sent_at.desc()),
    )
)

_AFTER = CompiledSelect(
    lambda _: union_all(
        *(
            _first(_waiting(state, at, known, *_named(at, sent=False), before=at < _UNTIL), at)
            for state, at, known in _WAITING
        )
    )
)


def _how_many(query: Select[Any]) -> Any:
    """Number of rows of the query, counted up to the parameter `most`."""
    return (
        select(func.count())
        .select_from(query.limit(bindparam("most")).subquery())
        .scalar_subquery()
    )


_COUNT = CompiledSelect(
    lambda _: select(
        *(
            _how_many(_waiting(state, at, known, deliveries.c.id, before=at <= _UNTIL)).label(name)
            for name, (state, at, known) in zip(
                ("queued", "asleep", "drafts"), _WAITING, strict=True
            )
        ),
        _how_many(_sent(deliveries.c.id)).label("sent"),
    )
)
