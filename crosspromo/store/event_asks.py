"""What partners are asked before an event, in the store."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, select, update

from crosspromo.domain.event_asks import MOST_DAYS_AHEAD, Ask, EventAsk
from crosspromo.domain.events import Event
from crosspromo.domain.states import State
from crosspromo.store.events import Events
from crosspromo.store.partners import Partners
from crosspromo.store.schema import deliveries, event_partners, events, partners, posts, received
from crosspromo.store.schema import event_asks as asks

_LIVE = (State.DRAFT, State.QUEUED, State.SENDING, State.UNKNOWN, State.PUBLISHED)
"""States of the steps of a ladder that stands."""

# What is computed has no index: else all that was ever published may be read by its state.
_IS_LIVE = func.coalesce(deliveries.c.state, "").in_(_LIVE)


class Laddered(NamedTuple):
    """Event with a ladder that was queued at `since`."""

    event: Event
    since: datetime


class EventAsks:
    """Asks by event, sort, partner and person."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def laddered(self, now: datetime, most: int) -> Sequence[Laddered]:
        """At most `most` events of partners that begin soon and that a ladder announces, in order.

        They are read in two queries.
        """
        hosted = exists().where(event_partners.c.event_id == events.c.id)
        query = (
            select(events.c.slug, func.min(posts.c.created_at).label("since"))
            .join(posts, posts.c.event_id == events.c.id)
            .join(deliveries, deliveries.c.post_id == posts.c.id)
            .where(
                events.c.starts_at > now,
                events.c.starts_at <= now + MOST_DAYS_AHEAD,
                ~events.c.cancelled,
                hosted,
                posts.c.step.is_not(None),
                _IS_LIVE,
            )
            .group_by(events.c.id, events.c.slug, events.c.starts_at)
            .order_by(events.c.starts_at, events.c.id)
            .limit(most)
        )
        since = {row.slug: row.since for row in self._connection.execute(query)}
        if not since:
            return ()
        found = Events(self._connection).latest(events.c.slug.in_(since), most)
        return [Laddered(event, since[event.slug]) for event in found]

    def of(self, slugs: Collection[str]) -> Sequence[EventAsk]:
        """Asks for these events that were tried or settled."""
        return [_ask(row) for row in self._connection.execute(_ALL.where(events.c.slug.in_(slugs)))]

    def shared_since(self, slugs: Collection[str], since: datetime) -> frozenset[str]:
        """Those of these partners who did something for us since then, as somebody noted it."""
        query = (
            select(partners.c.slug)
            .join(received, received.c.partner_id == partners.c.id)
            .where(partners.c.slug.in_(slugs), received.c.at >= since)
            .distinct()
        )
        return frozenset(self._connection.execute(query).scalars())

    def times(self, event: str) -> Sequence[datetime]:
        """Times at which the posts about the event (a slug) are due or went out, in order."""
        query = (
            select(func.coalesce(deliveries.c.published_at, deliveries.c.due_at).label("at"))
            .join(posts, posts.c.id == deliveries.c.post_id)
            .join(events, events.c.id == posts.c.event_id)
            .where(events.c.slug == event, _IS_LIVE)
        )
        return sorted({row.at for row in self._connection.execute(query)})

    def add(self, ask: EventAsk) -> None:
        """Add an ask that nobody has tried yet."""
        (partner_id,) = Partners(self._connection).ids([ask.partner])
        event_id = Events(self._connection).id_of(ask.event)
        values = _values(ask) | {"ask": ask.ask, "person": ask.person}
        self._connection.execute(
            asks.insert().values(event_id=event_id, partner_id=partner_id, **values)
        )

    def change(self, known: EventAsk, new: EventAsk) -> bool:
        """Put `new` in place of `known`; False where another worker changed it since."""
        query = update(asks).where(self._as_read(known)).values(**_values(new))
        return self._connection.execute(query).rowcount > 0

    def lock(self) -> None:
        """Let no other transaction look for what is to be asked before this one ends."""
        if self._connection.dialect.name != "sqlite":  # a writer there is alone
            self._connection.exec_driver_sql("LOCK TABLE event_asks IN SHARE ROW EXCLUSIVE MODE")

    def _as_read(self, ask: EventAsk) -> ColumnElement[bool]:
        """SQL: the row is as it was read."""
        (partner_id,) = Partners(self._connection).ids([ask.partner])
        return (
            (asks.c.event_id == Events(self._connection).id_of(ask.event))
            & (asks.c.ask == ask.ask)
            & (asks.c.partner_id == partner_id)
            & (asks.c.person == ask.person)
            & asks.c.claimed_by.is_not_distinct_from(ask.claimed_by)
            & asks.c.claimed_at.is_not_distinct_from(ask.claimed_at)
            & asks.c.settled_by.is_not_distinct_from(ask.settled_by)
        )


_ALL: Select[Any] = (
    select(asks, events.c.slug.label("event"), partners.c.slug.label("partner"))
    .join(events, events.c.id == asks.c.event_id)
    .join(partners, partners.c.id == asks.c.partner_id)
)

ASKS_FAILED = select(asks.c.event_id).where(asks.c.error > "").limit(1)
"""SQL: whether any ask could not be mailed: a row with the id of its event."""


def _values(ask: EventAsk) -> dict[str, Any]:
    return {
        "claimed_by": ask.claimed_by,
        "claimed_at": ask.claimed_at,
        "told_at": ask.told_at,
        "error": ask.error,
        "settled_by": ask.settled_by,
    }


def _ask(row: Row[Any]) -> EventAsk:
    return EventAsk(
        event=row.event,
        ask=Ask(row.ask),
        partner=row.partner,
        person=row.person,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        told_at=row.told_at,
        error=row.error,
        settled_by=row.settled_by,
    )
