"""Length and entities of texts on networks without link rules of their own.

Such networks link what X links, or less. X's link rules are therefore a safe reading: nothing that
might become a link is cut.
"""

import re
from collections.abc import Iterator
from typing import Final

from crosspromo.text import x
from crosspromo.text.entities import EntityType, Span
from crosspromo.text.weblinks import web_links

_HASHTAG: Final = re.compile(r"(?<![\w&/#])#(?P<name>(?=\d*[^\W\d])\w+)")
_REDDIT_USER: Final = re.compile(r"(?<![\w/])/?u/(?P<name>[A-Za-z0-9_-]{3,20})(?![\w-])")
_DOTTED_HANDLE: Final = re.compile(
    r"(?<![\w@./])@(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?)(?![A-Za-z0-9_@])"
)


def code_points(text: str) -> int:
    """Length in Unicode code points."""
    return len(text)


def utf16_units(text: str) -> int:
    """Length in UTF-16 code units: two for a character outside the basic plane."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def links(text: str) -> Iterator[Span]:
    """Spans of links with and without scheme."""
    for link in web_links(text, x.syntax()):
        address = text[link.start : link.end]
        yield Span(link.start, link.end, "link", f"https://{address}" if link.bare else address)


def with_hashtags(text: str) -> Iterator[Span]:
    """Spans of links and hashtags."""
    yield from links(text)
    if "#" in text:
        yield from _named(_HASHTAG, "hashtag", text)


def with_handles_and_hashtags(text: str) -> Iterator[Span]:
    """Spans of links, mentions (dots in handles included) and hashtags."""
    yield from links(text)
    yield from _named(_DOTTED_HANDLE, "mention", text)
    if "#" in text:
        yield from _named(_HASHTAG, "hashtag", text)


def with_reddit_users(text: str) -> Iterator[Span]:
    """Spans of links, and mentions of Reddit users."""
    yield from links(text)
    yield from _named(_REDDIT_USER, "mention", text)


def _named(pattern: re.Pattern[str], kind: EntityType, text: str) -> Iterator[Span]:
    """Spans of all matches; the group `name` of the pattern is the target."""
    for match in pattern.finditer(text):
        yield Span(*match.span(), kind, match["name"])
