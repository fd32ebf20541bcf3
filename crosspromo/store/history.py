"""What went out lately, and what is about to: for caps, gaps, budgets, padding and duplicates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.duplicates import (
    MOST_COMPARED,
    REACH,
    Earlier,
    nearly_the_same,
    text_hash,
)
from crosspromo.domain.posts import Content, Credit
from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, events, posts


class History:
    """The deliveries of an account by when they went out. What is in doubt has gone out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_sent(self, account: str, most: int) -> list[datetime]:
        """When the latest `most` deliveries of the account went out, the latest first.

        What is in flight, in doubt or deleted since is among them.
        """
        query = (
            select(deliveries.c.sent_at)
            .where(deliveries.c.account == account, deliveries.c.sent_at.is_not(None))
            .order_by(deliveries.c.sent_at.desc())
            .limit(most)
        )
        return list(self._connection.execute(query).scalars())

    def spent(self, account: str, since: datetime) -> float:
        """What the account's deliveries cost that went out from `since` on, in US dollars.

        What is in flight, in doubt or deleted since is among them.
        """
        query = select(func.coalesce(func.sum(deliveries.c.cost), 0.0)).where(
            deliveries.c.account == account, deliveries.c.sent_at >= since
        )
        return float(self._connection.execute(query).scalar_one())

    def shared_before(self, delivery: Delivery, since: datetime) -> bool:
        """Whether its account shared the same item after `since`, and earned by it: the same post
        reshared, the same event, the same text.
        """
        content = delivery.content
        the_same = [deliveries.c.text_hash == text_hash(content)]
        if content.reshare_of is not None:
            address = content.reshare_of.rstrip("/")
            the_same.append(deliveries.c.reshare_of.in_((address, f"{address}/")))
        if delivery.event is not None:
            the_same.append(events.c.slug == delivery.event)
        query = (
            select(deliveries.c.id)
            .join(posts, posts.c.id == deliveries.c.post_id)
            .outerjoin(events, events.c.id == posts.c.event_id)
            .where(
                deliveries.c.account == delivery.account,
                deliveries.c.id != delivery.id,
                deliveries.c.credit.in_((Credit.OTHERS, Credit.BOTH)),
                *_out(since),
                or_(*the_same),
            )
            .limit(1)
        )
        return self._connection.execute(query).first() is not None

    def said(self, account: str, content: Content, since: datetime) -> Earlier | None:
        """The latest delivery that went out on the account after `since` and says the same."""
        return self._earlier(
            deliveries.c.account == account,
            deliveries.c.text_hash == text_hash(content),
            *_out(since),
        )

    def nearly_said(
        self, accounts: Sequence[str], content: Content, since: datetime
    ) -> Earlier | None:
        """The latest delivery that went out on these accounts after `since` and says nearly the
        same; looked for among the last MOST_COMPARED.
        """
        return self._nearly(accounts, content, *_out(since))

    def about_to_be_said(self, account: str, content: Content, due_at: datetime) -> Earlier | None:
        """One that waits to go out on the account within REACH of `due_at`, saying the same."""
        return self._earlier(
            deliveries.c.account == account,
            deliveries.c.text_hash == text_hash(content),
            *_waiting(due_at),
        )

    def about_to_be_nearly_said(
        self, accounts: Sequence[str], content: Content, due_at: datetime
    ) -> Earlier | None:
        """One that waits to go out on these accounts within REACH of `due_at`, saying nearly the
        same.
        """
        return self._nearly(accounts, content, *_waiting(due_at))

    def _nearly(
        self, accounts: Sequence[str], content: Content, *where: ColumnElement[bool]
    ) -> Earlier | None:
        if not accounts:
            return None
        query = (
            _said()
            .where(deliveries.c.account.in_(accounts), *where)
            .order_by(deliveries.c.sent_at.desc(), deliveries.c.id.desc())
            .limit(MOST_COMPARED)
        )
        for row in self._connection.execute(query):
            if nearly_the_same(row.text, content.text):
                return _earlier(row)
        return None

    def _earlier(self, *where: ColumnElement[bool]) -> Earlier | None:
        query = _said().where(*where).order_by(deliveries.c.sent_at.desc()).limit(1)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _earlier(row)


def _said() -> Select[Any]:
    return select(
        deliveries.c.id,
        deliveries.c.account,
        deliveries.c.text,
        deliveries.c.due_at,
        deliveries.c.sent_at,
    )


def _out(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Gone out after `since` and not taken back, or in doubt."""
    return (
        deliveries.c.sent_at > since,
        deliveries.c.state.in_((State.SENDING, State.UNKNOWN, State.PUBLISHED)),
    )


def _waiting(due_at: datetime) -> tuple[ColumnElement[bool], ...]:
    """To go out within REACH of `due_at`."""
    return (
        deliveries.c.state.in_((State.DRAFT, State.QUEUED)),
        deliveries.c.due_at > due_at - REACH,
        deliveries.c.due_at < due_at + REACH,
    )


def _earlier(row: Row[Any]) -> Earlier:
    return Earlier(row.id, row.account, row.due_at, row.sent_at)
