"""Mails for sign-off in the store: what each partner was asked of each post."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from crosspromo.domain.approval import OURSELVES
from crosspromo.domain.sign_off_mails import SignOffMail
from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, partner_people, partners, post_partners
from crosspromo.store.schema import sign_off_links as links
from crosspromo.store.schema import sign_off_mails as mails


class Unasked(NamedTuple):
    """Mail that could not be sent, with the partner's name and the first draft of the post."""

    mail: SignOffMail
    name: str
    delivery: int
    account: str


class SignOffMails:
    """Mails by post and partner."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def awaited(self, now: datetime, most: int) -> Sequence[int]:
        """Ids of at most `most` posts with drafts due after `now`, at whose partners somebody is
        known who may sign off; the earliest first.
        """
        query = (
            select(deliveries.c.post_id)
            .join(post_partners, post_partners.c.post_id == deliveries.c.post_id)
            .join(partner_people, partner_people.c.partner_id == post_partners.c.partner_id)
            .where(
                deliveries.c.state == State.DRAFT,
                deliveries.c.due_at > now,
                partner_people.c.ended_at.is_(None),
            )
            .group_by(deliveries.c.post_id)
            .order_by(func.min(deliveries.c.due_at), deliveries.c.post_id)
            .limit(most)
        )
        return self._connection.execute(query).scalars().all()

    def of_posts(self, posts: Collection[int]) -> Sequence[SignOffMail]:
        """What partners know of these posts."""
        query = select(mails).where(mails.c.post_id.in_(sorted(posts)))
        query = query.order_by(mails.c.post_id, mails.c.partner)
        return [_mail(row) for row in self._connection.execute(query)]

    def failed(self, most: int) -> Sequence[Unasked]:
        """At most `most` mails that could not be sent, of posts that still wait.

        Where somebody among us made a link since, the partner is asked.
        """
        query = (
            select(mails, partners.c.name, deliveries.c.id, deliveries.c.account)
            .select_from(mails)
            .join(deliveries, deliveries.c.id == _first_draft())
            .join(partners, partners.c.slug == mails.c.partner)
            .where(mails.c.error > "", ~_asked_by_hand())
            .order_by(mails.c.seen_at, deliveries.c.id)
            .limit(most)
        )
        return [
            Unasked(_mail(row), row.name, row.id, row.account)
            for row in self._connection.execute(query)
        ]

    def add(self, mail: SignOffMail) -> None:
        """Add a mail that nobody has seen yet."""
        self._connection.execute(mails.insert().values(**_values(mail)))

    def change(self, known: SignOffMail, new: SignOffMail) -> bool:
        """Put `new` in place of `known`; False where another worker changed it since."""
        done = self._connection.execute(update(mails).where(_as_read(known)).values(**_values(new)))
        return done.rowcount > 0

    def lock(self) -> None:
        """Let no other transaction look for what is to be asked before this one ends."""
        if self._connection.dialect.name != "sqlite":  # a writer there is alone
            self._connection.exec_driver_sql(
                "LOCK TABLE sign_off_mails IN SHARE ROW EXCLUSIVE MODE"
            )


def _first_draft() -> Any:
    """SQL: the first draft of the post of a mail."""
    draft = deliveries.alias()
    return (
        select(func.min(draft.c.id))
        .where(draft.c.post_id == mails.c.post_id, draft.c.state == State.DRAFT)
        .scalar_subquery()
    )


def _asked_by_hand() -> ColumnElement[bool]:
    """SQL: somebody among us made a link after the mail was seen."""
    return (
        select(links.c.id)
        .where(
            links.c.post_id == mails.c.post_id,
            links.c.partner == mails.c.partner,
            links.c.called_back_at.is_(None),
            links.c.made_by != OURSELVES,
            links.c.made_at >= mails.c.seen_at,
        )
        .exists()
    )


POSTS_UNASKED = select(mails.c.post_id).where(mails.c.error > "").limit(1)
"""SQL: whether any mail could not be sent: a row with the id of its post."""


def _as_read(mail: SignOffMail) -> ColumnElement[bool]:
    """SQL: the row is as it was read."""
    return (
        (mails.c.post_id == mail.post)
        & (mails.c.partner == mail.partner)
        & (mails.c.version == mail.version)
        & (mails.c.seen_at == mail.seen_at)
        & mails.c.claimed_by.is_not_distinct_from(mail.claimed_by)
        & mails.c.claimed_at.is_not_distinct_from(mail.claimed_at)
    )


def _values(mail: SignOffMail) -> dict[str, Any]:
    values = asdict(mail)
    values["post_id"] = values.pop("post")
    return values


def _mail(row: Row[Any]) -> SignOffMail:
    return SignOffMail(
        post=row.post_id,
        partner=row.partner,
        version=row.version,
        due=row.due,
        seen_at=row.seen_at,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        told_at=row.told_at,
        error=row.error,
    )
