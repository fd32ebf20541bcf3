"""The store: transactions over all aggregates. What happens in one `write` happens whole or not."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from crosspromo.store.accounts import Accounts
from crosspromo.store.approvals import Approvals
from crosspromo.store.audit import Audit
from crosspromo.store.deliveries import Deliveries
from crosspromo.store.delivery_counts import DeliveryCounts
from crosspromo.store.engine import transaction
from crosspromo.store.events import Events
from crosspromo.store.history import History
from crosspromo.store.ledger import Ledger
from crosspromo.store.ledger_hours import LedgerHours
from crosspromo.store.notices import Notices, notices_of
from crosspromo.store.opening import OpeningBalances
from crosspromo.store.outside_posts import OutsidePosts
from crosspromo.store.partners import Partners
from crosspromo.store.pauses import Pauses
from crosspromo.store.posts import Posts
from crosspromo.store.transitions import Transitions
from crosspromo.store.workers import Workers


class Unit:
    """One transaction, seen as the aggregates in it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._hours = LedgerHours(connection)
        self._counts = DeliveryCounts(connection)
        self.partners = Partners(connection)
        self.events = Events(connection)
        self.posts = Posts(connection)
        self.ledger = Ledger(connection, self._hours)
        self.outside_posts = OutsidePosts(connection, self._hours)
        self.opening_balances = OpeningBalances(connection, self._hours)
        self.deliveries = Deliveries(connection, self._counts)
        self.history = History(connection)
        self.transitions = Transitions(connection, self.ledger, self._counts)
        self.accounts = Accounts(connection)
        self.pauses = Pauses(connection)
        self.approvals = Approvals(connection)
        self.audit = Audit(connection)
        self.workers = Workers(connection)

    def faults_of_file(self) -> list[str]:
        """What the database finds wrong with its own file; empty where it is sound."""
        if self._connection.dialect.name != "sqlite":
            return []
        found = self._connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        broken = self._connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        faults = [str(line) for line in found if line != "ok"]
        return faults + [f"{row[0]} row {row[1]} refers to a missing {row[2]}" for row in broken]

    def flush(self) -> None:
        """Write the sums and counts that changed: the last thing a transaction does."""
        self._hours.flush()
        self._counts.flush()

    def undo(self) -> None:
        """Take back what this transaction wrote so far: for a dry run."""
        transaction = self._connection.get_transaction()
        if transaction is not None:
            transaction.rollback()
        self._hours.forget()
        self._counts.forget()


class Store:
    """Opens transactions. Thread-safe; one per process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def read(self) -> Iterator[Unit]:
        """A consistent view. Nothing may be written."""
        with transaction(self.engine, writes=False) as connection:
            yield Unit(connection)

    @contextmanager
    def write(self) -> Iterator[Unit]:
        """A transaction that is serialised against every other writer of the same accounts."""
        with transaction(self.engine, writes=True) as connection:
            unit = Unit(connection)
            yield unit
            unit.flush()

    def notices(self) -> Notices:
        """Notices of what becomes due sooner from now on. Whoever asks for them closes them."""
        return notices_of(self.engine)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
