"""Sums of the ledger by the hour, so that a window of any length is read in a few steps.

A window is its whole hours, from here, and the rows of the hours at its two edges, from the ledger.
Each account has its own sums, and ORGANISATION those of all together. They change in the
transaction that changes the ledger, and last of all in it: every worker adds to the organisation's
hour, and a row that many wait for is locked as shortly as can be.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, bindparam, case, delete, func, literal, select

from crosspromo.store.schema import ledger, ledger_hours
from crosspromo.store.sql.statements import Among, summing

ORGANISATION = ""
"""What the sums of all accounts are filed under; no account has this name."""

HOUR = timedelta(hours=1)


class Sums(NamedTuple):
    """Of what is about us, `sent` is what went out as ours, `overridden` what a person released."""

    others: int = 0
    self_: int = 0
    sent: int = 0
    overridden: int = 0

    def plus(self, more: "Sums", times: int = 1) -> "Sums":
        """These with `more` added so many times."""
        return Sums(
            self.others + times * more.others,
            self.self_ + times * more.self_,
            self.sent + times * more.sent,
            self.overridden + times * more.overridden,
        )


NOTHING = Sums()

SUMMED = (ledger.c.others, ledger.c.self, ledger.c.sent, ledger.c.overridden)
"""The columns of the ledger that `Sums` are of, in their order."""

SumsByHour = dict[tuple[str, datetime], Sums]
"""Sums by account and hour."""


def hour_of(moment: datetime) -> datetime:
    """The hour, in UTC, that the moment lies in."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class LedgerHours:
    """The sums within one transaction; what was added is written by `flush`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._added: SumsByHour = {}

    def add(self, account: str, at: datetime, sums: Sums) -> None:
        """Count this on the account from `at` on."""
        _add(self._added, account, at, sums)

    def take(self, account: str, at: datetime, sums: Sums) -> None:
        """Count this no longer."""
        _add(self._added, account, at, NOTHING.plus(sums, -1))

    def flush(self) -> None:
        """Write what was added, always in the same order so that no two workers wait in a ring."""
        rows = [
            _row(name, hour, sums)
            for (name, hour), sums in sorted(self._added.items())
            if sums != NOTHING
        ]
        self._added.clear()
        if rows:
            _ADDING.run(self._connection, rows)

    def unwritten(
        self, accounts: Iterable[str], first: datetime, last: datetime
    ) -> dict[str, Sums]:
        """What this transaction added to the hours that `hours_within` sums."""
        wanted = set(accounts)
        found: dict[str, Sums] = {}
        for (name, hour), sums in self._added.items():
            if name in wanted and hour >= first:
                counts = sums if hour <= last else Sums(self_=sums.self_)
                found[name] = found.get(name, NOTHING).plus(counts)
        return found

    def each(
        self, account: str, first: datetime, before: datetime
    ) -> Iterator[tuple[datetime, Sums]]:
        """The sums of each hour from `first` on and before `before`, the earliest first."""
        self.flush()
        rows = self._connection.execute(_EACH, {"name": account, "first": first, "before": before})
        for hour, *sums in rows:
            yield hour, Sums(*sums)

    def forget(self) -> None:
        """What was added was taken back."""
        self._added.clear()

    def rebuild(self) -> None:
        """Sum up the whole ledger anew."""
        self._added.clear()
        self._connection.execute(delete(ledger_hours))
        for account, at, sums in self._counted():
            self.add(account, at, sums)
        self.flush()

    def faults(self) -> list[str]:
        """Where the sums are not those of the ledger; empty where all is well."""
        kept = {
            (row.account, row.hour): Sums(row.others, row.self, row.sent, row.overridden)
            for row in self._connection.execute(select(ledger_hours))
        }
        counted: SumsByHour = {}
        for account, at, sums in self._counted():
            _add(counted, account, at, sums)
        return [
            f"the sums of {name or 'the organisation'} for {hour:%Y-%m-%d %H:%M} UTC are not those "
            "of the ledger"
            for name, hour in sorted(kept.keys() | counted.keys())
            if kept.get((name, hour), NOTHING) != counted.get((name, hour), NOTHING)
        ]

    def _counted(self) -> Iterator[tuple[str, datetime, Sums]]:
        query = select(ledger.c.account, ledger.c.at, *SUMMED)
        for account, at, *sums in self._connection.execute(query):
            yield account, at, Sums(*sums)


def _add(counted: SumsByHour, account: str, at: datetime, sums: Sums) -> None:
    hour = hour_of(at)
    for name in (account, ORGANISATION):
        counted[name, hour] = counted.get((name, hour), NOTHING).plus(sums)


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


_ADDING = summing(
    ledger_hours, key=("account", "hour"), sums=("others", "self", "sent", "overridden")
)


def hours_within(among: Among, part: int) -> Select[Any]:
    """The sums of `accounts` from the hour `first` on, each with this number.

    Of the hours after `last` nothing about others counts (the clock was set back), and nothing
    counts as sent.
    """
    hours = ledger_hours.c

    def past(column: Any) -> Any:
        return func.sum(case((hours.hour <= bindparam("last"), column), else_=0))

    return (
        select(
            hours.account,
            literal(part),
            past(hours.others),
            func.sum(hours.self),
            past(hours.sent),
            past(hours.overridden),
        )
        .where(
            among(hours.account, "accounts"),
            hours.hour >= bindparam("first"),
        )
        .group_by(hours.account)
    )


_EACH = (
    select(ledger_hours.c.hour, *(ledger_hours.c[column.name] for column in SUMMED))
    .where(
        ledger_hours.c.account == bindparam("name"),
        ledger_hours.c.hour >= bindparam("first"),
        ledger_hours.c.hour < bindparam("before"),
    )
    .order_by(ledger_hours.c.hour)
)
