"""Corrections of what accounts announced of events, in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, func, select

from crosspromo.domain.corrections import About, Correction, Told
from crosspromo.domain.states import State
from crosspromo.store.events import Events
from crosspromo.store.schema import deliveries, events, posts
from crosspromo.store.schema import event_corrections as corrections

_SPOKEN = (State.SENDING, State.UNKNOWN, State.PUBLISHED)
"""States of deliveries that readers have seen, or may have."""


class EventCorrections:
    """Corrections by event."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, delivery: int, event: str, about: About, told: Told, now: datetime) -> None:
        """Note that the delivery (an id) corrects what its account announced of the event."""
        event_id = Events(self._connection).id_of(event)
        values = {"delivery_id": delivery, "event_id": event_id, "about": about, "drafted_at": now}
        self._connection.execute(corrections.insert().values(**values, **asdict(told)))

    def of(self, event: str) -> Sequence[Correction]:
        """Corrections of the event (a slug) that wait, were sent or may have been, by delivery."""
        query = (
            select(corrections, deliveries.c.account, deliveries.c.state)
            .join(events, events.c.id == corrections.c.event_id)
            .join(deliveries, deliveries.c.id == corrections.c.delivery_id)
            .where(
                events.c.slug == event,
                deliveries.c.state.in_((State.DRAFT, State.QUEUED, *_SPOKEN)),
            )
            .order_by(corrections.c.delivery_id)
        )
        return [
            Correction(
                delivery=row.delivery_id,
                account=row.account,
                state=State(row.state),
                about=About(row.about),
                told=Told(row.starts_at, row.zone, row.all_day, row.location),
                drafted_at=row.drafted_at,
            )
            for row in self._connection.execute(query)
        ]

    def announced(self, event: str) -> Mapping[str, datetime]:
        """Time of the last post about the event (a slug), by account that announced it.

        Of a post that may have been sent it is the time at which it was due.
        """
        query = (
            select(
                deliveries.c.account,
                func.max(func.coalesce(deliveries.c.published_at, deliveries.c.due_at)).label("at"),
            )
            .join(posts, posts.c.id == deliveries.c.post_id)
            .join(events, events.c.id == posts.c.event_id)
            .where(events.c.slug == event, deliveries.c.state.in_(_SPOKEN))
            .group_by(deliveries.c.account)
            .order_by(deliveries.c.account)
        )
        return {row.account: row.at for row in self._connection.execute(query)}
