"""Sources of a workspace: adding, listing and reading them."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crosspromo.domain.approval import OURSELVES
from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import SourceError
from crosspromo.domain.events import Event
from crosspromo.domain.named_in_texts import names_one
from crosspromo.domain.reasons.sources import NoSuchSource, SourceExists, SourcesNotNamed
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.requests import given_name
from crosspromo.domain.sources import (
    LATEST_TIMES,
    Occasion,
    Source,
    SourceKind,
    Suggestion,
    SuggestionState,
    next_reading,
)
from crosspromo.http.pages import NO_VERSION, Page, PageError, Unchanged, Version
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.feeds.feed import Feed, Format, Item
from crosspromo.intake.feeds.google_alerts import is_google_alerts
from crosspromo.intake.feeds.identity import key_of
from crosspromo.intake.feeds.reading import read_feed
from crosspromo.intake.feeds.same_page import same_page
from crosspromo.intake.reading import Reading as FileReading
from crosspromo.services.calendar_sources import (
    CalendarEditions,
    Kept,
    address_of_source,
    dates_come_near,
    is_read_as_calendar,
)
from crosspromo.services.source_answers import NOTHING_THERE, Answer, Fetches, asked_of_a_host
from crosspromo.text.links_to_us import links_to

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

USER_AGENT = "crosspromo (reads feeds)"

LARGEST_FEED = 5_000_000
"""Bytes of a feed, unpacked."""

MOST_AT_ONCE = 8
"""Hosts that are asked at the same time; each of them is asked one thing after the other."""

MOST_AT_A_TIME = 500
"""Most sources that one look of the daemon reads."""

CLAIMED_FOR = timedelta(minutes=10)
"""Time in which no other process reads a source that one has begun to read."""

NEWS_FOR = timedelta(days=14)
"""Age of an item up to which it is suggested."""

MOST_NEW = 10
"""Most suggestions of one reading: a feed that names all its items anew brings no flood."""

LONGEST_TITLE, LONGEST_SUMMARY = 300, 1_000
"""Characters that are kept of an item."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Result of one reading of a source: the number of new suggestions, or the fault in words.

    `source` is the source after it. `unchanged`: the server said that nothing changed. `kept` is
    what the edition of a calendar brought.
    """

    source: Source
    new: int = 0
    unchanged: bool = False
    kept: Kept | None = None
    remarks: tuple[str, ...] = ()

    @property
    def fault(self) -> str | None:
        """Fault of the reading of a source in words; None: it was read."""
        return self.source.fault


@dataclass(frozen=True)
class SourceService:
    """Sources of a workspace. `every` is the interval between two readings of a source.

    `us` are names of our own organisation, by which others write about us; `our_sites` are its
    domains, to which partners link. Without `calendars` no calendar is read.
    """

    store: "Store"
    clock: Clock
    every: timedelta
    us: Sequence[str]
    pages: Callable[[], Fetches]
    calendars: CalendarEditions | None = None
    our_sites: Sequence[str] = ()
    monotonic: Callable[[], float] = time.monotonic

    def add(self, address: str, partner: str | None, who: str) -> Source:
        """Add a source by its address; `partner` is the slug of the partner whose feed it is.

        A webcal address is read as https. Whether it is a calendar, its first reading shows;
        `source_adding.py` reads it before. Errors are those of `address_of_source`, SourceError for
        a source that is there already, and NotFoundError for an unknown partner.
        """
        given_name(who)
        whole = address_of_source(address)
        is_alerts = is_google_alerts(Feed(Format.ATOM), whole)
        kind = SourceKind.ALERTS if is_alerts else SourceKind.FEED
        with self.store.write() as unit:
            slug = _new(unit, whole, partner)
            now = self.clock.now()
            number = unit.sources.add(kind, whole, slug, who, now)
            unit.audit.add(now, who, "add", f"source {number}", whole)
            return _found(unit, number)

    def check_new(self, address: str, partner: str | None) -> None:
        """Raise the errors of `add` that need no reading; the address is whole."""
        with self.store.read() as unit:
            _new(unit, address, partner)

    def list(self) -> Sequence[Source]:
        """All sources, in the order in which they were added."""
        with self.store.read() as unit:
            return unit.sources.all()

    def remove(self, number: int, who: str) -> Source:
        """Remove a source with what it suggests; posts stay. SourceError if unknown."""
        given_name(who)
        with self.store.write() as unit:
            source = _found(unit, number)
            unit.sources.remove(number)
            unit.audit.add(self.clock.now(), who, "remove", f"source {number}", source.address)
            return source

    def read(self, numbers: Sequence[int] = (), *, accept: bool = False) -> Sequence[Reading]:
        """Read these sources now, or all of them, whenever they are due.

        `accept`: apply editions of calendars although many events are gone from them. SourceError
        for an unknown number, and for `accept` without one.
        """
        if accept and not numbers:
            raise SourceError(SourcesNotNamed())
        with self.store.read() as unit:
            chosen = [_found(unit, each) for each in numbers] or unit.sources.all()
        return self._read(chosen, accept=accept)

    def read_due(self, is_ending: Callable[[], bool] = lambda: False) -> Sequence[Reading]:
        """Read the sources that are due, MOST_AT_A_TIME at most; none more once `is_ending`."""
        with self.store.read() as unit:
            due = unit.sources.due(self.clock.now(), MOST_AT_A_TIME)
        return self._read(due, is_ending) if due else []

    def _read(
        self,
        chosen: Sequence[Source],
        is_ending: Callable[[], bool] = lambda: False,
        *,
        accept: bool = False,
    ) -> Sequence[Reading]:
        claimed = self.claimed(chosen)
        by_host: dict[str, list[Source]] = {}
        for source in claimed:
            by_host.setdefault(urlsplit(source.address).netloc.lower(), []).append(source)
        if not by_host:
            return []
        with (
            closing(self.pages()) as pages,
            ThreadPoolExecutor(min(MOST_AT_ONCE, len(by_host))) as pool,
        ):
            ask = partial(self.ask, pages=pages, whole=accept)
            of_a_host = partial(asked_of_a_host, ask, is_ending, self.monotonic)
            answers = chain.from_iterable(pool.map(of_a_host, by_host.values()))
            return [self.keep(each, accept=accept) for each in answers]

    def claimed(self, chosen: Sequence[Source]) -> Sequence[Source]:
        """Those of the sources that no other process has begun to read."""
        until = self.clock.now() + CLAIMED_FOR
        with self.store.write() as unit:
            return [
                replace(each, next_at=until) for each in chosen if unit.sources.claim(each, until)
            ]

    def ask(self, source: Source, pages: Fetches, *, whole: bool) -> Answer:
        """Answer to the reading of one source; `whole`: even where its server knows no change."""
        now = self.clock.now()
        known = Version(source.etag, source.last_modified)
        if whole or dates_come_near(source, now):
            known = NO_VERSION
        try:
            page = pages.fetch_changed(source.address, LARGEST_FEED, known)
            if isinstance(page, Unchanged):
                return Answer(source, page)
            if self.calendars is not None and is_read_as_calendar(source, page.data):
                calendar = self.calendars.read(page.data, now)
                unusable = next((each for each in calendar.errors if not each.row), None)
                if unusable is not None:
                    return Answer(source, fault=f"what is there {unusable.problem}", is_none=True)
                return Answer(replace(source, kind=SourceKind.CALENDAR), page, calendar=calendar)
            charset = "" if page.charset is None else f"; charset={page.charset}"
            feed = read_feed(page.data, page.address, f"{page.media_type}{charset}")
            return Answer(source, page, feed)
        except PageError as error:
            none = error.status in NOTHING_THERE
            return Answer(source, fault=str(error), retry_after=error.retry_after, is_none=none)
        except UnreadableFileError as error:
            return Answer(source, fault=f"what is there {error}", is_none=True)

    def keep(self, answer: Answer, *, accept: bool) -> Reading:
        """Keep what an answer brought, in a transaction of its own."""
        now = self.clock.now()
        if not answer.was_asked:  # it is read when the claim has ended
            return Reading(replace(answer.source, fault=answer.fault))
        source = replace(answer.source, tried_at=now)
        if answer.fault is not None:
            failures = source.failures + 1
            after = next_reading(now, self.every, failures, answer.retry_after)
            failed = replace(source, failures=failures, fault=answer.fault, next_at=after)
            with self.store.write() as unit:
                unit.sources.save(failed)
            return Reading(failed)
        read = replace(
            source,
            read_at=now,
            failures=0,
            fault=None,
            next_at=next_reading(now, self.every, 0),
        )
        if answer.calendar is not None and isinstance(answer.page, Page):
            return self._keep_calendar(read, answer.page.version, answer.calendar, accept=accept)
        if answer.feed is None or not isinstance(answer.page, Page):
            with self.store.write() as unit:
                unit.sources.save(read)
            return Reading(read, unchanged=True)
        version = answer.page.version
        read = replace(
            read,
            title=answer.feed.title[:LONGEST_TITLE] or source.title,
            etag=version.etag,
            last_modified=version.last_modified,
            latest=_latest(source, answer.feed, now),
        )
        with self.store.write() as unit:
            unit.sources.save(read)
            new = self._found_items(unit, source, answer.feed, now)
        return Reading(read, new, remarks=tuple(map(str, answer.feed.remarks)))

    def _keep_calendar(
        self, read: Source, version: Version, calendar: FileReading[Event], *, accept: bool
    ) -> Reading:
        """Keep what an edition of a calendar brought; one held back is asked for again, whole."""
        assert self.calendars is not None  # it has read the edition
        now = self.clock.now()
        with self.store.write() as unit:
            kept = self.calendars.keep(unit, read, calendar, now, accept=accept)
            if kept.held_back is not None:
                version = NO_VERSION
            read = replace(
                read,
                etag=version.etag,
                last_modified=version.last_modified,
                held_back=kept.held_back,
            )
            unit.sources.save(read)
        return Reading(read, kept.new, kept=kept)

    def _found_items(self, unit: "Unit", source: Source, feed: Feed, now: datetime) -> int:
        """Keep the items that are new; returns how many of them are suggested."""
        oldest_first = sorted(feed.items, key=lambda each: each.moment or now)
        items = {key_of(each): each for each in oldest_first}
        known = unit.suggestions.known(source.number, items)
        new = [(identity, item) for identity, item in items.items() if identity not in known]
        if not new:
            return 0
        for identity, item in new:
            self._receive_link(unit, source, identity, item, now)
        told = unit.suggestions.known_pages([same_page(item.link) for _, item in new if item.link])
        names = self._names(unit) if source.partner is None else {}
        news = [item for _, item in new if _is_news(item, now) and same_page(item.link) not in told]
        newest = news[-MOST_NEW:]
        suggested = {id(item) for item in newest}
        unit.suggestions.add_all(
            [
                (
                    identity,
                    same_page(item.link),
                    self._suggestion(source, item, names, now, is_open=id(item) in suggested),
                )
                for identity, item in new
            ]
        )
        return len(newest)

    def _receive_link(
        self, unit: "Unit", source: Source, identity: str, item: Item, now: datetime
    ) -> None:
        """Enter an item of a partner's feed that links to us among what was received, once."""
        is_theirs = source.kind is SourceKind.FEED and source.partner is not None
        if not is_theirs or source.partner is None or not _is_news(item, now):
            return
        if not links_to(self.our_sites, item.link, f"{item.title}\n{item.summary}"):
            return
        unit.received.add_observed(
            Received(
                number=0,
                partner=source.partner,
                at=min(item.moment or now, now),
                kind=ReceivedKind.LINK,
                account=None,
                url=item.link,
                words="",
                recorded_at=now,
                recorded_by=OURSELVES,
                observed=f"feed {same_page(item.link) or identity}",
            )
        )

    def _suggestion(
        self,
        source: Source,
        item: Item,
        names: Mapping[str, str],
        now: datetime,
        *,
        is_open: bool,
    ) -> Suggestion:
        partner, occasion = self._about(source, item, names)
        return Suggestion(
            number=0,
            source=source.number,
            occasion=occasion,
            partner=partner,
            title=item.title[:LONGEST_TITLE],
            link=item.link,
            summary=item.summary[:LONGEST_SUMMARY],
            published_at=item.moment,
            found_at=now,
            state=SuggestionState.OPEN if is_open else SuggestionState.PAST,
        )

    def _about(
        self, source: Source, item: Item, names: Mapping[str, str]
    ) -> tuple[str | None, Occasion]:
        """Partner whom an item would lift up, and why it is suggested."""
        text = f"{item.title}\n{item.summary}"
        if source.kind is SourceKind.FEED and source.partner is not None:
            return source.partner, Occasion.SHARE
        if source.partner is not None:
            return source.partner, Occasion.CONGRATULATE
        if names_one(text, self.us):
            return None, Occasion.ABOUT_US
        named = next((slug for slug, name in names.items() if names_one(text, [name])), None)
        if named is None:
            return None, Occasion.SHARE
        return named, Occasion.CONGRATULATE

    def _names(self, unit: "Unit") -> dict[str, str]:
        """Names of offered partners by slug, the longest name first."""
        found = {each.slug: each.name for each in unit.partners.all() if each.archived_at is None}
        return dict(sorted(found.items(), key=lambda each: -len(each[1])))


def _found(unit: "Unit", number: int) -> Source:
    source = unit.sources.find(number)
    if source is None:
        raise SourceError(NoSuchSource(number))
    return source


def _new(unit: "Unit", address: str, partner: str | None) -> str | None:
    """Slug of the partner of a source that is to be added; SourceError where it is there."""
    known = unit.sources.at_address(address)
    if known is not None:
        raise SourceError(SourceExists(address, known.number))
    return None if partner is None else unit.partners.get(partner).slug


def _is_news(item: Item, now: datetime) -> bool:
    return item.moment is None or now - item.moment <= NEWS_FOR


def _latest(source: Source, feed: Feed, now: datetime) -> tuple[datetime, ...]:
    """Times of the latest items, the newest first; none lies in the future."""
    times = {min(each.moment, now) for each in feed.items if each.moment is not None}
    return tuple(sorted({*times, *source.latest}, reverse=True)[:LATEST_TIMES])
