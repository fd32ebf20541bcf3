"""Check of addresses that crosspromo may print in somebody's name."""

from urllib.parse import urlsplit

from crosspromo.domain.invisible import has_invisible


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
