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
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from crosspromo.domain.calendar import FATES, Entry, Facts, Fate
from crosspromo.domain.forecasts import Forecast
from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.store.accounts import is_paused
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
from crosspromo.store.sql.statements import Among, CompiledSelect
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


class _Minute(FunctionElement[str]):
    """SQL: the begin of a minute as text in UTC, `2026-11-24 15:00`, which sorts by time."""

    type = String()
    inherit_cache = True


@compiles(_Minute)
def _minute(element: _Minute, compiler: Any, **options: Any) -> str:
    moment = compiler.process(element.clauses, **options)
    return f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"


@compiles(_Minute, "sqlite")
def _minute_on_sqlite(element: _Minute, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 16)"


_FATE = case(
    (
        and_(
            _DELIVERY.state == State.QUEUED,
            or_(_DELIVERY.hold_code.is_not(None), is_paused(_DELIVERY.account)),
        ),
        literal_column(f"'{Fate.HELD}'"),
    ),
    (
        and_(_DELIVERY.state == State.UNKNOWN, _DELIVERY.fault_code == "by-hand"),
        literal_column(f"'{Fate.BY_HAND}'"),
    ),
    else_=_DELIVERY.state,
)
"""Fate as planned. A pause holds what is queued, before the daemon has written the hold."""


def _columns(at: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    return _DELIVERY.id, _DELIVERY.post_id, _FATE.label("fate"), _Minute(at).label("minute")


ACCOUNTS = "accounts"


def _is_on_account(among: Among) -> ColumnElement[bool]:
    """SQL: the delivery is on one of these accounts.

    They are always named, since indexes begin with the account. Not by a subquery: with statistics
    at hand SQLite reads the whole index of sent deliveries for it.
    """
    return among(_DELIVERY.account, ACCOUNTS)


def _within(moment: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(moment >= _SINCE, moment < _UNTIL)


_PLACE = case((waits_to_be_allowed(), null()), else_=_DELIVERY.due_at)
"""Due time of a waiting delivery; NULL for one that has no time of its own."""


def _waiting(among: Among) -> Select[Any]:
    """Drafts and queued deliveries due in the time, and those without a time of their own."""
    due = or_(_within(_DELIVERY.due_at), waits_to_be_allowed())
    return select(*_columns(_PLACE)).where(is_draft_or_queued(), _is_on_account(among), due)


def _settled(among: Among) -> Sequence[Select[Any]]:
    """Sent deliveries, those that may have been, and those that ended unsent.

    A plain condition on the state would have the sent ones read by it, all of them, and not by the
    time at which they went out.
    """
    sent = select(*_columns(_DELIVERY.sent_at)).where(
        _DELIVERY.sent_at.is_not(None),
        _DELIVERY.published_at.is_not(None),
        _is_on_account(among),
        _within(_DELIVERY.sent_at),
    )
    on_the_way = [
        select(*_columns(_DELIVERY.due_at)).where(
            condition, _is_on_account(among), _within(_DELIVERY.due_at)
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
            .where(_DELIVERY.state == state, _is_on_account(among), _within(_DELIVERY.due_at))
        )
    return [sent, *on_the_way, *ended]


def _grouped(*parts: Select[Any]) -> Select[Any]:
    """The deliveries of a post with one fate in one minute, as a row with all their ids."""
    found = union_all(*parts).subquery()
    ids = func.aggregate_strings(cast(found.c.id, String), " ")
    same = found.c.minute, found.c.post_id, found.c.fate
    return select(*same, ids.label("ids")).group_by(*same)


_PLANNED = CompiledSelect(lambda among: _grouped(_waiting(among), *_settled(among)), ACCOUNTS)
_SETTLED = CompiledSelect(lambda among: _grouped(*_settled(among)), ACCOUNTS)

_FACTS = CompiledSelect(
    lambda among: select(
        *(_DELIVERY.id, _DELIVERY.account, _DELIVERY.network, _DELIVERY.credit, _DELIVERY.title),
        func.substr(_DELIVERY.text, 1, LONGEST_BEGINNING).label("text"),
    ).where(among(_DELIVERY.id, "ids")),
    "ids",
)


class Calendar:
    """Deliveries of some days within one transaction, grouped by post, minute and fate.

    An entry is at the minute in which its deliveries went out or, for any others, are due; None:
    they have no time of their own. Cancelled deliveries are left out. `account` None stands for
    all accounts.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def planned(self, since: datetime, until: datetime, account: str | None) -> list[Entry]:
        """Entries from `since` until before `until`, in no order."""
        return self._entries(_PLANNED, since, until, account)

    def settled(self, since: datetime, until: datetime, account: str | None) -> list[Entry]:
        """The same without drafts and queued deliveries."""
        return self._entries(_SETTLED, since, until, account)

    def foretold(
        self, since: datetime, until: datetime, account: str | None
    ) -> list[tuple[Entry, Forecast | None]]:
        """Drafts and queued deliveries, one by one, that are due, or should go, in this time.

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
        return [
            (_entry(row, (row.id,)), Forecasts.read(row, row.foretold_at))
            for row in self._connection.execute(query)
        ]

    def facts(self, ids: Iterable[int]) -> dict[int, Facts]:
        """Facts about these deliveries, by id."""
        wanted = list(ids)
        if not wanted:
            return {}
        return {
            row.id: Facts(row.account, row.network, Credit(row.credit), row.title or row.text)
            for row in _FACTS.rows(self._connection, ids=wanted)
        }

    def _entries(
        self, query: CompiledSelect, since: datetime, until: datetime, account: str | None
    ) -> list[Entry]:
        names = [account] if account is not None else self._names()
        if not names:
            return []
        rows = query.rows(self._connection, since=since, until=until, accounts=names)
        return [_entry(row, _ids(row.ids)) for row in rows]

    def _names(self) -> list[str]:
        """Names of all accounts that ever had a delivery."""
        return list(self._connection.execute(select(accounts.c.name)).scalars())


_FATES = {fate.value: fate for fate in Fate}
_FATES |= {state.value: fate for state, fate in FATES.items()}


def _ids(text: str) -> tuple[int, ...]:
    return tuple(sorted(map(int, text.split()))) if " " in text else (int(text),)


def _entry(row: Any, ids: tuple[int, ...]) -> Entry:
    at = None if row.minute is None else datetime.fromisoformat(f"{row.minute}+00:00")
    return Entry(at, row.post_id, _FATES[row.fate], ids)
