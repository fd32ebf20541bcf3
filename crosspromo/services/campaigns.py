"""Campaigns: adding them, listing them, and what belongs to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from crosspromo.domain.campaigns import NO_CAMPAIGN, Campaign
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import InputError
from crosspromo.domain.events import Event
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.naming import slugify
from crosspromo.domain.reasons.inputs import (
    CampaignEndsFirst,
    CampaignExists,
    NameMakesNoSlug,
    NameMissing,
)
from crosspromo.domain.requests import given_name

if TYPE_CHECKING:
    from crosspromo.store.unit import Store

MOST_DELIVERIES = 200
"""Latest deliveries of a campaign that are shown."""

MOST_EVENTS = 100
"""Latest events of a campaign that are shown."""


@dataclass(frozen=True, slots=True)
class ListedCampaign:
    """Campaign with the numbers of its posts and of its events."""

    campaign: Campaign
    posts: int
    events: int


@dataclass(frozen=True, slots=True)
class ShownCampaign:
    """Campaign with its latest deliveries and events; `earlier` deliveries are left out."""

    campaign: Campaign
    deliveries: Sequence[Delivery]
    earlier: int
    events: Sequence[Event]

    @property
    def links(self) -> Sequence[str]:
        """Addresses that its posts and events send people to, each once, in order."""
        found = [each.content.link for each in self.deliveries]
        found += [each.url for each in self.events]
        return list(dict.fromkeys(each for each in found if each))


@dataclass(frozen=True)
class CampaignViews:
    """Reads campaigns of a workspace."""

    store: "Store"

    def list(self) -> Sequence[ListedCampaign]:
        """All campaigns, the latest first."""
        with self.store.read() as unit:
            counts = unit.campaigns.counts()
            return [ListedCampaign(each, *counts[each.slug]) for each in unit.campaigns.all()]

    def get(self, slug: str) -> ShownCampaign:
        """Campaign with what belongs to it; NotFoundError for an unknown slug."""
        with self.store.read() as unit:
            campaign = unit.campaigns.get(slug)
            found = unit.campaigns.deliveries_of(slug, MOST_DELIVERIES)
            events = unit.campaigns.events_of(slug, MOST_EVENTS)
        return ShownCampaign(campaign, found.deliveries, found.earlier, events)


@dataclass(frozen=True)
class CampaignService:
    """Adds campaigns, in the name of a person (`actor`)."""

    store: "Store"
    clock: Clock
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def add(
        self,
        name: str,
        *,
        first_day: date | None = None,
        last_day: date | None = None,
        why: str = "",
    ) -> Campaign:
        """Add a campaign; its name makes its slug.

        Control characters and invisible formatting are taken out of name and reason. InputError for
        a blank name, for one that makes no slug or the slug of another campaign, and for a last day
        before the first.
        """
        shown = without_invisible(name).strip()
        if not shown:
            raise InputError(NameMissing("campaign"))
        slug = slugify(shown)
        if not slug:
            raise InputError(NameMakesNoSlug(shown))
        if first_day is not None and last_day is not None and last_day < first_day:
            raise InputError(CampaignEndsFirst())
        campaign = Campaign(
            slug=slug,
            name=shown,
            added_at=self.clock.now(),
            added_by=self.actor,
            first_day=first_day,
            last_day=last_day,
            why=without_invisible(why).strip(),
        )
        with self.store.write() as unit:
            if slug == NO_CAMPAIGN or unit.campaigns.find(slug) is not None:
                raise InputError(CampaignExists(slug))
            unit.campaigns.add(campaign)
            unit.audit.add(campaign.added_at, self.actor, "add", f"campaign {slug}", None)
        return campaign
