"""Link cards: title, description and picture of a web page, for networks that show no card by
themselves.

Pages are hostile input. Only the beginning of a page is read, only text is decoded, and nothing is
run. Without a usable page there is no card.
"""

import codecs
import logging
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Self
from urllib.parse import urljoin

from crosspromo.domain.clock import Clock
from crosspromo.domain.invisible import without_invisible
from crosspromo.http.pages import Page, PageError, Pages
from crosspromo.text.markup import pieces

log = logging.getLogger(__name__)

MOST_HTML: Final = 300_000
"""Bytes read of a page; the values for a card stand in its head."""

HTML: Final = {"text/html", "application/xhtml+xml"}
LONGEST_TITLE: Final = 300
LONGEST_DESCRIPTION: Final = 500
"""Characters."""

CARD_LASTS: Final = timedelta(hours=1)
MOST_CARDS: Final = 1_000

UNASSIGNED: Final = {"Co", "Cn"}
"""Categories of characters that no font shows."""


@dataclass(frozen=True, slots=True)
class Card:
    """Link card of a page. `image` is the address of a picture; None: the page names no picture."""

    link: str
    title: str
    description: str
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Picture bytes as the server sent them; the data may be no image at all."""

    data: bytes
    media_type: str


class Cards:
    """Cache of link cards, kept for CARD_LASTS; a missing card is cached, too."""

    def __init__(self, pages: Pages, clock: Clock) -> None:
        self._pages = pages
        self._clock = clock
        self._made: dict[str, tuple[Card | None, datetime]] = {}

    def of(self, link: str) -> Card | None:
        """Card of the page at `link`; None where the page has no title or cannot be fetched."""
        now = self._clock.now()
        card, made_at = self._made.pop(link, (None, None))
        if made_at is None or now - made_at > CARD_LASTS:
            card, made_at = self._make(link), now
        self._made[link] = (card, made_at)
        if len(self._made) > MOST_CARDS:
            del self._made[next(iter(self._made))]
        return card

    def thumbnail(self, card: Card, most: int) -> Thumbnail | None:
        """Picture of a card, at most `most` bytes long; None where it cannot be fetched whole.

        After a failure the picture is not requested again while the card is cached.
        """
        found = self._picture(card, most)
        if found is None and card.link in self._made:
            _, made_at = self._made[card.link]
            self._made[card.link] = (replace(card, image=None), made_at)
        return found

    def _picture(self, card: Card, most: int) -> Thumbnail | None:
        if card.image is None:
            return None
        try:
            page = self._pages.fetch(card.image, most)
        except PageError as error:
            log.info("a card without its picture: %s", error)
            return None
        if not page.whole or not page.data or not page.media_type.startswith("image/"):
            log.info("a card without its picture: %s is none, or too large", card.image)
            return None
        return Thumbnail(page.data, page.media_type)

    def close(self) -> None:
        self._pages.close()

    def _make(self, link: str) -> Card | None:
        try:
            page = self._pages.fetch(link, MOST_HTML)
        except PageError as error:
            log.info("no card: %s", error)
            return None
        return read(link, page)


def read(link: str, page: Page) -> Card | None:
    """Card for `link`, made from the fetched page; None where the page has no title.

    `page` is the page that `link` led to in the end.
    """
    if page.media_type not in HTML:
        return None
    head = Head.of(_decoded(page))
    meta = head.meta
    title = _line(meta.get("og:title") or head.title, LONGEST_TITLE)
    if not title:
        return None
    description = meta.get("og:description") or meta.get("description") or ""
    return Card(link, title, _line(description, LONGEST_DESCRIPTION), _image(page, meta))


def _image(page: Page, meta: dict[str, str]) -> str | None:
    named = meta.get("og:image", "").strip()
    if not named:
        return None
    try:
        return urljoin(page.address, named)
    except ValueError:
        return None  # not a valid address


@dataclass(slots=True)
class Head:
    """The `title` and the meta elements of a page.

    `meta` maps a property or name in small letters to its first content.
    """

    title: str = ""
    meta: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, html: str) -> Self:
        """Head of a page, or of its beginning."""
        head = cls()
        in_title = False
        for piece in pieces(html):
            if isinstance(piece, str):
                head.title += piece if in_title else ""
                continue
            in_title = piece.name == "title" and not piece.ends and not head.title
            if piece.name == "meta":
                head._note(piece.attributes())
        return head

    def _note(self, given: Mapping[str, str]) -> None:
        name = given.get("property") or given.get("name")
        content = given.get("content")
        if name and content:
            self.meta.setdefault(name.lower(), content)


_NOT_OF_PAGES: Final = {"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"}
"""Python's codecs that no page is written in; some fail on any text, or take long for one."""


def _decoded(page: Page) -> str:
    try:
        codec = codecs.lookup(page.charset or "utf-8").name.replace("-", "_")
        charset = "utf-8" if codec in _NOT_OF_PAGES else codec
        return page.data.decode(charset, errors="replace")
    except (LookupError, ValueError):  # an unknown charset, or one that is no charset
        return page.data.decode("utf-8", errors="replace")


_SPACES: Final = re.compile(r"\s")


def _line(text: str, longest: int) -> str:
    """Text on one line, without invisible characters, cut to `longest` characters."""
    seen = (
        " " if char.isspace() else char
        for char in without_invisible(_SPACES.sub(" ", text[: 4 * longest]))
        if char.isspace() or unicodedata.category(char) not in UNASSIGNED
    )
    line = " ".join("".join(seen).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
