"""Pasted handles, made bare: `@name`, profile addresses and `name@server` alike."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from crosspromo.domain.invisible import without_invisible

_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"

# https://atproto.com/specs/handle: a domain name of at most 253 characters, without regard to case.
_BLUESKY = re.compile(_DOMAIN)
_BLUESKY_HOSTS = frozenset({"bsky.app", "staging.bsky.app"})
# https://help.x.com/en/managing-your-account/x-username-rules
_X = re.compile(r"[A-Za-z0-9_]{1,15}")
_X_HOSTS = frozenset({"x.com", "twitter.com"})
_X_PAGES = frozenset(
    {
        "about",
        "account",
        "compose",
        "download",
        "explore",
        "following",
        "hashtag",
        "help",
        "home",
        "i",
        "intent",
        "jobs",
        "login",
        "logout",
        "messages",
        "notifications",
        "oauth",
        "privacy",
        "search",
        "settings",
        "share",
        "signup",
        "tos",
        "who_to_follow",
    }
)
# Reddit's sign-up and "create a community" forms.
_REDDITOR = re.compile(r"[A-Za-z0-9_-]{3,20}")
_SUBREDDIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{2,20}")
_REDDIT_HOSTS = frozenset({"reddit.com"})
# Mastodon, app/models/account.rb: USERNAME_RE, and the domain of the server.
_MASTODON = re.compile(rf"[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*@{_DOMAIN}", re.IGNORECASE)
# Networks whose profile addresses look like Mastodon's and are none.
_OTHER_NETWORKS = frozenset(
    {
        "bsky.app",
        "facebook.com",
        "instagram.com",
        "linkedin.com",
        "medium.com",
        "patreon.com",
        "pinterest.com",
        "reddit.com",
        "snapchat.com",
        "substack.com",
        "t.me",
        "threads.com",
        "threads.net",
        "tiktok.com",
        "twitch.tv",
        "twitter.com",
        "x.com",
        "youtube.com",
    }
)

_SUBDOMAINS = re.compile(r"\A(?:www|mobile|m|old|new|np)\.")
_LABELS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "bluesky": re.compile(r"\A(?:bluesky|bsky)\s*:\s*(?!//)", re.IGNORECASE),
        "x": re.compile(r"\A(?:twitter|x)\s*:\s*(?!//)", re.IGNORECASE),
        "reddit": re.compile(r"\Areddit\s*:\s*(?!//)", re.IGNORECASE),
        "mastodon": re.compile(r"\A(?:mastodon|fediverse|acct)\s*:\s*(?!//)", re.IGNORECASE),
    }
)
"""Names of networks that people write before a handle; Mastodon's software writes `acct:`."""

LONGEST_DOMAIN = 253
MOST_HANDLES = 20
"""Handles of one text that are looked at, to say that there are several."""


class HandleError(ValueError):
    """Error in a handle; the message gives the fault and its mend."""


class _Address(NamedTuple):
    """Web address: the host in lower case, the path without empty segments, and the rest."""

    host: str
    path: list[str]
    query: str
    fragment: str


def bare_handle(network: str, text: str) -> str:
    """Handle on `network`, without `@`, `u/` or address.

    Bluesky handles and Mastodon servers become lower case, as those networks treat them. A Mastodon
    handle is `user@server`. A subreddit keeps its `r/`, which no user name can hold, so that a
    community is never taken for a person. Raises HandleError.
    """
    plain = unicodedata.normalize(
        "NFKC", without_invisible(text)
    ).strip()  # full-width @ and others
    try:
        return _READERS[network](_LABELS[network].sub("", plain))
    except HandleError:
        _check_single(network, plain)
        raise


_BETWEEN = re.compile(
    r"\s*[,;|\n]\s*|\s+[/&+]\s+|/(?=@)|\s+(?:and|or|und|oder|et|ou|y|o)\s+|\s+(?=@|https?://)",
    re.IGNORECASE,
)
"""What people write between two handles."""


def _check_single(network: str, text: str) -> None:
    """HandleError where the text has several handles."""
    parts = [_LABELS[network].sub("", part) for part in _BETWEEN.split(text) if part]
    found = []
    for part in parts[:MOST_HANDLES]:
        try:
            found.append(_READERS[network](part))
        except HandleError:
            return
    if len(found) > 1:
        raise HandleError(
            f'"{_short(text)}" has {len(parts)} handles; keep one of them, such as {found[0]}'
        )


def _bluesky(text: str) -> str:
    if "did:" in text.lower():
        raise HandleError(
            f'"{_short(text)}" is a number (DID) that stays the same when the handle changes, no '
            "handle; write the handle, such as riverkeepers.bsky.social"
        )
    handle = text.removeprefix("at://").removeprefix("@").lower()
    address = _address(text) if not text.startswith("at://") else None
    if address is not None:
        match address:
            case _Address(host, []) if host.endswith(".bsky.social"):
                handle = host
            case _Address(host, path):
                _check_host(text, host, _BLUESKY_HOSTS, "bluesky")
                handle = path[1].lower() if path[:1] == ["profile"] and len(path) > 1 else ""
    if len(handle) > LONGEST_DOMAIN or _BLUESKY.fullmatch(handle) is None:
        raise HandleError(
            f'"{_short(text)}" is no Bluesky handle; write the whole domain name, such as '
            "riverkeepers.bsky.social"
        )
    return handle


def _x(text: str) -> str:
    address = _address(text)
    handle = (text if address is None else _x_name(text, address)).removeprefix("@")
    if _X.fullmatch(handle) is None:
        raise HandleError(
            f'"{_short(text)}" is no X handle; write 1 to 15 letters, digits or underscores, '
            "such as RiverKeepers"
        )
    return handle


def _x_name(text: str, address: _Address) -> str:
    """Name in an address on X; empty where the address is none of a person's."""
    _check_host(text, _SUBDOMAINS.sub("", address.host), _X_HOSTS, "x")
    if address.path[:1] == ["intent"]:
        return parse_qs(address.query).get("screen_name", [""])[0]
    path = address.path
    if not path and address.fragment.startswith("!/"):  # https://twitter.com/#!/name, until 2011
        path = [part for part in address.fragment[2:].split("/") if part]
    return path[0] if path and path[0].lower() not in _X_PAGES else ""


def _reddit(text: str) -> str:
    address = _address(text)
    if address is not None:
        _check_host(text, _SUBDOMAINS.sub("", address.host), _REDDIT_HOSTS, "reddit")
    parts = text.strip("/").split("/") if address is None else address.path
    match [parts[0].lower(), *parts[1:]] if parts else []:
        case ["u" | "user", name, *_] if _REDDITOR.fullmatch(name):
            return name
        case ["r", name, *_] if _SUBREDDIT.fullmatch(name):
            return f"r/{name}"
        case [_] if address is None and _REDDITOR.fullmatch(parts[0].removeprefix("@")):
            return parts[0].removeprefix("@")
        case _:
            raise HandleError(
                f'"{_short(text)}" is no Reddit name; write a user as u/name, 3 to 20 letters, '
                "digits, underscores or hyphens, or a community as r/name"
            )


def _mastodon(text: str) -> str:
    address = _address(text)
    handle = (text if address is None else _mastodon_name(text, address)).removeprefix("@")
    if len(handle) > LONGEST_DOMAIN or _MASTODON.fullmatch(handle) is None:
        raise HandleError(
            f'"{_short(text)}" is no Mastodon handle; write the user and the server, such as '
            "riverkeepers@social.example"
        )
    user, server = handle.split("@")
    return f"{user}@{server.lower()}"


def _mastodon_name(text: str, address: _Address) -> str:
    """Handle `user@server` from a profile address; empty where the address is none.

    Profiles are `/@name` and `/users/name`. A server shows users of other servers as well. The host
    stays as written.
    """
    if _SUBDOMAINS.sub("", address.host) in _OTHER_NETWORKS:
        raise HandleError(
            f'"{_short(text)}" is an address on {_short(address.host)}, not on a Mastodon server; '
            "write the user and the server, such as riverkeepers@social.example"
        )
    match address.path:
        case ["users", user, *_]:
            return f"{user}@{address.host}"
        case [profile, *_] if profile.startswith("@"):
            user = profile.removeprefix("@")
            return user if "@" in user else f"{user}@{address.host}"
        case _:
            return ""


def _check_host(text: str, host: str, hosts: frozenset[str], network: str) -> None:
    """HandleError for an address on another host than those of the network."""
    if host not in hosts:
        raise HandleError(
            f'"{_short(text)}" is an address on {_short(host)}, not on {min(hosts, key=len)}; '
            f"write the handle on {network}"
        )


def _address(text: str) -> _Address | None:
    """Parts of an address, with or without `https://`; None for another text."""
    start, slash, _ = text.partition("/")
    if "://" not in text and not (slash and "." in start and "@" not in start):
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = parts.hostname or ""
    except ValueError:
        return _Address("", [], "", "")
    return _Address(
        host, [part for part in parts.path.split("/") if part], parts.query, parts.fragment
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


_READERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"bluesky": _bluesky, "x": _x, "reddit": _reddit, "mastodon": _mastodon}
)

HANDLE_NETWORKS = tuple(_READERS)
"""Networks with a column of their own in a partner spreadsheet (CLI contract), in order."""
