"""Which addresses we are willing to print under somebody's name."""

from urllib.parse import urlsplit


def is_web_address(text: str) -> bool:
    """Whether the text is an http or https address with a host and no user name to disguise it."""
    if any(character.isspace() for character in text):
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
