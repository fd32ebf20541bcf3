"""Posts in the store: what we wanted to say, once for all its deliveries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from crosspromo.domain.posts import Kind
from crosspromo.store.events import Events
from crosspromo.store.partners import Partners
from crosspromo.store.schema import post_partners, posts


class Posts:
    """The posts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        kind: Kind,
        partners: Sequence[str],
        event: str | None,
        template: str | None,
        reason: str | None,
        author: str,
        now: datetime,
    ) -> int:
        """Write a post about these partners (slugs) and this event (slug); its id comes back."""
        result = self._connection.execute(
            posts.insert().values(
                kind=kind,
                event_id=None if event is None else Events(self._connection).id_of(event),
                template=template,
                reason=reason,
                author=author,
                created_at=now,
            )
        )
        key = result.inserted_primary_key
        assert key is not None
        post_id: int = key[0]
        for partner_id in Partners(self._connection).ids(partners):
            self._connection.execute(
                post_partners.insert().values(post_id=post_id, partner_id=partner_id)
            )
        return post_id
