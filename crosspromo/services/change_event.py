"""Events: adding, importing and cancelling them, with the effects on the queue."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import uuid4

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.changes import Change
from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import ImportFailedError, InputError
from crosspromo.domain.events import Event
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.naming import slugify
from crosspromo.domain.posts import Hosting
from crosspromo.domain.reasons.inputs import (
    EndsBeforeStart,
    JointWithoutHost,
    LeadWithoutJoint,
    NameMissing,
)
from crosspromo.domain.requests import given_name
from crosspromo.domain.web_address import whole_address
from crosspromo.services.event_consequences import Consequences, Follower
from crosspromo.services.imports import Imported
from crosspromo.settings import Organisation

if TYPE_CHECKING:  # most event changes draft no correction
    from crosspromo.publishing.compose import Renderer
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.store.unit import Store, Unit


class Lead(StrEnum):
    """Leader of a joint event."""

    US = "us"
    PARTNER = "partner"


_LEADS: Mapping[Lead | None, Hosting] = {
    None: Hosting.JOINT,
    Lead.US: Hosting.JOINT_WE_LEAD,
    Lead.PARTNER: Hosting.JOINT_PARTNER_LEADS,
}


@dataclass(frozen=True, slots=True)
class Hosts:
    """Event hosts: partners by slug, and our part. Without partners the event is ours."""

    partners: tuple[str, ...] = ()
    hosting: Hosting = Hosting.OURS

    def __post_init__(self) -> None:
        if bool(self.partners) is (self.hosting is Hosting.OURS):
            raise ValueError("an event is ours where no partner holds it, and only there")

    @classmethod
    def given(
        cls, partners: Sequence[str], *, joint: bool = False, lead: Lead | None = None
    ) -> "Hosts":
        """Hosts from a person's input: `joint`, we hold the event with the partners; `lead`, its
        leader.

        InputError for a joint event without partners, and for a lead without a joint event.
        """
        if joint and not partners:
            raise InputError(JointWithoutHost())
        if lead and not joint:
            raise InputError(LeadWithoutJoint())
        slugs = tuple(sorted(set(partners)))
        if not slugs:
            return cls()
        if not joint:
            return cls(slugs, Hosting.PARTNER)
        return cls(slugs, _LEADS[lead])


@dataclass(frozen=True, slots=True)
class ImportedEvents:
    """Import result for events, with effects on the queue."""

    imported: Imported
    consequences: Consequences


@dataclass(frozen=True)
class EventService:
    """Events of a workspace, changed by a person named `actor`.

    `rules` returns the rules of every account by name. `rules` and `renderer` are called only to
    draft a correction, and raise ConfigError if rules or templates are unavailable.
    """

    store: "Store"
    clock: Clock
    organisation: Organisation
    rules: "Callable[[], Mapping[str, AccountRules]]"
    renderer: "Callable[[], Renderer]"
    actor: str
    blackouts: tuple[Blackout, ...] = ()

    def __post_init__(self) -> None:
        given_name(self.actor)

    def add(
        self,
        title: str,
        starts_at: datetime,
        length: timedelta,
        hosts: Hosts,
        *,
        location: str = "",
        url: str = "",
    ) -> Event:
        """Add an event with start time `starts_at` (aware); title and local day make its slug.

        Control characters and invisible formatting are taken out of title and location.
        InputError for a blank title, a length of zero or less, or a `url` that is no web address;
        NotFoundError for an unknown host.
        """
        title, location = without_invisible(title), without_invisible(location)
        if not title.strip():
            raise InputError(NameMissing("event"))
        if length <= timedelta(0):
            raise InputError(EndsBeforeStart())
        zone = self.organisation.zone
        day = starts_at.astimezone(zone)
        event = Event(
            slug=f"{slugify(title) or 'event'}-{day:%Y-%m-%d}",
            title=title,
            starts_at=starts_at,
            ends_at=starts_at + length,
            zone=zone.key,
            uid=f"{uuid4()}@crosspromo",
            location=location,
            url=whole_address(url) if url.strip() else "",
            hosting=hosts.hosting,
            partners=hosts.partners,
        )
        with self.store.write() as unit:
            unit.partners.ids(hosts.partners)
            unit.events.save(event)
            return unit.events.by_uid(event.uid)

    def import_(
        self,
        data: bytes,
        source: str,
        hosts: Hosts,
        *,
        partial: bool = False,
        dry_run: bool = False,
    ) -> ImportedEvents:
        """Add and update events by UID from an iCalendar file; `source` is the file's name.

        Drafts and queued deliveries about a cancelled or moved event are cancelled, too.
        ImportFailedError if an event is unreadable, unless `partial`; NotFoundError for an unknown
        host. `dry_run`: write nothing, and return the changes that would be made.
        """
        from crosspromo.intake.calendar import read_events  # noqa: PLC0415 (lists do not need it)

        zone, now = self.organisation.zone, self.clock.now()
        reading = read_events(data, source, zone=zone, now=now)
        if reading.errors and not partial:
            raise ImportFailedError(source, reading.errors)
        changes: Counter[Change] = Counter()
        consequences = Consequences()
        with self.store.write() as unit:
            unit.partners.ids(hosts.partners)
            for read in reading.items:
                event = replace(read, hosting=hosts.hosting, partners=hosts.partners)
                before = unit.events.find(event.uid, event.recurrence)
                changes[unit.events.save(event)] += 1
                if before is not None:
                    consequences += self._follow(unit, before)
            if dry_run:
                unit.roll_back()
        return ImportedEvents(Imported(changes, reading.errors), consequences)

    def cancel(self, slug: str) -> Consequences:
        """Mark an event as cancelled, cancel its drafts and queued deliveries, and draft
        corrections.

        A correction is drafted on each account that announced the event. NotFoundError for an
        unknown slug.
        """
        with self.store.write() as unit:
            event = unit.events.get(slug)
            unit.events.save(replace(event, cancelled=True))
            unit.audit.add(self.clock.now(), self.actor, "cancel", f"event {slug}", None)
            return self._follow(unit, event)

    def _follow(self, unit: "Unit", before: Event) -> Consequences:
        follower = Follower(
            organisation=self.organisation,
            rules=self.rules,
            renderer=self.renderer,
            actor=self.actor,
            now=self.clock.now(),
            blackouts=self.blackouts,
        )
        after = unit.events.by_uid(before.uid, before.recurrence)
        return follower.follow(unit, before, after)
