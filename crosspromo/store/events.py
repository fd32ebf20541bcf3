"""Events in the store, with slugs, calendar identities and partners."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, exists, func, select, update

from crosspromo.domain.changes import Change
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.events import Event
from crosspromo.domain.posts import Hosting, Image
from crosspromo.domain.reasons.not_found import NoSuchEvent
from crosspromo.store.partners import Partners
from crosspromo.store.schema import campaigns, event_partners, events, partners


class Events:
    """Events by slug. The identity of an event is the calendar's uid and recurrence."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, event: Event) -> Change:
        """Add a new event, or update the stored event with equal uid and recurrence.

        An event keeps its first slug, since people have typed it, its campaign
        (`Campaigns.put_event`), and its flyer unless it gets another (`take_off_flyer`). An edition
        older than the stored one (a smaller SEQUENCE, RFC 5545 3.8.7.4) changes nothing.
        """
        row = self._connection.execute(
            _ONE.where(events.c.uid == event.uid, events.c.recurrence == event.recurrence)
        ).one_or_none()
        if row is None:
            return self._add(replace(event, slug=self._free_slug(event.slug)))
        known = self._event(row)
        image = event.image or known.image
        event = replace(event, slug=known.slug, campaign=known.campaign, image=image)
        if event == known or event.sequence < known.sequence:
            return Change.UNCHANGED
        self._connection.execute(
            update(events).where(events.c.id == row.id).values(**_values(event))
        )
        self._set_partners(row.id, event.partners)
        newly_cancelled = event.cancelled and not known.cancelled
        return Change.CANCELLED if newly_cancelled else Change.UPDATED

    def take_off_flyer(self, slug: str) -> None:
        """Leave an event without a flyer; the picture itself stays, since posts may show it."""
        self._connection.execute(update(events).where(events.c.slug == slug).values(image=None))

    def flyers(self, slugs: Sequence[str]) -> dict[str, Image]:
        """Flyers of events by slug; an event without a flyer is left out."""
        query = select(events.c.slug, events.c.image).where(
            events.c.slug.in_(slugs), events.c.image.is_not(None)
        )
        return {row.slug: Image(*row.image) for row in self._connection.execute(query)}

    def _add(self, event: Event) -> Change:
        result = self._connection.execute(events.insert().values(**_values(event)))
        key = result.inserted_primary_key
        assert key is not None
        self._set_partners(key[0], event.partners)
        return Change.CANCELLED if event.cancelled else Change.NEW

    def _free_slug(self, slug: str) -> str:
        taken = set(
            self._connection.execute(
                select(events.c.slug).where(events.c.slug.startswith(slug, autoescape=True))
            ).scalars()
        )
        if slug not in taken:
            return slug
        return next(f"{slug}-{n}" for n in range(2, len(taken) + 3) if f"{slug}-{n}" not in taken)

    def _set_partners(self, event_id: int, slugs: Sequence[str]) -> None:
        self._connection.execute(
            delete(event_partners).where(event_partners.c.event_id == event_id)
        )
        for partner_id in Partners(self._connection).ids(slugs):
            self._connection.execute(
                event_partners.insert().values(event_id=event_id, partner_id=partner_id)
            )

    def get(self, slug: str) -> Event:
        """Event by slug; NotFoundError if none exists."""
        row = self._connection.execute(_ONE.where(events.c.slug == slug)).one_or_none()
        if row is None:
            raise NotFoundError(NoSuchEvent(slug))
        return self._event(row)

    def by_uid(self, uid: str, recurrence: str = "") -> Event:
        """Event by calendar identity; the event must exist."""
        row = self._connection.execute(
            _ONE.where(events.c.uid == uid, events.c.recurrence == recurrence)
        ).one()
        return self._event(row)

    def get_to_queue(self, slug: str) -> Event:
        """The same, locked until the end of the write transaction.

        A change of the event waits until the posts that are queued for it are written.
        """
        return self._locked(slug, shared=True)

    def get_to_queue_a_ladder(self, slug: str) -> Event:
        """The same; the ladders that others queue for the event wait, too."""
        return self._locked(slug, shared=False)

    def _locked(self, slug: str, *, shared: bool) -> Event:
        query = _ONE.where(events.c.slug == slug)
        query = query.with_for_update(read=shared, key_share=not shared, of=events)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise NotFoundError(NoSuchEvent(slug))
        return self._event(row)

    def find(self, uid: str, recurrence: str) -> Event | None:
        """Event by calendar identity; None if unknown."""
        row = self._connection.execute(
            _ONE.where(events.c.uid == uid, events.c.recurrence == recurrence)
        ).one_or_none()
        return None if row is None else self._event(row)

    def id_of(self, slug: str) -> int:
        """Row id of an event, by slug; the event must exist."""
        query = select(events.c.id).where(events.c.slug == slug)
        return int(self._connection.execute(query).scalar_one())

    def all(self, after: datetime | None = None) -> list[Event]:
        """Events that end after `after` (None: all events), earliest start first."""
        query = _WITH_PARTNERS.order_by(events.c.starts_at, events.c.id)
        if after is not None:
            query = query.where(events.c.ends_at > after)
        return [_listed(row) for row in self._connection.execute(query)]

    def past(self, until: datetime, most: int) -> list[Event]:
        """At most `most` events that ended by `until`, the latest start first."""
        query = _WITH_PARTNERS.where(events.c.ends_at <= until, events.c.starts_at <= until)
        latest = query.order_by(events.c.starts_at.desc(), events.c.id.desc()).limit(most)
        return [_listed(row) for row in self._connection.execute(latest)]

    def between(self, after: datetime, until: datetime, most: int) -> list[Event]:
        """At most `most` events that start in a time, the earliest start first."""
        query = _WITH_PARTNERS.where(events.c.starts_at > after, events.c.starts_at <= until)
        found = query.order_by(events.c.starts_at, events.c.id).limit(most)
        return [_listed(row) for row in self._connection.execute(found)]

    def coming_of(self, slug: str, after: datetime, most: int) -> list[Event]:
        """At most `most` events of a partner that start after a time and are not cancelled."""
        theirs = (
            exists()
            .where(event_partners.c.event_id == events.c.id)
            .where(event_partners.c.partner_id == partners.c.id, partners.c.slug == slug)
        )
        query = _WITH_PARTNERS.where(events.c.starts_at > after, ~events.c.cancelled, theirs)
        found = query.order_by(events.c.starts_at, events.c.id).limit(most)
        return [_listed(row) for row in self._connection.execute(found)]

    def latest(self, where: ColumnElement[bool], most: int) -> list[Event]:
        """At most `most` events that meet a condition, those that start last, in their order."""
        query = _WITH_PARTNERS.where(where)
        found = query.order_by(events.c.starts_at.desc(), events.c.id.desc()).limit(most)
        return [_listed(row) for row in self._connection.execute(found)][::-1]

    def _event(self, row: Row[Any]) -> Event:
        slugs = self._connection.execute(
            select(partners.c.slug)
            .join(event_partners, event_partners.c.partner_id == partners.c.id)
            .where(event_partners.c.event_id == row.id)
            .order_by(partners.c.slug)
        ).scalars()
        return _from_columns(row._asdict(), slugs)


_SEPARATOR = " "
"""Separator between the slugs of an event's partners; no slug contains it."""

_COLUMNS = (
    *(column for column in events.c if column is not events.c.campaign_id),
    campaigns.c.slug.label("campaign"),
)
_IN_CAMPAIGNS = events.outerjoin(campaigns, campaigns.c.id == events.c.campaign_id)

_ONE: Select[Any] = select(*_COLUMNS).select_from(_IN_CAMPAIGNS)

_WITH_PARTNERS: Select[Any] = select(
    *_COLUMNS,
    select(func.aggregate_strings(partners.c.slug, _SEPARATOR))
    .select_from(event_partners.join(partners, partners.c.id == event_partners.c.partner_id))
    .where(event_partners.c.event_id == events.c.id)
    .correlate(events)
    .scalar_subquery()
    .label("about"),
).select_from(_IN_CAMPAIGNS)


def _listed(row: Row[Any]) -> Event:
    """Event of a list, which is read in one query with its partners."""
    values = row._asdict()
    slugs = values.pop("about")
    return _from_columns(values, sorted(slugs.split(_SEPARATOR)) if slugs else ())


def _from_columns(values: dict[str, Any], slugs: Iterable[str]) -> Event:
    del values["id"]
    values["hosting"] = Hosting(values["hosting"])
    values["image"] = values["image"] and Image(*values["image"])
    return Event(**values, partners=tuple(slugs))


def _values(event: Event) -> dict[str, Any]:
    kept_apart = {"partners", "campaign", "image"}
    values = {f.name: getattr(event, f.name) for f in fields(event) if f.name not in kept_apart}
    return {
        **values,
        "image": event.image and [event.image.path, event.image.alt, event.image.source],
    }
