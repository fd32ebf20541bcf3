"""History of policies: by what terms each account, and the organisation, was judged at what time.

A row begins when a worker or a command first acts under changed terms, and ends when one acts under
others. An account that leaves crosspromo.toml keeps its last row: nothing of it is judged any more.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, func, select, text, update

from crosspromo.domain.policy import Terms
from crosspromo.domain.ratio import Target, Window
from crosspromo.store.ledger.hours import ORGANISATION
from crosspromo.store.schema import policies

TermsByName = Mapping[str | None, Terms]
"""Terms by account; key None: the floor of the organisation."""


class PolicyHistory:
    """Policies of accounts and the organisation's floor, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def in_force(self) -> dict[str | None, Terms]:
        """Terms that were recorded last."""
        return {_name(row): _terms(row) for row in self._rows()}

    def record(self, terms: TermsByName, now: datetime) -> None:
        """Record the terms that differ from those recorded last; write nothing if none does.

        Two workers that record the same terms at once write them once. To be called before other
        writes of the transaction: whoever records locks out others who do.
        """
        if not _changed(terms, self.in_force()):
            return
        if self._connection.dialect.name == "postgresql":
            lock = f"LOCK TABLE {policies.name} IN SHARE ROW EXCLUSIVE MODE"
            self._connection.execute(text(lock))
        present = {_name(row): row for row in self._rows()}
        known = {name: _terms(row) for name, row in present.items()}
        for name, found in _changed(terms, known).items():
            if name in present:
                self._end(present[name], now)
            self._connection.execute(
                policies.insert().values(
                    account=ORGANISATION if name is None else name,
                    since=now,
                    target=None if found.target is None else str(found.target),
                    quota=found.quota,
                    window=str(found.window),
                )
            )

    def rename(self, old: str, new: str) -> None:
        """Move the history of the account `old` to the name `new`.

        Terms of `old` that are in force end where those of `new` begin.
        """
        begins = select(func.min(policies.c.since)).where(policies.c.account == new)
        begun = self._connection.execute(begins).scalar_one()
        for row in self._rows():
            if row.account == old and begun is not None:
                self._end(row, begun)
        moved = update(policies).where(policies.c.account == old)
        self._connection.execute(moved.values(account=new))

    def _rows(self) -> list[Row[tuple[object, ...]]]:
        return list(self._connection.execute(select(policies).where(policies.c.until.is_(None))))

    def _end(self, row: Row[tuple[object, ...]], now: datetime) -> None:
        """End these terms; if the clock was set back meanwhile, they end as they began."""
        ended = update(policies).where(policies.c.id == row.id)
        self._connection.execute(ended.values(until=max(row.since, now)))


def _changed(terms: TermsByName, known: TermsByName) -> TermsByName:
    return {name: each for name, each in terms.items() if known.get(name) != each}


def _name(row: Row[tuple[object, ...]]) -> str | None:
    return None if row.account == ORGANISATION else str(row.account)


def _terms(row: Row[tuple[object, ...]]) -> Terms:
    target = None if row.target is None else Target.parse(row.target)
    return Terms(target, row.quota, Window.parse(row.window))
