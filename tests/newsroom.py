"""Somebody who queues posts about events, for tests, with real templates and services."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from staff import Person, person
from stories import NO_FLOOR, delivery, publish_next, rules

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting, Image
from crosspromo.domain.requests import EventPost
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.publishing.compose import FittedImage
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.change_event import EditedEvent, EventEdit, EventService, Hosts
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.queue_post import PostQueue
from crosspromo.settings import Organisation
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

STARTS = datetime(2026, 6, 1, 14, tzinfo=UTC)
SLUG = "bird-walk-2026-06-01"
TEMPLATES = Templates((SHIPPED / "templates",), "us")


def calendar(event: Event) -> bytes:
    """A calendar with this one event."""
    lines = [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"SEQUENCE:{event.sequence}",
        f"DTSTART:{event.starts_at:%Y%m%dT%H%M%SZ}",
        f"DTEND:{event.ends_at:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{event.title}",
        f"LOCATION:{event.location}",
        f"DESCRIPTION:{event.description}",
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "\r\n".join([*lines, ""]).encode()


WALK = Event(
    slug=SLUG,
    title="Bird walk",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(hours=2),
    zone="UTC",
    uid="walk@keepers.example",
    location="Old Hall",
)


@dataclass
class Newsroom:
    """A store with the bird walk of River Keepers, and accounts on which it is shared."""

    store: Store
    accounts: Mapping[str, AccountRules] = field(default_factory=lambda: {"main": rules("main")})
    clock: FakeClock = field(default_factory=FakeClock)
    memory: MemoryConnector = field(default_factory=MemoryConnector)
    hosts: Hosts = field(default_factory=lambda: Hosts.given(["river-keepers"]))
    templates: Templates = TEMPLATES
    own_group: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        with self.store.write() as unit:
            unit.partners.save(Partner(slug="river-keepers", name="River Keepers"), START)
            unit.partners.save(Partner(slug="wood-keepers", name="Wood Keepers"), START)
        self.import_(WALK)

    @property
    def rules_of_all(self) -> OrganisationRules:
        return replace(NO_FLOOR, own_group=self.own_group)

    @property
    def person(self) -> Person:
        known = person(self.store, self.clock, self.accounts)
        return replace(known, organisation=self.rules_of_all)

    @property
    def events(self) -> EventService:
        return EventService(
            store=self.store,
            clock=self.clock,
            organisation=Organisation("us", UTC_ZONE, own_group=self.own_group),
            rules=lambda: self.accounts,
            renderer=lambda: self.templates,
            actor="kim",
        )

    def import_(self, event: Event, *, dry_run: bool = False) -> Consequences:
        """Import a calendar with this event."""
        data = calendar(event)
        return self.events.import_(data, "walk.ics", self.hosts, dry_run=dry_run).consequences

    def edit(self, **values: Any) -> EditedEvent:
        """Edit the bird walk."""
        return self.events.edit(SLUG, EventEdit(**values))

    def queue(self, *accounts: str, **request: Any) -> int:
        """Queue a post about the bird walk; the id of its first delivery."""
        queue = PostQueue(
            store=self.store,
            clock=self.clock,
            rules=self.accounts,
            organisation=self.rules_of_all,
            own_group=self.own_group,
            renderer=self.templates,
            pictures=lambda **_: AS_THEY_ARE,
        )
        request = {"author": "ana", "event": SLUG, "allow_duplicate": "tests repeat", **request}
        views = queue.queue(EventPost(**request), accounts or ["main"])
        return views[0].view.delivery.id

    def delivery(self, delivery_id: int) -> Delivery:
        return delivery(self.store, delivery_id)

    def dispatcher(self) -> Dispatcher:
        known = lambda _account: self.memory  # noqa: E731 (short)
        return Dispatcher(self.store, known, self.accounts, NO_FLOOR, self.clock, "worker")

    def publish(self, account: str = "main") -> object:
        """Send the account's next due delivery."""
        return publish_next(self.dispatcher(), account)


class _AsTheyAre:
    """Fitter that keeps nothing: images stay as they are named."""

    def fitted(self, image: Image, limits: ImageLimits) -> FittedImage:
        return FittedImage(image)


AS_THEY_ARE = _AsTheyAre()


def moved(event: Event, by: timedelta) -> Event:
    """The next edition of the event, at another time."""
    return changed(event, starts_at=event.starts_at + by, ends_at=event.ends_at + by)


def changed(event: Event, **values: Any) -> Event:
    """The next edition of the event, with other values."""
    return replace(event, sequence=event.sequence + 1, **values)


OURS = Hosts((), Hosting.OURS)
