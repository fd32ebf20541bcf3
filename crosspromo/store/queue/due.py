"""Deliveries that are due, and deliveries that are held until something changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    exists,
    func,
    select,
    true,
    union_all,
    update,
)

from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.store.accounts import is_paused
from crosspromo.store.schema import accounts, deliveries, is_sending, is_unknown, waits
from crosspromo.store.sql.statements import CompiledSelect

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


ACCOUNTS_WITH_WORK = _first_due(deliveries.c.wake_at, accounts.c.name)
NEXT_DUE = CompiledSelect(
    lambda among: _first_due(deliveries.c.id.label("head")).where(among(accounts.c.name, "names")),
    "names",
)


def _waiting(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(deliveries.c.account == bindparam("account"), waits(), *where)


SLOT_TAKEN = CompiledSelect(
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


NO_HOLD: Mapping[str, None] = {"hold_code": None, "hold_values": None, "hold_until": None}


class Holds:
    """What is held by the ratio, the floor, or another code."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def anything_held(self, names: Iterable[str]) -> bool:
        """Whether anything waits for headroom on these accounts, or for the organisation's."""
        ((held,),) = _ANYTHING_HELD.rows(self._connection, accounts=names)
        return bool(held)

    def wake_held(self, *names: str) -> None:
        """Have the oldest delivery that waits for headroom looked at again.

        On these accounts for their own ratio; on every account for the organisation's floor. The
        oldest of each credit is enough: what holds it holds the younger ones too, and each that
        goes wakes the next.
        """
        self._wake_oldest("ratio", accounts.c.name.in_(names))
        self._wake_oldest("floor", true())

    def wake_all_held(self) -> None:
        """The same on every account: for when a worker may have died before it did so."""
        self._wake_oldest("ratio", true())
        self._wake_oldest("floor", true())

    def _wake_oldest(self, code: str, where: ColumnElement[bool]) -> None:
        for credit in (Credit.SELF, Credit.BOTH):
            oldest = (
                select(deliveries.c.id)
                .where(
                    deliveries.c.hold_code == code,
                    deliveries.c.account == accounts.c.name,
                    deliveries.c.credit == credit,
                )
                .order_by(deliveries.c.due_at, deliveries.c.id)
                .limit(1)
                .correlate(accounts)
                .scalar_subquery()
            )
            found = self._connection.execute(select(oldest).select_from(accounts).where(where))
            ids = [delivery_id for delivery_id in found.scalars() if delivery_id is not None]
            if ids:
                self._connection.execute(
                    update(deliveries)
                    .where(deliveries.c.id.in_(sorted(ids)), deliveries.c.hold_code == code)
                    .values(wake_at=deliveries.c.due_at)
                )

    def wake_account(self, account: str | None, code: str) -> None:
        """Have everything that was held by this code on the account looked at again; on every
        account with None.
        """
        held = deliveries.c.hold_code == code
        if account is not None:
            held &= deliveries.c.account == account
        self._connection.execute(
            update(deliveries).where(held).values(wake_at=deliveries.c.due_at, **NO_HOLD)
        )


def _held(code: str, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(deliveries.c.id).where(deliveries.c.hold_code == code, *where))


_ANYTHING_HELD = CompiledSelect(
    lambda among: select(_held("floor") | _held("ratio", among(deliveries.c.account, "accounts"))),
    "accounts",
)
