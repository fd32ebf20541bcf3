"""Check of addresses that crosspromo may print in somebody's name."""

import re
from urllib.parse import urlsplit

from crosspromo.domain.invisible import has_invisible

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_BARE = re.compile(
    rf"(?:{_LABEL}\.)+(?:[^\W\d_]{{2,63}}|xn--[a-z0-9-]+)\.?(?::[0-9]+)?(?:[/?#]\S*)?"
)


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


def completed(text: str) -> str | None:
    """Web address that the text means: itself, or a bare domain as https; None for another text.

    A bare domain has a dot and ends in letters; a port and a path may follow.
    """
    if "://" in text:
        return text if is_web_address(text) else None
    address = f"https:{text}" if text.startswith("//") else f"https://{text}"
    bare = _BARE.fullmatch(text.removeprefix("//"))
    return address if bare is not None and is_web_address(address) else None
