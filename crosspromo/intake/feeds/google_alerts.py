"""Google Alerts: feeds of what was found for some words, with links by way of google.com."""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from crosspromo.domain.web_address import is_web_address
from crosspromo.intake.feeds.feed import LONGEST_ADDRESS, Feed, Item

_ALERT: Final = re.compile(r"tag:google\.com,2005:reader/user/[^/]+/(?:state/com\.google/)?alerts/")
_GOOGLE: Final = re.compile(r"(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})")
MOST_PARAMETERS: Final = 50


def is_google_alerts(feed: Feed, address: str = "") -> bool:
    """Whether a feed, perhaps fetched from `address`, is one of Google Alerts."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return bool(_ALERT.match(feed.id))
    is_there = bool(_GOOGLE.fullmatch((parts.hostname or "").lower()))
    return bool(_ALERT.match(feed.id)) or (is_there and parts.path.startswith("/alerts/feeds/"))


def target_of(link: str) -> str:
    """Address that a link of google.com leads to; empty where it leads to no web address.

    A link to elsewhere is its own target. The `url` parameter is percent-decoded once.
    """
    try:
        parts = urlsplit(link)
        is_google = _GOOGLE.fullmatch((parts.hostname or "").lower()) is not None
        if not is_google or parts.path != "/url":
            return link if is_web_address(link) else ""
        given = parse_qsl(parts.query, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        return ""
    for wanted in ("url", "q"):
        for name, value in given:
            if name == wanted and len(value) <= LONGEST_ADDRESS and is_web_address(value):
                return value
    return ""


def unwrapped(item: Item) -> Item:
    """Item of an alert with its target as link, and the target's domain as source."""
    target = target_of(item.link)
    return replace(item, link=target, source=_domain(target))


def _domain(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.") if address else ""
