"""Events: adding, editing, importing and cancelling them, with the effects on the queue."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import uuid4

from crosspromo.domain.changes import Change
from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import ImportFailedError, InputError
from crosspromo.domain.event_stretches import stretch_of
from crosspromo.domain.events import Event
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.ladders import Ladder
from crosspromo.domain.left_out import LeftOut, Why
from crosspromo.domain.mourning import Silence
from crosspromo.domain.naming import slugify
from crosspromo.domain.posts import Hosting, Image
from crosspromo.domain.reasons.inputs import (
    EndsBeforeStart,
    JointWithoutHost,
    LeadWithoutJoint,
    NameMissing,
    NothingToChange,
)
from crosspromo.domain.requests import given_name
from crosspromo.domain.source_events import Identity
from crosspromo.domain.web_address import whole_address
from crosspromo.services.event_consequences import Consequences, Follower
from crosspromo.services.imports import Imported
from crosspromo.services.many_dates import DatesOfSeries
from crosspromo.settings import Organisation

if TYPE_CHECKING:  # most event changes touch no delivery
    from crosspromo.publishing.compose import ImageFitter, Renderer
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.store.unit import Store, Unit


_OUR_UIDS = "@crosspromo"
"""End of the UIDs of events that people add."""


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
class EventEdit:
    """New values for an event; None keeps the old one. `starts_at` is aware.

    `campaign` is a slug; an empty one takes the event out of its campaign. `all_day`: it takes
    whole days, from that of its start to that of its end. `image` is a flyer with its alt text, at
    a path as people give it; `without_image` takes the flyer off.
    """

    title: str | None = None
    starts_at: datetime | None = None
    length: timedelta | None = None
    location: str | None = None
    url: str | None = None
    hosts: Hosts | None = None
    campaign: str | None = None
    description: str | None = None
    all_day: bool = False
    image: Image | None = None
    without_image: bool = False


NO_EDIT = EventEdit()


def _checked(given: EventEdit) -> EventEdit:
    """Values of a person for an event, without invisible characters, and with the whole address.

    InputError for a blank title, a length of zero or less, and what is no web address.
    """
    title = None if given.title is None else without_invisible(given.title)
    if title is not None and not title.strip():
        raise InputError(NameMissing("event"))
    if given.length is not None and given.length <= timedelta(0):
        raise InputError(EndsBeforeStart())
    url = given.url and given.url.strip()
    return replace(
        given,
        title=title,
        location=None if given.location is None else without_invisible(given.location),
        description=None if given.description is None else without_invisible(given.description),
        url=whole_address(url) if url else url,
    )


@dataclass(frozen=True, slots=True)
class EditedEvent:
    """Event after an edit, with effects on the queue."""

    event: Event
    consequences: Consequences

    @property
    def from_calendar(self) -> bool:
        """Whether the event was imported, so that its calendar changes it back."""
        return not self.event.uid.endswith(_OUR_UIDS)


@dataclass(frozen=True, slots=True)
class ImportedEvents:
    """Import result for events, with effects on the queue, and what of the file is left out.

    `changed` are the events that are new or differ, each before (None: new) and after.
    """

    imported: Imported
    consequences: Consequences
    left_out: tuple[LeftOut, ...] = ()
    changed: tuple[tuple[Event | None, Event], ...] = ()


@dataclass(frozen=True)
class EventService:
    """Events of a workspace, changed by a person named `actor`.

    `rules` returns the rules of every account by name. `rules` and `renderer` are called only to
    renew deliveries and to draft a correction, and raise ConfigError if rules or templates are
    unavailable. `pictures` returns a fitter that stores flyers, or with `keep=False`
    writes nothing. `ladders` are the workspace's own.
    """

    store: "Store"
    clock: Clock
    organisation: Organisation
    rules: "Callable[[], Mapping[str, AccountRules]]"
    renderer: "Callable[[], Renderer]"
    actor: str
    blackouts: tuple[Silence, ...] = ()
    pictures: "Callable[..., ImageFitter] | None" = None
    ladders: Mapping[str, Ladder] = field(default_factory=dict)

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
        campaign: str | None = None,
        more: EventEdit = NO_EDIT,
    ) -> Event:
        """Add an event with start time `starts_at` (aware); title and local day make its slug.

        Control characters and invisible formatting are taken out of its texts. `more` has its
        description, its flyer, and whether it takes whole days. InputError for a blank title, a
        length of zero or less, or a `url` that is no web address; NotFoundError for an unknown host
        or campaign; QueueingError for a flyer without alt text, or one that is no picture.
        """
        zone = self.organisation.zone
        new = Event(
            slug="",
            title="",
            starts_at=starts_at,
            ends_at=starts_at + length,
            zone=zone.key,
            uid=f"{uuid4()}{_OUR_UIDS}",
        )
        given = replace(
            more,
            title=title,
            starts_at=starts_at,
            length=length,
            location=location,
            url=url,
            hosts=hosts,
        )
        event = _edited(new, self._with_kept_flyer(given, kept=True))
        day = starts_at.astimezone(zone)
        event = replace(event, slug=f"{slugify(event.title) or 'event'}-{day:%Y-%m-%d}")
        with self.store.write() as unit:
            unit.partners.ids(hosts.partners)
            unit.events.save(event)
            if campaign is not None:
                unit.campaigns.put_event(unit.events.by_uid(event.uid).slug, campaign)
            return unit.events.by_uid(event.uid)

    def edit(self, slug: str, edit: EventEdit, *, dry_run: bool = False) -> EditedEvent:
        """Change an event, and renew its drafts and queued deliveries; its slug stays.

        Another start keeps the length, and whole days stay whole days (`stretch_of`). InputError
        for an edit that is empty, for a blank title and for a length of zero or less; NotFoundError
        for an unknown event, host or campaign; QueueingError as of `add`. Posts keep the campaign
        and the images that they have.
        `dry_run`: write nothing, and return the effects that would follow.
        """
        if edit == NO_EDIT:
            raise InputError(NothingToChange())
        edit = self._with_kept_flyer(edit, kept=not dry_run)
        with self.store.write() as unit:
            before = unit.events.get(slug)
            after = _edited(before, edit)
            unit.partners.ids(after.partners)
            unit.events.save(after)
            if edit.campaign is not None:
                unit.campaigns.put_event(slug, edit.campaign or None)
            if edit.without_image:
                unit.events.take_off_flyer(slug)
            unit.audit.add(self.clock.now(), self.actor, "edit", f"event {slug}", None)
            done = EditedEvent(unit.events.get(slug), self._follow(unit, before))
            if dry_run:
                unit.roll_back()
        return done

    def _with_kept_flyer(self, edit: EventEdit, *, kept: bool) -> EventEdit:
        """The edit with its flyer as it is stored; to be called before a transaction begins."""
        if edit.image is None or self.pictures is None:
            return edit
        from crosspromo.services.event_flyers import kept_flyer  # noqa: PLC0415 (seldom needed)

        return replace(edit, image=kept_flyer(edit.image, self.pictures, kept=kept))

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

        Drafts and queued deliveries about a cancelled event are cancelled, those about a moved or
        changed one renewed. A cancellation without a title keeps the title. Of a series at most
        MOST_DATES are added; the others are left out with a word. ImportFailedError if
        an event is unreadable, unless `partial`; NotFoundError for an unknown host. `dry_run`:
        write nothing, and return the changes that would be made.
        """
        from crosspromo.intake.calendar import read_events  # noqa: PLC0415 (lists do not need it)
        from crosspromo.intake.entries import UNTITLED  # noqa: PLC0415 (as above)

        zone, now = self.organisation.zone, self.clock.now()
        reading = read_events(data, source, zone=zone, now=now)
        if reading.errors and not partial:
            raise ImportFailedError(source, reading.errors)
        changes: Counter[Change] = Counter()
        changed: list[tuple[Event | None, Event]] = []
        consequences = Consequences()
        with self.store.write() as unit:
            unit.partners.ids(hosts.partners)
            dates = DatesOfSeries()
            merged = unit.source_events.merged({each.uid for each in reading.items})
            elsewhere: list[LeftOut] = []
            for row, read in zip(reading.rows, reading.items, strict=True):
                same = merged.get(Identity(read.uid, read.recurrence))
                if same is not None:
                    elsewhere.append(LeftOut(row, f'"{read.title}"', Why.MERGED, same))
                    continue
                event = replace(read, hosting=hosts.hosting, partners=hosts.partners)
                before = unit.events.find(event.uid, event.recurrence)
                if before is not None and event.cancelled and event.title == UNTITLED:
                    event = replace(event, title=before.title)
                if not dates.takes(row, event, known=before is not None):
                    continue
                change, followed = self.take(unit, before, event)
                changes[change] += 1
                if change is not Change.UNCHANGED:
                    changed.append((before, event))
                consequences += followed
            if dry_run:
                unit.roll_back()
        left_out = (*reading.left_out, *dates.left_out(), *elsewhere)
        imported = Imported(changes, reading.errors)
        return ImportedEvents(imported, consequences, left_out, tuple(changed))

    def take(
        self, unit: "Unit", before: Event | None, edition: Event
    ) -> tuple[Change, Consequences]:
        """Save an edition of an event from a calendar, with its effects on the queue.

        `before` is the event that it is an edition of; None: it is new.
        """
        change = unit.events.save(edition)
        return change, Consequences() if before is None else self._follow(unit, before)

    def cancel(self, slug: str) -> Consequences:
        """Mark an event as cancelled, cancel its drafts and queued deliveries, and draft
        corrections.

        A correction is drafted on each account that announced the event. NotFoundError for an
        unknown slug.
        """
        with self.store.write() as unit:
            return self.cancel_in(unit, slug)

    def cancel_in(self, unit: "Unit", slug: str) -> Consequences:
        """The same within a transaction."""
        event = unit.events.get(slug)
        unit.events.save(replace(event, cancelled=True))
        unit.audit.add(self.clock.now(), self.actor, "cancel", f"event {slug}", None)
        return self._follow(unit, event)

    def restore(self, slug: str) -> EditedEvent:
        """Mark an event as one that takes place after all, with what `take` does for an edition
        that is not cancelled.

        Corrections that say it is cancelled are withdrawn, or drafted where they went out. An event
        that is not cancelled stays as it is. NotFoundError for an unknown slug.
        """
        with self.store.write() as unit:
            before = unit.events.get(slug)
            if not before.cancelled:
                return EditedEvent(before, Consequences())
            _, consequences = self.take(unit, before, replace(before, cancelled=False))
            unit.audit.add(self.clock.now(), self.actor, "restore", f"event {slug}", None)
            return EditedEvent(unit.events.get(slug), consequences)

    def _follow(self, unit: "Unit", before: Event) -> Consequences:
        follower = Follower(
            organisation=self.organisation,
            rules=self.rules,
            renderer=self.renderer,
            actor=self.actor,
            now=self.clock.now(),
            blackouts=self.blackouts,
            ladders=self.ladders,
        )
        after = unit.events.by_uid(before.uid, before.recurrence)
        return follower.follow(unit, before, after)


def _edited(event: Event, given: EventEdit) -> Event:
    """The event with the new values; errors as in `_checked`."""
    edit = _checked(given)
    stretch = stretch_of(event, edit.starts_at, edit.length, all_day=edit.all_day)
    hosts = Hosts(event.partners, event.hosting) if edit.hosts is None else edit.hosts
    return replace(
        event,
        title=event.title if edit.title is None else edit.title,
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        all_day=stretch.all_day,
        location=event.location if edit.location is None else edit.location,
        url=event.url if edit.url is None else edit.url,
        description=event.description if edit.description is None else edit.description,
        image=edit.image or event.image,
        hosting=hosts.hosting,
        partners=hosts.partners,
    )
