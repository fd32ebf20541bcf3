"""Length, links, mentions and hashtags of a text on a Mastodon server.

Source: Mastodon's status length validator and its extractor (a link with a scheme counts 23, the
domain of a remote mention nothing, any other grapheme one; a content warning counts, too).
"""

import re
from collections.abc import Iterator
from functools import cache
from operator import itemgetter
from typing import Final

from crosspromo.text.entities import Span
from crosspromo.text.graphemes import grapheme_length
from crosspromo.text.weblinks import (
    LATIN,
    LinkSyntax,
    WebLink,
    path_pattern,
    query_pattern,
    web_links,
)

LIMIT: Final = 500  # the default; a server names its own in /api/v2/instance
LINK_LENGTH: Final = 23
DOMAIN_LIMIT: Final = 253  # octets of a host name; a longer "domain" is counted in full

_WHITE: Final = r"\s\x85"
# Mastodon's own pattern allows a no-break space in a query; here no link holds white space.
_BEYOND_ASCII: Final = (
    r"\xa1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e"
    r"\u2030-\u205e\u2060-\u2fff\u3001-\U0010ffff"
)

_MENTION: Final = re.compile(
    r"(?<![=/\w])@(?P<handle>(?P<user>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)"
    r"(?:@(?P<domain>[\w.-]*\w))?)",
    re.IGNORECASE,
)
_NO_MENTION: Final = re.compile(rf"[@\uff20{LATIN}]|://")
# Letters, digits and underscore of any script, joined by a few marks, not digits alone.
_HASHTAG: Final = re.compile(
    r"(?<![=/)\w])[#\uff03](?P<tag>(?=[\d\xb7\u30fb\u200c]*[^\W\d])[\w\xb7\u30fb\u200c]+)"
)


@cache
def _syntax() -> LinkSyntax:
    """Link syntax of Mastodon, compiled on the first search for links."""
    path = path_pattern(rf"^{_WHITE}<>()?", rf"^{_WHITE}()?!*\"'\u300c\u300d<>;:=,.$%\[\]~&|@")
    query = query_pattern(
        rf"a-zA-Z0-9!?*'();:&=+$/%#\[\]\-_.,~|@\^{_BEYOND_ASCII}",
        rf"a-zA-Z0-9_&=#/\-{_BEYOND_ASCII}",
    )
    return LinkSyntax(
        scheme=re.compile(
            r"(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://\Z", re.IGNORECASE | re.ASCII
        ),
        tail=re.compile(rf"(?::[0-9]+)?(?P<path>{path})?(?:{query})?"),
        longest_scheme=len("gopher://"),
    )


def length(text: str) -> int:
    """Length in graphemes, with 23 for a link and `@user` for `@user@domain`. Linear time."""
    if "@" not in text and "://" not in text:
        return grapheme_length(text)
    counted, end = [], 0
    for span in sorted([*_links(text), *_mentions(text)], key=itemgetter(0)):
        if span.start >= end:
            counted.append(text[end : span.start])
            counted.append(_stand_in(span))
            end = span.end
    return grapheme_length("".join(counted) + text[end:])


def _stand_in(span: Span) -> str:
    return "x" * LINK_LENGTH if span.type == "link" else f"@{span.target.partition('@')[0]}"


def find(text: str) -> Iterator[Span]:
    """Spans of links with a scheme, of mentions (local and remote) and of hashtags."""
    yield from _links(text)
    yield from _mentions(text)
    if "#" in text or "\uff03" in text:
        for match in _HASHTAG.finditer(text):
            yield Span(*match.span(), "hashtag", match["tag"])


def _links(text: str) -> Iterator[Span]:
    if "://" not in text:
        return
    for link in web_links(text, _syntax()):
        if not link.bare:
            yield _span(text, link)


def _span(text: str, link: WebLink) -> Span:
    return Span(link.start, link.end, "link", text[link.start : link.end])


def _mentions(text: str) -> Iterator[Span]:
    if "@" not in text:
        return
    for match in _MENTION.finditer(text):
        domain = match["domain"] or ""
        if len(domain) <= DOMAIN_LIMIT and not _NO_MENTION.match(text, match.end()):
            yield Span(*match.span(), "mention", match["handle"])
