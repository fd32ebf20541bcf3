"""Pauses in the store: one over everything, and one for each account at most."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, select

from crosspromo.domain.pauses import Pause
from crosspromo.store.schema import pauses
from crosspromo.store.statements import Reading

EVERYTHING = "all"
"""What the pause over everything is filed under; no account may have this name."""


class Pauses:
    """What is paused now. An ended pause leaves only its lines in the audit log."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, pause: Pause) -> None:
        """Pause it. A pause that is there already gives way to the new one."""
        self.end(pause.account)
        self._connection.execute(
            pauses.insert().values(
                account=_filed(pause.account), who=pause.who, at=pause.at, reason=pause.reason
            )
        )

    def end(self, account: str | None) -> bool:
        """End the account's own pause, or with None the one over everything; was there one?"""
        ended = self._connection.execute(delete(pauses).where(pauses.c.account == _filed(account)))
        return ended.rowcount > 0

    def over(self, account: str) -> Pause | None:
        """What keeps the account from posting: the pause over everything first, else its own."""
        query = select(pauses).where(pauses.c.account.in_((EVERYTHING, account)))
        found = {row.account: _pause(row) for row in self._connection.execute(query)}
        return found.get(EVERYTHING) or found.get(account)

    def all(self) -> list[Pause]:
        """Every pause, the one over everything first."""
        rows = _ALL.rows(self._connection)
        return sorted((_pause(row) for row in rows), key=lambda pause: pause.account or "")


def is_paused(account: ColumnElement[str]) -> ColumnElement[bool]:
    """SQL: whether a pause lies over the account of this row."""
    return exists().where(pauses.c.account.in_((EVERYTHING, account)))


def _filed(account: str | None) -> str:
    return EVERYTHING if account is None else account


def _pause(row: Row[Any]) -> Pause:
    account = None if row.account == EVERYTHING else row.account
    return Pause(account, row.who, row.at, row.reason)


_ALL = Reading(lambda _: select(pauses).order_by(pauses.c.account))
