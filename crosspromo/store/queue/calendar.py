"""Deliveries of some days, for a calendar: a few columns of each, read along indexes.

Waiting deliveries are found by their due time, sent ones by the time at which they went out: the
work grows with the queue and with the days that are shown, and not with the past behind them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    null,
    or_,
    select,
    union_all,
)

from crosspromo.domain.states import State
from crosspromo.store.forecasts import Forecasts
from crosspromo.store.schema import (
    accounts,
    deliveries,
    forecasts,
    is_draft_or_queued,
    is_sending,
    is_unknown,
    waits_to_be_allowed,
)
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.types import UtcDateTime

MOST_ENDED = 1_000
"""Latest deliveries in each state that ended unsent (failed, missed, expired) that are looked at.

No index has their due times: further ones, which are years old, are left out.
"""

LONGEST_BEGINNING = 200
"""Characters of a text that are read for its first words."""

_DELIVERY = deliveries.c
_SINCE = bindparam("since", type_=UtcDateTime())
_UNTIL = bindparam("until", type_=UtcDateTime())
_NAME = bindparam("account", type_=String())


def _columns(at: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    names = (_DELIVERY.id, _DELIVERY.post_id, _DELIVERY.account, _DELIVERY.network, _DELIVERY.state)
    return (*names, _DELIVERY.credit, at.label("at"), _DELIVERY.hold_code, _DELIVERY.fault_code)


def _is_on_account() -> ColumnElement[bool]:
    """SQL: the delivery is on the account, or on any where none is given.

    The names come from their table, so that the indexes that begin with the account are of use.
    """
    names = select(accounts.c.name).where(or_(_NAME.is_(None), accounts.c.name == _NAME))
    return _DELIVERY.account.in_(names)


def _within(moment: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(moment >= _SINCE, moment < _UNTIL)


_PLACE = case((waits_to_be_allowed(), null()), else_=_DELIVERY.due_at)
"""Due time of a waiting delivery; NULL for one that has no time of its own."""


def _waiting() -> Select[Any]:
    """Drafts and queued deliveries due in the time, and those without a time of their own."""
    due = or_(_within(_DELIVERY.due_at), waits_to_be_allowed())
    return select(*_columns(_PLACE)).where(is_draft_or_queued(), _is_on_account(), due)


def _settled() -> "Sequence[Select[Any]]":
    """Sent deliveries, those that may have been, and those that ended unsent.

    Without a condition on the state the sent ones are found by the time at which they went out;
    those in flight or in doubt have such a time, too, and come twice.
    """
    sent = select(*_columns(_DELIVERY.sent_at)).where(
        _DELIVERY.sent_at.is_not(None),
        _is_on_account(),
        _within(_DELIVERY.sent_at),
    )
    on_the_way = [
        select(*_columns(_DELIVERY.due_at)).where(
            condition, _is_on_account(), _within(_DELIVERY.due_at)
        )
        for condition in (is_sending(), is_unknown())
    ]
    ended = []
    for state in (State.FAILED, State.MISSED, State.EXPIRED):
        latest = (
            select(_DELIVERY.id)
            .where(_DELIVERY.state == state)
            .order_by(_DELIVERY.id.desc())
            .limit(MOST_ENDED)
            .subquery()
        )
        ended.append(
            select(*_columns(_DELIVERY.due_at))
            .where(_DELIVERY.id.in_(select(latest.c.id)))
            .where(_DELIVERY.state == state, _is_on_account(), _within(_DELIVERY.due_at))
        )
    return [sent, *on_the_way, *ended]


_PLANNED = CompiledSelect(lambda _: union_all(_waiting(), *_settled()))
_SETTLED = CompiledSelect(lambda _: union_all(*_settled()))

_BEGINNINGS = CompiledSelect(
    lambda among: select(
        _DELIVERY.id,
        _DELIVERY.title,
        func.substr(_DELIVERY.text, 1, LONGEST_BEGINNING).label("text"),
    ).where(among(_DELIVERY.id, "ids")),
    "ids",
)


class Calendar:
    """Deliveries of some days within one transaction.

    Rows have the columns `id`, `post_id`, `account`, `network`, `state`, `credit`, `at`,
    `hold_code` and `fault_code`. `at` is when a delivery went out or, for any other, when it is
    due; None for one without a time of its own. Cancelled deliveries are left out. `account` None
    stands for all accounts.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def planned(self, since: datetime, until: datetime, account: str | None) -> Sequence[Any]:
        """Rows of deliveries from `since` until before `until`, in no order."""
        return self._rows(_PLANNED, since, until, account)

    def settled(self, since: datetime, until: datetime, account: str | None) -> Sequence[Any]:
        """The same without drafts and queued deliveries."""
        return self._rows(_SETTLED, since, until, account)

    def foretold(self, since: datetime, until: datetime, account: str | None) -> Sequence[Any]:
        """Rows of drafts and queued deliveries that are due, or should go, in this time.

        Each with its stored forecast, or None.
        """
        within = forecasts.c.at >= since, forecasts.c.at < until
        due = (_DELIVERY.due_at >= since) & (_DELIVERY.due_at < until)
        query = (
            select(*_columns(_PLACE), *(column for column in forecasts.c if column.name != "at"))
            .add_columns(forecasts.c.at.label("foretold_at"))
            .outerjoin(forecasts, forecasts.c.delivery_id == _DELIVERY.id)
            .where(is_draft_or_queued(), or_(due, and_(*within), waits_to_be_allowed()))
        )
        if account is not None:
            query = query.where(_DELIVERY.account == account)
        rows = self._connection.execute(query).all()
        return [(row, Forecasts.read(row, row.foretold_at)) for row in rows]

    def beginnings(self, ids: Iterable[int]) -> dict[int, str]:
        """Title of each of these deliveries, or the beginning of its text."""
        wanted = list(ids)
        if not wanted:
            return {}
        rows = _BEGINNINGS.rows(self._connection, ids=wanted)
        return {row.id: row.title or row.text for row in rows}

    def _rows(
        self, query: CompiledSelect, since: datetime, until: datetime, account: str | None
    ) -> Sequence[Any]:
        return query.rows(self._connection, since=since, until=until, account=account)
