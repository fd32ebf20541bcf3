"""Stretches of the ledger's windows: sums of whole hours, and rows where an hour is not whole.

The rows of an hour are read when they are asked for: few hours of a window ever are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, and_, bindparam, literal, or_, select, union_all

from crosspromo.domain.ratio import Counted, Stretch, Tally, tally
from crosspromo.store.ledger.hours import HOUR, ORGANISATION, hour_of
from crosspromo.store.schema import IS_COUNTED, ledger, ledger_hours
from crosspromo.store.sql.statements import Among, CompiledSelect

HOURS_PER_QUERY = 200
"""Maximum number of hours whose rows are read by one query."""

OLDEST, WHOLE, LATEST = 0, 1, 2
"""Parts of a window: rows of the hour in which it begins, whole hours, rows since the hour of now.
"""


@dataclass(slots=True)
class _RowsOfHour:
    """Reader of the rows of an account (or ORGANISATION) within an hour; it reads them once."""

    connection: Connection
    account: str
    hour: datetime
    known: list[Counted] | None = field(default=None)

    def __call__(self) -> Iterable[Counted]:
        if self.known is None:
            read_rows(self.connection, [self])
        return self.known or ()


def stretches_of(
    connection: Connection, accounts: Sequence[str], window_opens: datetime, now: datetime
) -> dict[str, list[Stretch]]:
    """Stretches of a window of days by account, the earliest first, from one query.

    `accounts` may have ORGANISATION, for the rows of all accounts.
    """
    moments = {
        "opens": window_opens,
        "first": hour_of(window_opens) + HOUR,
        "now": now,
        "last": hour_of(now),
    }
    statement = _statement(everything=ORGANISATION in accounts)
    edges: dict[tuple[str, int], list[Counted]] = {}
    hours: dict[str, list[Stretch]] = {name: [] for name in accounts}
    rows = statement.rows(connection, accounts=accounts, **moments)
    for part, account, at, others, self_ in sorted(rows, key=lambda row: row[2]):
        if part == WHOLE:
            read = _RowsOfHour(connection, account, at)
            hours[account].append(Stretch(Tally(others, self_), read))
        else:
            counted = Counted(at, others, self_)
            for name in (account, ORGANISATION):
                edges.setdefault((name, part), []).append(counted)
    return {
        name: [
            stretch_of(edges.get((name, OLDEST), ())),
            *found,
            stretch_of(edges.get((name, LATEST), ())),
        ]
        for name, found in hours.items()
    }


def stretch_of(rows: Sequence[Counted]) -> Stretch:
    """Stretch of rows that were read already."""
    return Stretch(tally(rows), lambda: rows)


def read_ahead(connection: Connection, stretches: Iterable[Stretch]) -> None:
    """Read the rows of several stretches by one query, before they are asked for."""
    wanted = [each.rows for each in stretches if isinstance(each.rows, _RowsOfHour)]
    for start in range(0, len(wanted), HOURS_PER_QUERY):
        read_rows(connection, wanted[start : start + HOURS_PER_QUERY])


def read_rows(connection: Connection, wanted: Sequence[_RowsOfHour]) -> None:
    """Read the rows of these hours, by one query."""
    by_hour: dict[tuple[str, datetime], list[Counted]] = {}
    parts = []
    for each in wanted:
        within = and_(ledger.c.at >= each.hour, ledger.c.at < each.hour + HOUR)
        of_account = ledger.c.account == each.account
        parts.append(within if each.account == ORGANISATION else and_(of_account, within))
    columns = ledger.c.account, ledger.c.at, ledger.c.others, ledger.c.self
    query = select(*columns).where(IS_COUNTED, or_(*parts)).order_by(ledger.c.at)
    for account, at, others, self_ in connection.execute(query):
        for name in (account, ORGANISATION):
            by_hour.setdefault((name, hour_of(at)), []).append(Counted(at, others, self_))
    for each in wanted:
        each.known = by_hour.get((each.account, each.hour), [])


@cache
def _statement(*, everything: bool) -> CompiledSelect:
    """All parts of a window in one statement; `everything`: rows of accounts not named as well."""
    hours = ledger_hours.c
    of_row = ledger.c.account, ledger.c.at, ledger.c.others, ledger.c.self
    is_late = or_(ledger.c.at <= bindparam("now"), ledger.c.self > 0)

    def build(among: Among) -> CompoundSelect[Any]:
        named = () if everything else (among(ledger.c.account, "accounts"),)
        return union_all(
            select(literal(WHOLE), hours.account, hours.hour, hours.others, hours.self).where(
                among(hours.account, "accounts"),
                hours.hour >= bindparam("first"),
                hours.hour < bindparam("last"),
            ),
            select(literal(OLDEST), *of_row).where(
                IS_COUNTED,
                *named,
                ledger.c.at > bindparam("opens"),
                ledger.c.at < bindparam("first"),
            ),
            select(literal(LATEST), *of_row).where(
                IS_COUNTED, *named, ledger.c.at >= bindparam("last"), is_late
            ),
        )

    return CompiledSelect(build, "accounts")
