"""Where Reddit keeps images: an address that an answer of Reddit names, so one to be wary of.

It is https, or on this machine where Reddit itself is; it gets no credentials of ours, and where it
redirects us nothing is sent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crosspromo.connectors.reddit.errors import UploadError

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True, slots=True)
class ImageStore:
    """The way there: over new connections each time, since none is needed twice."""

    connect: "Callable[[], requests.Session]"
    timeout: timedelta
    on_loopback: bool

    def put(self, action: str, fields: Mapping[str, str], file: tuple[str, bytes, str]) -> None:
        """Upload the file (its name, its bytes, its media type); UploadError where it is not taken.

        `action` and `fields` are those of Reddit's lease.
        """
        import requests  # noqa: PLC0415 (only where an account on Reddit is used)

        address = self._address(action)
        with self.connect() as session:
            try:
                answer = session.post(
                    address,
                    data=fields,
                    files={"file": file},
                    timeout=self.timeout.total_seconds(),
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise UploadError(f"no answer ({type(error).__name__})") from None
        if not 200 <= answer.status_code < 300:
            raise UploadError(f"the answer was {answer.status_code}")

    def _address(self, action: str) -> str:
        """Reddit leaves the scheme out (observed; praw puts https before it)."""
        nearby = self.on_loopback and is_loopback(urlsplit(action).hostname or "")
        scheme = "http:" if nearby else "https:"
        address = f"{scheme}{action}" if action.startswith("//") else action
        parts = urlsplit(address)
        if not parts.hostname or not (
            parts.scheme == "https" or (nearby and parts.scheme == "http")
        ):
            raise UploadError("Reddit names an address for it that is not https")
        return address


def is_loopback(host: str) -> bool:
    """Whether this host is the machine itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
