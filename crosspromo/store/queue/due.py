"""Due deliveries, as SQL; and the waking of held deliveries when headroom or a pause changes.

A queued delivery is due when its `wake_at` has passed. Each account works on one delivery at a
time, so the SQL asks for the oldest one of each account: a single step in a partial index.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
    update,
)

from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.store.accounts import is_paused
from crosspromo.store.queue.hold_history import end_holds
from crosspromo.store.schema import (
    accounts,
    deliveries,
    is_draft_or_queued,
    is_sending,
    is_unknown,
    judged_settings,
    takes_a_time,
)
from crosspromo.store.sql.locks import lock_out_writers
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.types import UtcDateTime

_IS_DUE = deliveries.c.wake_at <= bindparam("now")


def _oldest_queued(column: Any, *where: ColumnElement[bool]) -> Any:
    """SQL: this column of the queued delivery with the earliest `wake_at` that meets `where`.

    A scalar subquery, for the account in the row of the outer query.
    """
    return (
        select(column)
        .where(
            deliveries.c.account == accounts.c.name,
            deliveries.c.state == State.QUEUED,
            is_draft_or_queued(),
            *where,
        )
        .order_by(deliveries.c.wake_at, deliveries.c.due_at, deliveries.c.id)
        .limit(1)
        .correlate(accounts)
        .scalar_subquery()
    )


def _is_free(moment: Any) -> ColumnElement[bool]:
    """SQL: the account does not rest at this moment, and has no delivery in flight."""
    busy = deliveries.alias("busy")
    in_flight = exists().where(busy.c.account == accounts.c.name, is_sending(busy))
    rested = or_(accounts.c.rests_until.is_(None), accounts.c.rests_until <= moment)
    return and_(rested, ~in_flight)


def _oldest_due(column: Any, *account_columns: Any) -> Select[Any]:
    """SQL: the account columns and, last, this column of the account's oldest due delivery.

    One row for each account that does not rest and has no delivery in flight; the last column is
    NULL if none is due.
    """
    return select(*account_columns, _oldest_queued(column, _IS_DUE)).where(
        _is_free(bindparam("now"))
    )


ACCOUNTS_WITH_WORK = _oldest_due(deliveries.c.wake_at, accounts.c.name)
NEXT_DUE = CompiledSelect(
    lambda among: _oldest_due(deliveries.c.id.label("head")).where(among(accounts.c.name, "names")),
    "names",
)


def _draft_or_queued_exists(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        deliveries.c.account == bindparam("account"), is_draft_or_queued(), takes_a_time(), *where
    )


SLOT_TAKEN = CompiledSelect(
    lambda _: select(
        _draft_or_queued_exists(deliveries.c.wake_at == bindparam("moment"))
        | _draft_or_queued_exists(
            deliveries.c.wake_at.is_(None), deliveries.c.due_at == bindparam("moment")
        )
    )
)
"""Whether a draft or queued delivery of the account uses the slot: by `wake_at`, else `due_at`."""

NEXT_WAKES = select(
    _oldest_queued(deliveries.c.wake_at, deliveries.c.wake_at.is_not(None)), accounts.c.rests_until
)
"""For each account, its earliest `wake_at` (or NULL) and the end of its rest (or NULL)."""


def _oldest_overdue(*where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(func.min(_oldest_queued(deliveries.c.wake_at, _IS_DUE, *where)))
        .select_from(accounts)
        .where(~is_paused(accounts.c.name))
    )


OLDEST_OVERDUE = _oldest_overdue()
"""Earliest `wake_at` among the due deliveries of accounts that are not paused."""

OLDEST_TIMED_OVERDUE = _oldest_overdue(takes_a_time())
"""The same without deliveries that have no time of their own."""

UNTOUCHED_HEADS = (
    select(_oldest_queued(deliveries.c.id, _IS_DUE))
    .select_from(accounts)
    .where(~is_paused(accounts.c.name), _is_free(bindparam("at")))
)
"""Id of the oldest delivery, due by `now`, of each account that could send `at` a moment.

NULL if none is due. Accounts that are paused, rest or have a delivery in flight are left out.
"""


def _due_times(*before: ColumnElement[bool]) -> CompiledSelect:
    """Times of the first queued deliveries.

    Held ones, and those without a time of their own, are left out after they were counted.
    """
    first = (
        select(deliveries.c.id)
        .where(
            deliveries.c.account == bindparam("account"),
            deliveries.c.state == State.QUEUED,
            is_draft_or_queued(),
            deliveries.c.wake_at > bindparam("after", type_=UtcDateTime),
            *before,
        )
        .order_by(deliveries.c.wake_at, deliveries.c.due_at, deliveries.c.id)
        .limit(bindparam("most"))
    )
    return CompiledSelect(
        lambda _: select(deliveries.c.wake_at).where(
            deliveries.c.id.in_(first), deliveries.c.hold_code.is_(None), takes_a_time()
        )
    )


DUE_TIMES = _due_times()
DUE_TIMES_UNTIL = _due_times(deliveries.c.wake_at <= bindparam("until", type_=UtcDateTime))

NEXT_UNSETTLED_WAKES = union_all(
    *(select(func.min(deliveries.c.wake_at)).where(each) for each in (is_sending(), is_unknown()))
)
"""Earliest end of a lease, and earliest look-up."""


BY_SETTINGS = ("approval", "blackout", "mourning", "cap", "gap", "quiet", "budget", "slot")
"""Codes of holds by rules of the settings, besides those by the ratio and the floor."""

NO_HOLD: Mapping[str, None] = {"hold_code": None, "hold_values": None, "hold_until": None}
"""Column values that end a hold."""


class HeldDeliveries:
    """Held deliveries, and how the gate comes to judge held deliveries again.

    Waking sets `wake_at` to `due_at`, so that the gate judges the delivery again once it is due.
    The hold codes `ratio` and `floor` stand for missing headroom of account and organisation.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def any_held_by_ratio(self, names: Iterable[str]) -> bool:
        """Whether an account ratio or the organisation's floor holds any delivery."""
        ((held,),) = _ANYTHING_HELD.rows(self._connection, accounts=names)
        return bool(held)

    def wake_held_by_ratio(self, *names: str) -> None:
        """Wake the oldest deliveries held for missing headroom.

        On these accounts those held by the ratio, and on every account those held by the floor. The
        oldest of each credit is enough: the same check holds the younger ones, too, and each
        delivery that is sent wakes the next.
        """
        self._wake_oldest("ratio", accounts.c.name.in_(names))
        self._wake_oldest("floor", true())

    def wake_held_by_ratio_everywhere(self) -> None:
        """Wake the oldest deliveries held for missing headroom, on all accounts.

        For the case that a worker died after a send and before `wake_held_by_ratio`.
        """
        self._wake_oldest("ratio", true())
        self._wake_oldest("floor", true())

    def judge_anew(self, names: Iterable[str] | None) -> None:
        """Wake deliveries that a rule of the settings holds (None: on all accounts).

        The hold stays until the gate has judged by the rules, and the time, of now. Pauses, faults
        of accounts and rests are no rules of the settings.
        """
        concerned: ColumnElement[bool] = true()
        if names is not None:
            concerned = deliveries.c.account.in_(sorted(names))
        self._connection.execute(
            update(deliveries)
            .where(deliveries.c.hold_code.in_(BY_SETTINGS), concerned)
            .values(wake_at=deliveries.c.due_at)
        )
        if names is None:
            self.wake_held_by_ratio_everywhere()
        else:
            self.wake_held_by_ratio(*names)

    def judge_mourning_anew(self, post: int) -> None:
        """Wake deliveries of the post (its id) that a day of mourning holds."""
        held = deliveries.c.post_id == post, deliveries.c.hold_code == "mourning"
        self._connection.execute(
            update(deliveries).where(*held).values(wake_at=deliveries.c.due_at)
        )

    def judge_anew_by(self, settings: str, now: datetime) -> None:
        """Judge all held deliveries anew, unless these settings (a version) have held them.

        A daemon that starts again thus changes nothing: what waits for its slot keeps the slot.
        Where the clock was set back since, the holds are judged anew all the same.
        """
        known = self._connection.execute(select(judged_settings)).one_or_none()
        if known is None or known.version != settings or known.seen_at > now:
            self.judge_anew(None)
        self.judged_by(settings, now)

    def judged_by(self, settings: str, now: datetime) -> None:
        """Note that a daemon goes by these settings (a version) now."""
        values = {"version": settings, "seen_at": now}
        known = update(judged_settings).values(values)
        if self._connection.execute(known).rowcount:
            return
        lock_out_writers(self._connection, judged_settings)
        if not self._connection.execute(known).rowcount:
            self._connection.execute(judged_settings.insert().values(id=1, **values))

    def wake_account(self, account: str | None, code: str, now: datetime) -> None:
        """End all holds with this code on the account (None: all accounts), and wake the
        deliveries.
        """
        held = deliveries.c.hold_code == code
        if account is not None:
            held &= deliveries.c.account == account
        woken = self._connection.execute(
            update(deliveries)
            .where(held)
            .values(wake_at=deliveries.c.due_at, **NO_HOLD)
            .returning(deliveries.c.id)
        )
        end_holds(self._connection, woken.scalars(), now)

    def end_rest(self, account: str | None, now: datetime) -> bool:
        """End the rest of the account (None: of all accounts); False where none rests.

        The delivery that was refused, and waited for the end of the rest, is due as before it.
        """
        resting: ColumnElement[bool] = accounts.c.rests_until.is_not(None)
        if account is not None:
            resting &= accounts.c.name == account
        query = select(accounts.c.name, accounts.c.rests_until).where(resting)
        found = self._connection.execute(query).all()
        for name, until in found:
            refused = (deliveries.c.account == name) & (deliveries.c.wake_at == until)
            queued = deliveries.c.state == State.QUEUED
            self._connection.execute(
                update(deliveries).where(refused & queued).values(wake_at=deliveries.c.due_at)
            )
        self._connection.execute(update(accounts).where(resting).values(rests_until=None))
        self.wake_account(account, "rate-limit", now)
        return bool(found)

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


def _held_exists(code: str, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(deliveries.c.id).where(deliveries.c.hold_code == code, *where))


_ANYTHING_HELD = CompiledSelect(
    lambda among: select(
        _held_exists("floor") | _held_exists("ratio", among(deliveries.c.account, "accounts"))
    ),
    "accounts",
)
