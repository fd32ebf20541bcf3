"""Addresses that lead to one page, although they are written in several ways."""

from typing import Final
from urllib.parse import urlsplit, urlunsplit

_ADDED: Final = frozenset({"fbclid", "gclid", "mc_cid", "mc_eid"})
"""Parameters that count readers; those that begin with `utm_` do, too."""


def same_page(address: str) -> str:
    """Address without what tells no pages apart: scheme, `www.`, fragment, counting of readers."""
    parts = urlsplit(address)
    host = parts.netloc.lower().removeprefix("www.")
    kept = "&".join(
        each
        for each in parts.query.split("&")
        if (name := each.partition("=")[0].lower()) not in _ADDED and not name.startswith("utm_")
    )
    return urlunsplit(("", host, parts.path.rstrip("/"), kept, ""))
