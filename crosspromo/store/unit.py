"""The store: transactions over all aggregates. What happens in one `write` happens whole or not."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from crosspromo.store.database.engine import transaction

if TYPE_CHECKING:
    from crosspromo.store.accounts import Accounts, Pauses
    from crosspromo.store.approvals import Approvals
    from crosspromo.store.audit import Audit
    from crosspromo.store.database.notices import Notices
    from crosspromo.store.events import Events
    from crosspromo.store.ledger.hours import LedgerHours
    from crosspromo.store.ledger.opening_balances import OpeningBalances
    from crosspromo.store.ledger.outside_posts import OutsidePosts
    from crosspromo.store.ledger.rows import Ledger
    from crosspromo.store.partners import Partners
    from crosspromo.store.queue.attempts import Attempts
    from crosspromo.store.queue.counts import DeliveryCounts
    from crosspromo.store.queue.deliveries import Deliveries, Posts
    from crosspromo.store.queue.due import Holds
    from crosspromo.store.queue.history import History
    from crosspromo.store.queue.transitions import Transitions
    from crosspromo.store.workers import Workers


class Unit:
    """One transaction, seen as the aggregates in it; each is made and loaded when it is used."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def partners(self) -> "Partners":
        """The organisations and people we lift up."""
        from crosspromo.store.partners import Partners

        return Partners(self._connection)

    @cached_property
    def events(self) -> "Events":
        """Events, ours and theirs."""
        from crosspromo.store.events import Events

        return Events(self._connection)

    @cached_property
    def posts(self) -> "Posts":
        """What we wanted to say."""
        from crosspromo.store.queue.deliveries import Posts

        return Posts(self._connection)

    @cached_property
    def ledger(self) -> "Ledger":
        """All that counts."""
        from crosspromo.store.ledger.rows import Ledger

        return Ledger(self._connection, self._hours)

    @cached_property
    def outside_posts(self) -> "OutsidePosts":
        """What was posted without us."""
        from crosspromo.store.ledger.outside_posts import OutsidePosts

        return OutsidePosts(self._connection, self._hours)

    @cached_property
    def opening_balances(self) -> "OpeningBalances":
        """What counted before us."""
        from crosspromo.store.ledger.opening_balances import OpeningBalances

        return OpeningBalances(self._connection, self._hours)

    @cached_property
    def deliveries(self) -> "Deliveries":
        """The queue."""
        from crosspromo.store.queue.deliveries import Deliveries

        return Deliveries(self._connection, self._counts)

    @cached_property
    def attempts(self) -> "Attempts":
        """The attempts of deliveries."""
        from crosspromo.store.queue.attempts import Attempts

        return Attempts(self._connection)

    @cached_property
    def history(self) -> "History":
        """What went out lately."""
        from crosspromo.store.queue.history import History

        return History(self._connection)

    @cached_property
    def transitions(self) -> "Transitions":
        """How deliveries move."""
        from crosspromo.store.queue.transitions import Transitions

        return Transitions(self._connection, self.ledger, self._counts)

    @cached_property
    def holds(self) -> "Holds":
        """What waits for headroom."""
        from crosspromo.store.queue.due import Holds

        return Holds(self._connection)

    @cached_property
    def accounts(self) -> "Accounts":
        """What is known of accounts besides their settings."""
        from crosspromo.store.accounts import Accounts

        return Accounts(self._connection)

    @cached_property
    def pauses(self) -> "Pauses":
        """What is paused."""
        from crosspromo.store.accounts import Pauses

        return Pauses(self._connection)

    @cached_property
    def approvals(self) -> "Approvals":
        """Who signed what."""
        from crosspromo.store.approvals import Approvals

        return Approvals(self._connection)

    @cached_property
    def audit(self) -> "Audit":
        """What people did."""
        from crosspromo.store.audit import Audit

        return Audit(self._connection)

    @cached_property
    def workers(self) -> "Workers":
        """The daemons."""
        from crosspromo.store.workers import Workers

        return Workers(self._connection)

    @cached_property
    def _hours(self) -> "LedgerHours":
        from crosspromo.store.ledger.hours import LedgerHours

        return LedgerHours(self._connection)

    @cached_property
    def _counts(self) -> "DeliveryCounts":
        from crosspromo.store.queue.counts import DeliveryCounts

        return DeliveryCounts(self._connection)

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
        for kept in self._kept():
            kept.flush()

    def undo(self) -> None:
        """Take back what this transaction wrote so far: for a dry run."""
        transaction = self._connection.get_transaction()
        if transaction is not None:
            transaction.rollback()
        for kept in self._kept():
            kept.forget()

    def _kept(self) -> "list[LedgerHours | DeliveryCounts]":
        """The sums and counts that anything in this transaction has used."""
        used = vars(self)
        kept: list[LedgerHours | DeliveryCounts] = []
        if "_hours" in used:
            kept.append(self._hours)
        if "_counts" in used:
            kept.append(self._counts)
        return kept


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

    def notices(self) -> "Notices":
        """Notices of what becomes due sooner from now on. Whoever asks for them closes them."""
        from crosspromo.store.database.notices import notices_of

        return notices_of(self.engine)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()
