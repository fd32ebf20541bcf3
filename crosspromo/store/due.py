"""Which delivery is next on each account, and when: statements that take one step in an index."""

from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select, union_all

from crosspromo.domain.states import State
from crosspromo.store.conditions import is_sending, is_unknown, waits
from crosspromo.store.pauses import is_paused
from crosspromo.store.schema import accounts, deliveries
from crosspromo.store.statements import Reading

_DUE = deliveries.c.wake_at <= bindparam("now")


def _first(column: Any, *where: ColumnElement[bool]) -> Any:
    """Of the account in the outer query, what has waited longest: one step in an index."""
    return (
        select(column)
        .where(
            deliveries.c.account == accounts.c.name,
            deliveries.c.state == State.QUEUED,
            waits(),
            *where,
        )
        .order_by(deliveries.c.wake_at, deliveries.c.due_at, deliveries.c.id)
        .limit(1)
        .correlate(accounts)
        .scalar_subquery()
    )


def _first_due(column: Any, *besides: Any) -> Select[Any]:
    """This column of the delivery that has waited longest on each account that may send now."""
    busy = deliveries.alias("busy")
    in_flight = exists().where(busy.c.account == accounts.c.name, is_sending(busy))
    rested = accounts.c.rests_until.is_(None) | (accounts.c.rests_until <= bindparam("now"))
    return select(*besides, _first(column, _DUE)).where(rested, ~in_flight)


WORK = _first_due(deliveries.c.wake_at, accounts.c.name)
HEADS = Reading(
    lambda among: _first_due(deliveries.c.id.label("head")).where(among(accounts.c.name, "names")),
    "names",
)


def _waiting(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(deliveries.c.account == bindparam("account"), waits(), *where)


TAKEN = Reading(
    lambda _: select(
        _waiting(deliveries.c.wake_at == bindparam("moment"))
        | _waiting(deliveries.c.wake_at.is_(None), deliveries.c.due_at == bindparam("moment"))
    )
)
NEXT = select(
    _first(deliveries.c.wake_at, deliveries.c.wake_at.is_not(None)), accounts.c.rests_until
)
OVERDUE = (
    select(func.min(_first(deliveries.c.wake_at, _DUE)))
    .select_from(accounts)
    .where(~is_paused(accounts.c.name))
)
NEXT_IN_DOUBT = union_all(
    *(select(func.min(deliveries.c.wake_at)).where(each) for each in (is_sending(), is_unknown()))
)
