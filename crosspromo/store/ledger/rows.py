"""The ledger: all that counts, each row with its two columns and why.

A delivery's row follows its state (crosspromo/domain/ledger.py), and `db check` compares the two.
Outside posts (`outside_posts.py`) and opening balances (`opening_balances.py`) have rows of their
own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, cast

from sqlalchemy import Connection, Select, bindparam, delete, func, literal, select, union_all

from crosspromo.domain.ledger import NOTHING as NOTHING_COUNTS
from crosspromo.domain.ledger import LedgerRow, Origin, columns
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Counted, Stretch, Tally, Window, tally
from crosspromo.domain.states import State
from crosspromo.store.ledger.hours import (
    HOUR,
    NOTHING,
    ORGANISATION,
    SUMMED,
    LedgerHours,
    Sums,
    hour_of,
    hours_within,
)
from crosspromo.store.schema import deliveries, ledger, partners
from crosspromo.store.sql.statements import Among, CompiledSelect, CompiledWrite, adding


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What a delivery's row says from now on. `at` is when it counts from; None keeps the moment of
    the row there is. `overridden`: a person released it. `before` is the state it comes from.
    """

    delivery: int
    account: str
    credit: Credit
    state: State
    at: datetime | None
    overridden: bool = False
    before: State | None = None

    @property
    def counts(self) -> bool:
        """Whether there is a row at all."""
        return columns(self.credit, self.state) != NOTHING_COUNTS

    @property
    def may_have_counted(self) -> bool:
        """Whether there may have been one."""
        return self.before is None or columns(self.credit, self.before) != NOTHING_COUNTS


class Ledger:
    """The rows that count. `account` None means the whole organisation."""

    def __init__(self, connection: Connection, hours: LedgerHours) -> None:
        self._connection = connection
        self._hours = hours

    def follow(self, entries: Iterable[LedgerEntry]) -> None:
        """Make the deliveries' rows what their states say."""
        wanted = {entry.delivery: entry for entry in entries}
        known = self._rows_of(each.delivery for each in wanted.values() if each.may_have_counted)
        for row in known.values():
            self._hours.take(row.account, row.at, Sums(*row[-len(SUMMED) :]))
        if known:
            _DELETE.run(self._connection, [{"row": row.id} for row in known.values()])
        rows = [
            _row(entry, None if row is None else row.at)
            for entry in wanted.values()
            if entry.counts
            for row in (known.get(entry.delivery),)
        ]
        if rows:
            _INSERT.run(self._connection, rows)
        for row in rows:
            self._hours.add(row["account"], row["at"], Sums(*(row[c.name] for c in SUMMED)))

    def _rows_of(self, wanted: Iterable[int]) -> Mapping[int, Any]:
        ids = list(wanted)
        rows = _ROWS_OF.rows(self._connection, deliveries=ids) if ids else ()
        return {row.delivery_id: row for row in rows}

    def tally(self, account: str | None, window: Window, now: datetime) -> Tally:
        """The sums of both columns in the window that ends at `now`.

        Rows about us that lie after `now` (the clock was set back) count: doubt counts against us.
        """
        name = ORGANISATION if account is None else account
        return self._tallies([name], window, now)[name]

    def tallies(
        self, windows: Mapping[str, Window], whole: Window, now: datetime
    ) -> dict[str | None, Tally]:
        """The tally of each of these accounts in its window, and of the organisation in `whole`,
        under None.
        """
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
        sums = self._sums(names, window, now)
        return {name: Tally(sums[name].others, sums[name].self_) for name in names}

    def _tally_of_posts(self, name: str, window: Window, now: datetime) -> Tally:
        account = None if name == ORGANISATION else name
        inside = self._inside(account, window, now).subquery()
        others, self_ = self._connection.execute(
            select(
                func.coalesce(func.sum(inside.c.others), 0),
                func.coalesce(func.sum(inside.c.self), 0),
            )
        ).one()
        return Tally(int(others), int(self_))

    def _sums(self, wanted: Sequence[str], window: Window, now: datetime) -> dict[str, Sums]:
        """Whole hours from their sums, the hours at the two edges of the window from their rows."""
        opens = window.opens_after(now)
        assert opens is not None
        first = hour_of(opens) + HOUR
        last = hour_of(now)
        found = self._hours.unwritten(wanted, first, last)
        sums = {name: found.get(name, NOTHING) for name in wanted}
        moments = {"opens": opens, "first": first, "now": now, "last": last, "next": last + HOUR}
        for name, part, *edge in _WINDOW.rows(self._connection, accounts=wanted, **moments):
            if part == AHEAD:  # has not gone out yet
                sums[name] = sums[name].plus(Sums(*edge)._replace(self_=0), -1)
            else:
                sums[name] = sums[name].plus(Sums(*edge))
        return sums

    def counted(self, account: str | None, window: Window, now: datetime) -> list[Counted]:
        """The rows of the window as the arithmetic sees them."""
        return _as_counted(self._connection.execute(self._inside(account, window, now)))

    def stretches(self, account: str | None, window: Window, now: datetime) -> list[Stretch]:
        """The window cut into its hours, the earliest first; a window of posts in one piece."""
        opens = window.opens_after(now)
        if opens is None:
            return [_stretch(self.counted(account, window, now))]
        first, last = hour_of(opens) + HOUR, hour_of(now)
        name = ORGANISATION if account is None else account

        def between(start: datetime, end: datetime) -> list[Counted]:
            query = self._of(account).where(ledger.c.at >= start, ledger.c.at < end)
            return _as_counted(self._connection.execute(query))

        hours = [
            Stretch(Tally(sums.others, sums.self_), partial(between, hour, hour + HOUR))
            for hour, sums in self._hours.each(name, first, last)
        ]
        oldest = self._of(account).where(ledger.c.at > opens, ledger.c.at < first)
        latest = self._inside(account, window, now).where(ledger.c.at >= last)
        return [
            _stretch(_as_counted(self._connection.execute(oldest))),
            *hours,
            _stretch(_as_counted(self._connection.execute(latest))),
        ]

    def _of(self, account: str | None) -> Select[Any]:
        query = select(ledger)
        return query if account is None else query.where(ledger.c.account == account)

    def rows(self, account: str | None, window: Window, now: datetime) -> Sequence[LedgerRow]:
        """The rows of the window, the latest first, in full."""
        inside = self._inside(account, window, now).subquery()
        return self._read(_whole().where(ledger.c.id.in_(select(inside.c.id))))

    def entries(self, account: str | None, since: datetime | None) -> Sequence[LedgerRow]:
        """Every row, or those from `since` on, in a window or not, the latest first."""
        query = _whole()
        if account is not None:
            query = query.where(ledger.c.account == account)
        if since is not None:
            query = query.where(ledger.c.at >= since)
        return self._read(query)

    def _read(self, query: Select[Any]) -> list[LedgerRow]:
        return [
            LedgerRow(
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
            )
            for row in self._connection.execute(query)
        ]

    def _inside(self, account: str | None, window: Window, now: datetime) -> Select[Any]:
        query = select(ledger).where((ledger.c.at <= now) | (ledger.c.self > 0))
        if account is not None:
            query = query.where(ledger.c.account == account)
        opens = window.opens_after(now)
        if opens is not None:
            return query.where(ledger.c.at > opens)
        return query.order_by(ledger.c.at.desc(), ledger.c.id.desc()).limit(window.posts)

    def self_sent(self, window: Window, now: datetime) -> tuple[int, int]:
        """Our own published deliveries about us in the window: how many, and how many of them
        only because a person released them.
        """
        if window.opens_after(now) is not None:
            sums = self._sums([ORGANISATION], window, now)[ORGANISATION]
            return sums.sent, sums.overridden
        rows = self._connection.execute(self._inside(None, window, now)).all()
        past = [row for row in rows if row.at <= now]
        return sum(row.sent for row in past), sum(row.overridden for row in past)

    def faults(self) -> list[str]:
        """Where a delivery's row is not what its state says; empty where all is well."""
        query = select(
            deliveries.c.id,
            deliveries.c.credit,
            deliveries.c.state,
            ledger.c.others,
            ledger.c.self,
        ).outerjoin(ledger, ledger.c.delivery_id == deliveries.c.id)
        faults = []
        for row in self._connection.execute(query):
            expected = columns(Credit(row.credit), State(row.state))
            if (row.others or 0, row.self or 0) != (expected.others, expected.self_):
                faults.append(
                    f"delivery {row.id} is {row.state} with credit {row.credit}, but the ledger "
                    f"counts others {row.others or 0}, self {row.self or 0}"
                )
        return faults + self._hours.faults()


def _as_counted(rows: Iterable[Any]) -> list[Counted]:
    return [Counted(row.at, row.others, row.self) for row in rows]


def _stretch(rows: Sequence[Counted]) -> Stretch:
    return Stretch(tally(rows), lambda: rows)


def _row(entry: LedgerEntry, known: datetime | None) -> dict[str, Any]:
    counts = columns(entry.credit, entry.state)
    moment = entry.at or known
    if moment is None:
        raise ValueError(f"delivery {entry.delivery} counts, but from when?")
    went_out = entry.state in {State.PUBLISHED, State.DELETED}
    sent = int(went_out) * counts.self_
    return {
        "account": entry.account,
        "at": moment,
        "others": counts.others,
        "self": counts.self_,
        "sent": sent,
        "overridden": sent * int(entry.overridden),
        "origin": Origin.DELIVERY,
        "why": f"{entry.state.value}, credit {entry.credit.value}",
        "delivery_id": entry.delivery,
    }


def _whole() -> Select[Any]:
    return (
        select(ledger, partners.c.slug.label("partner"))
        .outerjoin(partners, partners.c.id == ledger.c.partner_id)
        .order_by(ledger.c.at.desc(), ledger.c.id.desc())
    )


_ROWS_OF = CompiledSelect(
    lambda among: select(
        ledger.c.id, ledger.c.delivery_id, ledger.c.account, ledger.c.at, *SUMMED
    ).where(among(ledger.c.delivery_id, "deliveries")),
    "deliveries",
)
_DELETE = CompiledWrite(
    lambda given, _: delete(ledger).where(ledger.c.id == given["row"]), {"row": ledger.c.id}
)
_INSERT = adding(
    ledger,
    *("account", "at", *(column.name for column in SUMMED), "origin", "why", "delivery_id"),
)


WITHIN, AHEAD = 0, 1
"""What a part of a window holds: what counts, and what lies in the future."""


def _edge(among: Among, after: str, before: str, *, part: int, whole: bool) -> Select[Any]:
    """The sums of the rows that lie after one moment and before another."""
    between = (ledger.c.at > bindparam(after), ledger.c.at < bindparam(before))
    sums = (func.sum(column) for column in SUMMED)
    if whole:
        of_all = select(literal(ORGANISATION), literal(part), *sums).where(
            among(literal(ORGANISATION), "accounts"), *between
        )
        return cast("Select[Any]", of_all.having(func.count() > 0))
    return (
        select(ledger.c.account, literal(part), *sums)
        .where(among(ledger.c.account, "accounts"), *between)
        .group_by(ledger.c.account)
    )


_WINDOW = CompiledSelect(
    lambda among: union_all(
        hours_within(among, WITHIN),
        _edge(among, "opens", "first", part=WITHIN, whole=False),
        _edge(among, "now", "next", part=AHEAD, whole=False),
        _edge(among, "opens", "first", part=WITHIN, whole=True),
        _edge(among, "now", "next", part=AHEAD, whole=True),
    ),
    "accounts",
)
"""All that a window is made of, in one statement."""
