"""Links for the sign-off of partners in the store, each under the hash of its token."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Connection,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from crosspromo.domain.sign_off import Answer, Said, SignOffLink
from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, is_draft_or_queued, partners
from crosspromo.store.schema import sign_off_links as links


class SignOffLinks:
    """Links; rows stay when a link has ended, so that its address can say so."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: str, link: SignOffLink) -> SignOffLink:
        """Store a link under the hash of its token; returns the link with its id."""
        done = self._connection.execute(
            links.insert().values(
                token=token,
                post_id=link.post,
                partner=link.partner,
                version=link.version,
                said=_text(link.said),
                made_at=link.made_at,
                made_by=link.made_by,
                words=link.words,
            )
        )
        key = done.inserted_primary_key
        return replace(link, id=0 if key is None else int(key[0]))

    def find(self, token: str) -> SignOffLink | None:
        """Link of this hash, also one that was called back; None for one that never was."""
        row = self._connection.execute(_ALL.where(links.c.token == token)).first()
        return None if row is None else _link(row)

    def lock(self, post: int) -> None:
        """Lock links and deliveries of a post until the transaction ends: nobody edits them.

        Of two transactions the later waits here, and then reads what the earlier has written.
        """
        of_post = select(links.c.id).where(links.c.post_id == post).order_by(links.c.id)
        self._connection.execute(of_post.with_for_update(key_share=True)).all()
        about = select(deliveries.c.id).where(deliveries.c.post_id == post)
        about = about.order_by(deliveries.c.id).with_for_update(key_share=True)
        self._connection.execute(about).all()

    def of_post(self, post: int) -> Sequence[SignOffLink]:
        """Links of the post that were not called back, by partner."""
        query = _ALL.where(links.c.post_id == post, links.c.called_back_at.is_(None))
        return [_link(row) for row in self._connection.execute(query.order_by(links.c.partner))]

    def call_back(self, post: int, partner: str, now: datetime) -> int:
        """End the links of the partner for the post; returns how many were open."""
        done = self._connection.execute(
            update(links)
            .where(links.c.post_id == post, links.c.partner == partner)
            .where(links.c.called_back_at.is_(None))
            .values(called_back_at=now)
        )
        return done.rowcount

    def answer(self, link: SignOffLink) -> None:
        """Store the answer of a link, and what was answered."""
        self._connection.execute(
            update(links)
            .where(links.c.id == link.id)
            .values(
                version=link.version,
                said=_text(link.said),
                answer=link.answer,
                answered_at=link.answered_at,
                words=link.words,
            )
        )

    def named(self, ids: Sequence[int]) -> Sequence[tuple[SignOffLink, str]]:
        """Links with these ids and the names of their partners, by id."""
        query = (
            _ALL.add_columns(func.coalesce(partners.c.name, links.c.partner).label("name"))
            .outerjoin(partners, partners.c.slug == links.c.partner)
            .where(links.c.id.in_(ids))
            .order_by(links.c.id)
        )
        return [(_link(row), row.name) for row in self._connection.execute(query)]


def _ids_needing() -> Select[Any]:
    drafts = select(deliveries.c.post_id).where(
        is_draft_or_queued(),
        deliveries.c.state == State.DRAFT,
        deliveries.c.due_at > bindparam("at"),
        deliveries.c.due_at <= bindparam("answers_until"),
    )
    waits = exists().where(deliveries.c.post_id == links.c.post_id, is_draft_or_queued())
    asks = or_(
        links.c.answer == Answer.NO,
        and_(links.c.answer == Answer.CHANGE, waits),
        links.c.post_id.in_(drafts),
    )
    found = select(links.c.id).where(asks, links.c.called_back_at.is_(None))
    return found.order_by(links.c.id.desc()).limit(bindparam("most", type_=Integer))


IDS_NEEDING = _ids_needing()
"""Ids of at most `most` open links that may need a person, the latest first.

They have a *no*, a wish for a change while the post waits, or a draft that is due between `at` and
`answers_until`.
"""

_ALL: Select[Any] = select(links)


def _text(said: tuple[Said, ...]) -> str:
    return msgspec.json.encode(said).decode()


def _link(row: Row[Any]) -> SignOffLink:
    return SignOffLink(
        id=row.id,
        post=row.post_id,
        partner=row.partner,
        version=row.version,
        said=msgspec.json.decode(row.said, type=tuple[Said, ...]),
        made_at=row.made_at,
        made_by=row.made_by,
        called_back_at=row.called_back_at,
        answer=None if row.answer is None else Answer(row.answer),
        answered_at=row.answered_at,
        words=row.words,
    )
