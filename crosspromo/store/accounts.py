"""Accounts in the database: faults, rests, sessions and pauses. Their rules are configuration."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, select, update

from crosspromo.domain.pauses import AccountState, Pause
from crosspromo.store.schema import accounts, organisation, pauses
from crosspromo.store.sql.statements import Among, CompiledSelect


class Accounts:
    """The accounts that deliveries and the ledger refer to."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(self, names: Iterable[str]) -> None:
        """Make sure that every account named has its row."""
        known = set(self._connection.execute(select(accounts.c.name)).scalars())
        rows = [{"name": name} for name in names if name not in known]
        if rows:
            self._connection.execute(accounts.insert(), rows)

    def lock(self, name: str) -> None:
        """Serialise with everyone else who gates a delivery of this account.

        On SQLite the whole write transaction is serialised already.
        """
        self._connection.execute(
            select(accounts.c.name).where(accounts.c.name == name).with_for_update(key_share=True)
        )

    def claim(self, names: Iterable[str]) -> dict[str, AccountState]:
        """Those of these accounts that nobody else has locked: they are ours until the transaction
        ends. Nobody waits here, so nobody waits in a ring.
        """
        return self._states(_CLAIM, names)

    def lock_organisation(self) -> None:
        """Serialise with everyone else who uses what the whole organisation has shared."""
        self._connection.execute(select(organisation.c.id).with_for_update())

    def states(self, names: Iterable[str]) -> dict[str, AccountState]:
        """What is known of each of these accounts that is registered."""
        return self._states(_STATES, names)

    def _states(self, query: CompiledSelect, names: Iterable[str]) -> dict[str, AccountState]:
        rows = query.rows(self._connection, names=names)
        return {name: AccountState(fault, rests_until) for name, fault, rests_until in rows}

    def rest(self, name: str, until: datetime) -> None:
        """Leave the account alone until then: its network takes nothing more."""
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(rests_until=until)
        )

    def fault(self, name: str) -> str | None:
        """What is wrong with the account, or None."""
        query = select(accounts.c.fault).where(accounts.c.name == name)
        return self._connection.execute(query).scalar_one_or_none()

    def set_fault(self, name: str, fault: str | None, now: datetime) -> None:
        """Park the account with a sentence, or free it with None."""
        at = None if fault is None else now
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(fault=fault, fault_at=at)
        )

    def faults(self) -> dict[str, str]:
        """Every account that needs attention, with the reason."""
        query = select(accounts.c.name, accounts.c.fault).where(accounts.c.fault.is_not(None))
        return {name: str(fault) for name, fault in self._connection.execute(query)}

    def resting(self, now: datetime) -> dict[str, datetime]:
        """Every account whose network takes nothing of it for now, with until when."""
        query = select(accounts.c.name, accounts.c.rests_until).where(accounts.c.rests_until > now)
        return {row.name: row.rests_until for row in self._connection.execute(query)}

    def session(self, name: str) -> str | None:
        """The encrypted session saved last, or None."""
        query = select(accounts.c.session).where(accounts.c.name == name)
        return self._connection.execute(query).scalar_one_or_none()

    def save_session(self, name: str, encrypted: str | None) -> None:
        """Keep a encrypted session, or forget it with None."""
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(session=encrypted)
        )


def _states(among: Among) -> Select[Any]:
    columns = accounts.c.name, accounts.c.fault, accounts.c.rests_until
    return select(*columns).where(among(accounts.c.name, "names"))


_STATES = CompiledSelect(_states, "names")
_CLAIM = CompiledSelect(
    lambda among: _states(among).with_for_update(skip_locked=True, key_share=True), "names"
)
"""Locked against other claims, and not against rows that refer to the account: who queues a post
waits for no daemon, and no daemon passes an account over because somebody queues a post there.
"""


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


_ALL = CompiledSelect(lambda _: select(pauses).order_by(pauses.c.account))
