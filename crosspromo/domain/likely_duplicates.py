"""Partners who are perhaps the same: two records with one name, website or handle."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from crosspromo.domain.partners import Partner

MOST_NAMED = 200
"""Likely duplicates that are named."""

MOST_ALIKE = 5
"""Partners with one mark beyond which the mark says nothing, as of a website that many share."""

SHARED_HOSTS = frozenset(
    {"facebook.com", "instagram.com", "linkedin.com", "twitter.com", "x.com", "youtube.com"}
    | {"tiktok.com", "linktr.ee", "sites.google.com", "docs.google.com", "google.com", "bit.ly"}
    | {"medium.com", "substack.com", "github.com", "meetup.com", "eventbrite.com", "bsky.app"}
    | {"threads.net", "tumblr.com", "wordpress.com", "wixsite.com", "weebly.com", "reddit.com"}
)
"""Hosts on which many organisations have a page."""

_HOST = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)
_LEGAL_FORMS = frozenset(
    {"inc", "incorporated", "ltd", "limited", "llc", "corp", "corporation", "co", "company"}
    | {"ev", "gmbh", "ggmbh", "asbl", "vzw", "pbc", "cic", "plc", "the", "org", "organization"}
    | {"organisation", "foundation"}
)
"""Words of a name without which it is the same name to people."""


class LikelyDuplicate(NamedTuple):
    """New partner and another who is perhaps the same; `by`: name, website, or a network."""

    partner: str
    other: str
    by: tuple[str, ...]


def domain_of(website: str) -> str:
    """Host of an address in lower case, without `www.`; empty where there is none."""
    found = _HOST.match(website)
    return found[1].lower().removeprefix("www.") if found else ""


def likely_duplicates(
    new: Iterable[Partner], known: Iterable[Partner]
) -> tuple[LikelyDuplicate, ...]:
    """Pairs of a new partner with a known one, or with a new one before, that share a mark.

    At most MOST_NAMED, in the order of the new ones; the work grows with the number of partners.
    """
    by_mark: dict[tuple[str, str], list[str]] = {}
    for partner in known:
        _keep(partner, by_mark)
    found: list[LikelyDuplicate] = []
    for partner in new:
        alike: dict[str, list[str]] = {}
        for mark in _marks(partner):
            others = by_mark.get(mark, ())
            for other in others if len(others) <= MOST_ALIKE else ():
                if other != partner.slug:
                    alike.setdefault(other, []).append(mark[0])
        found += [LikelyDuplicate(partner.slug, each, tuple(by)) for each, by in alike.items()]
        if len(found) >= MOST_NAMED:
            break
        _keep(partner, by_mark)
    return tuple(found[:MOST_NAMED])


def _keep(partner: Partner, by_mark: dict[tuple[str, str], list[str]]) -> None:
    for mark in _marks(partner):
        by_mark.setdefault(mark, []).append(partner.slug)


def _marks(partner: Partner) -> Iterator[tuple[str, str]]:
    """Marks by which a partner is known: what each is of, and its value."""
    name = _folded(partner.name)
    if name:
        yield "name", name
    domain = domain_of(partner.website)
    if domain and domain not in SHARED_HOSTS:
        yield "website", domain
    handles: Mapping[str, str] = partner.handles
    for network, handle in handles.items():
        yield network, handle.casefold()


def _folded(name: str) -> str:
    """Name without accents, signs, spaces and legal forms."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    letters = "".join(each if each.isalnum() else " " for each in plain if not _is_accent(each))
    words = letters.split()
    return "".join(word for word in words if word not in _LEGAL_FORMS) or "".join(words)


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) != 0 or character in ".'\u2019"
