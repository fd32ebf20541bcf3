"""Months: what went out, what a person released, and what did not go out, between two times.

`known_at` is the time at which the ledger is read as it was known then; None: as it is known now.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, case, func, literal, or_, select, union_all

from crosspromo.domain.ratio import Counted, Tally, Window
from crosspromo.domain.states import State
from crosspromo.store.ledger.known import Stretch, known_ledger
from crosspromo.store.queue.attention import ENDED_UNSENT, is_dismissed
from crosspromo.store.schema import deliveries

_INSTANT = timedelta(microseconds=1)
"""Least step of time: a month begins at a moment that belongs to it."""


class MonthSums(NamedTuple):
    """Sums of ledger columns of an account; `sent` and `overridden` as in the table.

    `unsettled` are self posts of ours that are in doubt, or that were deleted later.
    """

    others: int
    self_: int
    sent: int
    overridden: int
    unsettled: int = 0


class ReleasedPost(NamedTuple):
    """Self post that went out, or may have, as a person released it past the ratio, with reason."""

    post: int
    account: str
    at: datetime
    title: str | None
    text: str
    who: str
    reason: str


class UnsentPost(NamedTuple):
    """Delivery that was due, and failed, was missed or expired; `dismissed`: somebody saw to it."""

    post: int
    account: str
    due_at: datetime
    title: str | None
    text: str
    state: State
    dismissed: bool


class Unsent(NamedTuple):
    """The first posts that did not go out, the number of all, and of those that need a person."""

    first: Sequence[UnsentPost]
    number: int
    not_dismissed: int


class Months:
    """Reads a stretch of time within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sums(
        self, begins: datetime, until: datetime, known_at: datetime | None = None
    ) -> Mapping[str, MonthSums]:
        """Sums by account of the rows that count, from `begins` until `until`."""
        rows_ = known_ledger(Stretch(begins - _INSTANT, until, known_at)).c
        is_unsettled = and_(rows_.delivery_id.is_not(None), rows_.sent == 0)
        unsettled = case((is_unsettled, rows_.self), else_=0)
        columns = rows_.others, rows_.self, rows_.sent, rows_.overridden, unsettled
        query = select(rows_.account, *(func.sum(column) for column in columns))
        query = query.group_by(rows_.account)
        rows = self._connection.execute(query)
        return {account: MonthSums(*map(int, sums)) for account, *sums in rows}

    def tallies(
        self,
        windows: Mapping[Window, datetime],
        until: datetime,
        known_at: datetime | None = None,
    ) -> Mapping[Window, Mapping[str, Tally]]:
        """Sums by window, later than its opening and not later than `until`, by account."""
        order = list(windows)
        if not order:
            return {}
        known = [known_ledger(Stretch(windows[window], until, known_at)).c for window in order]
        parts = [
            select(
                literal(place), rows.account, func.sum(rows.others), func.sum(rows.self)
            ).group_by(rows.account)
            for place, rows in enumerate(known)
        ]
        found: dict[Window, dict[str, Tally]] = {window: {} for window in order}
        for place, account, others, self_ in self._connection.execute(union_all(*parts)):
            found[order[place]][account] = Tally(int(others), int(self_))
        return found

    def counted(
        self,
        accounts: Collection[str] | None,
        after: datetime,
        until: datetime,
        known_at: datetime | None = None,
    ) -> Sequence[tuple[str, Counted]]:
        """Rows of these accounts (None: all) that count, later than `after`, up to `until`."""
        rows = known_ledger(Stretch(after, until, known_at)).c
        query = select(rows.account, rows.at, rows.others, rows.self)
        if accounts is not None:
            query = query.where(rows.account.in_(accounts))
        return [(account, Counted(*row)) for account, *row in self._connection.execute(query)]

    def released(
        self, begins: datetime, until: datetime, known_at: datetime | None = None
    ) -> Sequence[ReleasedPost]:
        """Released posts that went out from `begins` until `until`, in order of time.

        Those in doubt, and those that were deleted later, are among them.
        """
        rows = known_ledger(Stretch(begins - _INSTANT, until, known_at)).c
        unsettled = and_(rows.sent == 0, deliveries.c.override_by.is_not(None))
        query = (
            select(
                deliveries.c.post_id,
                deliveries.c.account,
                rows.at,
                deliveries.c.title,
                deliveries.c.text,
                func.coalesce(deliveries.c.override_by, ""),
                func.coalesce(deliveries.c.override_reason, ""),
            )
            .join(deliveries, deliveries.c.id == rows.delivery_id)
            .where(rows.self > 0, or_(rows.overridden > 0, unsettled))
            .order_by(rows.at, rows.id)
        )
        return [ReleasedPost(*row) for row in self._connection.execute(query)]

    def unsent(self, begins: datetime, until: datetime, most: int) -> Unsent:
        """Deliveries due then that did not go out, the first `most` of them by name."""
        where = (
            deliveries.c.state.in_(ENDED_UNSENT),
            deliveries.c.due_at >= begins,
            deliveries.c.due_at <= until,
        )
        columns = deliveries.c.post_id, deliveries.c.account, deliveries.c.due_at
        words = deliveries.c.title, deliveries.c.text, deliveries.c.state
        query = select(*columns, *words, is_dismissed()).where(*where)
        query = query.order_by(deliveries.c.due_at, deliveries.c.id).limit(most + 1)
        found = [
            UnsentPost(post, account, due_at, title, text, State(state), bool(dismissed))
            for post, account, due_at, title, text, state, dismissed in self._connection.execute(
                query
            )
        ]
        if len(found) <= most:
            return Unsent(found, len(found), sum(not each.dismissed for each in found))
        some = select(case((is_dismissed(), 0), else_=1).label("open")).where(*where).subquery()
        counts = select(func.count(), func.sum(some.c.open)).select_from(some)
        count, open_ = self._connection.execute(counts).one()
        return Unsent(found[:most], int(count), int(open_))
