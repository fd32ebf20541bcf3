"""Deliveries that need a person, and their dismissals."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, or_, select

from crosspromo.domain.deliveries import Delivery, Latest
from crosspromo.domain.states import State
from crosspromo.store.accounts import is_paused
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.queue.due import UNTOUCHED_HEADS
from crosspromo.store.schema import (
    accounts,
    deliveries,
    dismissals,
    is_draft_or_queued,
    is_sending,
    is_unknown,
)

ENDED_UNSENT = (State.FAILED, State.MISSED, State.EXPIRED)
UNFINISHED = (State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN)


class Attention:
    """Reads deliveries that need a person. Each list has at most `most` of them."""

    def __init__(self, connection: Connection, deliveries_: Deliveries, most: int) -> None:
        self._connection = connection
        self._deliveries = deliveries_
        self._most = most

    def ended_unsent(self) -> Latest:
        """Failed, missed and expired deliveries that nobody has dismissed."""
        return self._read(deliveries.c.state.in_(ENDED_UNSENT), ~_is_dismissed())

    def unknown(self) -> Latest:
        """Unknown deliveries about which a person is asked, and that nobody has dismissed."""
        return self._read(is_unknown(), deliveries.c.needs_person, ~_is_dismissed())

    def past_due(self, here: Collection[str], due_before: datetime, now: datetime) -> Latest:
        """Queued deliveries of the accounts `here` that only a fault or their network delays.

        They were due before `due_before`. Their last try met a fault, their account rests `now`, or
        their next try is later: the clock was set back. Deliveries of paused accounts are left out,
        and held ones, but for those that the network's limit holds.
        """
        account_rests = exists().where(
            accounts.c.name == deliveries.c.account, accounts.c.rests_until > now
        )
        tried, waits = deliveries.c.fault_code.is_not(None), deliveries.c.wake_at > now
        return self._read(
            is_draft_or_queued(),
            deliveries.c.state == State.QUEUED,
            deliveries.c.account.in_(here),
            deliveries.c.due_at < due_before,
            or_(
                and_(deliveries.c.hold_code.is_(None), or_(tried, account_rests, waits)),
                deliveries.c.hold_code == "rate-limit",
            ),
            ~is_paused(deliveries.c.account),
        )

    def untouched(self, woken_before: datetime, now: datetime) -> Sequence[Delivery]:
        """Deliveries that a daemon was to look at before this time.

        The oldest queued one of each account, without those that cannot send `now`: paused, at rest
        or with a delivery in flight. And sends whose lease has ended, and look-ups that are due.
        """
        moments = {"now": woken_before, "at": now}
        rows = self._connection.execute(UNTOUCHED_HEADS, moments).scalars()
        ids = [delivery_id for delivery_id in rows if delivery_id is not None]
        heads = self._deliveries.some(deliveries.c.id.in_(sorted(ids)[: self._most])) if ids else []
        at_work = (is_sending(), is_unknown())
        left = [self._read(each, deliveries.c.wake_at <= woken_before) for each in at_work]
        return [*heads, *left[0].deliveries, *left[1].deliveries]

    def unapproved(self, now: datetime) -> Latest:
        """Drafts, and deliveries held for approval, whose due time has passed."""
        held = deliveries.c.hold_code == "approval"
        return self._read(
            is_draft_or_queued(),
            or_(deliveries.c.state == State.DRAFT, held),
            deliveries.c.due_at <= now,
        )

    def waiting_elsewhere(self, here: Collection[str]) -> dict[str, int]:
        """Number of unfinished deliveries by account, of the accounts that are not among `here`."""
        known = self._connection.execute(select(accounts.c.name)).scalars()
        gone = [name for name in known if name not in here]
        if not gone:
            return {}
        query = (
            select(deliveries.c.account, func.count())
            .where(deliveries.c.account.in_(gone), deliveries.c.state.in_(UNFINISHED))
            .group_by(deliveries.c.account)
        )
        return {name: int(count) for name, count in self._connection.execute(query)}

    def waiting_on(self, account: str) -> Latest:
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

    def _read(self, *where: ColumnElement[bool]) -> Latest:
        return self._deliveries.latest(*where, most=self._most)


def _is_dismissed() -> ColumnElement[bool]:
    """SQL: the delivery was dismissed in its present state, at its present attempt."""
    return exists().where(
        dismissals.c.delivery_id == deliveries.c.id,
        dismissals.c.state == deliveries.c.state,
        dismissals.c.attempt == deliveries.c.attempt,
    )
