"""Discovery of feeds and calendars on the website of a partner."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import SourceError
from crosspromo.domain.reasons.sources import NoWebsite, WebsiteUnreadable
from crosspromo.http.pages import NO_VERSION, Page, PageError, Unchanged
from crosspromo.intake.content_lines import is_calendar
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.intake.feeds.discovery import (
    MOST_HTML,
    Candidate,
    Found,
    SourceKind,
    candidates,
)
from crosspromo.intake.feeds.reading import read_feed
from crosspromo.services.source_answers import Fetches
from crosspromo.services.sources import LARGEST_FEED

if TYPE_CHECKING:
    from crosspromo.services.calendar_sources import CalendarEditions
    from crosspromo.store.unit import Store

MOST_ASKED = 10
"""Most candidates of a page that are asked."""

MOST_GUESSED = 5
"""Most usual addresses that are asked, where the page names nothing of that kind."""

PATIENCE = 60.0
"""Seconds after which no further candidate is asked."""


class FetchesPages(Fetches, Protocol):
    """Client that fetches the beginning of a page, too."""

    def fetch(self, address: str, most: int) -> Page: ...


@dataclass(frozen=True, slots=True)
class FoundSource:
    """Feed or calendar that was found and read: its title, and the number of items or events.

    `source` is the number under which it is read already; None: it is not.
    """

    address: str
    kind: SourceKind
    found: Found
    title: str
    items: int
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Discovered:
    """What was found on the website of a partner (a slug).

    `asked` is the number of candidates that were asked, `complete` false where time ran out.
    """

    partner: str
    website: str
    found: tuple[FoundSource, ...]
    asked: int
    complete: bool = True


@dataclass(frozen=True)
class SourceDiscovery:
    """Looks for feeds and calendars where a partner is on the web.

    `monotonic` is a clock of seconds. Nothing is written.
    """

    store: "Store"
    clock: Clock
    pages: Callable[[], FetchesPages]
    calendars: "CalendarEditions"
    monotonic: Callable[[], float] = time.monotonic

    def discover(self, partner: str) -> Discovered:
        """Feeds and calendars of the partner's website, each read once, one after the other.

        SourceError where the partner has no website, or it cannot be read; NotFoundError for an
        unknown partner.
        """
        with self.store.read() as unit:
            known = unit.partners.get(partner)
            read = {each.address: each.number for each in unit.sources.all()}
        if not known.website:
            raise SourceError(NoWebsite(known.slug))
        ends_at = self.monotonic() + PATIENCE
        with closing(self.pages()) as pages:
            page = _front_page(pages, known.website, known.slug)
            try:
                named = candidates(page.data, page.address, _content_type(page))
            except UnreadableFileError as error:
                raise SourceError(WebsiteUnreadable(known.slug, str(error))) from error
            found: dict[str, FoundSource] = {}
            asked, complete = 0, True
            for candidate in _worth_asking(named, page, found):
                if self.monotonic() >= ends_at:
                    complete = False
                    break
                asked += 1
                source = self._verified(pages, candidate, read)
                if source is not None:
                    found.setdefault(source.address, source)
        return Discovered(known.slug, page.address, tuple(found.values()), asked, complete)

    def _verified(
        self, pages: Fetches, candidate: Candidate, read: dict[str, int]
    ) -> FoundSource | None:
        """Candidate after it was fetched and read; None where it is neither feed nor calendar."""
        try:
            page = pages.fetch_changed(candidate.address, LARGEST_FEED, NO_VERSION)
        except PageError:
            return None
        if isinstance(page, Unchanged):
            return None
        told = self._told(page)
        if told is None:
            return None
        kind, title, items = told
        number = read.get(candidate.address, read.get(page.address))
        title = title or candidate.title
        return FoundSource(page.address, kind, candidate.found, title, items, number)

    def _told(self, page: Page) -> tuple[SourceKind, str, int] | None:
        """Kind, title and number of items of a document; None where it is no such thing."""
        if is_calendar(page.data):
            reading = self.calendars.read(page.data, self.clock.now())
            if any(not each.row for each in reading.errors):
                return None
            return SourceKind.CALENDAR, "", len(reading.items)
        try:
            feed = read_feed(page.data, page.address, _content_type(page))
        except UnreadableFileError:
            return None
        return SourceKind.FEED, feed.title, len(feed.items)


def _worth_asking(
    named: Sequence[Candidate], page: Page, found: dict[str, FoundSource]
) -> Iterator[Candidate]:
    """Yield candidates by trust: the page itself, what it names, then a few usual addresses.

    Of a kind that was found by then no address is guessed.
    """
    if page.media_type not in {"text/html", "application/xhtml+xml", ""}:
        yield Candidate(page.address, SourceKind.FEED, Found.NAMED)
    told = [each for each in named if each.found is not Found.GUESSED]
    yield from told[:MOST_ASKED]
    by_kind = {
        kind: [each for each in named if each.found is Found.GUESSED and each.kind is kind]
        for kind in SourceKind
    }
    guesses = 0
    for at in range(MOST_GUESSED):
        for kind, usual in by_kind.items():
            known = any(each.kind is kind for each in found.values())
            if at < len(usual) and not known and guesses < MOST_GUESSED:
                guesses += 1
                yield usual[at]


def _front_page(pages: FetchesPages, website: str, partner: str) -> Page:
    try:
        return pages.fetch(website, MOST_HTML)
    except PageError as error:
        raise SourceError(WebsiteUnreadable(partner, str(error))) from error


def _content_type(page: Page) -> str:
    charset = "" if page.charset is None else f"; charset={page.charset}"
    return f"{page.media_type}{charset}"
