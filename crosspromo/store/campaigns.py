"""Campaigns in the store, with the posts and events that belong to each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from crosspromo.domain.campaigns import Campaign
from crosspromo.domain.deliveries import Latest
from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.events import Event
from crosspromo.domain.reasons.not_found import NoSuchCampaign
from crosspromo.store.campaign_ids import campaign_id
from crosspromo.store.events import Events
from crosspromo.store.queue.deliveries import Deliveries
from crosspromo.store.schema import campaigns, deliveries, events, posts


class Campaigns:
    """Campaigns within one transaction."""

    def __init__(self, connection: Connection, deliveries: Deliveries) -> None:
        self._connection = connection
        self._deliveries = deliveries

    def add(self, campaign: Campaign) -> None:
        """Insert a campaign; its slug must be free."""
        self._connection.execute(
            campaigns.insert().values(
                slug=campaign.slug,
                name=campaign.name,
                first_day=_text_of(campaign.first_day),
                last_day=_text_of(campaign.last_day),
                why=campaign.why,
                added_at=campaign.added_at,
                added_by=campaign.added_by,
            )
        )

    def find(self, slug: str) -> Campaign | None:
        """Campaign by slug; None if unknown."""
        query = select(campaigns).where(campaigns.c.slug == slug)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _campaign(row)

    def get(self, slug: str) -> Campaign:
        """Campaign by slug; NotFoundError if unknown."""
        found = self.find(slug)
        if found is None:
            raise NotFoundError(NoSuchCampaign(slug, tuple(each.slug for each in self.all())))
        return found

    def all(self) -> Sequence[Campaign]:
        """All campaigns, the latest first."""
        query = select(campaigns).order_by(campaigns.c.id.desc())
        return [_campaign(row) for row in self._connection.execute(query)]

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Numbers of posts and of events, by slug."""
        found = self._connection.execute(
            select(
                campaigns.c.slug,
                _number_of(posts.c.id, posts.c.campaign_id),
                _number_of(events.c.id, events.c.campaign_id),
            )
        )
        return {slug: (of_posts, of_events) for slug, of_posts, of_events in found}

    def deliveries_of(self, slug: str, most: int) -> Latest:
        """The latest deliveries of the campaign, at most `most`."""
        of_campaign = select(posts.c.id).where(posts.c.campaign_id == _id_of(slug))
        return self._deliveries.latest(deliveries.c.post_id.in_(of_campaign), most=most)

    def events_of(self, slug: str, most: int) -> Sequence[Event]:
        """The latest events of the campaign, at most `most`, the earliest start first."""
        where = events.c.campaign_id == _id_of(slug)
        return Events(self._connection).latest(where, most=most)

    def put_posts(self, ids: Collection[int], slug: str | None) -> None:
        """Put posts (by id) into a campaign; None: into none. NotFoundError for an unknown slug."""
        wanted = None if slug is None else campaign_id(self._connection, slug)
        self._connection.execute(
            update(posts).where(posts.c.id.in_(ids)).values(campaign_id=wanted)
        )

    def put_event(self, event: str, slug: str | None) -> None:
        """Put an event (by slug) into a campaign; None: into none.

        NotFoundError for an unknown campaign.
        """
        wanted = None if slug is None else campaign_id(self._connection, slug)
        self._connection.execute(
            update(events).where(events.c.slug == event).values(campaign_id=wanted)
        )


def _id_of(slug: str) -> Any:
    return select(campaigns.c.id).where(campaigns.c.slug == slug).scalar_subquery()


def _number_of(column: Any, group: Any) -> Any:
    counted = select(func.count(column)).where(group == campaigns.c.id)
    return counted.correlate(campaigns).scalar_subquery()


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(
        slug=row.slug,
        name=row.name,
        added_at=row.added_at,
        added_by=row.added_by,
        first_day=_day_of(row.first_day),
        last_day=_day_of(row.last_day),
        why=row.why,
    )


def _text_of(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day_of(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
