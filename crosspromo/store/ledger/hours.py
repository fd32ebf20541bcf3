"""Hourly sums of the ledger, by account: a window of any length is read in a few steps.

A window consists of whole hours, whose sums are read here, and of parts of the first and the last
hour, whose rows are read from the ledger. Each account has its own sums; ORGANISATION has the sums
over all accounts. The sums change in the transaction that changes the ledger, as its last writes:
every worker adds to the hour of the organisation, so its row is locked as briefly as possible.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Select, bindparam, delete, func, literal, select

from crosspromo.store.schema import IS_COUNTED, ledger, ledger_hours
from crosspromo.store.sql.statements import Among, add_to_sums

ORGANISATION = ""
"""Account column of the sums over all accounts; no account has this name."""

HOUR = timedelta(hours=1)


class Sums(NamedTuple):
    """Sums of ledger columns.

    Among the posts about us, `sent` counts the published deliveries, and `overridden` counts those
    of them that a person released.
    """

    others: int = 0
    self_: int = 0
    sent: int = 0
    overridden: int = 0

    def plus(self, more: "Sums", times: int = 1) -> "Sums":
        """Sums with `times * more` added."""
        return Sums(
            self.others + times * more.others,
            self.self_ + times * more.self_,
            self.sent + times * more.sent,
            self.overridden + times * more.overridden,
        )


ZERO = Sums()

TALLIED = (ledger.c.others, ledger.c.self)
SUMMED = (*TALLIED, ledger.c.sent, ledger.c.overridden)
"""Ledger columns that are summed, in the order of the fields of `Sums`; a tally needs the first."""

Summed = Sequence[Column[int]]

SumsByHour = dict[tuple[str, datetime], Sums]
"""Sums by account (or ORGANISATION) and by start of the hour."""


def hour_of(moment: datetime) -> datetime:
    """Start of the hour around the moment, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class LedgerHours:
    """Hourly sums within one transaction; `flush` writes their changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._changes: SumsByHour = {}
        self._latest: tuple[datetime, datetime] | None = None

    def add(self, account: str, at: datetime, sums: Sums) -> None:
        """Add a ledger row (account, time, columns) to the sums."""
        self._add(account, at, sums)

    def subtract(self, account: str, at: datetime, sums: Sums) -> None:
        """Subtract a ledger row (account, time, columns) from the sums."""
        self._add(account, at, ZERO.plus(sums, -1))

    def _add(self, account: str, at: datetime, sums: Sums) -> None:
        if self._latest is None or at is not self._latest[0]:  # rows mostly share their time
            self._latest = at, hour_of(at)
        _add(self._changes, account, self._latest[1], sums)

    def flush(self) -> None:
        """Write the changes, sorted by account and hour so that workers cannot deadlock."""
        rows = [
            _row(name, hour, sums)
            for (name, hour), sums in sorted(self._changes.items())
            if sums != ZERO
        ]
        self._changes.clear()
        if rows:
            _ADD_TO_HOURS.run(self._connection, rows)

    def discard(self) -> None:
        """Discard the changes, since the transaction was rolled back."""
        self._changes.clear()

    def unwritten(
        self, accounts: Iterable[str], first: datetime, last: datetime
    ) -> dict[str, Sums]:
        """Changes not yet written, summed over the hours and by the rules of `hours_within`."""
        wanted = set(accounts)
        found: dict[str, Sums] = {}
        for (name, hour), sums in self._changes.items():
            if name in wanted and hour >= first:
                counts = sums if hour <= last else Sums(self_=sums.self_)
                found[name] = found.get(name, ZERO).plus(counts)
        return found

    def rebuild(self) -> None:
        """Sum up all rows of the ledger that count anew."""
        self._changes.clear()
        self._connection.execute(delete(ledger_hours))
        for account, at, sums in self._ledger_rows():
            self.add(account, at, sums)
        self.flush()

    def faults(self) -> list[str]:
        """Sentences about sums that differ from the ledger; empty if all are right."""
        kept = {
            (row.account, row.hour): Sums(row.others, row.self, row.sent, row.overridden)
            for row in self._connection.execute(select(ledger_hours))
        }
        counted: SumsByHour = {}
        for account, at, sums in self._ledger_rows():
            _add(counted, account, hour_of(at), sums)
        return [
            f"the sums of {name or 'the organisation'} for {hour:%Y-%m-%d %H:%M} UTC are not those "
            "of the ledger"
            for name, hour in sorted(kept.keys() | counted.keys())
            if kept.get((name, hour), ZERO) != counted.get((name, hour), ZERO)
        ]

    def _ledger_rows(self) -> Iterator[tuple[str, datetime, Sums]]:
        query = select(ledger.c.account, ledger.c.at, *SUMMED).where(IS_COUNTED)
        for account, at, *sums in self._connection.execute(query):
            yield account, at, Sums(*sums)


def hours_within(among: Among, summed: Summed, part: int) -> Select[Any]:
    """SQL: sums by account over the hours from `first` up to `last`; `part` marks each row.

    Bind parameters: `accounts`, `first` and `last`, the hour of now.
    """
    hours = ledger_hours.c
    return (
        select(hours.account, literal(part), *(func.sum(hours[c.name]) for c in summed))
        .where(
            among(hours.account, "accounts"),
            hours.hour >= bindparam("first"),
            hours.hour <= bindparam("last"),
        )
        .group_by(hours.account)
    )


def hours_after(among: Among, summed: Summed, part: int) -> Select[Any]:
    """SQL: sums by account over the hours after `last`, like `hours_within`.

    Such hours exist if the clock was set back. They count for self, and for nothing else.
    """
    hours = ledger_hours.c
    sums = (func.sum(hours.self if c is ledger.c.self else literal(0)) for c in summed)
    return (
        select(hours.account, literal(part), *sums)
        .where(among(hours.account, "accounts"), hours.hour > bindparam("last"))
        .group_by(hours.account)
    )


def _add(total: SumsByHour, account: str, hour: datetime, sums: Sums) -> None:
    for name in (account, ORGANISATION):
        known = total.get((name, hour))
        total[name, hour] = sums if known is None else known.plus(sums)


def _row(name: str, hour: datetime, sums: Sums) -> dict[str, Any]:
    others, self_, sent, overridden = sums
    return {
        "account": name,
        "hour": hour,
        "others": others,
        "self": self_,
        "sent": sent,
        "overridden": overridden,
    }


_ADD_TO_HOURS = add_to_sums(
    ledger_hours, key=("account", "hour"), sums=("others", "self", "sent", "overridden")
)
