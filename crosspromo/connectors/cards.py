"""Cards for links: what a page says of itself, for networks that leave the card to the poster.

Pages are hostile input: only a beginning of them is read, nothing in them is run or decoded but
text, and a card that cannot be had is none.
"""

import logging
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin

from crosspromo.domain.clock import Clock
from crosspromo.http.pages import Page, PageError, Pages

log = logging.getLogger(__name__)

MOST_HTML: Final = 300_000
"""Bytes of a page that are looked at; what a card needs stands at its head."""

HTML: Final = {"text/html", "application/xhtml+xml"}
LONGEST_TITLE: Final = 300
LONGEST_DESCRIPTION: Final = 500
"""Characters."""

CARD_LASTS: Final = timedelta(hours=1)
MOST_CARDS: Final = 1_000

UNSEEN: Final = {"Cc", "Cs", "Co", "Cn"}
TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of text: they would reach beyond the card."""


@dataclass(frozen=True, slots=True)
class Card:
    """What to show for a link. `image` is the address of a picture, where the page names one."""

    link: str
    title: str
    description: str
    image: str | None = None


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture as it was served: nobody has looked whether it is one."""

    data: bytes
    media_type: str


class Cards:
    """Makes them, and keeps each for a while, also that there is none."""

    def __init__(self, pages: Pages, clock: Clock) -> None:
        self._pages = pages
        self._clock = clock
        self._made: dict[str, tuple[Card | None, datetime]] = {}

    def of(self, link: str) -> Card | None:
        """The card of the page at `link`; None where it has no title or cannot be had."""
        now = self._clock.now()
        card, made_at = self._made.pop(link, (None, None))
        if made_at is None or now - made_at > CARD_LASTS:
            card, made_at = self._make(link), now
        self._made[link] = (card, made_at)
        if len(self._made) > MOST_CARDS:
            del self._made[next(iter(self._made))]
        return card

    def thumbnail(self, card: Card, most: int) -> Thumbnail | None:
        """Its picture, if it can be had whole in `most` bytes; if not, it is not asked for again
        while the card lasts.
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
    """The card for `link`, which led to this page; None where the page has no title."""
    if page.media_type not in HTML:
        return None
    head = Head()
    head.feed(_decoded(page))
    said = head.said
    title = _line(said.get("og:title") or head.title, LONGEST_TITLE)
    if not title:
        return None
    description = said.get("og:description") or said.get("description") or ""
    return Card(link, title, _line(description, LONGEST_DESCRIPTION), _image(page, said))


def _image(page: Page, said: dict[str, str]) -> str | None:
    named = said.get("og:image", "").strip()
    if not named:
        return None
    try:
        return urljoin(page.address, named)
    except ValueError:
        return None  # only looks like an address


class Head(HTMLParser):
    """Reads what a page says of itself: its `title`, and what its meta elements have `said`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = ""
        self.said: dict[str, str] = {}
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title" and not self.title
        if tag == "meta":
            given = dict(attrs)
            name = given.get("property") or given.get("name")
            content = given.get("content")
            if name and content:
                self.said.setdefault(name.lower(), content)

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def _decoded(page: Page) -> str:
    try:
        return page.data.decode(page.charset or "utf-8", errors="replace")
    except LookupError:
        return page.data.decode("utf-8", errors="replace")  # a charset nobody has heard of


def _line(text: str, longest: int) -> str:
    """The text on one line, without what cannot be seen, cut where it is too long."""
    seen = (
        " " if char.isspace() else char
        for char in TURNS.sub("", text[: 4 * longest])
        if char.isspace() or unicodedata.category(char) not in UNSEEN
    )
    line = " ".join("".join(seen).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
