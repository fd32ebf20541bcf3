"""Counting and finding for the networks without rules of their own about links.

They turn into links what X does, or less, so that X's link rules are a safe reading: nothing that
might become a link is cut.
"""

import re
from collections.abc import Iterator
from typing import Final

from crosspromo.text import x
from crosspromo.text.entities import Finder, Span
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
    for link in web_links(text, x.SYNTAX):
        address = text[link.start : link.end]
        yield Span(link.start, link.end, "link", f"https://{address}" if link.bare else address)


def finder(
    *, mention: re.Pattern[str] | None = None, hashtag: re.Pattern[str] | None = None
) -> Finder:
    """A finder of links, and of mentions and hashtags by patterns with a group `name`."""

    def find(text: str) -> Iterator[Span]:
        yield from links(text)
        if mention is not None:
            for match in mention.finditer(text):
                yield Span(*match.span(), "mention", match["name"])
        if hashtag is not None and "#" in text:
            for match in hashtag.finditer(text):
                yield Span(*match.span(), "hashtag", match["name"])

    return find


with_hashtags: Final = finder(hashtag=_HASHTAG)
with_handles_and_hashtags: Final = finder(mention=_DOTTED_HANDLE, hashtag=_HASHTAG)
with_reddit_users: Final = finder(mention=_REDDIT_USER)
