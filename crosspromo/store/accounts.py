"""Account data in the store: faults, rests, sessions, pauses. Account rules are configuration."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, select, update

from crosspromo.domain.pauses import AccountOverview, AccountState, Pause
from crosspromo.store.schema import account_readings, accounts, organisation, pauses
from crosspromo.store.sql.statements import Among, CompiledSelect


class Accounts:
    """Account rows, to which deliveries and the ledger refer."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(self, names: Iterable[str]) -> None:
        """Insert missing rows of named accounts."""
        known = set(self._connection.execute(select(accounts.c.name)).scalars())
        rows = [{"name": name} for name in names if name not in known]
        if rows:
            self._connection.execute(accounts.insert(), rows)

    def names(self) -> list[str]:
        """Names of all registered accounts, sorted."""
        return list(
            self._connection.execute(select(accounts.c.name).order_by(accounts.c.name)).scalars()
        )

    def lock(self, name: str) -> None:
        """Lock the account: transactions that judge its deliveries run one after another.

        On SQLite write transactions run one after another anyway.
        """
        self._connection.execute(
            select(accounts.c.name).where(accounts.c.name == name).with_for_update(key_share=True)
        )

    def lock_free(self, names: Iterable[str]) -> dict[str, AccountState]:
        """Lock the accounts until the end of the transaction; returns their states by name.

        Accounts that another transaction has locked are left out: no waiting, hence no deadlock.
        """
        return self._states(_CLAIM, names)

    def lock_organisation(self) -> None:
        """Lock the organisation: transactions that use its headroom run one after another."""
        self._connection.execute(select(organisation.c.id).with_for_update())

    def states(self, names: Iterable[str]) -> dict[str, AccountState]:
        """State (fault and rest) of each named account that is registered, by name."""
        return self._states(_STATES, names)

    def remember(self, states: Mapping[str, AccountState]) -> None:
        """Take note of the accounts with a fault or a rest: of use only where none can change."""

    def _states(self, query: CompiledSelect, names: Iterable[str]) -> dict[str, AccountState]:
        rows = query.rows(self._connection, names=names)
        return {name: AccountState(fault, rests_until) for name, fault, rests_until in rows}

    def rest(self, name: str, until: datetime) -> None:
        """Set the time until which the network takes no requests of this account."""
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(rests_until=until)
        )

    def fault(self, name: str) -> str | None:
        """Account fault, as a sentence; None if the account works."""
        query = select(accounts.c.fault).where(accounts.c.name == name)
        return self._connection.execute(query).scalar_one_or_none()

    def set_fault(self, name: str, fault: str | None, now: datetime) -> None:
        """Set an account fault (a sentence), or clear the fault with None.

        The account sends nothing while it has a fault.
        """
        at = None if fault is None else now
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(fault=fault, fault_at=at)
        )

    def faults(self) -> dict[str, str]:
        """Faults by account."""
        query = select(accounts.c.name, accounts.c.fault).where(accounts.c.fault.is_not(None))
        return {name: str(fault) for name, fault in self._connection.execute(query)}

    def overview(self) -> dict[str, AccountOverview]:
        """Everything known of each registered account, by name, in one query."""
        columns = accounts.c.name, accounts.c.fault, accounts.c.fault_at, accounts.c.rests_until
        reading = account_readings.c
        query = select(
            *(*columns, accounts.c.clock_offset),
            *(reading.fault.label("reading_fault"), reading.failing_since),
        ).join_from(accounts, account_readings, reading.account == accounts.c.name, isouter=True)
        rows = self._connection.execute(query)
        return {
            row.name: AccountOverview(
                row.fault,
                row.fault_at,
                row.rests_until,
                None if row.clock_offset is None else timedelta(seconds=row.clock_offset),
                row.reading_fault,
                row.failing_since,
            )
            for row in rows
        }

    def resting(self, now: datetime) -> dict[str, datetime]:
        """Rest ends, by account, of accounts resting at `now`."""
        query = select(accounts.c.name, accounts.c.rests_until).where(accounts.c.rests_until > now)
        return {row.name: row.rests_until for row in self._connection.execute(query)}

    def with_identity(self, identity: str) -> dict[str, str | None]:
        """Faults (None: none) by account, of accounts that their network calls so."""
        query = select(accounts.c.name, accounts.c.fault).where(accounts.c.identity == identity)
        return {row.name: row.fault for row in self._connection.execute(query)}

    def identities(self) -> dict[str, str]:
        """Ids that networks have given to accounts, by account."""
        query = select(accounts.c.name, accounts.c.identity)
        found = self._connection.execute(query.where(accounts.c.identity.is_not(None)))
        return {name: str(identity) for name, identity in found}

    def set_identity(self, name: str, identity: str) -> None:
        """Set the id by which its network knows the account."""
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(identity=identity)
        )

    def clock_offsets(self) -> dict[str, timedelta]:
        """Time that a network's clock was ahead of ours at its last known answer, by account."""
        query = select(accounts.c.name, accounts.c.clock_offset)
        found = self._connection.execute(query.where(accounts.c.clock_offset.is_not(None)))
        return {name: timedelta(seconds=seconds) for name, seconds in found}

    def set_clock_offset(self, name: str, seconds: float) -> None:
        """Set the number of seconds that the clock of the account's network is ahead of ours."""
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(clock_offset=seconds)
        )

    def session(self, name: str) -> str | None:
        """Latest saved encrypted session, or None."""
        query = select(accounts.c.session).where(accounts.c.name == name)
        return self._connection.execute(query).scalar_one_or_none()

    def sessions(self) -> dict[str, str]:
        """Encrypted sessions by account, of the accounts that have one, sorted by name."""
        query = select(accounts.c.name, accounts.c.session).where(accounts.c.session.is_not(None))
        rows = self._connection.execute(query.order_by(accounts.c.name))
        return {row.name: row.session for row in rows}

    def save_session(self, name: str, encrypted: str | None) -> None:
        """Save an encrypted session, or delete the present one with None."""
        self._connection.execute(
            update(accounts).where(accounts.c.name == name).values(session=encrypted)
        )


class AccountsOfMoment(Accounts):
    """Accounts as of one moment."""

    _known: Mapping[str, AccountState] | None = None

    def remember(self, states: Mapping[str, AccountState]) -> None:
        """Take note of the accounts with a fault or a rest; there are no others."""
        self._known = states

    def states(self, names: Iterable[str]) -> dict[str, AccountState]:
        """State (fault and rest) of each named account, by name; a rest that is over is none."""
        if self._known is None:
            return super().states(names)
        return {name: self._known.get(name, AccountState()) for name in names}


def _states(among: Among) -> Select[Any]:
    columns = accounts.c.name, accounts.c.fault, accounts.c.rests_until
    return select(*columns).where(among(accounts.c.name, "names"))


_STATES = CompiledSelect(_states, "names")
_CLAIM = CompiledSelect(
    lambda among: _states(among).with_for_update(skip_locked=True, key_share=True), "names"
)
"""Lock against other claims, but not against inserts of rows that refer to the account.

A command that queues a post waits for no daemon, and no daemon skips the account for it.
"""


EVERYTHING = "all"
"""Account column of the pause over all accounts; no account may have this name."""


class Pauses:
    """Present pauses; an ended pause is only in the audit log. Account None: over all accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, pause: Pause) -> None:
        """Store the pause; it replaces an earlier pause of the same account."""
        self.end(pause.account)
        self._connection.execute(
            pauses.insert().values(
                account=_key(pause.account), who=pause.who, at=pause.at, reason=pause.reason
            )
        )

    def end(self, account: str | None) -> bool:
        """End the account's own pause (None: the pause over everything); False if none exists."""
        ended = self._connection.execute(delete(pauses).where(pauses.c.account == _key(account)))
        return ended.rowcount > 0

    def over(self, account: str) -> Pause | None:
        """Pause that holds the account: the one over everything, else its own; None if neither."""
        query = select(pauses).where(pauses.c.account.in_((EVERYTHING, account)))
        found = {row.account: _pause(row) for row in self._connection.execute(query)}
        return found.get(EVERYTHING) or found.get(account)

    def all(self) -> list[Pause]:
        """All pauses, sorted by account; the pause over everything comes first."""
        rows = _ALL.rows(self._connection)
        return sorted((_pause(row) for row in rows), key=lambda pause: pause.account or "")

    def remember(self, found: Sequence[Pause]) -> None:
        """Take note that these are all pauses: of use only where they cannot change meanwhile."""


class PausesOfMoment(Pauses):
    """Pauses as of one moment, which are read once."""

    _known: Sequence[Pause] | None = None

    def all(self) -> list[Pause]:
        """All pauses, sorted by account; the pause over everything comes first."""
        if self._known is None:
            self._known = super().all()
        return list(self._known)

    def remember(self, found: Sequence[Pause]) -> None:
        """Take note that these are all pauses."""
        self._known = sorted(found, key=lambda pause: pause.account or "")


def is_paused(account: ColumnElement[str]) -> ColumnElement[bool]:
    """SQL: the account is paused, by its own pause or by the pause over everything."""
    return exists().where(pauses.c.account.in_((EVERYTHING, account)))


def _key(account: str | None) -> str:
    return EVERYTHING if account is None else account


def pause_of(account: str, who: str, at: datetime, reason: str | None) -> Pause:
    """Pause of a row of the table."""
    return Pause(None if account == EVERYTHING else account, who, at, reason)


def _pause(row: Row[Any]) -> Pause:
    return pause_of(row.account, row.who, row.at, row.reason)


_ALL = CompiledSelect(lambda _: select(pauses).order_by(pauses.c.account))
