"""Our own rows written bare: what a delivery changes in our tables, by the driver and nothing else.

One delivery goes through crosspromo itself. What it changed, from one commit to the next, is then
written for all others on the same tables, with their indexes and checks, in groups of as many as
crosspromo claims at once. Nothing is read, rendered, judged or sent. So this follows the schema,
and it is what the rows alone cost.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.contest import Given, Work
from bench.peers.ours import send_one
from crosspromo.publishing.cycle import MOST_LOCAL
from crosspromo.workspace import Workspace

Values = dict[str, Any]
Due = tuple[int, str]
"""A delivery and its account."""

SUMS = ("account", "hour", "others", "self", "sent", "overridden")


@dataclass(frozen=True, slots=True)
class Moment:
    """Rows of one delivery after a commit, as they are stored; empty where there is none yet."""

    delivery: Values
    attempt: Values
    ledger: Values

    @classmethod
    def of(cls, driver: sqlite3.Connection, delivery: int) -> "Moment":
        """The rows as they are now."""
        return cls(
            _row(driver, "deliveries", "id", delivery),
            _row(driver, "attempts", "delivery_id", delivery),
            _row(driver, "ledger", "delivery_id", delivery),
        )


def drain(given: Given) -> Work:
    """All that is due: intent and receipt of each, with attempt, ledger, hours and counts."""
    with Workspace.open(given.folder) as workspace:
        # A connection as ours are configured: the same log, cache, synchronisation and checks.
        connection = workspace.store.engine.raw_connection()
        driver = connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        first, moments = _moments(workspace, driver)
    due: list[Due] = driver.execute(
        "SELECT id, account FROM deliveries WHERE state = 'queued' AND id <> ? ORDER BY id", [first]
    ).fetchall()
    writing = _Writing(driver, *moments)
    return lambda: writing.drain(due)


def _moments(
    workspace: Workspace, driver: sqlite3.Connection
) -> tuple[int, tuple[Moment, Moment, Moment]]:
    """A delivery that went out now (its id), and its rows as queued, claimed and published."""
    queued = {
        row[0]: Moment.of(driver, row[0])
        for row in driver.execute(
            "SELECT min(id) FROM deliveries WHERE state = 'queued' GROUP BY account"
        )
    }
    claimed: list[Moment] = []

    def look() -> None:
        (delivery,) = driver.execute("SELECT id FROM deliveries WHERE state = 'sending'").fetchone()
        claimed.append(Moment.of(driver, delivery))

    send_one(workspace, claimed=look)
    (between,) = claimed
    first = between.delivery["id"]
    return first, (queued[first], between, Moment.of(driver, first))


class _Writing:
    """Writes the rows of groups of deliveries."""

    def __init__(
        self, driver: sqlite3.Connection, queued: Moment, claimed: Moment, published: Moment
    ) -> None:
        self._driver = driver
        self._claim = _Update("deliveries", queued.delivery, claimed.delivery, ("id",))
        self._attempt = _Insert("attempts", claimed.attempt)
        self._settle = _Update("deliveries", claimed.delivery, published.delivery, ("id",))
        self._end = _Update(
            "attempts", claimed.attempt, published.attempt, ("delivery_id", "number")
        )
        self._ledger = _Insert("ledger", {k: v for k, v in published.ledger.items() if k != "id"})
        at = published.ledger["at"]
        self._hour = f"{at[:13]}:00:00.000000"
        self._amounts = [published.ledger[name] for name in SUMS[2:]]

    def drain(self, due: Sequence[Due]) -> int:
        """Write all; each commit settles one group and claims the next, as crosspromo does."""
        before: Sequence[Due] = ()
        for group in (*_groups(due), ()):
            self._driver.execute("BEGIN IMMEDIATE")
            if before:
                self._settle.run(self._driver, before)
                self._end.run(self._driver, before)
                self._ledger.run(self._driver, before)
            if group:
                self._claim.run(self._driver, group)
                self._attempt.run(self._driver, group)
            self._sum_up(before, group)
            self._driver.execute("COMMIT")
            before = group
        return len(due)

    def _sum_up(self, settled: Sequence[Due], claimed: Sequence[Due]) -> None:
        """Add to the hours of the accounts and of the organisation, and to the counts."""
        one = self._amounts
        hours = [(account, self._hour, *one) for _, account in settled]
        if settled:
            hours.append(("", self._hour, *(len(settled) * amount for amount in one)))
        self._driver.executemany(_ADD_TO_HOURS, hours)
        counts = [
            *((account, "queued", -1) for _, account in claimed),
            ("", "sending", len(claimed) - len(settled)),
            ("", "published", len(settled)),
        ]
        self._driver.executemany(_ADD_TO_COUNTS, counts)


class _Update:
    """UPDATE of the columns that differ between two rows, by key."""

    def __init__(self, table: str, before: Values, after: Values, key: Sequence[str]) -> None:
        changed = {name: value for name, value in after.items() if value != before[name]}
        self._text = (
            f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in changed)} "
            f"WHERE {' AND '.join(f'{name} = ?' for name in key)}"
        )
        self._values = (*changed.values(),)
        self._rest = tuple(after[name] for name in key[1:])

    def run(self, driver: sqlite3.Connection, group: Sequence[Due]) -> None:
        """Update the rows of these deliveries."""
        values, rest = self._values, self._rest
        driver.executemany(self._text, [(*values, delivery, *rest) for delivery, _ in group])


class _Insert:
    """INSERT of a row with another delivery and account each time."""

    def __init__(self, table: str, row: Values) -> None:
        others = {k: v for k, v in row.items() if k not in {"delivery_id", "account"}}
        names = ["delivery_id", "account", *others]
        marks = ", ".join("?" * len(names))
        columns = ", ".join(f'"{name}"' for name in names)
        self._text = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
        self._values = (*others.values(),)

    def run(self, driver: sqlite3.Connection, group: Sequence[Due]) -> None:
        """Insert the rows of these deliveries."""
        values = self._values
        driver.executemany(self._text, [(*due, *values) for due in group])


def _row(driver: sqlite3.Connection, table: str, key: str, delivery: int) -> Values:
    found = driver.execute(f"SELECT * FROM {table} WHERE {key} = ?", [delivery])
    names = [each[0] for each in found.description]
    row = found.fetchone()
    return {} if row is None else dict(zip(names, row, strict=True))


def _groups(due: Sequence[Due]) -> Iterator[Sequence[Due]]:
    """Groups in order, in which no account comes twice: one send at a time is on its way there."""
    group: dict[str, Due] = {}
    for each in due:
        if each[1] in group or len(group) == MOST_LOCAL:
            yield [*group.values()]
            group = {}
        group[each[1]] = each
    if group:
        yield [*group.values()]


_ADD_TO_HOURS = """
INSERT INTO ledger_hours (account, hour, others, self, sent, overridden) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (account, hour) DO UPDATE SET others = others + excluded.others,
    self = self + excluded.self, sent = sent + excluded.sent,
    overridden = overridden + excluded.overridden
"""
_ADD_TO_COUNTS = """
INSERT INTO delivery_counts (account, state, count) VALUES (?, ?, ?)
ON CONFLICT (account, state) DO UPDATE SET count = count + excluded.count
"""
