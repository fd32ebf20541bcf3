"""Workspaces with as long a queue as a benchmark wants, written in bulk; `db check` is content.

SQLite has no statistics of their tables, as in any workspace; PostgreSQL makes its own by and by,
which is done here at once.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from bench.pasts import make_past
from bench.work import text
from crosspromo.domain.duplicates import text_hash
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.states import State
from crosspromo.store.database.engine import transaction
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.ledger.hours import LedgerHours
from crosspromo.store.queue.counts import DeliveryCounts
from crosspromo.store.schema import attempts, deliveries, ledger, post_partners, posts
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START
from crosspromo.workspace import Workspace

AT_ONCE = 10_000
YEARS = timedelta(days=730)
"""Over how long a time what is published went out, and what is far ahead is due."""

SELF_POSTS = 5
"""Every which published delivery is about us, where they have a past."""

WEEKS = timedelta(weeks=7)
LONG_AGO = timedelta(days=400)
"""Where what is published is not spread evenly: how long ago the late ones and the others went."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is: accounts, and deliveries that are due, far ahead, and published.

    `lately`: so many of the published ones went out in the last weeks, and all others more than a
    year before; every fifth is about us, and they have a past (`make_past`). None: they are evenly
    spread, all about others, and nothing came of them.
    """

    accounts: int
    due: int
    ahead: int = 0
    published: int = 0
    lately: int | None = None


def make(folder: Path, size: Size, *, url: str | None = None, network: str = "sandbox") -> Path:
    """A workspace of this size in the folder; all that is due has been so for a second."""
    folder.mkdir(parents=True)
    names = [f"account-{number:04}" for number in range(size.accounts)]
    lines = ["[organisation]", 'name = "River Valley Alliance"']
    if url is not None:
        lines += ["[database]", f'url = "{url}"']
    for name in names:
        lines += [f"[accounts.{name}]", f'network = "{network}"']
    (folder / "crosspromo.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    with Workspace.open(folder) as workspace:
        upgrade(workspace.bare_store.engine)
        _fill(workspace.store, names, network, size)
    return folder


def copy(made: Path, to: Path) -> Path:
    """The same workspace once more, on SQLite; it must be closed.

    The copy is made in good order, as `db copy` would, so that nothing in it is paused.
    """
    shutil.copytree(made, to)
    with Workspace.open(to) as workspace:
        store = workspace.bare_store
        with store.read() as unit:
            identity = unit.identity.get()
        workspace.database_watch.expect(identity, store.file)
    return to


def _fill(store: Store, names: list[str], network: str, size: Size) -> None:
    with store.write() as unit:
        unit.accounts.register(names)
        unit.partners.save(Partner(slug="river-keepers", name="River Keepers"), START)
    now = datetime.now(UTC)
    total = size.due + size.ahead + size.published
    with transaction(store.engine, writes=True) as connection:
        _insert(connection, posts, (_post(number, now) for number in range(1, total + 1)))
        about = ({"post_id": number, "partner_id": 1} for number in range(1, total + 1))
        _insert(connection, post_partners, about)
        filler = _Filler(names, network, size, now)
        _insert(connection, deliveries, filler.published())
        _insert(connection, deliveries, filler.waiting())
        _insert(connection, attempts, filler.attempts())
        _insert(connection, ledger, filler.counted())
        if size.lately is not None:
            make_past(connection)
        DeliveryCounts(connection).rebuild()
        LedgerHours(connection).rebuild()
        if connection.dialect.name == "postgresql":
            _mend_sequences(connection)
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        else:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _insert(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, AT_ONCE)):
        connection.execute(table.insert(), some)


def _mend_sequences(connection: Connection) -> None:
    for table in (posts, deliveries, ledger):
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "
            f"(SELECT coalesce(max(id), 1) FROM {table.name}))"
        )


def _post(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "kind": Kind.SPOTLIGHT.value,
        "author": "bench",
        "created_at": now - YEARS,
    }


@dataclass(frozen=True, slots=True)
class _Filler:
    """The rows; the published ones come first, with the ids from 1 on."""

    names: list[str]
    network: str
    size: Size
    now: datetime

    def published(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.size.published + 1):
            at = self._went_out(number)
            yield {
                **self._delivery(number, at),
                "state": State.PUBLISHED.value,
                "text_hash": f"published-{number}",
                "attempt": 1,
                "sent_at": at,
                "published_at": at,
                "remote_id": f"remote-{number}",
                "url": f"https://network.example/{number}",
            }

    def waiting(self) -> Iterator[dict[str, Any]]:
        first = self.size.published + 1
        for index in range(self.size.due + self.size.ahead):
            number = first + index
            ahead = index - self.size.due
            due_at = self.now - timedelta(seconds=1)
            if ahead >= 0:
                due_at = self.now + timedelta(days=1) + YEARS * (ahead / self.size.ahead)
            yield {
                **self._delivery(number, due_at),
                "state": State.QUEUED.value,
                "wake_at": due_at,
                "text_hash": (
                    f"ahead-{number}" if ahead >= 0 else text_hash(Content(text=text(number)))
                ),
            }

    def attempts(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.size.published + 1):
            at = self._went_out(number)
            yield {
                "delivery_id": number,
                "number": 1,
                "account": self._account(number),
                "worker": "bench",
                "token": f"token-{number}",
                "payload": {"texts": [f"Text {number}"]},
                "credit": self._credit(number).value,
                "decision": {"checks": {}, "override": None, "numbers": {}},
                "started_at": at,
                "ending": "sent",
                "ended_at": at,
            }

    def counted(self) -> Iterator[dict[str, Any]]:
        for number in range(1, self.size.published + 1):
            yield {
                "account": self._account(number),
                "at": self._went_out(number),
                "others": int(self._credit(number) is Credit.OTHERS),
                "self": int(self._credit(number) is Credit.SELF),
                "sent": int(self._credit(number) is Credit.SELF),
                "origin": "delivery",
                "why": "spotlight",
                "delivery_id": number,
                "recorded_at": self._went_out(number),
            }

    def _credit(self, number: int) -> Credit:
        is_self = self.size.lately is not None and number % SELF_POSTS == 0
        return Credit.SELF if is_self else Credit.OTHERS

    def _account(self, number: int) -> str:
        return self.names[number % len(self.names)]

    def _went_out(self, number: int) -> datetime:
        """The first the longest ago, the last an hour ago."""
        left = self.size.published - number
        lately = self.size.lately
        if lately is not None:
            hour = self.now - timedelta(hours=1)
            if left < lately:
                return hour - WEEKS * (left / lately)
            earlier = self.size.published - lately
            return hour - LONG_AGO - YEARS * ((left - lately) / earlier)
        return self.now - timedelta(hours=1) - YEARS * (left / self.size.published)

    def _delivery(self, number: int, due_at: datetime) -> dict[str, Any]:
        return {
            "id": number,
            "post_id": number,
            "account": self._account(number),
            "network": self.network,
            "credit": self._credit(number).value,
            "text": text(number),
            "images": [],
            "parts": [],
            "dropped": [],
            "due_at": due_at,
            "pinned": False,
        }
