"""Pasted handles, made bare: `@name`, profile addresses and `name@server` alike."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")  # pasted from web pages
_SUBDOMAINS = re.compile(r"(?:www|mobile|m|old|new|np)\.")
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"

# https://atproto.com/specs/handle: a domain name of at most 253 characters, without regard to case.
_BLUESKY = re.compile(_DOMAIN)
# https://help.x.com/en/managing-your-account/x-username-rules
_X = re.compile(r"[A-Za-z0-9_]{1,15}")
_X_PAGES = frozenset({"explore", "hashtag", "home", "i", "intent", "search", "settings", "share"})
# Reddit's sign-up and "create a community" forms.
_REDDITOR = re.compile(r"[A-Za-z0-9_-]{3,20}")
_SUBREDDIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{2,20}")
# Mastodon, app/models/account.rb: USERNAME_RE, and the domain of the server.
_MASTODON = re.compile(rf"[a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_]+)?@{_DOMAIN}", re.IGNORECASE)

LONGEST_DOMAIN = 253


class HandleError(ValueError):
    """Error in a handle; the message gives the fault and its mend."""


def bare_handle(network: str, text: str) -> str:
    """Handle on `network`, without `@`, `u/` or address.

    Bluesky handles and Mastodon servers become lower case, as those networks treat them. A Mastodon
    handle is `user@server`. A subreddit keeps its `r/`, which no user name can hold, so that a
    community is never taken for a person. Raises HandleError.
    """
    return _READERS[network](_INVISIBLE.sub("", text).strip())


def _bluesky(text: str) -> str:
    path = _path(text, "bluesky", ("bsky.app",))
    if path is not None:
        text = path[1] if path[0] == "profile" and len(path) > 1 else ""
    handle = text.removeprefix("@").lower()
    if len(handle) > LONGEST_DOMAIN or _BLUESKY.fullmatch(handle) is None:
        raise HandleError(
            f'"{_short(text)}" is no Bluesky handle; write the whole domain name, such as '
            "riverkeepers.bsky.social"
        )
    return handle


def _x(text: str) -> str:
    path = _path(text, "x", ("x.com", "twitter.com"))
    handle = (path[0] if path is not None else text).removeprefix("@")
    if _X.fullmatch(handle) is None or (path is not None and handle.lower() in _X_PAGES):
        raise HandleError(
            f'"{_short(text)}" is no X handle; write 1 to 15 letters, digits or underscores, '
            "such as RiverKeepers"
        )
    return handle


def _reddit(text: str) -> str:
    path = _path(text, "reddit", ("reddit.com",))
    parts = path if path is not None else text.strip("/").split("/")
    match parts:
        case ["u" | "user" | "U", name, *_] if _REDDITOR.fullmatch(name):
            return name
        case ["r" | "R", name, *_] if _SUBREDDIT.fullmatch(name):
            return f"r/{name}"
        case [name] if path is None and _REDDITOR.fullmatch(name.removeprefix("@")):
            return name.removeprefix("@")
        case _:
            raise HandleError(
                f'"{_short(text)}" is no Reddit name; write a user as u/name, 3 to 20 letters, '
                "digits, underscores or hyphens, or a community as r/name"
            )


def _mastodon(text: str) -> str:
    handle = (_mastodon_address(text) or text).removeprefix("@")
    if len(handle) > LONGEST_DOMAIN or _MASTODON.fullmatch(handle) is None:
        raise HandleError(
            f'"{_short(text)}" is no Mastodon handle; write the user and the server, such as '
            "riverkeepers@social.example"
        )
    user, server = handle.split("@")
    return f"{user}@{server.lower()}"


def _mastodon_address(text: str) -> str | None:
    """Handle `user@server` from a profile address; None where the text is no address.

    A server shows users of other servers as well.
    """
    address = _address(text)
    match address:
        case None:
            return None
        case (host, ["web", profile, *_]) | (host, ["users", profile, *_]) | (host, [profile, *_]):
            user = profile.removeprefix("@")
            return user if "@" in user else f"{user}@{host}"
        case _:
            return ""


def _path(text: str, network: str, hosts: tuple[str, ...]) -> list[str] | None:
    """Path segments of an address on one of these hosts; None where the text is no address.

    Raises HandleError for an address on another host.
    """
    address = _address(text)
    if address is None:
        return None
    host, path = address
    if host not in hosts:
        raise HandleError(
            f'"{_short(text)}" is an address on {_short(host)}, not on {hosts[0]}; '
            f"write the handle on {network}"
        )
    return path or [""]


def _address(text: str) -> tuple[str, list[str]] | None:
    """Host and path segments of an address, with or without `https://`; else None."""
    start, slash, _ = text.partition("/")
    if "://" not in text and not (slash and "." in start and "@" not in start):
        return None
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host = _SUBDOMAINS.sub("", parts.hostname or "", count=1)
    except ValueError:
        return "", []
    return host, [part for part in parts.path.split("/") if part]


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


_READERS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"bluesky": _bluesky, "x": _x, "reddit": _reddit, "mastodon": _mastodon}
)

HANDLE_NETWORKS = tuple(_READERS)
"""Networks with a column of their own in a partner spreadsheet (CLI contract), in order."""
