"""Web addresses that crosspromo may print in somebody's name."""

import re
from typing import Final
from urllib.parse import urlsplit

from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import has_invisible
from crosspromo.domain.reasons.inputs import BadAddress

_LABEL: Final = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_BARE: Final = re.compile(
    rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-z0-9-]{{1,59}})(?::\d+)?(?P<path>[/?#]\S*)?",
    re.IGNORECASE,
)
"""Host name with a top-level domain, perhaps a port and a path, without a scheme."""

_FILES: Final = (".csv", ".doc", ".docx", ".gif", ".htm", ".html", ".ics", ".jpeg", ".jpg")
_MORE_FILES: Final = (".odt", ".pdf", ".png", ".txt", ".webp", ".xlsx")
"""Endings of the name of a file, which is no address although it looks like one."""


def whole_address(text: str) -> str:
    """Address with its scheme: `https://` is added to what is plainly an address without one.

    InputError (BadAddress) for any other text than an http or https address.
    """
    address = text.strip()
    bare = _BARE.fullmatch(address.removeprefix("//"))
    if bare is not None:
        address = bare[0]
        is_file = address.lower().endswith((*_FILES, *_MORE_FILES)) and not bare["path"]
        if not is_file or address.lower().startswith("www."):
            address = f"https://{address}"
    if not is_web_address(address):
        raise InputError(BadAddress(text))
    return address


def is_web_address(text: str) -> bool:
    """Whether the text is an http or https address with a host.

    An address with a user name is refused, since the name may disguise the host.
    """
    if any(character.isspace() for character in text) or has_invisible(text):
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and port != 0
    )


def host_behind_login(text: str) -> str | None:
    """Host of an address that has a user name or a password before it; None: it has neither."""
    login, at, host = text.partition("://")[2].partition("/")[0].rpartition("@")
    return host if at and login else None
