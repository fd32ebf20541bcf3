"""Sending facts: daemons, pauses, and the outlook of the queue, in one query for every page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Connection,
    Integer,
    String,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from crosspromo.domain.pauses import AccountState, Pause
from crosspromo.domain.states import State
from crosspromo.domain.workers import Worker
from crosspromo.store.accounts import Accounts, Pauses, pause_of
from crosspromo.store.schema import accounts, deliveries, is_draft_or_queued, pauses, workers
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.types import UtcDateTime
from crosspromo.store.workers import Workers

WORKER, PAUSE, ACCOUNT, OUTLOOK = range(4)


class SendingFacts(NamedTuple):
    """What decides whether posts go out.

    `running` are daemons that started and did not end, the latest heartbeat first. `next_at` is the
    due time of the next queued delivery whose account is not paused (None: there is none).
    `past_due` is the number of queued deliveries that a daemon was to look at before now.
    """

    running: Sequence[Worker]
    pauses: Sequence[Pause]
    next_at: datetime | None
    past_due: int


class Sending:
    """Reads the sending facts. The other objects of the unit learn what was read."""

    def __init__(
        self, connection: Connection, pauses_: Pauses, workers_: Workers, accounts_: Accounts
    ) -> None:
        self._connection = connection
        self._pauses = pauses_
        self._workers = workers_
        self._accounts = accounts_

    def facts(self, now: datetime, most: int) -> SendingFacts:
        """Facts as of `now`; at most `most` deliveries past due are counted."""
        parts: dict[int, list[Any]] = {part: [] for part in (WORKER, PAUSE, ACCOUNT, OUTLOOK)}
        for row in _FACTS.rows(self._connection, now=now, most=most):
            parts[row.part].append(row)
        (outlook,) = parts[OUTLOOK]
        running = sorted(parts[WORKER], key=lambda row: row.seen_at, reverse=True)
        found = [pause_of(row.name, row.who, row.at, row.reason) for row in parts[PAUSE]]
        self._workers.remember([(row.name, row.at, row.seen_at, row.reason) for row in running])
        self._pauses.remember(found)
        self._accounts.remember(
            {row.name: AccountState(row.reason, row.at) for row in parts[ACCOUNT]}
        )
        return SendingFacts(
            [Worker(row.name, row.at, row.seen_at) for row in running],
            sorted(found, key=lambda pause: pause.account or ""),
            outlook.at,
            outlook.number,
        )


class SendingOfMoment(Sending):
    """Sending facts of one moment, which are read once."""

    _known: SendingFacts | None = None

    def facts(self, now: datetime, most: int) -> SendingFacts:
        """Facts as of the first `now` that was asked for."""
        if self._known is None:
            self._known = super().facts(now, most)
        return self._known


def _outlook() -> Any:
    queued = deliveries.c.state == State.QUEUED
    following = select(func.min(deliveries.c.due_at)).where(
        queued,
        is_draft_or_queued(),
        deliveries.c.due_at >= bindparam("now"),
        deliveries.c.account.not_in(select(pauses.c.account)),
    )
    late = (
        select(deliveries.c.id)
        .where(queued, is_draft_or_queued(), deliveries.c.wake_at <= bindparam("now"))
        .limit(bindparam("most", type_=Integer))
        .subquery()
    )
    count = select(func.count()).select_from(late)
    nothing = cast(null(), String)
    return select(
        literal(OUTLOOK),
        nothing,
        nothing,
        following.scalar_subquery(),
        cast(null(), UtcDateTime),
        nothing,
        count.scalar_subquery(),
    )


def _facts(_: object) -> Any:
    nothing, no_time = cast(null(), String), cast(null(), UtcDateTime)
    of_workers = select(
        literal(WORKER).label("part"),
        workers.c.name.label("name"),
        nothing.label("who"),
        workers.c.started_at.label("at"),
        workers.c.seen_at.label("seen_at"),
        workers.c.trouble.label("reason"),
        literal(0).label("number"),
    )
    of_pauses = select(
        literal(PAUSE),
        pauses.c.account,
        pauses.c.who,
        pauses.c.at,
        no_time,
        pauses.c.reason,
        literal(0),
    )
    of_accounts = select(
        literal(ACCOUNT),
        accounts.c.name,
        nothing,
        accounts.c.rests_until,
        no_time,
        accounts.c.fault,
        literal(0),
    ).where(accounts.c.fault.is_not(None) | (accounts.c.rests_until > bindparam("now")))
    return union_all(of_workers, of_pauses, of_accounts, _outlook())


_FACTS = CompiledSelect(_facts)
