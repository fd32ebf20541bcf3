"""Ledger rows: everything that counts for a ratio, each row with its two columns and its source.

The row of a delivery is derived from the delivery's credit and state (crosspromo/domain/ledger.py);
`db check` compares them. Outside posts (`outside_posts.py`) and opening balances
(`opening_balances.py`) have rows of their own.

Rows are never deleted, and their amounts never change: a row that no longer counts is taken back,
and a change is a row taken back and a new one (docs/decisions/0029). Everything here reads the rows
that count, unless it says otherwise.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    union_all,
)

from crosspromo.domain.ledger import NOTHING, CountedDelivery, LedgerRow, Origin, columns
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Counted, Stretch, Tally, Window
from crosspromo.domain.states import State
from crosspromo.domain.values import Value
from crosspromo.store.ledger.hours import (
    HOUR,
    ORGANISATION,
    SUMMED,
    TALLIED,
    ZERO,
    LedgerHours,
    Summed,
    Sums,
    hour_of,
    hours_after,
    hours_within,
)
from crosspromo.store.ledger.stretches import read_ahead, stretch_of, stretches_of
from crosspromo.store.ledger.taking_back import TAKE_BACK
from crosspromo.store.schema import IS_COUNTED, deliveries, ledger, partners
from crosspromo.store.sql.statements import Among, CompiledSelect, insert_rows


class LedgerUpdate(Value, frozen=True):
    """Update of one delivery's ledger row after a transition.

    `state` is the new state, and `before` the old one (None: not known). `at` is the time from
    which the row counts; None keeps the time of the present row. `now` is the time of the update.
    `overridden`: a person released the delivery past the ratio.
    """

    delivery: int
    account: str
    credit: Credit
    state: State
    at: datetime | None
    now: datetime
    overridden: bool = False
    before: State | None = None

    @property
    def counts(self) -> bool:
        """Whether the delivery has a ledger row after the update."""
        return columns(self.credit, self.state) != NOTHING

    @property
    def may_have_counted(self) -> bool:
        """Whether the delivery may have a ledger row before the update."""
        return self.before is None or columns(self.credit, self.before) != NOTHING


class Ledger:
    """Ledger rows and their sums. `account` None stands for the whole organisation.

    A window ends at `now`. Rows about us with a later time (the clock was set back) count as well:
    doubt counts against us.
    """

    def __init__(self, connection: Connection, hours: LedgerHours) -> None:
        self._connection = connection
        self._hours = hours

    def apply(self, updates: Iterable[LedgerUpdate]) -> None:
        """Take back the ledger rows of these deliveries, and add those that count now.

        Of several updates of a delivery, the last one counts.
        """
        wanted = {update.delivery: update for update in updates}
        present = self._rows_of(each.delivery for each in wanted.values() if each.may_have_counted)
        for row in present.values():
            self._hours.subtract(row.account, row.at, Sums(*row[-len(SUMMED) :]))
        if present:
            taken = [{"row": row.id, "now": wanted[of].now} for of, row in present.items()]
            TAKE_BACK.run(self._connection, taken)
        rows = [
            _row(update, None if row is None else row.at)
            for update in wanted.values()
            if update.counts
            for row in (present.get(update.delivery),)
        ]
        if rows:
            _INSERT.run(self._connection, rows)
        for row in rows:
            sums = Sums(row["others"], row["self"], row["sent"], row["overridden"])
            self._hours.add(row["account"], row["at"], sums)

    def _rows_of(self, wanted: Iterable[int]) -> Mapping[int, Any]:
        ids = list(wanted)
        rows = _ROWS_OF.rows(self._connection, deliveries=ids) if ids else ()
        return {row.delivery_id: row for row in rows}

    def tally(self, account: str | None, window: Window, now: datetime) -> Tally:
        """Ledger column sums in the window."""
        name = ORGANISATION if account is None else account
        return self._tallies([name], window, now)[name]

    def tallies(
        self, windows: Mapping[str, Window], whole: Window, now: datetime
    ) -> dict[str | None, Tally]:
        """Account tallies, each in its own window; key None: organisation tally in `whole`."""
        by_window: dict[Window, list[str]] = {whole: [ORGANISATION]}
        for name, window in windows.items():
            by_window.setdefault(window, []).append(name)
        return {
            (None if name == ORGANISATION else name): tally
            for window, names in by_window.items()
            for name, tally in self._tallies(names, window, now).items()
        }

    def _tallies(self, names: Sequence[str], window: Window, now: datetime) -> dict[str, Tally]:
        if window.opens_after(now) is None:
            return {name: self._tally_of_posts(name, window, now) for name in names}
        sums = self._sums(names, window, now, _TALLY)
        return {name: Tally(sums[name].others, sums[name].self_) for name in names}

    def _tally_of_posts(self, name: str, window: Window, now: datetime) -> Tally:
        account = None if name == ORGANISATION else name
        inside = self._in_window(account, window, now).subquery()
        others, self_ = self._connection.execute(
            select(
                func.coalesce(func.sum(inside.c.others), 0),
                func.coalesce(func.sum(inside.c.self), 0),
            )
        ).one()
        return Tally(int(others), int(self_))

    def _sums(
        self, wanted: Sequence[str], window: Window, now: datetime, parts: CompiledSelect
    ) -> dict[str, Sums]:
        """Sums by account in a window of days: whole hours plus rows at both edges."""
        opens = window.opens_after(now)
        assert opens is not None
        first = hour_of(opens) + HOUR
        last = hour_of(now)
        found = self._hours.unwritten(wanted, first, last)
        sums = {name: found.get(name, ZERO) for name in wanted}
        moments = {"opens": opens, "first": first, "now": now, "last": last, "next": last + HOUR}
        for name, part, *edge in parts.rows(self._connection, accounts=wanted, **moments):
            if part == AHEAD:  # in the hour of now but after now: only self counts
                sums[name] = sums[name].plus(Sums(*edge)._replace(self_=0), -1)
            else:
                sums[name] = sums[name].plus(Sums(*edge))
        return sums

    def counted(self, account: str | None, window: Window, now: datetime) -> list[Counted]:
        """Rows of the window, reduced to what the ratio arithmetic needs."""
        return _as_counted(self._connection.execute(self._in_window(account, window, now)))

    def stretches_of(
        self, names: Sequence[str | None], window: Window, now: datetime
    ) -> dict[str | None, Sequence[Stretch]]:
        """Rows of the window by account, as stretches of at most an hour, earliest first.

        One query where the window is of days; a window of posts is one stretch. Key None: those of
        all accounts.
        """
        opens = window.opens_after(now)
        if opens is None:
            return {name: [stretch_of(self.counted(name, window, now))] for name in names}
        self._hours.flush()
        keys = {name: ORGANISATION if name is None else name for name in names}
        found = stretches_of(self._connection, list(keys.values()), opens, now)
        return {name: found[key] for name, key in keys.items()}

    def read_ahead(self, stretches: Iterable[Stretch]) -> None:
        """Read the rows of several stretches by one query, before they are asked for."""
        read_ahead(self._connection, stretches)

    def rows(self, account: str | None, window: Window, now: datetime) -> Sequence[LedgerRow]:
        """Rows of the window, latest first."""
        inside = self._in_window(account, window, now).with_only_columns(ledger.c.id)
        return self._read(_full_rows().where(ledger.c.id.in_(inside)))

    def oldest_rows(
        self,
        account: str | None,
        window: Window,
        now: datetime,
        most: int | None,
        besides: int | None = None,
    ) -> tuple[Sequence[LedgerRow], int]:
        """At most `most` of the oldest rows of the window up to `now` (None: all), latest first,
        and the number of all of them.

        `besides` is the id of a delivery whose row is left out. The rows say what they are about.
        """
        inside = self._in_window(account, window, now).with_only_columns(ledger.c.id, ledger.c.at)
        if window.opens_after(now) is None:  # the latest posts, whatever is left out of them
            latest = inside.subquery()
            inside = select(ledger.c.id, ledger.c.at).where(ledger.c.id.in_(select(latest.c.id)))
        if besides is not None:
            other = ledger.c.delivery_id.is_distinct_from(besides)
            inside = inside.where(ledger.c.at <= now, other)
        everything = inside.subquery()
        total = select(func.count()).select_from(everything).scalar_subquery()
        some = inside.order_by(ledger.c.at, ledger.c.id).limit(most).subquery()
        name = func.substr(
            func.coalesce(func.nullif(deliveries.c.title, ""), deliveries.c.text), 1, LONGEST_NAME
        )
        query = (
            _full_rows()
            .outerjoin(deliveries, deliveries.c.id == ledger.c.delivery_id)
            .add_columns(total.label("total"), deliveries.c.credit, name.label("name"))
        )
        found = self._connection.execute(query.where(ledger.c.id.in_(select(some.c.id)))).all()
        rows = [replace(_ledger_row(row), about=_about(row)) for row in found]
        return rows, int(found[0].total) if found else 0

    def rows_since(
        self, account: str | None, since: datetime | None, *, taken_back: bool = False
    ) -> Sequence[LedgerRow]:
        """Ledger rows from `since` on (None: all rows), latest first; no window applies.

        `taken_back`: also the rows that were taken back.
        """
        query = _full_rows() if taken_back else _full_rows().where(IS_COUNTED)
        if account is not None:
            query = query.where(ledger.c.account == account)
        if since is not None:
            query = query.where(ledger.c.at >= since)
        return self._read(query)

    def self_sent(self, window: Window, now: datetime) -> tuple[int, int]:
        """Count published deliveries about us in the window.

        Returns two numbers: all of them, and those that a person released past the ratio.
        """
        if window.opens_after(now) is not None:
            sums = self._sums([ORGANISATION], window, now, _ALL_SUMS)[ORGANISATION]
            return sums.sent, sums.overridden
        rows = self._connection.execute(self._in_window(None, window, now)).all()
        past = [row for row in rows if row.at <= now]
        return sum(row.sent for row in past), sum(row.overridden for row in past)

    def faults(self) -> list[str]:
        """Sentences about rows and sums that differ from the deliveries; empty if all are right."""
        query = select(
            deliveries.c.id,
            deliveries.c.credit,
            deliveries.c.state,
            ledger.c.others,
            ledger.c.self,
        ).outerjoin(ledger, and_(ledger.c.delivery_id == deliveries.c.id, IS_COUNTED))
        faults = []
        for row in self._connection.execute(query):
            expected = columns(Credit(row.credit), State(row.state))
            if (row.others or 0, row.self or 0) != (expected.others, expected.self_):
                faults.append(
                    f"delivery {row.id} is {row.state} with credit {row.credit}, but the ledger "
                    f"counts others {row.others or 0}, self {row.self or 0}"
                )
        return faults + self._hours.faults()

    def _rows_of_account(self, account: str | None) -> Select[Any]:
        query = select(ledger).where(IS_COUNTED)
        return query if account is None else query.where(ledger.c.account == account)

    def _in_window(self, account: str | None, window: Window, now: datetime) -> Select[Any]:
        """SQL: rows of the window; a window of posts has the latest ones."""
        query = select(ledger).where(IS_COUNTED, (ledger.c.at <= now) | (ledger.c.self > 0))
        if account is not None:
            query = query.where(ledger.c.account == account)
        opens = window.opens_after(now)
        if opens is not None:
            return query.where(ledger.c.at > opens)
        return query.order_by(ledger.c.at.desc(), ledger.c.id.desc()).limit(window.posts)

    def _read(self, query: Select[Any]) -> list[LedgerRow]:
        return [_ledger_row(row) for row in self._connection.execute(query)]


def _ledger_row(row: Row[Any]) -> LedgerRow:
    return LedgerRow(
        account=row.account,
        at=row.at,
        others=row.others,
        self_=row.self,
        origin=Origin(row.origin),
        why=row.why,
        delivery=row.delivery_id,
        partner=row.partner,
        text=row.text,
        url=row.url,
        remote_id=row.remote_id,
        recorded_at=row.recorded_at,
        taken_back_at=row.taken_back_at,
    )


def _about(row: Row[Any]) -> CountedDelivery | None:
    if row.delivery_id is None:
        return None
    return CountedDelivery(Credit(row.credit), row.name)


def _as_counted(rows: Iterable[Any]) -> list[Counted]:
    return [Counted(row.at, row.others, row.self) for row in rows]


def _row(update: LedgerUpdate, present_at: datetime | None) -> dict[str, Any]:
    """Values of the delivery's new row; `present_at` is the time of the present row, if any."""
    amounts = columns(update.credit, update.state)
    moment = update.at or present_at
    if moment is None:
        raise ValueError(f"delivery {update.delivery} counts, but from when?")
    was_published = update.state in {State.PUBLISHED, State.DELETED}
    sent = int(was_published) * amounts.self_
    return {
        "account": update.account,
        "at": moment,
        "others": amounts.others,
        "self": amounts.self_,
        "sent": sent,
        "overridden": sent * int(update.overridden),
        "origin": Origin.DELIVERY,
        "why": f"{update.state.value}, credit {update.credit.value}",
        "delivery_id": update.delivery,
        "recorded_at": update.now,
    }


def _full_rows() -> Select[Any]:
    return (
        select(ledger, partners.c.slug.label("partner"))
        .outerjoin(partners, partners.c.id == ledger.c.partner_id)
        .order_by(ledger.c.at.desc(), ledger.c.id.desc())
    )


_ROWS_OF = CompiledSelect(
    lambda among: select(
        ledger.c.id, ledger.c.delivery_id, ledger.c.account, ledger.c.at, *SUMMED
    ).where(among(ledger.c.delivery_id, "deliveries"), IS_COUNTED),
    "deliveries",
)
_INSERT = insert_rows(
    ledger,
    *("account", "at", *(column.name for column in SUMMED), "origin", "why", "delivery_id"),
    "recorded_at",
)


LONGEST_NAME = 200
"""Characters that are read of the text by which a delivery is called."""

WITHIN, AHEAD = 0, 1
"""Marks of the parts of a window: rows that count, and rows later in the hour of now."""


def _edge(
    among: Among, summed: Summed, after: str, before: str, *, part: int, whole: bool
) -> Select[Any]:
    """SQL: sums of the rows in the open interval between two bind parameters.

    By account, or with `whole` over all accounts, if ORGANISATION is among `accounts`.
    """
    between = (IS_COUNTED, ledger.c.at > bindparam(after), ledger.c.at < bindparam(before))
    sums = (func.sum(column) for column in summed)
    if whole:
        over_all = select(literal(ORGANISATION), literal(part), *sums).where(
            among(literal(ORGANISATION), "accounts"), *between
        )
        return cast("Select[Any]", over_all.having(func.count() > 0))
    return (
        select(ledger.c.account, literal(part), *sums)
        .where(among(ledger.c.account, "accounts"), *between)
        .group_by(ledger.c.account)
    )


def _window(summed: Summed) -> CompiledSelect:
    """All parts of a window in one statement: whole hours, both edges, and hours after now."""
    return CompiledSelect(
        lambda among: union_all(
            hours_within(among, summed, WITHIN),
            hours_after(among, summed, WITHIN),
            _edge(among, summed, "opens", "first", part=WITHIN, whole=False),
            _edge(among, summed, "now", "next", part=AHEAD, whole=False),
            _edge(among, summed, "opens", "first", part=WITHIN, whole=True),
            _edge(among, summed, "now", "next", part=AHEAD, whole=True),
        ),
        "accounts",
    )


_TALLY = _window(TALLIED)
_ALL_SUMS = _window(SUMMED)
