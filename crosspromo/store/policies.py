"""History of policies: by what terms each account, and the organisation, was judged at what time.

A row begins when a worker or a command first acts under changed terms, and ends when one acts under
others. An account that leaves crosspromo.toml keeps its last row: nothing of it is judged any more.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from crosspromo.domain.policy import Terms
from crosspromo.domain.ratio import Target, Window
from crosspromo.store.ledger.hours import ORGANISATION
from crosspromo.store.schema import policies
from crosspromo.store.sql.locks import lock_out_writers
from crosspromo.store.sql.statements import (
    CompiledSelect,
    CompiledWrite,
    insert_rows,
    no_earlier_than,
)

TermsByName = Mapping[str | None, Terms]
"""Terms by account; key None: the floor of the organisation."""

_Columns = tuple[str | None, int | None, str]
"""Terms as they are stored: target, quota, window."""


class PolicyHistory:
    """Policies of accounts and the organisation's floor, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def differ(self, terms: TermsByName) -> bool:
        """Whether any of these terms differ from those that were recorded last."""
        return bool(_changed(terms, self._in_force()))

    def record(self, terms: TermsByName, now: datetime) -> None:
        """Record the terms that differ from those recorded last; write nothing if none does.

        Two workers that record the same terms at once write them once. To be called before other
        writes of the transaction: whoever records locks out others who do.
        """
        if not self.differ(terms):
            return
        lock_out_writers(self._connection, policies)
        present = self._in_force()
        changed = _changed(terms, present)
        ended = [{"of": name, "now": now} for name in changed if name in present]
        if ended:
            _END.run(self._connection, ended)
        if changed:
            names = ("target", "quota", "window")
            rows = [
                {"account": name, "since": now, **dict(zip(names, columns, strict=True))}
                for name, columns in changed.items()
            ]
            _BEGIN.run(self._connection, rows)

    def at(self, moment: datetime) -> Mapping[str | None, Terms]:
        """Terms in force at the moment, of accounts (and None: the organisation) with a record."""
        ended = policies.c.until.is_(None) | (policies.c.until > moment)
        query = select(policies).where(policies.c.since <= moment, ended).order_by(policies.c.id)
        return {
            (None if row.account == ORGANISATION else row.account): Terms(
                None if row.target is None else Target.parse(row.target),
                row.quota,
                Window.parse(row.window),
            )
            for row in self._connection.execute(query)
        }

    def rename(self, old: str, new: str) -> None:
        """Move the history of the account `old` to the name `new`.

        Terms of `old` that are in force end where those of `new` begin.
        """
        begins = select(func.min(policies.c.since)).where(policies.c.account == new)
        begun = self._connection.execute(begins).scalar_one()
        if begun is not None:
            _END.run(self._connection, [{"of": old, "now": begun}])
        moved = update(policies).where(policies.c.account == old)
        self._connection.execute(moved.values(account=new))

    def _in_force(self) -> dict[str, _Columns]:
        """Stored terms by the account column."""
        rows = _IN_FORCE.rows(self._connection)
        return {account: (target, quota, window) for account, target, quota, window in rows}


def _changed(terms: TermsByName, known: Mapping[str, _Columns]) -> dict[str, _Columns]:
    changed = {}
    for name, each in terms.items():
        account = ORGANISATION if name is None else name
        target = None if each.target is None else str(each.target)
        columns = target, each.quota, str(each.window)
        if known.get(account) != columns:
            changed[account] = columns
    return changed


def _ending(given: Any, _dialect: str) -> Any:
    until = no_earlier_than(policies.c.since, given["now"])
    in_force = policies.c.account == given["of"], policies.c.until.is_(None)
    return update(policies).where(*in_force).values(until=until)


_IN_FORCE = CompiledSelect(
    lambda _: select(
        *(policies.c[name] for name in ("account", "target", "quota", "window"))
    ).where(policies.c.until.is_(None))
)
_END = CompiledWrite(_ending, {"of": policies.c.account, "now": policies.c.until})
"""UPDATE that ends the terms of the account `of`; after a clock was set back, as they began."""

_BEGIN = insert_rows(policies, "account", "since", "target", "quota", "window")
