"""Feeds and calendars that a web page names, and where else they usually are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, quote, urlsplit

from crosspromo.domain.web_address import is_web_address
from crosspromo.intake.feeds.charsets import decode_marked
from crosspromo.intake.feeds.elements import joined
from crosspromo.intake.feeds.feed import LONGEST_ADDRESS, LONGEST_TITLE
from crosspromo.intake.plain_text import one_line
from crosspromo.text.markup import Tag, pieces

MOST_HTML: Final = 1_000_000
"""Bytes read of a page: links to calendars stand anywhere on it."""

MOST_CANDIDATES: Final = 20
MOST_GUESSES: Final = 12
MOST_LINKS: Final = 5_000

_CALENDAR_TYPE: Final = "text/calendar"
_FEED_TYPES: Final = frozenset(
    {
        *("application/rss+xml", "application/atom+xml", "application/feed+json"),
        *("application/rdf+xml", "application/json", "application/xml", "text/xml"),
    }
)
_FEED_PATH: Final = re.compile(
    r"/(?:feed|rss|atom)/?\Z|/(?:feed|rss|atom|index)\.(?:xml|rss|atom|rdf|json)\Z|\.(?:rss|atom)\Z",
    re.IGNORECASE,
)
_CALENDAR_PATH: Final = re.compile(r"\.ics\Z", re.IGNORECASE)
_CALENDAR_QUERY: Final = re.compile(
    r"(?:^|&)(?:ical=1|outlook-ical=1|format=(?:ical|ics)|feed=ics|export=ics)(?:&|\Z)",
    re.IGNORECASE,
)
_COMMENTS: Final = re.compile(r"/comments/(?:feed|default)/?", re.IGNORECASE)

_LEADING: Final = frozenset({"a", "base", "iframe", "link"})

_GOOGLE_CALENDAR: Final = "calendar.google.com"
"""Where a calendar of Google is shown within a page. Its name leads to the calendar itself."""

_USUAL_FEEDS: Final = ("feed", "rss.xml", "feed.xml", "atom.xml", "index.xml", "feed.json")
_USUAL_CALENDARS: Final = ("events/?ical=1", "calendar.ics", "events.ics")


class SourceKind(StrEnum):
    FEED = "feed"
    CALENDAR = "calendar"


class Found(StrEnum):
    """How a candidate was found, in the order of trust."""

    NAMED = "named"
    """The page names it as its feed or calendar."""
    LINKED = "linked"
    """The page has a link to it."""
    GUESSED = "guessed"
    """Such sites usually have one there."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Web address where a feed or calendar may be; `title` is what the page calls it."""

    address: str
    kind: SourceKind
    found: Found
    title: str = ""


def candidates(html: bytes, address: str, content_type: str = "") -> tuple[Candidate, ...]:
    """Candidates of a page that was fetched from `address`: named, then linked, then guessed.

    Feeds of comments come last among the named. Each address stands once. At most MOST_CANDIDATES
    are named or linked, and MOST_GUESSES guessed; to ask each of them is somebody else's work.
    Raises UnreadableFileError where the page is no text.
    """
    text, _ = decode_marked(html[:MOST_HTML], content_type)
    found = [*_on_page(text, address)]
    found.sort(key=lambda each: (_rank(each), bool(_COMMENTS.search(each.address))))
    unique: dict[str, Candidate] = {}
    for each in found:
        unique.setdefault(each.address.rstrip("/"), each)
    guessed = [each for each in _usual(address) if each.address.rstrip("/") not in unique]
    return (*[*unique.values()][:MOST_CANDIDATES], *guessed[:MOST_GUESSES])


def _rank(candidate: Candidate) -> int:
    return [*Found].index(candidate.found)


def _on_page(html: str, address: str) -> Iterator[Candidate]:
    base = address
    for tag, words in islice(_tags(html), MOST_LINKS):
        if tag.name == "base":
            base = joined(base, tag.attributes().get("href", ""))
        elif tag.name == "iframe":
            yield from _embedded(tag)
        elif (found := _candidate(tag, base)) is not None:
            yield replace(found, title=one_line(words, LONGEST_TITLE) or found.title)


def _tags(html: str) -> Iterator[tuple[Tag, str]]:
    """Yield the start tags that can lead to a candidate, a link with the words up to its end."""
    link: Tag | None = None
    words = ""
    for piece in pieces(html):
        if isinstance(piece, str):
            words += piece if link is not None and len(words) < LONGEST_TITLE else ""
            continue
        if piece.name not in _LEADING:
            continue
        if link is not None:
            yield link, words
        is_link = piece.name == "a" and not piece.ends
        link, words = (piece if is_link else None), ""
        if not is_link and not piece.ends:
            yield piece, ""
    if link is not None:
        yield link, words


def _candidate(tag: Tag, base: str) -> Candidate | None:
    """Candidate of a `link` or `a` element; None where it leads to neither feed nor calendar."""
    values = tag.attributes()
    address = _whole(values.get("href", ""), base)
    if not address:
        return None
    kind = values.get("type", "").partition(";")[0].strip().lower()
    names = values.get("rel", "").lower().split()
    is_named = bool({"alternate", "feed"} & {*names})
    title = one_line(values.get("title", ""), LONGEST_TITLE)
    if is_named and (kind == _CALENDAR_TYPE or (kind in _FEED_TYPES and "wp-json" not in address)):
        is_calendar = kind == _CALENDAR_TYPE or _is_calendar(address)
        sort = SourceKind.CALENDAR if is_calendar else SourceKind.FEED
        return Candidate(address, sort, Found.NAMED, title)
    is_webcal = values.get("href", "").strip().lower().startswith(("webcal:", "webcals:"))
    if is_webcal or kind == _CALENDAR_TYPE or _is_calendar(address):
        return Candidate(address, SourceKind.CALENDAR, Found.LINKED, title)
    if tag.name == "a" and (kind in _FEED_TYPES or _FEED_PATH.search(urlsplit(address).path)):
        return Candidate(address, SourceKind.FEED, Found.LINKED, title)
    return None


def _embedded(tag: Tag) -> Iterator[Candidate]:
    """Yield the calendars of Google that a page shows in a frame."""
    values = tag.attributes()
    address = _whole(values.get("src", ""), f"https://{_GOOGLE_CALENDAR}")
    parts = urlsplit(address)
    if parts.hostname != _GOOGLE_CALENDAR or not parts.path.endswith("/embed"):
        return
    try:
        given = parse_qsl(parts.query, max_num_fields=MOST_CANDIDATES)
    except ValueError:
        return
    title = one_line(values.get("title", ""), LONGEST_TITLE)
    for name, calendar in given:
        if name == "src":
            whole = f"https://{_GOOGLE_CALENDAR}/calendar/ical/{quote(calendar)}/public/basic.ics"
            yield Candidate(whole, SourceKind.CALENDAR, Found.LINKED, title)


def _is_calendar(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_CALENDAR_PATH.search(parts.path) or _CALENDAR_QUERY.search(parts.query))


def _whole(address: str, base: str) -> str:
    """Whole http(s) address without its fragment; `webcal:` is https by another name."""
    address = address.strip()
    if not address or len(address) > LONGEST_ADDRESS:
        return ""
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() in {"webcal", "webcals", "feed"}:
        address = rest if rest.lower().startswith(("http:", "https:")) else f"https:{rest}"
    whole = joined(base, address.replace(" ", "%20")).partition("#")[0]
    return whole if is_web_address(whole) and whole != base.partition("#")[0] else ""


def _usual(address: str) -> Iterator[Candidate]:
    """Yield where a site usually has feeds and calendars: below the page, and at the top."""
    below = urlsplit(address).path.rpartition("/")[0]
    tops = ["/"] if below in {"", "/"} else [f"{below}/", "/"]
    for top in tops:
        for path in _USUAL_FEEDS if top == "/" else _USUAL_FEEDS[:1]:
            yield Candidate(joined(address, f"{top}{path}"), SourceKind.FEED, Found.GUESSED)
        for path in _USUAL_CALENDARS if top == "/" else _USUAL_CALENDARS[:1]:
            yield Candidate(joined(address, f"{top}{path}"), SourceKind.CALENDAR, Found.GUESSED)
