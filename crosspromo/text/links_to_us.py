"""Links to us in what others publish."""

from collections.abc import Collection
from urllib.parse import urlsplit

from crosspromo.text.own_links import links

LONGEST = 4_000
"""Characters of a text in which links are looked for."""


def links_to(sites: Collection[str], link: str, text: str) -> bool:
    """Whether an address, or a link in a text, leads to one of these domains or below it."""
    if not sites:
        return False
    targets = (each.target or "" for each in links(text[:LONGEST]))
    return any(_is_at(target, sites) for target in (link, *targets))


def _is_at(address: str, sites: Collection[str]) -> bool:
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:  # such as a bracket that is not closed
        return False
    return any(host == site or host.endswith(f".{site}") for site in sites)
