"""Counting and finding for the networks without rules of their own about links.

They turn into links what X does, or less, so that X's link rules are a safe reading: nothing that
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
    """Unicode code points."""
    return len(text)


def utf16_units(text: str) -> int:
    """Code units of UTF-16: two for a character outside the basic plane."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def links(text: str) -> Iterator[Span]:
    """Links with and without scheme."""
    for link in web_links(text, x.syntax()):
        address = text[link.start : link.end]
        yield Span(link.start, link.end, "link", f"https://{address}" if link.bare else address)


def with_hashtags(text: str) -> Iterator[Span]:
    """Links and hashtags."""
    yield from links(text)
    if "#" in text:
        yield from _named(_HASHTAG, "hashtag", text)


def with_handles_and_hashtags(text: str) -> Iterator[Span]:
    """Links, mentions by handles that may have dots in them, and hashtags."""
    yield from links(text)
    yield from _named(_DOTTED_HANDLE, "mention", text)
    if "#" in text:
        yield from _named(_HASHTAG, "hashtag", text)


def with_reddit_users(text: str) -> Iterator[Span]:
    """Links, and mentions of Reddit users."""
    yield from links(text)
    yield from _named(_REDDIT_USER, "mention", text)


def _named(pattern: re.Pattern[str], kind: EntityType, text: str) -> Iterator[Span]:
    """The matches of a pattern with a group `name`, as spans of this kind."""
    for match in pattern.finditer(text):
        yield Span(*match.span(), kind, match["name"])
