"""Announcements: posts about an event that wait, were sent, or may have been."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from crosspromo.domain.ladder_places import Told
from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State
from crosspromo.store.schema import deliveries, events, posts

_STANDING = (State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN, State.PUBLISHED)


class Announcements:
    """Posts about events, read within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, event: str) -> Sequence[Told]:
        """Posts about the event (a slug) on all accounts, in the order of their times.

        Each is at the time when it was sent, else when it is due.
        """
        at = func.coalesce(deliveries.c.sent_at, deliveries.c.due_at)
        query = (
            select(
                deliveries.c.account,
                posts.c.step,
                deliveries.c.sent_at,
                deliveries.c.due_at,
                deliveries.c.credit,
            )
            .join(posts, posts.c.id == deliveries.c.post_id)
            .join(events, events.c.id == posts.c.event_id)
            .where(events.c.slug == event, deliveries.c.state.in_(_STANDING))
            .order_by(at, deliveries.c.id)
        )
        return [
            Told(row.account, row.step, row.sent_at or row.due_at, Credit(row.credit))
            for row in self._connection.execute(query)
        ]
