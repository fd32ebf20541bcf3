"""Links, mentions and tags that Bluesky marks in a text.

The length of a text is `graphemes.grapheme_length`, and its bytes of UTF-8 are limited as well.
Source: the facet detection of the official client library (npm `@atproto/api`, RichText), whose
result the app writes into a post; on Bluesky only a facet makes a link.
"""

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category

from crosspromo.text.domains import has_real_tld
from crosspromo.text.entities import Span
from crosspromo.text.graphemes import grapheme_length

LIMIT: Final = 300
BYTE_LIMIT: Final = 3000
HASHTAG_LIMIT: Final = 64  # graphemes of one tag, lexicon app.bsky.richtext.facet#tag

# White space in ECMAScript.
_SPACE: Final = r"\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_AFTER_SPACE: Final = f"(?<![^{_SPACE}])"
_AFTER_SPACE_OR_BRACKET: Final = f"(?<![^{_SPACE}(])"

_MENTION: Final = re.compile(rf"{_AFTER_SPACE_OR_BRACKET}@(?P<handle>[a-zA-Z0-9.-]+)\b", re.ASCII)
_LINK: Final = re.compile(
    rf"{_AFTER_SPACE_OR_BRACKET}(?:https?://[^{_SPACE}]+"
    rf"|(?P<domain>[a-z][a-z0-9]*+(?:\.[a-z0-9]++)++)[^{_SPACE}]*)",
    re.ASCII | re.IGNORECASE,
)
# A tag ends at white space, a soft hyphen or a character without width.
_TAG_END: Final = rf"{_SPACE}\xad\u200b-\u200d\u2060\u20e2"
_HASHTAG: Final = re.compile(rf"{_AFTER_SPACE}[#\uff03](?!\ufe0f)(?P<tag>[^{_TAG_END}]+)")
_CASHTAG: Final = re.compile(
    rf"{_AFTER_SPACE_OR_BRACKET}\$(?P<ticker>[A-Za-z][A-Za-z0-9]{{0,4}})"
    rf"(?=[{_SPACE}]|\Z|[.,;:!?)\"'\u2019])"
)


def find(text: str) -> Iterator[Span]:
    """Mentions, links and tags as Bluesky's app marks them, not sorted by position.

    A ticker (`$ABC`) is a tag on Bluesky and comes as a hashtag that keeps its dollar sign.
    """
    if "@" in text:
        yield from _mentions(text)
    if "." in text or "://" in text:
        yield from links(text)
    if "#" in text or "\uff03" in text:
        yield from _hashtags(text)
    if "$" in text:
        for match in _CASHTAG.finditer(text):
            yield Span(*match.span(), "hashtag", f"${match['ticker'].upper()}")


def _mentions(text: str) -> Iterator[Span]:
    for match in _MENTION.finditer(text):
        handle = match["handle"]
        if has_real_tld(handle) or handle.endswith(".test"):
            yield Span(*match.span(), "mention", handle)


def links(text: str) -> Iterator[Span]:
    """Links alone, as `find` has them, in the order of the text and without overlaps."""
    for match in _LINK.finditer(text):
        start, end = match.span()
        domain = match["domain"]
        if domain is None and not text.startswith("http", start):
            continue  # HTTP:// in capitals is not taken for a link
        if domain is not None and not has_real_tld(domain):
            continue
        if text[end - 1] in ".,;:!?":
            end -= 1
        if text[end - 1] == ")" and "(" not in text[start:end]:
            end -= 1
        address = text[start:end]
        yield Span(start, end, "link", f"https://{address}" if domain else address)


def _hashtags(text: str) -> Iterator[Span]:
    for match in _HASHTAG.finditer(text):
        tag = match["tag"]
        if all(char in "0123456789" or _is_punctuation(char) for char in tag):
            continue
        while _is_punctuation(tag[-1]):
            tag = tag[:-1]
        if len(tag) <= HASHTAG_LIMIT or grapheme_length(tag) <= HASHTAG_LIMIT:
            start = match.start()
            yield Span(start, start + 1 + len(tag), "hashtag", tag)


def _is_punctuation(char: str) -> bool:
    return category(char).startswith("P")
