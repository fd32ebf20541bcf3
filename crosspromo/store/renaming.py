"""Renaming of an account: everything that stands under its name moves to another name."""

from sqlalchemy import Connection, Table, delete, select, update

from crosspromo.store.policies import PolicyHistory
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.schema import (
    account_readings,
    accounts,
    approvals,
    attempts,
    deliveries,
    delivery_counts,
    figures,
    followers,
    is_draft_or_queued,
    ledger,
    ledger_hours,
    mentions,
    pauses,
    received,
)

NAMED: tuple[Table, ...] = (
    *(deliveries, attempts, ledger, ledger_hours, delivery_counts, pauses),
    *(received, figures, followers, mentions, account_readings),
)
"""Tables with a column `account`, apart from `policies`: two histories may meet there."""


class Renaming:
    """Moves the rows of one account within a transaction."""

    def __init__(
        self, connection: Connection, deliveries_: Deliveries, policies: PolicyHistory
    ) -> None:
        self._connection = connection
        self._deliveries = deliveries_
        self._policies = policies

    def has_history(self, name: str) -> bool:
        """Whether a delivery or a ledger row stands under this name."""
        return any(
            self._connection.execute(
                select(table.c.id).where(table.c.account == name).limit(1)
            ).first()
            for table in (deliveries, ledger)
        )

    def networks_of(self, name: str) -> frozenset[str]:
        """Networks of the drafts and queued deliveries of the account."""
        waiting = deliveries.c.account == name, is_draft_or_queued()
        query = select(deliveries.c.network).where(*waiting).distinct()
        return frozenset(self._connection.execute(query).scalars())

    def move(self, old: str, new: str) -> int:
        """Move everything of the account `old` to the name `new`; returns how many deliveries.

        Approvals of waiting deliveries stay valid. Ledger rows and policies change their name and
        nothing else. No delivery and no ledger row may stand under `new`, and nothing may be in
        flight.
        """
        known = self._connection.execute(select(accounts).where(accounts.c.name == old)).one()
        # Rows of zeros, a pause, and what was read of the same login meanwhile.
        read_twice = account_readings, followers, mentions
        for table in (ledger_hours, delivery_counts, pauses, *read_twice):
            self._connection.execute(delete(table).where(table.c.account == new))
        self._connection.execute(delete(accounts).where(accounts.c.name == new))
        values = {**known._mapping, "name": new}  # noqa: SLF001 (SQLAlchemy's public name)
        self._connection.execute(accounts.insert().values(values))
        self._keep_approvals(old, new)
        self._policies.rename(old, new)
        moved = 0
        for table in NAMED:
            rows = update(table).where(table.c.account == old).values(account=new)
            count = self._connection.execute(rows).rowcount
            moved = count if table is deliveries else moved
        self._connection.execute(delete(accounts).where(accounts.c.name == old))
        return moved

    def _keep_approvals(self, old: str, new: str) -> None:
        """Bind the approvals of waiting deliveries to the new name: the fingerprint has a name."""
        signed = select(approvals.c.delivery_id).scalar_subquery()
        waiting = (
            deliveries.c.account == old,
            is_draft_or_queued(),
            deliveries.c.id.in_(signed),
        )
        for delivery in self._deliveries.some(*waiting):
            self._connection.execute(
                update(approvals)
                .where(
                    approvals.c.delivery_id == delivery.id,
                    approvals.c.fingerprint == delivery.content.fingerprint(old),
                )
                .values(fingerprint=delivery.content.fingerprint(new))
            )
