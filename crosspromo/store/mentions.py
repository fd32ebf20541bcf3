"""Mentions in the store: what others said to us, each once, for a while."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from crosspromo.domain.mentions import Heard, Mention, MentionKind, next_check
from crosspromo.store.schema import mentions, partners
from crosspromo.store.sql.upserts import insert_into


class Mentions:
    """Mentions of our accounts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_new(
        self, account: str, heard: Collection[Heard], known: Mapping[str, str], now: datetime
    ) -> Sequence[Mention]:
        """Add the mentions that are not there yet, and return those.

        `known` are slugs of partners by handle, in small letters.
        """
        ids = self._partner_ids(set(known.values()))
        added: list[Mention] = []
        for each in heard:
            slug = known.get(each.author.casefold())
            row = self._connection.execute(
                insert_into(self._connection, mentions)
                .values(
                    account=account,
                    remote_id=each.remote_id,
                    kind=each.kind.value,
                    author=each.author,
                    partner_id=None if slug is None else ids.get(slug),
                    url=each.url,
                    text=each.text,
                    at=each.at,
                    seen_at=now,
                    check_at=next_check(each, now),
                )
                .on_conflict_do_nothing()
                .returning(mentions.c.id)
            ).first()
            if row is not None:
                added.append(Mention(row.id, account, each, slug, now))
        return added

    def latest(self, account: str, most: int) -> Sequence[Mention]:
        """Latest mentions of an account, the latest first."""
        at = mentions.c
        query = (
            select(mentions, partners.c.slug)
            .join(partners, partners.c.id == at.partner_id, isouter=True)
            .where(at.account == account)
            .order_by(at.at.desc(), at.id.desc())
            .limit(most)
        )
        return [_mention(row) for row in self._connection.execute(query)]

    def any_before(self, moment: datetime) -> bool:
        """Whether there are mentions from before a time."""
        query = select(mentions.c.id).where(mentions.c.at < moment).limit(1)
        return self._connection.execute(query).first() is not None

    def forget_before(self, moment: datetime) -> int:
        """Delete the mentions from before a time; returns how many."""
        return self._connection.execute(delete(mentions).where(mentions.c.at < moment)).rowcount

    def to_check(self, account: str, now: datetime, most: int) -> Sequence[Heard]:
        """Mentions that are to be looked at again at `now` or before."""
        at = mentions.c
        query = select(mentions).where(at.account == account, at.check_at <= now)
        rows = self._connection.execute(query.order_by(at.check_at, at.id).limit(most))
        return [_heard(row) for row in rows]

    def checked(self, account: str, heard: Collection[Heard], now: datetime) -> None:
        """Have the mentions looked at again when it is time, or no more."""
        at = mentions.c
        for each in heard:
            here = at.account == account, at.remote_id == each.remote_id
            values = {"check_at": next_check(each, now)}
            self._connection.execute(update(mentions).where(*here).values(values))

    def forget(self, account: str, remote_ids: Collection[str]) -> int:
        """Delete mentions that their network has deleted; returns how many."""
        at = mentions.c
        here = at.account == account, at.remote_id.in_(list(remote_ids))
        return self._connection.execute(delete(mentions).where(*here)).rowcount

    def _partner_ids(self, slugs: Collection[str]) -> Mapping[str, int]:
        query = select(partners.c.slug, partners.c.id).where(partners.c.slug.in_(list(slugs)))
        return {row.slug: row.id for row in self._connection.execute(query)}


def _mention(row: Row[Any]) -> Mention:
    return Mention(row.id, row.account, _heard(row), row.slug, row.seen_at)


def _heard(row: Row[Any]) -> Heard:
    return Heard(row.remote_id, MentionKind(row.kind), row.author, row.at, row.url, row.text)
