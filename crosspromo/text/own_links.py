"""Links of a post for which we write the links ourselves, as on Bluesky.

An address that we put in a text is known, and is a link whole, whatever it ends in. In text that
people wrote, links are found as the network's own app finds them, and better in a few forms
(docs/decisions/0031-links-that-we-write-ourselves.md): no quotation mark, bracket, star or
apostrophe of the sentence gets into an address, and none in front of it hides it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from crosspromo.text.domains import has_real_tld
from crosspromo.text.entities import Entity, Finder, Span, locate

# An address in a text ends at white space, at a sign nobody sees, and at < > or a curly quote.
_END: Final = (
    r"\s<>\"\u00ab\u00bb\u2018-\u201f\u2039\u203a\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\ufeff"
)
_LINK: Final = re.compile(
    rf"(?<![A-Za-z0-9])https?://[^{_END}]++"
    r"|(?<![\w@./\-])(?P<domain>[a-z][a-z0-9-]*+(?:\.[a-z0-9-]++)++)"
    rf"(?![\w@]|://)(?::[0-9]{{1,5}}+)?(?:[/?#][^{_END}]*+)?",
    re.ASCII | re.IGNORECASE,
)
_SCHEME: Final = re.compile(r"https?://", re.IGNORECASE)
_HOST: Final = re.compile(r"https?://[^/?#']*+(?=')", re.IGNORECASE)
_AFTER_ADDRESS: Final = re.compile(
    r"[.,;:!?)\]}>\"'\u00ab\u00bb\u2013\u2014\u2018-\u201f\u2026\u2039\u203a*_~]*+(?=\s|\Z)"
)
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}
_NEVER_LAST: Final = frozenset(".,;:!?'\"@*\u2026|")
_EMPHASIS: Final = frozenset("_~")


def finder(network: Finder, addresses: Sequence[str]) -> Finder:
    """Finder of a network in which links are ours: known `addresses` whole, then better ones."""

    def find(text: str) -> Iterator[Span]:
        yield from known(text, addresses)
        yield from links(text)
        yield from (span for span in network(text) if span.type != "link")

    return find


def known(text: str, addresses: Iterable[str]) -> Iterator[Span]:
    """Places where one of the addresses stands whole in the text, the longest addresses first.

    After an address there may be closing signs of a sentence, up to white space or the end.
    """
    for address in sorted(set(addresses), key=len, reverse=True):
        start = text.find(address) if address else -1
        while start >= 0:
            end = start + len(address)
            before = text[start - 1 : start]
            free = not before or not (before.isalnum() or before in "/@._-=&?")
            if free and _AFTER_ADDRESS.match(text, end):
                yield Span(start, end, "link", _target(address))
            start = text.find(address, end)


def places(address: str, text: str) -> list[Entity]:
    """Links of the text that are this address, with or without its scheme; none inside another."""
    found = locate(text, (*known(text, [address]), *links(text)))
    return [each for each in found if address in (each.text, each.target)]


def replaced(address: str, other: str, text: str) -> str:
    """Text with another address wherever a link is this address."""
    parts: list[str] = []
    read = 0
    for place in places(address, text):
        parts += text[read : place.start], other
        read = place.end
    return "".join(parts) + text[read:]


def links(text: str) -> Iterator[Span]:
    """Links with a scheme, and domains with a real top-level domain, without closing signs."""
    if "." not in text and "://" not in text:
        return
    for found in _LINK.finditer(text):
        start, domain = found.start(), found["domain"]
        address = text[start : _end(text, start, found.end())]
        if domain is None:
            address = _without_possessive(address)
        if _is_domain(domain) if domain is not None else _SCHEME.sub("", address, count=1):
            yield Span(start, start + len(address), "link", _target(address))


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    dashed = any(each.startswith("-") or each.endswith("-") for each in labels)
    return not dashed and has_real_tld(domain)


def _target(address: str) -> str:
    """Address with its scheme in small letters, since apps look for `https://`; or with one."""
    scheme = _SCHEME.match(address)
    return f"{scheme[0].lower()}{address[scheme.end() :]}" if scheme else f"https://{address}"


def _without_possessive(address: str) -> str:
    """Address without `'s` after its host; in a path an apostrophe may belong to it."""
    host = _HOST.match(address)
    return address if host is None else host[0]


def _end(text: str, start: int, end: int) -> int:
    """End of an address without signs that close the sentence around it.

    A bracket is left out where nothing in the address opens it; an underscore or tilde where one
    stands in front of the address.
    """
    open_ = {closing: text.count(opening, start, end) for closing, opening in _PAIRS.items()}
    closed = {closing: text.count(closing, start, end) for closing in _PAIRS}
    before = text[start - 1 : start]
    while end > start:
        last = text[end - 1]
        if last in _PAIRS and closed[last] > open_[last]:
            closed[last] -= 1
        elif last in _PAIRS or (
            last not in _NEVER_LAST and not (last in _EMPHASIS and last == before)
        ):
            break
        end -= 1
    return end
