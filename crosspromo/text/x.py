"""Length, links, mentions and hashtags of a text on X.

Source: the public twitter-text configuration, version 3 (weights in ranges of code points, an
address counts 23, an emoji 2), and the extraction rules of the twitter-text library, 3.1.0.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from crosspromo.text.emoji import discount
from crosspromo.text.entities import Span
from crosspromo.text.weblinks import (
    CYRILLIC,
    LATIN,
    LinkSyntax,
    WebLink,
    path_pattern,
    query_pattern,
    web_links,
)

if TYPE_CHECKING:
    import regex

LIMIT: Final = 280
LINK_WEIGHT: Final = 23
# Code points 0-4351, 8192-8205, 8208-8223 and 8242-8247 weigh one, all others two.
_HEAVY: Final = re.compile(r"[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]+")

_PATH_ENDING: Final = rf"+\-a-zA-Z0-9=_#/{CYRILLIC}{LATIN}"
_OWN_SHORTENER_SLUG: Final = 40


@cache
def syntax() -> LinkSyntax:
    """Link syntax of X; its patterns are compiled on the first search for links."""
    path = path_pattern(rf"{_PATH_ENDING}!*';:,.$%\[\]\u2013~@|&", _PATH_ENDING)
    return LinkSyntax(
        scheme=re.compile(r"https?://\Z", re.IGNORECASE | re.ASCII),
        tail=re.compile(rf"(?::[0-9]+)?(?P<path>{path})?(?:{_query()})?"),
        longest_scheme=len("https://"),
    )


def _query() -> str:
    return query_pattern(r"a-zA-Z0-9!?*'@();:&=+$/%#\[\]\-_.,~|", r"a-zA-Z0-9\-_&=#/")


@cache
def _own_shortener() -> re.Pattern[str]:
    """Pattern of X's own shortener: letters and digits (40 at most), then only a query."""
    pattern = rf"https?://t\.co/([a-z0-9]+)(?:{_query()})?"
    return re.compile(pattern, re.IGNORECASE | re.ASCII)


def weighted_length(text: str) -> int:
    """Weighted length of the text on X after NFC; the limit is 280. Linear time."""
    if not text.isascii():
        text = normalize("NFC", text)
    length = at = 0
    for link in _links(text):
        length += _weight(text[at : link.start]) + LINK_WEIGHT
        at = link.end
    return length + _weight(text[at:])


def _weight(text: str) -> int:
    if text.isascii():
        return len(text)
    return 2 * len(text) - len(_HEAVY.sub("", text)) - discount(text, _weight_of_characters)


def _weight_of_characters(text: str) -> int:
    return 2 * len(text) - len(_HEAVY.sub("", text))


def find(text: str) -> Iterator[Span]:
    """Spans of links (with or without scheme), mentions and hashtags, by the rules of X."""
    for link in _links(text):
        address = text[link.start : link.end]
        yield Span(link.start, link.end, "link", f"https://{address}" if link.bare else address)
    if "@" in text or "\uff20" in text:
        yield from _mentions(text)
    if "#" in text or "\uff03" in text:
        yield from _hashtags(text)


def _links(text: str) -> Iterator[WebLink]:
    for link in web_links(text, syntax()):
        own = None if link.bare else _own_shortener().match(text, link.start, link.end)
        if own is None:
            yield link
        elif len(own[1]) <= _OWN_SHORTENER_SLUG:
            yield WebLink(link.start, own.end(), bare=False)


_MENTION: Final = re.compile(
    r"(?:^|[^a-zA-Z0-9_!#$%&*@\uff20]|(?:^|[^a-zA-Z0-9_+~.-])[rR][tT]:?)"
    r"(?P<mention>[@\uff20](?P<handle>[a-zA-Z0-9_]{1,20})(?:/[a-zA-Z][a-zA-Z0-9_-]{0,24})?)"
)
_NO_MENTION: Final = re.compile(rf"[@\uff20{LATIN}]|://")


def _mentions(text: str) -> Iterator[Span]:
    for match in _MENTION.finditer(text):
        if not _NO_MENTION.match(text, match.end()):
            yield Span(*match.span("mention"), "mention", match["handle"])


_NO_HASHTAG: Final = re.compile(r"[#\uff03]|://")


def _hashtags(text: str) -> Iterator[Span]:
    for match in _hashtag_pattern().finditer(text):
        if not _NO_HASHTAG.match(text, match.end()):
            yield Span(*match.span("hashtag"), "hashtag", match["tag"])


@cache
def _hashtag_pattern() -> "regex.Pattern[str]":
    import regex  # noqa: PLC0415  # heavy: only for a text with a hashtag

    # Joiners and the word marks of several scripts that X allows inside a hashtag.
    marks = (
        r"_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e"
        r"\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
    )
    letter, part = r"[\p{L}\p{M}]", rf"[\p{{L}}\p{{M}}\p{{Nd}}{marks}]"
    return regex.compile(
        rf"(?:^|[\ufe0e\ufe0f]|(?!{part}|&).)"
        rf"(?P<hashtag>[#\uff03](?![\ufe0f\u20e3])(?P<tag>(?=[\p{{Nd}}{marks}]*+{letter}){part}++))",
        regex.DOTALL,
    )
