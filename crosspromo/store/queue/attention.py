"""Deliveries that need a person, and their dismissals."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, exists, func, or_, select

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.states import State
from crosspromo.store.queue.counts import ALL_ACCOUNTS
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.queue.due import DUE_HEADS
from crosspromo.store.schema import (
    deliveries,
    delivery_counts,
    dismissals,
    is_draft_or_queued,
    is_unknown,
)

ENDED_UNSENT = (State.FAILED, State.MISSED, State.EXPIRED)
UNFINISHED = (State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN)


class Attention:
    """Reads deliveries that need a person. Every list has at most `most` deliveries, by id."""

    def __init__(self, connection: Connection, deliveries_: Deliveries, most: int) -> None:
        self._connection = connection
        self._deliveries = deliveries_
        self._most = most

    def ended_unsent(self) -> Sequence[Delivery]:
        """Failed, missed and expired deliveries that nobody has dismissed, the latest ones."""
        where = deliveries.c.state.in_(ENDED_UNSENT), ~_is_dismissed()
        return self._read(*where, latest=True)

    def unknown(self) -> Sequence[Delivery]:
        """Unknown deliveries about which a person is asked, and that nobody has dismissed."""
        return self._read(is_unknown(), deliveries.c.needs_person, ~_is_dismissed())

    def postponed(self, due_before: datetime) -> Sequence[Delivery]:
        """Queued deliveries due before this time whose last try met a fault, without a hold."""
        return self._deliveries.postponed(due_before, self._most)

    def untouched(self, woken_before: datetime) -> Sequence[Delivery]:
        """The oldest delivery of each account that was to be looked at before this time.

        Paused accounts are left out.
        """
        rows = self._connection.execute(DUE_HEADS, {"now": woken_before}).scalars()
        ids = [delivery_id for delivery_id in rows if delivery_id is not None]
        return self._read(deliveries.c.id.in_(sorted(ids)[: self._most])) if ids else []

    def unapproved(self, now: datetime) -> Sequence[Delivery]:
        """Drafts, and deliveries held for approval, whose due time has passed."""
        held = deliveries.c.hold_code == "approval"
        return self._read(
            is_draft_or_queued(),
            or_(deliveries.c.state == State.DRAFT, held),
            deliveries.c.due_at <= now,
        )

    def accounts_with_waiting(self) -> dict[str, int]:
        """Number of unfinished deliveries by account."""
        counts = delivery_counts.c
        query = (
            select(counts.account, func.sum(counts.count))
            .where(counts.account != ALL_ACCOUNTS, counts.state.in_(UNFINISHED), counts.count > 0)
            .group_by(counts.account)
        )
        return {name: int(count) for name, count in self._connection.execute(query)}

    def waiting_on(self, account: str) -> Sequence[Delivery]:
        """Unfinished deliveries of the account."""
        return self._read(deliveries.c.account == account, deliveries.c.state.in_(UNFINISHED))

    def dismiss(self, delivery: Delivery, at: datetime, who: str, reason: str) -> None:
        """Dismiss the matter of this delivery as it stands; an earlier dismissal is replaced."""
        self._connection.execute(delete(dismissals).where(dismissals.c.delivery_id == delivery.id))
        self._connection.execute(
            dismissals.insert().values(
                delivery_id=delivery.id,
                state=delivery.state,
                attempt=delivery.attempt,
                at=at,
                who=who,
                reason=reason,
            )
        )

    def _read(self, *where: ColumnElement[bool], latest: bool = False) -> Sequence[Delivery]:
        return self._deliveries.some(where, self._most, latest=latest)


def _is_dismissed() -> ColumnElement[bool]:
    """SQL: the delivery was dismissed in its present state, at its present attempt."""
    return exists().where(
        dismissals.c.delivery_id == deliveries.c.id,
        dismissals.c.state == deliveries.c.state,
        dismissals.c.attempt == deliveries.c.attempt,
    )
