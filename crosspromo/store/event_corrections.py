"""Corrections of what accounts announced of events, and what accounts told, in the store."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from crosspromo.domain.corrections import About, Correction, Told
from crosspromo.domain.states import State
from crosspromo.store.events import Events
from crosspromo.store.schema import deliveries, event_told, events, posts
from crosspromo.store.schema import event_corrections as corrections

_SPOKEN = (State.SENDING, State.UNKNOWN, State.PUBLISHED)
"""States of deliveries that readers have seen, or may have."""

_MAY_COME_BACK = (
    *(State.SENDING, State.UNKNOWN),
    *(State.FAILED, State.MISSED, State.CANCELLED),
)
"""States of deliveries that do not wait, and from which a worker or a person may queue them."""


class EventCorrections:
    """Corrections by event, and what deliveries told of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, delivery: int, event: str, about: About, tells: Told, now: datetime) -> None:
        """Note that the delivery (an id) corrects what its account announced of the event.

        `tells` is what readers know when it has gone out.
        """
        event_id = Events(self._connection).id_of(event)
        values = {"delivery_id": delivery, "event_id": event_id, "about": about, "drafted_at": now}
        self._connection.execute(corrections.insert().values(**values))
        self.note([delivery], event, tells)

    def note(self, ids: Sequence[int], event: str, told: Told) -> None:
        """Note what these deliveries told of the event (a slug), or tell when they go out."""
        if not ids:
            return
        event_id = Events(self._connection).id_of(event)
        rows = [{"delivery_id": each, "event_id": event_id, **asdict(told)} for each in ids]
        self._connection.execute(event_told.insert(), rows)

    def of(self, event: str) -> Sequence[Correction]:
        """Corrections of the event (a slug) that wait, were sent or may have been, by delivery."""
        query = (
            select(
                event_told,
                corrections.c.about,
                corrections.c.drafted_at,
                deliveries.c.account,
                deliveries.c.state,
            )
            .join(events, events.c.id == corrections.c.event_id)
            .join(deliveries, deliveries.c.id == corrections.c.delivery_id)
            .join(event_told, event_told.c.delivery_id == corrections.c.delivery_id)
            .where(
                events.c.slug == event,
                deliveries.c.state.in_((State.DRAFT, State.QUEUED, *_SPOKEN)),
            )
            .order_by(corrections.c.delivery_id)
            .select_from(corrections)
        )
        return [
            Correction(
                delivery=row.delivery_id,
                account=row.account,
                state=State(row.state),
                about=About(row.about),
                tells=_told(row),
                drafted_at=row.drafted_at,
            )
            for row in self._connection.execute(query)
        ]

    def unnoted(self, event: str) -> Sequence[int]:
        """Deliveries (ids) about the event (a slug) that were sent, or may have been, and of which
        it is not noted what they told.
        """
        query = (
            select(deliveries.c.id)
            .join(posts, posts.c.id == deliveries.c.post_id)
            .join(events, events.c.id == posts.c.event_id)
            .outerjoin(event_told, event_told.c.delivery_id == deliveries.c.id)
            .where(
                events.c.slug == event,
                deliveries.c.state.in_(_SPOKEN),
                event_told.c.delivery_id.is_(None),
            )
            .order_by(deliveries.c.id)
        )
        return self._connection.execute(query).scalars().all()

    def told(self, event: str) -> Mapping[str, Told]:
        """What is noted that each account told last of the event (a slug), by account."""
        query = (
            select(event_told, deliveries.c.account)
            .join(events, events.c.id == event_told.c.event_id)
            .join(deliveries, deliveries.c.id == event_told.c.delivery_id)
            .where(events.c.slug == event, deliveries.c.state.in_(_SPOKEN))
            .order_by(event_told.c.number)
        )
        last = {row.account: _told(row) for row in self._connection.execute(query)}
        return dict(sorted(last.items()))

    def follow_end(self, ids: Collection[int], before: datetime, after: datetime) -> Sequence[int]:
        """Let those of these deliveries (ids) expire at `after` that expire at `before`.

        They are drafts or queued. The gate judges those that are held anew. Returns their ids.
        """
        if not ids or before == after:
            return ()
        expiring = deliveries.c.id.in_(ids), deliveries.c.expires_at == before
        held = deliveries.c.hold_code.is_not(None), deliveries.c.state == State.QUEUED
        woken = deliveries.update().where(*expiring, *held).values(wake_at=deliveries.c.due_at)
        self._connection.execute(woken)
        moved = deliveries.update().where(*expiring).values(expires_at=after)
        return sorted(self._connection.execute(moved.returning(deliveries.c.id)).scalars())

    def end(self, event: str, now: datetime, but: Collection[int] = ()) -> None:
        """Let corrections of the event (a slug) expire that do not wait but may be queued again."""
        of_event = (
            select(corrections.c.delivery_id)
            .join(events, events.c.id == corrections.c.event_id)
            .where(events.c.slug == event, corrections.c.delivery_id.not_in(but))
        )
        self._connection.execute(
            deliveries.update()
            .where(deliveries.c.id.in_(of_event), deliveries.c.state.in_(_MAY_COME_BACK))
            .values(expires_at=now)
        )


def _told(row: Row[Any]) -> Told:
    return Told(
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.zone,
        all_day=row.all_day,
        location=row.location,
        cancelled=row.cancelled,
    )
